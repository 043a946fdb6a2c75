from __future__ import annotations

import pytest

from checks.rules.transparency.budget_freshness import RULE
from tests.pdf_files import pdf

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve, par tous les temps, et porte voitures, vélos et marcheurs d’une rive à l’autre.</p>"
BUDGET = "https://bac-a-voile.example/budget"
FRESH, STALE, NO_YEAR, NOT_READ, NONE = "fresh", "stale", "no-year", "document-not-read", "no-budget"

# What the page says in the run of November 2026: the reason and the latest year.
BODIES = [
    ("<h1>Budget</h1><p>En 2025, le bac a coûté 412 000 € TTC.</p>", FRESH, "2025"),
    ("<h1>Budget 2026</h1><p>Développement : 412 000 €</p>", FRESH, "2026"),
    ("<h1>Budget</h1><h2>2025</h2><ul><li>Hébergement : 4 000 €</li></ul>", FRESH, "2025"),
    ("<h1>Budget</h1><h2>2025</h2><h3>Hébergement</h3><p>4 000 €</p>", FRESH, "2025"),
    ("<h1>Budget</h1><p>Exercice 2024-2025</p><p>Hébergement : 4 000 €</p>", FRESH, "2025"),
    ("<h1>Budget</h1><p>Voici le budget de l'année 2025 :</p><p>Hébergement</p><p>4 000 €</p>", FRESH, "2025"),
    (
        ("<h1>Budget</h1><table><tr><th>Poste</th><th>2023</th><th>2024</th><th>2025</th></tr>"
        "<tr><td>Hébergement</td><td>3 000 €</td><td>3 100 €</td><td>3 200 €</td></tr></table>"),
        FRESH,
        "2025",
    ),
    (
        ("<h1>Budget (en euros)</h1><table><tr><th>Année</th><th>Dépense en €</th></tr>"
        "<tr><td>2023</td><td>300 000</td></tr><tr><td>2025</td><td>280 500,50</td></tr></table>"),
        FRESH,
        "2025",
    ),
    (
        "<h1>Budget</h1><p>Montants en euros TTC</p><table><tr><td>2025</td><td>280 500</td></tr></table>",
        FRESH,
        "2025",
    ),
    ("<h1>Budget</h1><p>2025 : 300 k€ ; 2024 : 280 k€</p>", FRESH, "2025"),
    ("<h1>Budget</h1><p>En 2023, le bac a coûté 412 000 €.</p>", STALE, "2023"),
    ("<h1>Budget</h1><h2>2022</h2><p>4 000 €</p><h2>2023</h2><p>5 000 €</p><p>© 2026 Port</p>", STALE, "2023"),
    ("<h1>Budget</h1><p>Mise à jour le 12 mars 2026.</p><h2>Budget 2023</h2><p>5 000 €</p>", STALE, "2023"),
    ("<h1>Budget</h1><p>En 2023 : 2 026 € de timbres.</p>", STALE, "2023"),
    ("<h1>Budget</h1><h2>2026</h2><p>À paraître.</p><h2>2023</h2><p>5 000 €</p>", STALE, "2023"),
    ("<h1>Budget</h1><p>Le développement coûte 412 000 € par an.</p>", NO_YEAR, None),
    ("<h1>Budget</h1><p>Coût : 412 000 €.</p><p>Selon la loi n° 2016-1321 du 7 octobre 2016.</p>", NO_YEAR, None),
    ("<h1>Budget</h1><p>Nos dépenses sont raisonnables.</p>", NONE, None),
    ("<h1>Page introuvable</h1>", NONE, None),
]  # fmt: skip


@pytest.mark.parametrize("main,reason,year", BODIES)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_which_years_go_with_the_amounts(judge, dress, hand, main, reason, year):
    page = dress[hand](main, "<p>© Port 2026</p>", title="Bac")

    verdict = judge(
        "budget-freshness", dress[hand](HOME, ""), pages=[("declared", "/budget", page, "budget")], budget_url=BUDGET
    )

    assert (verdict.reason, verdict.value) == (reason, year)
    assert verdict.outcome == RULE.outcomes[reason]
    assert bool(verdict.evidence) == (reason != NONE)


SHEET = {"headers": {"Content-Type": "application/vnd.oasis.opendocument.spreadsheet"}, "body": b"PK"}
SHELL = "<html><head><title>Grist</title><script src=/m.js></script></head><body><div id=root></div></body></html>"


@pytest.mark.parametrize(
    "declared,answer,reason",
    [
        ("https://bac-a-voile.example/budget.ods", SHEET, NOT_READ),
        ("https://grist.port.example/o/port/aBcDeFgHiJ/Budget", SHELL, NOT_READ),
        (BUDGET, 404, NONE),
        (BUDGET, 503, "server-error"),
        (BUDGET, SHELL, "needs-rendering"),
    ],
)
def test_what_cannot_be_read_is_not_out_of_date(judge, declared, answer, reason):
    verdict = judge("budget-freshness", HOME, pages=[("declared", declared, answer, "budget")], budget_url=declared)

    assert verdict.reason == reason


ON_PAPER = """Budget du bac à voile
Les dépenses du service sont publiées chaque année par le Port de l’Embouchure, pour tous ceux qui le souhaitent.
Exercice 2025
Développement et entretien des bateaux : 412 000 €
"""


@pytest.mark.parametrize(
    "text,budget,reason",
    [
        (ON_PAPER, "declared-and-verified", FRESH),
        (ON_PAPER.replace("2025", "2022"), "declared-and-verified", STALE),
        (ON_PAPER.replace("412 000 €", "voir au port"), "no-amounts", NONE),
        ("", "declared-and-verified", NOT_READ),
    ],
)
def test_a_budget_on_paper_is_read_where_it_has_a_text(judge, text, budget, reason):
    paper = {"headers": {"Content-Type": "application/pdf"}, "body": pdf(text)}
    declared = {"pages": [("declared", "/budget.pdf", paper, "budget")], "budget_url": f"{BUDGET}.pdf"}

    assert judge("budget-page", HOME, **declared).reason == budget
    assert judge("budget-freshness", HOME, **declared).reason == reason


def test_every_reason_has_a_row():
    assert {reason for _, reason, _ in BODIES} | {NOT_READ} == set(RULE.outcomes)
