from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checks.model.capture import FailureKind
from checks.rules.accessibility.accessibility_declaration_validity import RULE

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LINK = '<a href="/accessibilite">Accessibilité : partiellement conforme</a>'
PLAIN = "Rien n’est daté ici."
VALID, EXPIRED, NO_DATE, NO_DECLARATION = "valid", "expired", "no-date", "no-declaration"


def declaration(made: str, audit: str = "") -> str:
    return f"""<h1>Déclaration d’accessibilité</h1>
<p>Le Port s’engage, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.</p>
<h2>État de conformité</h2><p>Bac à voile est <strong>partiellement conforme</strong> avec le RGAA.</p>
<h3>Résultats des tests</h3><p>{audit or "71 % des critères sont respectés."}</p>
<h2>Établissement de cette déclaration d’accessibilité</h2><p>{made}</p>
<h2>Voies de recours</h2><p>Écrire au Défenseur des droits.</p>"""


ESTABLISHED = "Cette déclaration a été établie le {}."
UPDATED = "Cette déclaration a été établie le 2 mai 2019. Elle a été mise à jour le {}."
AUDIT = "L’audit de conformité réalisé le {} révèle que 71 % des critères sont respectés."

# What the declaration says of its making and of its audit, on the 23rd of November 2026: the reason, and the facts.
SAID = [
    # three years less a day, three years, and a day more
    (ESTABLISHED.format("24 novembre 2023"), "", VALID, ("2023-11-24", "established", "2026-11-24")),
    (ESTABLISHED.format("23 novembre 2023"), "", EXPIRED, ("2023-11-23", "established", "2026-11-23")),
    (ESTABLISHED.format("22 novembre 2023"), "", EXPIRED, ("2023-11-22", "established", "2026-11-22")),
    (UPDATED.format("24/11/2023"), "", VALID, ("2023-11-24", "update", "2026-11-24")),
    (UPDATED.format("23/11/2023"), "", EXPIRED, ("2023-11-23", "update", "2026-11-23")),
    (PLAIN, AUDIT.format("24 novembre 2023"), VALID, ("2023-11-24", "audit", "2026-11-24")),
    (PLAIN, AUDIT.format("23 novembre 2023"), EXPIRED, ("2023-11-23", "audit", "2026-11-23")),
    # the day of the run, and long ago
    (ESTABLISHED.format("23 novembre 2026"), "", VALID, ("2026-11-23", "established", "2029-11-23")),
    (ESTABLISHED.format("1er mars 2020"), "", EXPIRED, ("2020-03-01", "established", "2023-03-01")),
    # the latest of the dates counts, whichever it is
    (ESTABLISHED.format("2 mai 2019"), AUDIT.format("3 mars 2026"), VALID, ("2026-03-03", "audit", "2029-03-03")),
    (ESTABLISHED.format("3 mars 2026"), AUDIT.format("2 mai 2019"), VALID, ("2026-03-03", "established", "2029-03-03")),
    (UPDATED.format("3 mars 2026"), AUDIT.format("2 mai 2019"), VALID, ("2026-03-03", "update", "2029-03-03")),
    (UPDATED.format("3 mars 2021"), AUDIT.format("2 mai 2019"), EXPIRED, ("2021-03-03", "update", "2024-03-03")),
    # a month alone counts up to its last day; its first day does not
    (PLAIN, AUDIT.replace("le {}", "en novembre 2023"), VALID, ("2023-11-01", "audit", "2026-11-30")),
    (PLAIN, AUDIT.replace("le {}", "en octobre 2023"), EXPIRED, ("2023-10-01", "audit", "2026-10-31")),
    (ESTABLISHED.format("1er novembre 2023"), "", EXPIRED, ("2023-11-01", "established", "2026-11-01")),
    (ESTABLISHED.format("01/11/2023"), "", EXPIRED, ("2023-11-01", "established", "2026-11-01")),
    # what has not happened yet is not believed
    (ESTABLISHED.format("24 novembre 2026"), "", NO_DATE, None),
    (ESTABLISHED.format("3 mars 2062"), AUDIT.format("2 mai 2019"), EXPIRED, ("2019-05-02", "audit", "2022-05-02")),
    (UPDATED.format("3 mars 2027"), "", EXPIRED, ("2019-05-02", "established", "2022-05-02")),
    # nothing is dated: the law is not the declaration
    (PLAIN, "", NO_DATE, None),
    ("Cette déclaration a été établie le 35 mai 2026.", "", NO_DATE, None),
]


@pytest.mark.parametrize("made,audit,reason,facts", SAID)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_what_the_declaration_says(judge, dress, hand, made, audit, reason, facts):
    page = dress[hand](declaration(made, audit), LINK)

    verdict = judge(RULE.id, dress[hand](HOME, LINK), pages=[("link", "/accessibilite", page)])

    assert (verdict.reason, verdict.outcome) == (reason, RULE.outcomes[reason])
    assert verdict.facts == (dict(zip(("date", "kind", "expires"), facts, strict=True)) if facts else {})


@pytest.mark.parametrize(
    "made,as_of,reason",
    [
        ("29 février 2024", date(2027, 2, 28), VALID),
        ("29 février 2024", date(2027, 3, 1), EXPIRED),
        ("28 février 2025", date(2028, 2, 27), VALID),
        ("28 février 2025", date(2028, 2, 28), EXPIRED),
        ("1er mars 2025", date(2028, 2, 29), VALID),
    ],
)
def test_leap_years(judge, dress, trial, made, as_of, reason):
    page = dress["dsfr"](declaration(ESTABLISHED.format(made)), LINK)

    verdict = judge(
        RULE.id,
        dress["dsfr"](HOME, LINK),
        pages=[("link", "/accessibilite", page)],
        trial=replace(trial, as_of=as_of),
    )

    assert verdict.reason == reason


def test_the_date_that_decided_is_quoted(judge, dress):
    page = dress["dsfr"](declaration(UPDATED.format("3 mars 2026")), LINK)

    verdict = judge(RULE.id, dress["dsfr"](HOME, LINK), pages=[("link", "/accessibilite", page)])

    assert [one.url for one in verdict.evidence] == ["https://bac-a-voile.example/accessibilite"]
    assert "mise à jour le 3 mars 2026" in verdict.evidence[0].excerpt


NO_STATEMENT = (
    "<h1>Accessibilité</h1><p>Établie le 3 mars 2026. Nous nous engageons à rendre le site accessible à tous.</p>"
)


@pytest.mark.parametrize(
    "pages,reason,warnings",
    [
        ([], NO_DECLARATION, ()),
        ([("conventional", "/accessibilite", 404)], NO_DECLARATION, ()),
        ([("link", "/accessibilite", 404)], NO_DECLARATION, ()),
        ([("link", "/accessibilite", NO_STATEMENT)], NO_DECLARATION, ()),
        # a declaration may stand where nothing could be read
        ([("link", "/accessibilite", FailureKind.TIMEOUT)], "unreachable", ()),
        ([("link", "/accessibilite", 403)], "blocked", ()),
        (
            [("link", "/d.pdf", {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7"})],
            "not-html",
            ("pdf",),
        ),
        ([("link", "https://port.example/accessibilite", declaration(PLAIN))], NO_DATE, ("external-host",)),
        ([("link", "http://bac-a-voile.example/accessibilite", declaration(PLAIN))], NO_DATE, ("insecure",)),
    ],
)
def test_where_there_is_nothing_to_date(judge, dress, pages, reason, warnings):
    dressed = [
        (found, where, dress["dsfr"](answer, LINK) if type(answer) is str else answer) for found, where, answer in pages
    ]

    verdict = judge(RULE.id, dress["dsfr"](HOME, LINK), pages=dressed)

    assert (verdict.reason, verdict.warnings) == (reason, warnings)


def test_a_site_of_one_page(judge, dress):
    section = declaration(ESTABLISHED.format("3 mars 2026")).replace("h1>", "h2>")

    assert judge(RULE.id, dress["by-hand"](HOME + section, "")).facts["date"] == "2026-03-03"


def test_a_site_that_does_not_answer_is_not_judged(judge):
    assert judge(RULE.id, FailureKind.DNS).reason == "unreachable"


def test_every_reason_has_a_row():
    assert {reason for *_, reason, _ in SAID} | {NO_DECLARATION} == set(RULE.outcomes)
