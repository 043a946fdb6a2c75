from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.rules.accessibility.accessibility_declaration_consistency import RULE

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
SAYS = {"totally": "totalement conforme", "partially": "partiellement conforme", "not": "non conforme"}
NO_AUDIT = "Le service n’a pas encore été audité."
AUDIT = "L’audit réalisé le 3 mars 2026 par la société Balise révèle que {} % des critères du RGAA sont respectés."
TOTALLY, PARTIALLY, NOT = SAYS
CONSISTENT, MENTION, RATE, MISSING = "consistent", "mention-differs", "rate-differs", "one-side-missing"


def footer(level: str | None) -> str:
    return f'<a href="/accessibilite">Accessibilité{" : " + SAYS[level] if level else ""}</a>'


def declaration(level: str | None, results: str) -> str:
    state = f"Bac à voile est <strong>{SAYS[level]}</strong> avec le RGAA." if level else "L’état du service suit."
    return f"""<h1>Déclaration d’accessibilité</h1>
<p>Le Port s’engage, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.</p>
<h2>État de conformité</h2><p>{state}</p><h3>Résultats des tests</h3><p>{results}</p>
<h2>Établissement de cette déclaration d’accessibilité</h2><p>Établie le 3 mars 2026.</p>
<h2>Voies de recours</h2><p>Écrire au Défenseur des droits.</p>"""


# The mention, the level of the declaration, what its results say, the rate read there: the reason.
SIDES = [
    # the boundaries
    (NOT, NOT, AUDIT.format("0"), 0, CONSISTENT),
    (NOT, NOT, AUDIT.format("49,99"), 49.99, CONSISTENT),
    (NOT, NOT, AUDIT.format("50"), 50, RATE),
    (PARTIALLY, PARTIALLY, AUDIT.format("49,99"), 49.99, RATE),
    (PARTIALLY, PARTIALLY, AUDIT.format("50"), 50, CONSISTENT),
    (PARTIALLY, PARTIALLY, AUDIT.format("71"), 71, CONSISTENT),
    (PARTIALLY, PARTIALLY, AUDIT.format("99.99"), 99.99, CONSISTENT),
    (PARTIALLY, PARTIALLY, AUDIT.format("100"), 100, RATE),
    (TOTALLY, TOTALLY, AUDIT.format("99,99"), 99.99, RATE),
    (TOTALLY, TOTALLY, AUDIT.format("100"), 100, CONSISTENT),
    # without an audit, a service is not compliant
    (NOT, NOT, NO_AUDIT, None, CONSISTENT),
    (NOT, NOT, "Ils suivront.", None, CONSISTENT),
    (PARTIALLY, PARTIALLY, NO_AUDIT, None, RATE),
    (TOTALLY, TOTALLY, NO_AUDIT, None, RATE),
    # the home page says something else
    (TOTALLY, PARTIALLY, AUDIT.format("71"), 71, MENTION),
    (NOT, PARTIALLY, AUDIT.format("71"), 71, MENTION),
    (PARTIALLY, NOT, NO_AUDIT, None, MENTION),
    (PARTIALLY, NOT, AUDIT.format("71"), 71, MENTION),
    (TOTALLY, PARTIALLY, "Ils suivront.", None, MENTION),
    # the declaration contradicts itself, whether the home page says anything or not
    (None, PARTIALLY, AUDIT.format("31"), 31, RATE),
    (None, TOTALLY, AUDIT.format("71"), 71, RATE),
    (None, PARTIALLY, NO_AUDIT, None, RATE),
    # failing a level, the rate is that of the mention or not
    (PARTIALLY, None, AUDIT.format("31"), 31, RATE),
    (NOT, None, AUDIT.format("71"), 71, RATE),
    # a side is missing, and the others do not disagree
    (None, PARTIALLY, AUDIT.format("71"), 71, MISSING),
    (None, NOT, NO_AUDIT, None, MISSING),
    (PARTIALLY, None, AUDIT.format("71"), 71, MISSING),
    (NOT, None, NO_AUDIT, None, MISSING),
    (PARTIALLY, PARTIALLY, "Ils suivront.", None, MISSING),
    (NOT, NOT, "L’audit réalisé le 3 mars 2026 par la société Balise a montré des défauts.", None, MISSING),
    # "not audited" said of a part, by one who was
    (PARTIALLY, PARTIALLY, "Audit réalisé par la société Balise. Les vidéos n’ont pas été auditées.", None, MISSING),
    (PARTIALLY, PARTIALLY, AUDIT.format("71") + " Le plan n’a pas été audité.", 71, CONSISTENT),
]


@pytest.mark.parametrize("shown,declared,results,rate,reason", SIDES)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_the_three_sides(judge, dress, hand, shown, declared, results, rate, reason):
    home = dress[hand](HOME, footer(shown))
    page = dress[hand](declaration(declared, results), footer(shown))

    verdict = judge(RULE.id, home, pages=[("link", "/accessibilite", page)])

    assert (verdict.reason, verdict.outcome) == (reason, RULE.outcomes[reason])
    assert verdict.facts == {"mention": shown, "declaration": declared, "rate": rate}


def test_both_sides_are_quoted(judge, dress):
    page = dress["dsfr"](declaration(PARTIALLY, AUDIT.format("71")), footer(NOT))

    verdict = judge(RULE.id, dress["dsfr"](HOME, footer(NOT)), pages=[("link", "/accessibilite", page)])

    assert [(one.url.rpartition("/")[2], one.excerpt) for one in verdict.evidence] == [
        ("", "Accessibilité : non conforme"),
        ("accessibilite", "Bac à voile est partiellement conforme avec le RGAA."),
        ("accessibilite", AUDIT.format("71")),
    ]


@pytest.mark.parametrize(
    "shown",
    ["Accessibilité : conforme", "Accessibilité : non/partiellement/totalement conforme", "Plan du site"],
)
def test_a_mention_without_a_level_is_no_side(judge, dress, shown):
    page = dress["dsfr"](declaration(NOT, NO_AUDIT), shown)

    verdict = judge(RULE.id, dress["dsfr"](HOME, f"<a href=/a>{shown}</a>"), pages=[("link", "/accessibilite", page)])

    assert (verdict.reason, verdict.facts["mention"]) == (MISSING, None)


@pytest.mark.parametrize(
    "shown,declared,results,reason",
    [
        (None, NOT, NO_AUDIT, CONSISTENT),
        (None, PARTIALLY, AUDIT.format("71"), CONSISTENT),
        (None, PARTIALLY, AUDIT.format("31"), RATE),
        (PARTIALLY, PARTIALLY, AUDIT.format("71"), CONSISTENT),
        (TOTALLY, PARTIALLY, AUDIT.format("71"), MENTION),
    ],
)
@pytest.mark.parametrize("is_section_visited", [False, True])
def test_a_site_of_one_page_shows_its_level_in_its_declaration(
    judge, dress, shown, declared, results, reason, is_section_visited
):
    section = declaration(declared, results).replace("h2>", "h3>").replace("h1>", "h2>")
    home = dress["dsfr"](HOME + section, f"Accessibilité : {SAYS[shown]}" if shown else "Plan du site")

    verdict = judge(RULE.id, home, pages=[("link", "/#accessibilite", home)] if is_section_visited else [])

    assert verdict.reason == reason


PDF = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7"}


@pytest.mark.parametrize(
    "pages,reason,warnings",
    [
        ([], MISSING, ()),
        ([("link", "/accessibilite", 404)], MISSING, ()),
        ([("link", "/accessibilite", "<h1>Accessibilité</h1><p>Le site est partiellement conforme.</p>")], MISSING, ()),
        # a declaration may stand where nothing could be read
        ([("link", "/accessibilite", FailureKind.TIMEOUT)], "unreachable", ()),
        ([("link", "/d.pdf", PDF)], "not-html", ("pdf",)),
        ([("link", "https://port.example/d", declaration(NOT, NO_AUDIT))], CONSISTENT, ("external-host",)),
        ([("link", "http://bac-a-voile.example/d", declaration(NOT, NO_AUDIT))], CONSISTENT, ("insecure",)),
    ],
)
def test_where_there_is_no_declaration_to_compare(judge, dress, pages, reason, warnings):
    dressed = [
        (found, where, dress["dsfr"](answer, "") if type(answer) is str else answer) for found, where, answer in pages
    ]

    verdict = judge(RULE.id, dress["dsfr"](HOME, footer(NOT)), pages=dressed)

    assert (verdict.reason, verdict.warnings) == (reason, warnings)


def test_a_site_that_does_not_answer_is_not_judged(judge):
    assert judge(RULE.id, FailureKind.DNS).reason == "unreachable"


def test_every_reason_has_a_row():
    assert {reason for *_, reason in SIDES} == set(RULE.outcomes)
