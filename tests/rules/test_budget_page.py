from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.rules.transparency.budget_page import RULE
from tests.pdf_files import pdf

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve, par tous les temps, et porte voitures, vélos et marcheurs d’une rive à l’autre.</p>"
DECLARED, ON_SITE, CONVENTIONAL = "declared-and-verified", "found-on-site", "found-at-conventional-path"
NONE, BROKEN, SOFT, PLACEHOLDER = "none", "declared-broken", "soft-404", "placeholder"
LOGIN, LEADS_HOME, NO_AMOUNTS, ELSEWHERE = "login-required", "leads-home", "no-amounts", "not-attributable"
BUDGET = "https://bac-a-voile.example/budget"

BODIES = [
    ("<h1>Budget</h1><p>En 2025, le bac a coûté 412 000 € TTC.</p>", DECLARED),
    ("<h1>Budget</h1><p>412\u202f000\u00a0€</p>", DECLARED),
    ("<h1>Budget</h1><p>Environ 1,2 million d’euros.</p>", DECLARED),
    ("<h1>Nos coûts</h1><p>Développement : 350 k€</p>", DECLARED),
    ("<h1>Transparence</h1><p>Dépenses 2025 : EUR 12 000, soit €12.000,00</p>", DECLARED),
    (
        "<h1>Budget</h1><table><tr><th>Poste</th><th>Montant (€)</th></tr><tr><td>Hébergement</td><td>4 812,50</td></tr></table>",
        DECLARED,
    ),
    (
        "<h1>Budget</h1><h2>Dépenses d'avril à septembre (en milliers d'euros)</h2><ul><li>Développement : 328,4</li></ul>",
        DECLARED,
    ),
    (
        "<h1>Budget</h1><table><caption>Montants TTC</caption><tr><td>Hébergement</td><td>4 812</td></tr></table>",
        DECLARED,
    ),
    ("<h1>Budget</h1><p>Coût 2025 : 1.2M€</p>", DECLARED),
    ("<h1>Budget</h1><p>Coût : 350.000 euros</p>", DECLARED),
    ("<h1>Budget</h1><p>Coût : environ 350K euros</p>", DECLARED),
    (
        "<h1>Budget</h1><p><strong>Répartition (en milliers d'euros)</strong><br>• Développeurs : 328,4<br>• Design : 230,2</p>",
        DECLARED,
    ),
    ("<h1>Budget 2025 en euros</h1><p>À paraître, en euros, en 2026.</p>", NO_AMOUNTS),
    ("<h1>Nos dépenses</h1><p>Répartition, en k€ :</p><p>Hébergement</p><p>1 204</p>", DECLARED),
    ("<h1>Nos dépenses</h1><p>Répartition :</p><p>Hébergement</p><p>1 204</p>", NO_AMOUNTS),
    ("<h1>Budget du simulateur de marées</h1><p>Coût annuel : 90 000 euros</p>", DECLARED),
    ("<h1>Budget</h1><p>Nos dépenses sont raisonnables.</p>", NO_AMOUNTS),
    ("<h1>Financement</h1><p>Obtenez jusqu’à 5 000 € pour votre bateau.</p>", NO_AMOUNTS),
    ("<h1>Budget</h1><p hidden>412 000 €</p><p>Voir le conseil du port.</p>", NO_AMOUNTS),
    ("<h1>Calculez votre budget</h1><form><input name=n></form><p>Un passage coûte 4 €.</p>", NO_AMOUNTS),
    ("<h1>Simulateur de budget familial</h1><select></select><p>Coût : 200 €</p>", NO_AMOUNTS),
    ("<h1>Budget</h1><p>À venir : cette page est en construction.</p>", PLACEHOLDER),
    ("<h1>Page introuvable</h1>", SOFT),
    ("<h1>Se connecter</h1><p>Réservé au port.</p>", LOGIN),
]


@pytest.mark.parametrize("main,reason", BODIES)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_what_the_page_shows(judge, dress, hand: str, main: str, reason: str):
    foot = "<a href=/budget>Budget</a> SARL au capital de 8 000 €"
    page = dress[hand](main, foot, title="Bac")

    verdict = judge("budget-page", dress[hand](HOME, foot), pages=[("declared", "/budget", page)], budget_url=BUDGET)

    assert (verdict.reason, verdict.outcome) == (reason, RULE.outcomes[reason])


SHOWN = "<h1>Budget</h1><p>Le bac a coûté 412 000 € en 2025.</p>"
BARE = "<h1>Budget</h1><p>Voir au port.</p>"
PAD = "https://pad.port.example/Bac-Budgets?view#Bac-a-voile"
SHELL = "<html><head><script src=/m.js></script></head><body><div id=root></div></body></html>"
PDF = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7"}
PAPER = {
    "headers": {"Content-Type": "application/pdf"},
    "body": pdf(
        "Budget du bac à voile\nLes dépenses du service sont publiées chaque année par le port, pour tous ceux qui le souhaitent.\n"
        "Développement et entretien des bateaux en 2025 : 412 000 €\nHébergement et supervision du site en 2025 : 9 000 €"
    ),
}
SHEET = {"headers": {"Content-Type": "application/vnd.oasis.opendocument.spreadsheet"}, "body": b"PK"}
FICHE = "https://beta.gouv.fr/startups/bac.a.voile.html"
# The declared address, the pages visited: the reason and the warnings.
VISITS = [
    (BUDGET, [("declared", BUDGET, SHOWN)], DECLARED, ("not-linked-from-home",)),
    (None, [("link", "/budget", SHOWN)], ON_SITE, ("not-in-registry",)),
    (None, [("conventional", "/transparence", SHOWN)], CONVENTIONAL, ("not-in-registry", "not-linked-from-home")),
    (BUDGET, [("declared", BUDGET, 404), ("link", "/couts", SHOWN)], ON_SITE, ("declared-broken-but-found",)),
    ("http://bac-a-voile.example/budget", [("declared", "http://bac-a-voile.example/budget", SHOWN)], DECLARED, ("insecure", "not-linked-from-home")),
    # shared documents prove themselves by their address
    (PAD, [("declared", PAD, SHELL)], DECLARED, ("external-host", "not-linked-from-home")),
    *[
        (url, [("declared", url, SHELL)], DECLARED, ("external-host", "not-linked-from-home"))
        for url in (
            "https://docs.google.com/spreadsheets/d/1xYzAbCdEf_0123/edit#gid=0",
            "https://docs.numerique.example/docs/1b671a64-40d5-491e-99b0-da01ff1f3341/",
            "https://grist.numerique.example/o/docs/5jXs9aRqTtQe/Budget-du-bac",
            "https://port.notion.site/Budget-1b671a6440d5491e99b0da01ff1f3341",
        )
    ],
    (PAD, [("declared", PAD, 404)], BROKEN, ()),
    (PAD, [("declared", PAD, 403)], "blocked", ()),
    (PAD, [("declared", PAD, "<h1>404 Not Found</h1>")], SOFT, ()),
    (PAD, [("declared", PAD, {"to": "/login", "body": SHELL})], LOGIN, ()),
    ("https://docs.google.com/document/d/1xYzAbC/edit", [("declared", "https://docs.google.com/document/d/1xYzAbC/edit",
        {"to": "https://accounts.google.com/v3/s?continue=x", "body": SHELL})], LOGIN, ()),
    *[
        (PAD, [("declared", PAD, f"<html><title>{title}</title><body><div id=root>{said}</div><script src=/m.js></script></body></html>")], LOGIN, ())
        for title, said in (
            ("Docs", "<h1>Accès refusé</h1><p>Vous n’avez pas les droits pour voir ce document.</p>"),
            ("Grist", "<p>Access denied</p><p>You do not have access to this organization's documents.</p>"),
            ("Sans titre", "<h1>You need access</h1><button>Request access</button>"),
            ("Docs", "<p>Connectez-vous pour accéder à ce document</p>"),
        )
    ],
    # a file of the site is a document too
    ("https://bac-a-voile.example/b.pdf", [("declared", "/b.pdf", PDF)], DECLARED, ("not-linked-from-home",)),
    (None, [("link", "/b.pdf", PAPER)], ON_SITE, ("not-in-registry", "pdf")),
    (None, [("link", "/budget.ods", SHEET)], ON_SITE, ("not-in-registry",)),
    (BUDGET, [("declared", BUDGET, {"headers": {"Content-Type": "image/png"}, "body": b"PNG"})], "not-html", ()),
    # addresses that name no budget of this service
    ("https://grist.port.example/", [("declared", "https://grist.port.example/", SHELL)], ELSEWHERE, ()),
    ("https://pad.port.example", [("declared", "https://pad.port.example", SHOWN)], ELSEWHERE, ()),
    ("https://grist.port.example/o/docs/", [("declared", "https://grist.port.example/o/docs/", SHELL)], ELSEWHERE, ()),
    ("https://bac-a-voile.example", [("declared", "https://bac-a-voile.example", HOME)], ELSEWHERE, ()),
    (FICHE, [("declared", FICHE, BARE)], ELSEWHERE, ()),
    (FICHE, [("declared", FICHE, SHOWN)], DECLARED, ("external-host", "not-linked-from-home")),
    ("https://pad.port.example", [("declared", "https://pad.port.example", SHOWN), ("link", "/couts", SHOWN)], ON_SITE, ("declared-broken-but-found",)),
    ("https://pad.port.example", [("declared", "https://pad.port.example", SHOWN), ("link", "/couts", FailureKind.TIMEOUT)], "unreachable", ()),
    (BUDGET, [("declared", BUDGET, {"to": "/", "body": HOME})], LEADS_HOME, ()),
    (None, [("conventional", "/budget", 404)], NONE, ()),
    (None, [], NONE, ()),
    (BUDGET, [("declared", BUDGET, FailureKind.DNS)], "unreachable", ()),
]  # fmt: skip


@pytest.mark.parametrize("declared,pages,reason,warnings", VISITS)
def test_what_is_found(judge, dress, declared, pages, reason, warnings):
    home = dress["dsfr"](HOME, "")
    dressed = [
        (found, where, dress["dsfr"](said, "") if said in (SHOWN, BARE) else said) for found, where, said in pages
    ]

    verdict = judge("budget-page", home, pages=dressed, budget_url=declared)

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))


def test_the_home_page_out_of_reach_leaves_a_doubt(judge):
    verdict = judge(
        "budget-page",
        FailureKind.TIMEOUT,
        pages=[("declared", "https://pad.port.example", SHELL)],
        budget_url="https://pad.port.example",
    )

    assert (verdict.outcome, verdict.reason) == ("cantTell", "unreachable")


def test_the_amount_is_the_evidence(judge, dress):
    verdict = judge(
        "budget-page",
        dress["dsfr"](HOME, ""),
        pages=[("declared", BUDGET, dress["dsfr"](SHOWN, ""))],
        budget_url=BUDGET,
    )

    assert [(one.excerpt, one.locator) for one in verdict.evidence] == [
        ("Le bac a coûté 412 000 € en 2025.", "main p[1]")
    ]


def test_every_reason_and_every_warning_has_a_row():
    assert {reason for *_, reason, _ in VISITS} | {reason for _, reason in BODIES} >= set(RULE.outcomes)
    assert {warning for *_, warnings in VISITS for warning in warnings} == set(RULE.warnings)


SHARED = (
    "<h1>Budgets de l'incubateur</h1><h2 id=phare>Le phare</h2><p>2025 : 90 000 €</p>"
    "<h2 id=bac-a-voile>Bac à voile</h2>{}<h2 id=bouee>La bouée</h2><p>Dépenses 2025 : 7 000 €</p>"
)
MARKDOWN = "<div id=doc class=markdown-body># Budgets\n\n## Le phare\n| Année | Dépenses |\n| 2025 | 90 000 € |\n\n## Bac à voile\n{}\n</div>"


@pytest.mark.parametrize(
    "document,anchor,reason,excerpt",
    [
        (SHARED.format("<p>En 2025 : 412 000 €</p>"), "bac-a-voile", DECLARED, "412 000"),
        (SHARED.format("<p>En 2025 : 412 000 €</p>"), "Bac-%C3%A0-voile", DECLARED, "412 000"),
        (SHARED.format("<p>À paraître.</p>"), "bac-a-voile", NO_AMOUNTS, ""),
        (SHARED.format("<p>Voir <img src=budget.png alt='Le tableau'></p>"), "bac-a-voile", DECLARED, ""),
        (SHARED.format("<p>En 2025 : 412 000 €</p>"), "remorqueur", ELSEWHERE, ""),
        (SHARED.format("<p>En 2025 : 412 000 €</p>"), "", DECLARED, "90 000"),
        (MARKDOWN.format("| 2025 | 412 000 € |"), "Bac-à-voile", DECLARED, "412 000"),
        (MARKDOWN.format("Rien encore."), "Bac-à-voile", NO_AMOUNTS, ""),
        (MARKDOWN.format("| 2025 | 412 000 € |"), "Remorqueur", ELSEWHERE, ""),
        (SHELL, "Bac-à-voile", DECLARED, ""),
    ],
)
def test_a_shared_document_is_read_at_the_anchor(judge, dress, document, anchor, reason, excerpt):
    declared = f"https://pad.port.example/s/budgets-2025#{anchor}".rstrip("#")
    page = document if document == SHELL else f"<html><head><title>Pad</title></head><body>{document}</body></html>"

    verdict = judge("budget-page", dress["dsfr"](HOME, ""), pages=[("declared", declared, page)], budget_url=declared)

    assert verdict.reason == reason
    assert excerpt in verdict.evidence[0].excerpt


def test_a_section_of_a_page_of_the_site_is_enough(judge, dress):
    page = dress["dsfr"](
        "<h1>Transparence</h1><div id=cout><h2>Coûts</h2><p>Dépenses 2025 : 412 000 €</p></div><p>1 € de plus</p>", ""
    )
    declared = "https://bac-a-voile.example/transparence#cout"

    verdict = judge("budget-page", dress["dsfr"](HOME, ""), pages=[("declared", declared, page)], budget_url=declared)

    assert (verdict.reason, verdict.evidence[0].excerpt) == (DECLARED, "Dépenses 2025 : 412 000 €")
