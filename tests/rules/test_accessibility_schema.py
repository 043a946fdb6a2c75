from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.rules.accessibility.accessibility_schema import RULE

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LINK = '<a href="/accessibilite">Accessibilité : non conforme</a>'
SCHEMA = "https://port.example/schema.pdf"
CURRENT, NOT_FOUND, BROKEN = "current", "not-found", "broken-link"
OLD, TOO_LONG, NO_YEARS = "years-not-current", "span-too-long", "no-years"


def declaration(said: str, after: str = "") -> str:
    return f"""<h1>Déclaration d’accessibilité</h1>
<p>Le Port de l’Embouchure s’engage à rendre son service accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.</p>
{said}
<p>Cette déclaration s’applique à bac-a-voile.example.</p>
<h2>État de conformité</h2><p>Bac à voile est non conforme avec le RGAA : il sera audité en 2027.</p>{after}
<h2>Établissement de la déclaration</h2><p>Établie le 3 mars 2025, mise à jour le 5 mai 2026.</p>
<h2>Retour d’information et contact</h2><p>quai@port.example</p><h2>Voies de recours</h2><p>Écrire au Défenseur des droits.</p>"""


@pytest.fixture
def judge_schema(judge, dress):
    def judged(said, *targets, hand="dsfr", home=HOME, after=""):
        page = dress[hand](declaration(said, after), LINK, title="Déclaration")
        return judge(
            "accessibility-schema", dress[hand](home, LINK), pages=[("link", "/accessibilite", page), *targets]
        )

    return judged


# The year of the run is 2026. What the introduction says: the reason and the years.
LINKS = [
    ("Schéma pluriannuel 2024-2026", CURRENT, [2024, 2026]),
    ("Schéma pluriannuel d’accessibilité numérique 2025-2027", CURRENT, [2025, 2027]),
    ("SCHÉMA PLURI-ANNUEL D’ACCESSIBILITÉ 2024/2026", CURRENT, [2024, 2026]),
    ("Schéma pluri annuel de mise en accessibilité, de 2024 à 2026", CURRENT, [2024, 2026]),
    ("Schéma pluriannuel d&#39;accessibilit&eacute; 2024&nbsp;&ndash;&nbsp;2026 (PDF, 2048 Ko)", CURRENT, [2024, 2026]),
    ("Sche\u0301ma pluriannuel d’accessibilité 2024 — 2026", CURRENT, [2024, 2026]),
    ("Schéma d’accessibilité pluriannuel 2024, 2025 et 2026", CURRENT, [2024, 2026]),
    ("Schéma d’accessibilité numérique (2026-2028)", CURRENT, [2026, 2028]),
    ("Schéma directeur d’accessibilité numérique 2025-2026", CURRENT, [2025, 2026]),
    ("Schéma annuel d’accessibilité 2026", CURRENT, [2026]),
    ("Accessibilité numérique – schéma annuel 2026", CURRENT, [2026]),
    ("Schéma triennal d’accessibilité 2025 → 2027", CURRENT, [2025, 2027]),
    ("Plan pluriannuel de mise en accessibilité 2024-26", CURRENT, [2024, 2026]),
    ("Stratégie pluriannuelle d’accessibilité numérique : 2025 jusqu’en 2027", CURRENT, [2025, 2027]),
    ("Feuille de route pluriannuelle 2025 2026", CURRENT, [2025, 2026]),
    ("Schéma pluriannuel des ministères sociaux, janvier 2024 à décembre 2026", CURRENT, [2024, 2026]),
    ("Schéma pluriannuel de Port Fluvial 2024-2026", CURRENT, [2024, 2026]),
    ("Schéma pluriannuel RGAA 2026-2025", CURRENT, [2025, 2026]),
    ("Schéma pluriannuel et plans d’action 2024-2026", CURRENT, [2024, 2026]),
    ("Multi-year accessibility plan 2025 to 2027", CURRENT, [2025, 2027]),
    ("SPAN 2025-2027", CURRENT, [2025, 2027]),
    ("Schéma pluriannuel d’accessibilité 2021-2023", OLD, [2021, 2023]),
    ("Schéma pluriannuel d’accessibilité 2027-2029", OLD, [2027, 2029]),
    ("Schéma pluriannuel d’accessibilité 2025", OLD, [2025]),
    ("Schéma pluriannuel d’accessibilité 2015-2021", OLD, [2015, 2021]),
    ("Schéma pluriannuel d’accessibilité 2024-2030", TOO_LONG, [2024, 2030]),
    ("Schéma pluriannuel d’accessibilité 2022-2026", TOO_LONG, [2022, 2026]),
    ("Schéma pluriannuel d’accessibilité", NO_YEARS, []),
    ("Schéma pluriannuel d’accessibilité 24-26", NO_YEARS, []),
    ("Schéma pluriannuel (publié le 12/03/2026)", NO_YEARS, []),
    ("Schéma de données du bac 2024-2026", NOT_FOUND, None),
    ("Schéma explicatif 2026", NOT_FOUND, None),
    ("Schéma directeur 2024-2026", NOT_FOUND, None),
    ("Schéma pluriannuel d’investissement 2024-2026", NOT_FOUND, None),
    ("Plan pluriannuel de formation 2024-2026", NOT_FOUND, None),
    ("Schéma directeur d’accessibilité des transports 2024-2026", NOT_FOUND, None),
    ("Plan de mise en accessibilité de la voirie, schéma pluriannuel 2024-2026", NOT_FOUND, None),
    ("Plan d’action 2026 du schéma pluriannuel", NOT_FOUND, None),
    ("Programmation budgétaire 2024-2026", NOT_FOUND, None),
]


@pytest.mark.parametrize("name,reason,years", LINKS)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_links(judge_schema, hand, name, reason, years):
    verdict = judge_schema(f'<p>À cette fin : <a href="{SCHEMA}">{name}</a></p>', hand=hand)

    assert (verdict.reason, verdict.facts.get("years")) == (reason, years)
    assert verdict.outcome == RULE.outcomes[reason]
    assert verdict.facts.get("url") == (SCHEMA if years is not None else None)


A = f'<a href="{SCHEMA}">'
# Years that stand beside the link, or a document named beside it.
AROUND = [
    (f"<p>Le {A}schéma pluriannuel</a> couvre les années 2025 à 2027.</p>", CURRENT, [2025, 2027]),
    (f"<p>Pour la période 2025-2027, le Port suit son {A}schéma pluriannuel</a>.</p>", CURRENT, [2025, 2027]),
    (f"<h2>Schéma pluriannuel 2024-2026</h2><p>{A}Télécharger le document (PDF, 320 Ko)</a></p>", CURRENT, [2024, 2026]),
    (f"<h2>2024-2026</h2><ul><li>{A}Schéma pluriannuel</a></li></ul>", CURRENT, [2024, 2026]),
    (f"<p>Schéma pluriannuel d’accessibilité 2024-2026 : {A}consulter</a></p>", CURRENT, [2024, 2026]),
    (f"<p>Nos schémas pluriannuels :</p><ul><li><a href=/v>2021-2023</a></li><li>{A}2024-2026</a></li></ul>", CURRENT, [2024, 2026]),
    (f"<table><tr><td>Schéma pluriannuel</td><td>2024-2026</td><td>{A}Lire</a></td></tr></table>", CURRENT, [2024, 2026]),
    (f"<dl><dt>Schéma pluriannuel</dt><dd>{A}Édition 2026</a></dd></dl>", CURRENT, [2026]),
    (f"<p>{A}Schéma<br>pluriannuel</a> (2024-2026) et <a href=/p>plan d’action</a> 2025</p>", CURRENT, [2024, 2026]),
    (f"<p><a href=/p>Plan d’action 2025</a>, {A}schéma pluriannuel</a> 2024-2026</p>", CURRENT, [2024, 2026]),
    (f"{A}<div>Schéma pluriannuel</div><div>2024-2026</div></a>", CURRENT, [2024, 2026]),
    (f'{A[:-1]} aria-label="Schéma pluriannuel 2024-2026 (nouvelle fenêtre)"><img src=s.png alt=""></a>', CURRENT, [2024, 2026]),
    (f'{A}<img src=s.png alt="Schéma pluriannuel 2024-2026"></a>', CURRENT, [2024, 2026]),
    # several editions: the one in force speaks for all
    (f"<p><a href=/1>Schéma pluriannuel 2020-2022</a> {A}schéma pluriannuel 2024-2026</a> <a href=/3>schéma pluriannuel 2022-2032</a></p>", CURRENT, [2024, 2026]),
    # the page and its menu name the same document, once with its years
    (f"<p>{A}Schéma pluriannuel</a></p><p>{A}Schéma pluriannuel 2024-2026</a></p>", CURRENT, [2024, 2026]),
    # the year of an event is not a period
    (f"<p>Le {A}schéma pluriannuel</a>, publié en 2026, est suivi par la direction.</p>", NO_YEARS, []),
    (f"<p>Le {A}schéma pluriannuel</a> suit la loi n° 2005-102 et le décret n° 2019-768.</p>", NO_YEARS, []),
]  # fmt: skip


@pytest.mark.parametrize("said,reason,years", AROUND)
@pytest.mark.parametrize("hand", ["dsfr", "by-hand"])
def test_years_beside_a_link(judge_schema, hand, said, reason, years):
    verdict = judge_schema(said, hand=hand)

    assert (verdict.reason, verdict.facts["years"], verdict.facts["url"]) == (reason, years, SCHEMA)


ADDRESSES = [
    ("https://beta.gouv.fr/accessibilite/schema-pluriannuel", NO_YEARS, []),
    ("/schema-2024-2026.pdf", CURRENT, [2024, 2026]),
    ("/docs/Schema%20pluriannuel_2025_2027.pdf", CURRENT, [2025, 2027]),
    ("/schema-pluriannuel/2026", CURRENT, [2026]),
    ("/wp-content/uploads/2023/04/schema-pluriannuel.pdf", NO_YEARS, []),
    ("/files/2023-04/schema-pluriannuel-2024-2026.pdf", CURRENT, [2024, 2026]),
    # may be the year of publication of a schema that lasts until 2027
    ("/schema-pluriannuel-2024.pdf", NO_YEARS, []),
    ("/schema-pluriannuel-2020.pdf", OLD, [2020]),
    ("/documents/20261/schema.pdf", NO_YEARS, []),
    ("#schema-2024-2026", CURRENT, [2024, 2026]),
]


@pytest.mark.parametrize("url,reason,years", ADDRESSES)
def test_years_in_the_address(judge_schema, url, reason, years):
    verdict = judge_schema(f'<p><a href="{url}">Schéma pluriannuel d’accessibilité</a></p>')

    assert (verdict.reason, verdict.facts["years"]) == (reason, years)


def test_the_name_is_believed_before_the_address(judge_schema):
    verdict = judge_schema('<p><a href="/schema-2019-2021.pdf">Schéma pluriannuel 2024-2026</a></p>')

    assert verdict.facts["years"] == [2024, 2026]


def test_an_address_that_names_the_document_is_enough(judge_schema):
    verdict = judge_schema(
        '<p>Le Port suit <a href="https://port.example/schema-pluriannuel-2024-2026">sa stratégie</a>.</p>'
    )

    assert (verdict.reason, verdict.value) == (CURRENT, "2024-2026")


TEXTS = [
    ("<p>Le Port applique son schéma pluriannuel 2024-2026.</p>", CURRENT, [2024, 2026]),
    ("<p>De 2024 à 2026, notre schéma pluriannuel prévoit la formation des équipes.</p>", CURRENT, [2024, 2026]),
    ("<p><a href=#>Schéma pluriannuel 2024-2026</a></p>", CURRENT, [2024, 2026]),
    ("<h2>Schéma pluriannuel</h2><p>2024-2026</p>", CURRENT, [2024, 2026]),
    ("<p>Le Port applique un schéma pluriannuel.</p>", NO_YEARS, []),
    ("<p>Aucun schéma pluriannuel n’est publié.</p>", NOT_FOUND, None),
    ("<p>Le Port n’a pas encore de schéma pluriannuel.</p>", NOT_FOUND, None),
    ("<p>Le schéma pluriannuel 2026-2028 est en cours d’élaboration.</p>", NOT_FOUND, None),
    ("<p>Le schéma pluriannuel 2026-2028 sera publié prochainement.</p>", NOT_FOUND, None),
    ("<p>Schéma pluriannuel 2026-2028 (à venir)</p>", NOT_FOUND, None),
    ("<p>Schéma pluriannuel de mise en accessibilité [Années] [lien]</p>", NOT_FOUND, None),
    ("<p>Schéma pluriannuel 20XX-20XX</p>", NOT_FOUND, None),
    ("<p>Tout organisme doit publier un schéma pluriannuel.</p>", NOT_FOUND, None),
    ("<blockquote>Schéma pluriannuel 2024-2026</blockquote>", NOT_FOUND, None),
    ("<p hidden>Schéma pluriannuel 2024-2026</p>", NOT_FOUND, None),
    ("<!-- Schéma pluriannuel 2024-2026 -->", NOT_FOUND, None),
]


@pytest.mark.parametrize("said,reason,years", TEXTS)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress"])
def test_texts_without_a_link(judge_schema, hand, said, reason, years):
    verdict = judge_schema(said, hand=hand)

    assert (verdict.reason, verdict.facts.get("years")) == (reason, years)
    assert ("not-linked" in verdict.warnings) is (years is not None)


PDF = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7\n1 0 obj"}
PAGE = "<html><head><title>{}</title></head><body><h1>{}</h1><p>Le Port forme ses équipes et audite ses services.</p></body></html>"
NAMED = PAGE.format("Schéma pluriannuel 2024-2026", "Notre stratégie")
HEADED = PAGE.format("Le Port", "Schéma pluriannuel d’accessibilité 2019-2021")
PERIOD = NAMED.replace("2024-2026", "").replace(
    "Le Port forme", "Période : du 1er janvier 2025 au 31 décembre 2027. Le Port forme"
)
SILENT = PAGE.format("Schéma pluriannuel", "Schéma pluriannuel")
OOPS = PAGE.format("Erreur", "Page introuvable")
DATED, UNDATED = "Schéma pluriannuel 2024-2026", "Schéma pluriannuel"
# The name of the link, what answers behind it, and the reason.
TARGETS = [
    (DATED, NAMED, CURRENT),
    (DATED, PDF, CURRENT),
    (DATED, 404, BROKEN),
    (DATED, 410, BROKEN),
    (DATED, 500, BROKEN),
    (DATED, OOPS, BROKEN),
    (DATED, {"to": "/", "body": OOPS}, BROKEN),
    (UNDATED, 404, BROKEN),
    (UNDATED, NAMED, CURRENT),
    (UNDATED, PERIOD, CURRENT),
    (UNDATED, HEADED, OLD),
    (UNDATED, SILENT, NO_YEARS),
    (UNDATED, PDF, NO_YEARS),
    # not read, so nothing is held against the service
    (DATED, FailureKind.TIMEOUT, CURRENT),
    (DATED, FailureKind.ROBOTS, CURRENT),
    (DATED, 403, CURRENT),
    (DATED, 429, CURRENT),
    (UNDATED, FailureKind.DNS, NO_YEARS),
]


@pytest.mark.parametrize("name,answer,reason", TARGETS)
def test_what_the_link_leads_to(judge_schema, name, answer, reason):
    verdict = judge_schema(f'<a href="/schema">{name}</a>', ("link", "/schema", answer, "schema"))

    assert verdict.reason == reason
    assert len(verdict.evidence) == 2


@pytest.mark.parametrize(
    "said,reason",
    [
        (
            '<a href="/schema">Schéma pluriannuel 2024-2026</a>, ou <a href="/b">schéma pluriannuel 2024-2026</a>',
            CURRENT,
        ),
        (
            '<a href="/schema">Schéma pluriannuel 2024-2026</a><p>Le schéma pluriannuel 2024-2026 est publié.</p>',
            BROKEN,
        ),
        (
            '<a href="/schema">Schéma pluriannuel 2020-2022</a><p>Le schéma pluriannuel 2024-2026 est publié.</p>',
            CURRENT,
        ),
        ('<a href="/">Schéma pluriannuel 2024-2026</a>', BROKEN),
    ],
)
def test_a_broken_link_among_others(judge_schema, said, reason):
    assert judge_schema(said, ("link", "/schema", 404, "schema")).reason == reason


def test_the_page_that_lists_the_documents_is_read_too(judge, dress):
    listing = dress["dsfr"](
        f"<h1>Accessibilité</h1><p>Nos documents.</p><p>{A}Schéma pluriannuel 2024-2026</a></p>", LINK
    )
    further = dress["dsfr"](declaration(""), LINK)
    pages = [("link", "/accessibilite", listing), ("link", "/declaration", further)]

    assert judge("accessibility-schema", dress["dsfr"](HOME, LINK), pages=pages).reason == CURRENT


@pytest.mark.parametrize(
    "footer,reason",
    [
        (f"{A}Schéma pluriannuel 2024-2026</a>", CURRENT),
        (f"{A}Schéma pluriannuel d’accessibilité 2019-2021</a>", OLD),
        (f"{A}Schéma directeur 2024-2026</a>", NOT_FOUND),
        ("", NOT_FOUND),
    ],
)
def test_the_home_page_alone(judge, dress, footer, reason):
    verdict = judge(
        "accessibility-schema", dress["dsfr"](HOME, footer), pages=[("conventional", "/accessibilite", 404)]
    )

    assert verdict.reason == reason


def test_where_we_looked_in_vain_is_the_evidence(judge_schema):
    verdict = judge_schema("")

    assert [one.url for one in verdict.evidence] == [
        "https://bac-a-voile.example/",
        "https://bac-a-voile.example/accessibilite",
    ]


DOCUMENT = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7\n1 0 obj"}


@pytest.mark.parametrize(
    "answer,footer,reason,warnings",
    [
        (DOCUMENT, LINK, "not-html", ["pdf"]),
        (FailureKind.TIMEOUT, LINK, "unreachable", []),
        (DOCUMENT, f"{LINK} {A}Schéma pluriannuel 2019-2021</a>", "not-html", ["pdf"]),
        (DOCUMENT, f"{LINK} {A}Schéma pluriannuel 2024-2026</a>", CURRENT, []),
    ],
)
def test_a_declaration_that_could_not_be_read(judge, dress, answer, footer, reason, warnings):
    verdict = judge("accessibility-schema", dress["dsfr"](HOME, footer), pages=[("link", "/accessibilite", answer)])

    assert (verdict.reason, list(verdict.warnings)) == (reason, warnings)


def test_a_page_that_awaits_scripts_may_bring_it(judge, dress):
    page = (
        "<html><body><h1>Accessibilité</h1>"
        + "<p>Le Port écoute ses usagers.</p>" * 20
        + "<script src=/app.js></script></body></html>"
    )

    assert (
        judge("accessibility-schema", dress["dsfr"](HOME, LINK), pages=[("link", "/accessibilite", page)]).reason
        == "needs-rendering"
    )


@pytest.mark.parametrize(
    "name,warnings",
    [("Schéma pluriannuel 2024-2027", ["four-calendar-years"]), ("Schéma pluriannuel 2024-2026", [])],
)
def test_three_years_from_end_to_end(judge_schema, name, warnings):
    verdict = judge_schema(f"{A}{name}</a>")

    assert (verdict.reason, list(verdict.warnings)) == (CURRENT, warnings)


def test_the_model_gives_the_link_before_the_state(judge_schema):
    link = f"<p>{A}Schéma pluriannuel 2024-2026</a></p>"

    assert judge_schema("", after=link).warnings == ("misplaced",)
    assert judge_schema(link).warnings == ()


def test_every_reason_has_a_row():
    rows = {reason for _, reason, _ in (*LINKS, *AROUND, *TEXTS)} | {reason for _, _, reason in TARGETS}

    assert rows == set(RULE.outcomes)
    assert set(RULE.warnings) == {"not-linked", "misplaced", "four-calendar-years", "pdf"}
