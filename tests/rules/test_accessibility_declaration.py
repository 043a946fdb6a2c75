from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.rules.accessibility.accessibility_declaration import RULE

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LINK = '<a href="/accessibilite">Accessibilité : non conforme</a>'

FULL = """<h1>Déclaration d’accessibilité</h1>
<p>Le Port de l’Embouchure s’engage à rendre son service accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.</p>
<p>Cette déclaration s’applique à bac-a-voile.example.</p>
<h2>État de conformité</h2><p>Bac à voile est <strong>partiellement conforme</strong> avec le RGAA, version 4.1.2.</p>
<h3>Résultats des tests</h3><p>L’audit révèle que 71 % des critères sont respectés.</p>
<h2>Établissement de la déclaration</h2><p>Établie le 3 mars 2026.</p>
<h2>Retour d’information et contact</h2><p>quai@port.example</p>
<h2>Voies de recours</h2><p>Écrire au Défenseur des droits.</p>"""
SHORT = """<h1>Accessibilité</h1><p>Le site est non conforme : il n’a pas encore été audité.</p>
<p>Sans réponse de notre part, saisissez le Défenseur des droits. Rédigée le 2 mai 2026.</p>"""
ENGLISH = """<h1>Accessibility statement</h1><p>This website is partially compliant with RGAA 4.1.</p>
<p>You may write to the Defender of Rights.</p>"""
OLD_WORDS = (
    """<h1>Déclaration de conformité RGAA</h1><p>Le portail est en conformité partielle avec le référentiel.</p>"""
)
MODEL_HEADINGS = """<h1>Nos engagements</h1><h2>ETAT DE CONFORMITE</h2><p>Voir plus bas.</p><h2>Résultat des tests</h2><p>Ils suivent.</p>"""
LEGAL_NOTICE = """<h1>Mentions légales</h1><h2>Éditeur</h2><p>Le Port.</p><h2 id=accessibilite>Accessibilité</h2>
<p>Ce site est non conforme. Un défaut ? Le Défenseur des droits peut être saisi.</p>"""
MAINLY_TITLE = "<h1>Déclaration d’accessibilité : Bac à voile</h1><p>Conformément à l’article 47 de la loi du 11&nbsp;février 2005…</p>"
LEFT_IN_A_HEADING = FULL.replace("Déclaration d’accessibilité", "Déclaration d’accessibilité de [service]")

COMMITMENT = (
    "<h1>Accessibilité</h1><p>Nous nous engageons à rendre le site accessible à tous. Dites-nous ce qui vous gêne.</p>"
)
BUILDINGS = (
    "<h1>Accessibilité du bac</h1><p>Une rampe mène au pont. Les fauteuils passent. Deux places PMR sur le quai.</p>"
)
WRITING = "<h1>Accessibilité</h1><p>Déclaration en cours de rédaction.</p>"
LOREM = "<h1>Accessibilité</h1><p>Lorem ipsum dolor sit amet.</p>"
TEMPLATE = FULL.replace("Le Port de l’Embouchure", "[Nom de l’organisme]")
GENERATOR_DATE = FULL.replace("Établie le 3 mars 2026", "Cette déclaration a été établie le DATE")
GENERATOR_NAME = FULL.replace("s’applique à bac-a-voile.example", "s’applique à Notre site")
GENERATOR_LEVEL = FULL.replace("<strong>partiellement conforme</strong>", "non/partiellement/totalement conforme")
GENERATOR_RATE = FULL.replace("71 %", "[nn] %").replace("3 mars 2026", "JJ/MM/AAAA")
MUSTACHES = FULL.replace("Bac à voile est", "{{SITE_NAME}} est")
BRACKETS_OF_A_SENTENCE = FULL.replace("71 % des", "71 % (date de l’audit : mars 2026, site internet seul) des")

FOUND, NO_PAGE, BROKEN = "declaration-found", "no-page", "broken-link"
SOFT, NOT_ONE, PLACEHOLDER, LEADS_HOME = "soft-404", "not-a-declaration", "placeholder", "leads-home"

# How the page was found, where, and its body: the reason and the warnings.
PAGES = [
    ("link", "/accessibilite", FULL, FOUND, ()),
    ("link", "/accessibilit%C3%A9/", FULL, FOUND, ()),
    ("link", "/fr/pages/legal/accessibility", ENGLISH, FOUND, ()),
    ("link", "/declaration_accessibilite", SHORT, FOUND, ()),
    ("link", "/accessibilite.html", OLD_WORDS, FOUND, ()),
    ("link", "/engagements", MODEL_HEADINGS, FOUND, ()),
    ("link", "/mentions-legales#accessibilite", LEGAL_NOTICE, FOUND, ()),
    ("link", "/accessibilite", MAINLY_TITLE, FOUND, ()),
    ("link", "/accessibilite", LEFT_IN_A_HEADING, FOUND, ()),
    ("link", "/accessibilite", BRACKETS_OF_A_SENTENCE, FOUND, ()),
    ("link", "https://port.gitbook.example/accessibilite", FULL, FOUND, ("external-host",)),
    ("link", "http://bac-a-voile.example/accessibilite", FULL, FOUND, ("insecure",)),
    ("conventional", "/accessibilite", FULL, FOUND, ("not-linked-from-home",)),
    ("conventional", "/declaration-accessibilite", SHORT, FOUND, ("not-linked-from-home",)),
    ("link", "/accessibilite", COMMITMENT, NOT_ONE, ()),
    ("link", "/accessibilite", BUILDINGS, NOT_ONE, ()),
    ("conventional", "/accessibilite", BUILDINGS, NOT_ONE, ()),
    ("link", "/accessibilite", WRITING, PLACEHOLDER, ()),
    ("link", "/accessibilite", LOREM, PLACEHOLDER, ()),
    ("conventional", "/accessibilite", WRITING, PLACEHOLDER, ()),
    ("link", "/accessibilite", TEMPLATE, PLACEHOLDER, ()),
    ("link", "/accessibilite", GENERATOR_DATE, PLACEHOLDER, ()),
    ("link", "/accessibilite", GENERATOR_NAME, PLACEHOLDER, ()),
    ("link", "/accessibilite", GENERATOR_LEVEL, PLACEHOLDER, ()),
    ("link", "/accessibilite", GENERATOR_RATE, PLACEHOLDER, ()),
    ("link", "/accessibilite", MUSTACHES, PLACEHOLDER, ()),
]


@pytest.mark.parametrize("found,where,main,reason,warnings", PAGES)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_what_the_page_is(judge, dress, hand, found, where, main, reason, warnings):
    home, page = dress[hand](HOME, LINK if found == "link" else ""), dress[hand](main, LINK, title="Accessibilité")

    verdict = judge("accessibility-declaration", home, pages=[(found, where, page)])

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))
    assert verdict.outcome == RULE.outcomes[reason]


PDF = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7\n1 0 obj"}
OOPS = "<h1>Oups</h1><p>La page que vous cherchez n’existe plus, ou a changé d’adresse.</p>"
LOGIN = "<h1>Connexion</h1><form><input name=login><input type=password name=secret></form>"
# What answers behind the link of the home page; a string without markup is a body to dress.
ANSWERS = [
    (404, BROKEN, ()),
    (410, BROKEN, ()),
    (500, BROKEN, ()),
    (503, BROKEN, ()),
    ({"to": "/"}, LEADS_HOME, ()),
    ({"to": "https://bac-a-voile.example/?utm=1"}, LEADS_HOME, ()),
    (OOPS, SOFT, ()),
    ("<h1>404</h1><p>Rien ici.</p>", SOFT, ()),
    ("<h1>Page not found</h1>", SOFT, ()),
    (LOGIN, SOFT, ()),
    ({"to": "/connexion?next=/accessibilite"}, SOFT, ()),
    # not read, so nothing is held against the service
    (429, "server-error", ()),
    (403, "blocked", ()),
    (FailureKind.TIMEOUT, "unreachable", ()),
    (FailureKind.ROBOTS, "robots-disallowed", ()),
    (PDF, "not-html", ("pdf",)),
    ({"headers": {"Content-Type": "image/png"}, "body": b"\x89PNG"}, "not-html", ()),
]


@pytest.mark.parametrize("answer,reason,warnings", ANSWERS)
def test_what_the_link_leads_to(judge, dress, answer, reason, warnings):
    home = dress["dsfr"](HOME, LINK)
    if type(answer) is str:
        answer = dress["dsfr"](answer, LINK)
    elif isinstance(answer, dict) and "to" in answer:
        answer = {**answer, "body": dress["dsfr"](LOGIN, "") if "connexion" in answer["to"] else home}

    verdict = judge("accessibility-declaration", home, pages=[("link", "/accessibilite", answer)])

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))


@pytest.mark.parametrize(
    "href,reason", [("/", LEADS_HOME), ("/index.html?", LEADS_HOME), ("#", NO_PAGE), ("", NO_PAGE), ("#fin", NO_PAGE)]
)
def test_a_link_to_where_it_stands(judge, dress, href, reason):
    verdict = judge(
        "accessibility-declaration", dress["dsfr"](HOME, f"<a href='{href}'>Accessibilité : non conforme</a>")
    )

    assert (verdict.outcome, verdict.reason) == ("failed", reason)


CONVENTIONAL = ("/accessibilite", "/accessibilite/", "/declaration-accessibilite", "/accessibility")


def test_no_page(judge, dress):
    verdict = judge(
        "accessibility-declaration",
        dress["dsfr"](HOME, ""),
        pages=[("conventional", path, 404) for path in CONVENTIONAL],
    )

    assert (verdict.outcome, verdict.reason) == ("failed", NO_PAGE)
    assert [one.url for one in verdict.evidence][1:] == [f"https://bac-a-voile.example{path}" for path in CONVENTIONAL]


@pytest.mark.parametrize(
    "pages,reason",
    [
        # the first link is nothing, the second is the declaration
        ([("link", "/acces", BUILDINGS), ("link", "/declaration", FULL)], FOUND),
        # one hop further: the page "Accessibilité" only lists documents
        ([("link", "/accessibilite", "<h1>Accessibilité</h1><a href=/d>Déclaration</a>"), ("link", "/d", FULL)], FOUND),
        # a link that is broken, and the page at its usual place
        ([("link", "/declaration", None), ("conventional", "/accessibilite", FULL)], FOUND),
        # what the links say comes before what nobody promised
        ([("conventional", "/accessibilite", BUILDINGS), ("link", "/a11y", None)], BROKEN),
        # one address could not be read: it may be the declaration
        ([("link", "/acces", BUILDINGS), ("link", "/declaration", FailureKind.TIMEOUT)], "unreachable"),
        ([("conventional", "/accessibilite", 500), ("conventional", "/accessibility", 404)], "server-error"),
    ],
)
def test_several_candidates(judge, dress, pages, reason):
    dressed = [
        (found, where, dress["dsfr"](answer, LINK) if type(answer) is str else answer or 404)
        for found, where, answer in pages
    ]

    assert judge("accessibility-declaration", dress["dsfr"](HOME, LINK), pages=dressed).reason == reason


def test_a_site_of_one_page_declares_on_it(judge, dress):
    section = FULL.replace("<h1>", "<h2 id=accessibilite>").replace("</h1>", "</h2>")

    assert (
        judge("accessibility-declaration", dress["by-hand"](HOME + section, "<a href=#accessibilite>A11y</a>")).reason
        == FOUND
    )


@pytest.mark.parametrize("random", [404, 200], ids=["tells", "never tells"])
def test_the_answer_to_a_random_path_is_no_page(judge, dress, random):
    catch_all = dress["wordpress"](
        "<h1>Bac à voile</h1><p>" + "Choisissez une traversée dans le menu. " * 20 + "</p>", ""
    )
    home = dress["wordpress"](HOME, LINK)

    verdict = judge(
        "accessibility-declaration",
        home,
        pages=[("link", "/accessibilite", catch_all)],
        random=catch_all if random == 200 else 404,
    )

    assert verdict.reason == (SOFT if random == 200 else NOT_ONE)


def test_a_short_declaration_is_not_taken_for_the_error_page_around_it(judge, dress):
    """Constant titles and long menus make two pages look alike; what they do not share tells them apart."""
    menu = (
        "<ul>"
        + "".join(f"<li><a href=/p{rank}>Rubrique numéro {rank} du port</a></li>" for rank in range(300))
        + "</ul>"
    )
    home = dress["by-hand"](menu + HOME, LINK)
    oops = dress["by-hand"](menu + "<p>Désolés, le fleuve a tout emporté.</p>", LINK)
    page = dress["by-hand"](menu + SHORT, LINK)

    assert judge("accessibility-declaration", home, pages=[("link", "/a", page)], random=oops).reason == FOUND
    assert judge("accessibility-declaration", home, pages=[("link", "/a", oops)], random=oops).reason == SOFT


def test_a_footer_that_a_script_brings_may_hold_the_link(judge):
    home = f"<html><body><h1>Bac</h1>{HOME * 3}<script src=/app.js></script></body></html>"

    assert (
        judge("accessibility-declaration", home, pages=[("conventional", "/accessibilite", 404)]).reason
        == "needs-rendering"
    )


def test_the_signs_are_the_evidence(judge, dress):
    verdict = judge(
        "accessibility-declaration",
        dress["dsfr"](HOME, LINK),
        pages=[("link", "/accessibilite", dress["dsfr"](FULL, LINK))],
    )

    assert verdict.facts == {"signs": ["title", "level", "law", "recourse", "state", "results"]}
    assert verdict.evidence[0].excerpt == "Déclaration d’accessibilité"


def test_every_reason_and_every_warning_has_a_row():
    rows = [(reason, warnings) for *_, reason, warnings in (*PAGES, *ANSWERS)]

    assert {reason for reason, _ in rows} | {NO_PAGE} >= set(RULE.outcomes)
    assert {warning for _, warnings in rows for warning in warnings} == set(RULE.warnings)
