from __future__ import annotations

import pytest

from checks.model.outcome import Outcome
from checks.rules.legal.terms_of_use import RULE
from tests.pdf_files import pdf

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve, par tous les temps, et porte voitures, vélos et marcheurs d’une rive à l’autre.</p>"
LINK = "<a href=/cgu>Conditions générales d’utilisation</a>"
WHOLE = "<h1>Conditions générales d’utilisation</h1><h2>Objet</h2><p>Réserver une traversée.</p>"


@pytest.fixture
def lacks(judge, dress):
    def judged(main: str, hand: str = "dsfr") -> list[str]:
        page = dress[hand](f"<h1>Conditions générales d’utilisation</h1>{main}", LINK, title="CGU")
        verdict = judge("terms-of-use", dress[hand](HOME, LINK), pages=[("link", "/cgu", page)])
        return verdict.facts.get("missing", [verdict.reason])

    return judged


OBJECTS = [
    "<h2>Objet</h2><p>Réserver une traversée.</p>",
    "<h2>Article 1 – Objet du service</h2><p>Réserver une traversée.</p>",
    "<h2>1. Objet</h2><p>Réserver une traversée.</p>",
    "<h2>Présentation du service</h2><p>Bac à voile réserve des traversées.</p>",
    "<h2>Champ d’application</h2><p>Toute personne qui réserve une traversée sur Bac à voile.</p>",
    "<h2>Description du service</h2><p>La réservation de traversées.</p>",
    "<h2>Qu’est-ce que Bac à voile ?</h2><p>La réservation de traversées.</p>",
    "<h2>Fonctionnalités</h2><ul><li>Réserver une traversée</li></ul>",
    "<h2>Missions</h2><p>La réservation de traversées.</p>",
    "<p>Les présentes conditions générales ont pour objet de fixer les règles de la réservation.</p>",
    "<p>Les présentes conditions générales d’utilisation (dites « CGU ») fixent le cadre juridique de la plateforme.</p>",
    "<p>Les présentes CGU définissent les conditions d’accès au service.</p>",
    "<p>Le présent document encadre l’utilisation de la plateforme.</p>",
    "<p>Le service permet aux passagers de réserver une traversée.</p>",
    "<p>La plateforme Bac à voile vise à faciliter les traversées.</p>",
    "<p>Ce site propose aux passagers de réserver leur place.</p>",
    "<p>L’application met à disposition des passagers les horaires du jour.</p>",
    "<p>Le téléservice est destiné aux passagers du fleuve.</p>",
    "<p>Bac à voile a pour objectif de simplifier les traversées.</p>",
    "<p><strong>Objet :</strong> réserver une traversée</p>",
    "<p>Bac à voile est le service public de signalement des bancs de sable.</p>",
    "<p>Bac à voile est le référentiel national des quais.</p>",
    "<h2>Ce que vous pouvez faire</h2><p>Réserver une traversée, la payer, l’annuler.</p>",
    "<p>Ce site met en relation les passagers et les passeurs.</p>",
    "<p>La messagerie Bac est mise à disposition des passeurs pour faciliter leurs échanges.</p>",
    "<p>Avec Bac à voile, les passagers réservent leur place sur tous les bacs du fleuve.</p>",
    "<p>« Plateforme » : désigne le service numérique qui permet aux passagers de réserver une traversée.</p>",
    "<p>Bac à voile rassemble les horaires de tous les bacs du fleuve.</p>",
    "<p>Le portail du port est un guichet unique qui réunit les démarches des passagers.</p>",
    "<h2>Services proposés</h2><p>Réserver une traversée, la payer, l’annuler.</p>",
    "<h2>Purpose</h2><p>Booking a ferry.</p>",
    "<p>These terms govern your use of the ferry website.</p>",
    "<p>The service allows passengers to book a crossing.</p>",
]
NO_OBJECTS = [
    "",
    "<h2>Objet</h2><p>[Décrire l’objet du service]</p>",
    "<h2>Objet</h2><p>XXX</p>",
    "<ul><li><a href=#objet>Objet</a></li></ul>",
    "<h2>Responsabilité</h2><p>La Régie ne saurait être tenue responsable des marées.</p>",
    "<p>Sauf mention contraire, les contenus de ce site sont proposés sous licence ouverte.</p>",
    "<p>Tout site est autorisé à établir un lien vers les pages de ce site.</p>",
    "<p>Le service [nom du service] permet de [objet du service].</p>",
    "<p>La création d’un compte permet de conserver ses préférences.</p>",
    "<p>Ce site est la propriété de la Régie, et sa structure est protégée.</p>",
    "<p>FranceConnect permet aux usagers de se connecter aux services publics.</p>",
    "<p>En utilisant ce site, vous acceptez de ne rien extraire à l’aide de robots.</p>",
    "<p>Les présentes conditions générales de vente régissent les ventes de la boutique.</p>",
    "<h2>Cookies</h2><p>Les cookies ont pour objet de mesurer l’audience.</p>",
]


@pytest.mark.parametrize("main", OBJECTS)
def test_how_an_object_is_written(lacks, main: str):
    assert lacks(main) == []


@pytest.mark.parametrize("main", NO_OBJECTS)
def test_what_is_no_object(lacks, main: str):
    assert lacks(main) == ["objet du service"]


@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_by_many_hands(lacks, hand: str):
    assert lacks("<h2>Objet</h2><p>Réserver une traversée.</p>", hand) == []
    assert lacks("<h2>Responsabilité</h2><p>Chacun répond de ses bagages.</p>", hand) == ["objet du service"]


def test_what_is_said(judge):
    verdict = judge("terms-of-use", LINK, pages=[("link", "/cgu", WHOLE)])

    assert (verdict.outcome, verdict.value) == (Outcome.PASSED, None)
    assert verdict.facts == {"missing": [], "object": "Réserver une traversée."}
    assert [one.excerpt for one in verdict.evidence] == ["Réserver une traversée."]


NOTICE = "<h1>Mentions légales</h1><p>Éditeur : Régie des bacs</p>"
PAPER = {
    "headers": {"Content-Type": "application/pdf"},
    "body": pdf(
        "Conditions générales d'utilisation du bac à voile\nLe service permet aux passagers de réserver une traversée du fleuve, et de la payer.\n"
        "La Régie des bacs répond de la sécurité des passagers pendant la traversée et pour l'embarquement."
    ),
}
ABOUT = (
    "<h2>Comprendre les conditions d’utilisation des plateformes</h2><p>Ce site permet de comparer des conditions.</p>"
)
VISITS = [
    (LINK, [("/cgu", WHOLE, "terms")], "complete", ()),
    (LINK, [("https://incubateur.example/cgu", WHOLE, "terms")], "complete", ("external-host",)),
    (LINK, [("http://bac-a-voile.example/cgu", WHOLE, "terms")], "complete", ("insecure",)),
    (LINK, [("/cgu.pdf", PAPER, "terms")], "complete", ("pdf",)),
    (LINK, [("/cgu", "<h1>CGU</h1><p>Chacun répond de ses bagages.</p>", "terms")], "groups-missing", ()),
    (LINK, [("/cgu", 404, "terms")], "broken-link", ()),
    (LINK, [("/cgu", "<h1>Page introuvable</h1>", "terms")], "soft-404", ()),
    (LINK, [("/cgu", 503, "terms")], "broken-link", ()),
    (LINK, [], "not-run", ()),
    # a section of another document, under a heading of its own
    (
        "",
        [
            (
                "/ml",
                f"{NOTICE}<h2>Conditions d’utilisation</h2><p>Le service permet de réserver une traversée.</p>",
                "legal-notice",
            )
        ],
        "complete",
        (),
    ),
    ("", [("/ml", f"{NOTICE}<h2>Objet du site</h2><p>Réserver une traversée.</p>", "legal-notice")], "complete", ()),
    (
        "",
        [
            (
                "/ml",
                "<h1>Mentions légales et CGU</h1><p>Le service permet de réserver une traversée.</p>",
                "legal-notice",
            )
        ],
        "complete",
        (),
    ),
    (
        "",
        [("/ml", f"{NOTICE}<h2>Modalités d’utilisation</h2><p>Chacun répond de ses bagages.</p>", "legal-notice")],
        "groups-missing",
        (),
    ),
    ("", [("/ml", f"{NOTICE}<p>Le site permet de réserver une traversée.</p>", "legal-notice")], "no-page", ()),
    ("", [("/ml", 403, "legal-notice")], "blocked", ()),
    (
        "<a href=/statistiques>Statistiques d’utilisation</a><a href=/r>Conditions de réutilisation</a>",
        [],
        "no-page",
        (),
    ),
    ("", [], "no-page", ()),
]


@pytest.mark.parametrize("foot,pages,reason,warnings", VISITS)
def test_what_the_visit_brings(judge, dress, foot, pages, reason, warnings):
    said = [
        ("link", url, dress["wordpress"](main, foot, title="Bac") if isinstance(main, str) else main, topic)
        for url, main, topic in pages
    ]
    verdict = judge("terms-of-use", dress["wordpress"](HOME, foot), pages=said)

    assert (verdict.reason, verdict.warnings) == (reason, warnings)


@pytest.mark.parametrize(
    "main,reason",
    [
        ("<h2>Conditions d’utilisation</h2><p>Le service permet de réserver une traversée.</p>", "complete"),
        ("<h2>2. CGU du bac</h2><p>Le service permet de réserver une traversée.</p>", "complete"),
        (
            "<h2>Conditions d’utilisation</h2><p>Chacun répond de ses bagages.</p><h2>Le bac</h2><p>Il permet de traverser.</p>",
            "groups-missing",
        ),
        (ABOUT, "no-page"),
    ],
)
def test_terms_on_the_home_page(judge, dress, main: str, reason: str):
    assert judge("terms-of-use", dress["wordpress"](f"{HOME}{main}", "")).reason == reason


def test_every_reason_has_a_row():
    assert set(RULE.outcomes) <= {row[2] for row in VISITS}
