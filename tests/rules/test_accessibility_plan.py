from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.rules.accessibility.accessibility_plan import RULE

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LINK = '<a href="/accessibilite">Accessibilité : non conforme</a>'
PLAN = "https://port.example/plan.pdf"
CURRENT, NOT_FOUND, BROKEN, OLD, NO_YEARS = "current", "not-found", "broken-link", "years-not-current", "no-years"


def declaration(said: str) -> str:
    return f"""<h1>Déclaration d’accessibilité</h1>
<p>Le Port de l’Embouchure s’engage à rendre son service accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.</p>
{said}
<h2>État de conformité</h2><p>Bac à voile est non conforme avec le RGAA : il sera audité en 2027.</p>
<h2>Retour d’information et contact</h2><p>quai@port.example</p><h2>Voies de recours</h2><p>Écrire au Défenseur des droits.</p>"""


@pytest.fixture
def judge_plan(judge, dress):
    def judged(said, *targets, hand="dsfr", home=HOME, footer=LINK):
        page = dress[hand](declaration(said), LINK, title="Déclaration")
        return judge(
            "accessibility-plan", dress[hand](home, footer), pages=[("link", "/accessibilite", page), *targets]
        )

    return judged


# The year of the run is 2026. The name of a link: the reason and the years.
LINKS = [
    ("Plan d’action 2026", CURRENT, [2026]),
    ("Plan d'actions 2026", CURRENT, [2026]),
    ("PLAN D’ACTIONS POUR L’ANNÉE 2026", CURRENT, [2026]),
    ("Plan d’actions de l’année 2026", CURRENT, [2026]),
    ("Plan 2026 d’actions", CURRENT, [2026]),
    ("Plan annuel 2026", CURRENT, [2026]),
    ("Plan annuel d’accessibilité numérique 2026", CURRENT, [2026]),
    ("Plan annuel d’actions (2026)", CURRENT, [2026]),
    ("Plans d’action annuels 2025, 2026", CURRENT, [2025, 2026]),
    ("Plan d’action annuel RGAA : 2026", CURRENT, [2026]),
    ("Plan d&rsquo;action&nbsp;2026&nbsp;&ndash;&nbsp;2027", CURRENT, [2026, 2027]),
    ("Plan d’action du Port pour l’accessibilité, 2026", CURRENT, [2026]),
    ("Plan d’action pour améliorer le site en 2026", CURRENT, [2026]),
    ("Plan de mise en conformité 2026", CURRENT, [2026]),
    ("Plan d’amélioration de l’accessibilité 2026", CURRENT, [2026]),
    ("Programme d’actions accessibilité 2026", CURRENT, [2026]),
    ("Feuille de route accessibilité 2026", CURRENT, [2026]),
    ("Feuille de route annuelle 2026", CURRENT, [2026]),
    ("Plan d’action 2026 du schéma pluriannuel 2024-2026", CURRENT, [2026]),
    ("Schéma pluriannuel 2024-2026 et plan d’action 2026", CURRENT, [2026]),
    ("Annual accessibility plan 2026", CURRENT, [2026]),
    ("2026 action plan", CURRENT, [2026]),
    ("Plan d’action 2025", OLD, [2025]),
    ("Plan d’action 2027", OLD, [2027]),
    ("Plan annuel d’accessibilité 2024-2025", OLD, [2024, 2025]),
    ("Plan d’action 2020-2030", OLD, [2020, 2030]),
    ("Plan d’action", NO_YEARS, []),
    ("Plan d’action 25-26", NO_YEARS, []),
    ("Plan d’action (mis à jour le 4 mai 2026)", NO_YEARS, []),
    ("Plan annuel de formation 2026", NOT_FOUND, None),
    ("Plan annuel achats 2026", NOT_FOUND, None),
    ("Plan d’action de lutte contre la fraude 2026", NOT_FOUND, None),
    ("Plan d’action pour l’emploi 2026", NOT_FOUND, None),
    ("Plan d’accessibilité de la voirie, plan d’action 2026", NOT_FOUND, None),
    ("Plan du site 2026", NOT_FOUND, None),
    ("Plan d’accès 2026", NOT_FOUND, None),
    ("Plan directeur 2026", NOT_FOUND, None),
    ("Feuille de route du bac 2026", NOT_FOUND, None),
    ("Schéma pluriannuel 2024-2026", NOT_FOUND, None),
]


@pytest.mark.parametrize("name,reason,years", LINKS)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "by-hand", "next"])
def test_links(judge_plan, hand, name, reason, years):
    verdict = judge_plan(f'<p>À cette fin : <a href="{PLAN}">{name}</a></p>', hand=hand)

    assert (verdict.reason, verdict.facts.get("years")) == (reason, years)
    assert verdict.outcome == RULE.outcomes[reason]


A = f'<a href="{PLAN}">'
AROUND = [
    (f"<p>Plans d’action annuels (<a href=/1>2025</a>, {A}2026</a>)</p>", CURRENT, [2026]),
    (f"<p>Plans d’action :</p><ul><li><a href=/1>2024</a></li><li><a href=/2>2025</a></li><li>{A}2026</a></li></ul>", CURRENT, [2026]),
    (f"<h2>Plan d’action de l’année en cours</h2><p>{A}Télécharger le PDF (2026)</a></p>", CURRENT, [2026]),
    (f"<p>Ce schéma pluriannuel 2024-2026 s’accompagne du {A}plan d’action</a> 2026.</p>", CURRENT, [2026]),
    (f"<p>En 2026, le Port suit son {A}plan annuel</a>.</p>", CURRENT, [2026]),
    (f"<h3>Année 2026</h3><p>{A}Plan annuel</a></p>", CURRENT, [2026]),
    (f"<p>{A}Plan d’action 2026</a>, <a href=/v>plan d’action 2029</a>, <a href=/w>plan d’action 2023</a></p>", CURRENT, [2026]),
    (f"<p>Le schéma pluriannuel 2024-2026 s’accompagne d’un {A}plan d’action</a>.</p>", NO_YEARS, []),
]  # fmt: skip


@pytest.mark.parametrize("said,reason,years", AROUND)
@pytest.mark.parametrize("hand", ["dsfr", "by-hand"])
def test_years_beside_a_link(judge_plan, hand, said, reason, years):
    verdict = judge_plan(said, hand=hand)

    assert (verdict.reason, verdict.facts["years"], verdict.facts["url"]) == (reason, years, PLAN)


@pytest.mark.parametrize(
    "link,years",
    [
        (
            '<a href="https://beta.gouv.fr/accessibilite/schema-pluriannuel#plan-2026">Ce que nous faisons cette année</a>',
            [2026],
        ),
        ('<a href="/accessibilite/schema-pluriannuel#plan-2026">Plan d’action</a>', [2026]),
        ('<a href="#plan-2026">Voir le plan</a>', [2026]),
        ('<a href="/docs/Plan_annuel_daccessibilite_2026.pdf">Consulter</a>', [2026]),
        ('<a href="/plan-action-202602.pdf">Plan d’action</a>', [2026]),
    ],
)
def test_years_in_the_address(judge_plan, link, years):
    verdict = judge_plan(f"<p>{link}</p>")

    assert (verdict.reason, verdict.facts["years"]) == (CURRENT, years)


TEXTS = [
    ("<p>Le plan d’action 2026 prévoit un audit.</p>", CURRENT, [2026]),
    ("<h2>Plan d’action 2025</h2><p>Fait.</p><h2>Plan d’action 2026</h2><p>Un audit.</p>", CURRENT, [2026]),
    ("<p>Il s’accompagne de plans d’action annuels.</p>", NO_YEARS, []),
    ("<h2>Plan d’action</h2><h3>2025</h3><p>Fait.</p><h3>2026</h3><p>Un audit.</p>", NO_YEARS, []),
    ("<p>Le plan d’action 2026 sera publié en janvier.</p>", NOT_FOUND, None),
    ("<ul><li>Plan d’actions [Année] [lien]</li></ul>", NOT_FOUND, None),
    ("<p>Aucun plan d’action n’a été établi.</p>", NOT_FOUND, None),
    ("<p>Le plan annuel 2026 est en cours de validation.</p>", NOT_FOUND, None),
]


@pytest.mark.parametrize("said,reason,years", TEXTS)
def test_texts_without_a_link(judge_plan, said, reason, years):
    verdict = judge_plan(said)

    assert (verdict.reason, verdict.facts.get("years")) == (reason, years)
    assert ("not-linked" in verdict.warnings) is (years is not None)


PAGE = "<html><head><title>{}</title></head><body><h1>{}</h1><p>Le Port forme ses équipes et audite ses services.</p></body></html>"
TARGETS = [
    ("Plan d’action 2026", 404, BROKEN),
    ("Plan d’action", 503, BROKEN),
    ("Plan d’action", PAGE.format("Plan d’action 2026", "Le Port"), CURRENT),
    ("Plan d’action 2026", FailureKind.TIMEOUT, CURRENT),
    ("Plan d’action", 403, NO_YEARS),
]


@pytest.mark.parametrize("name,answer,reason", TARGETS)
def test_what_the_link_leads_to(judge_plan, name, answer, reason):
    assert judge_plan(f'<a href="/plan">{name}</a>', ("link", "/plan", answer, "plan")).reason == reason


@pytest.mark.parametrize(
    "heading,reason", [("Plan d’action 2026", CURRENT), ("Plan d’action 2024", OLD), ("Nos moyens", NOT_FOUND)]
)
def test_the_schema_may_hold_the_plan(judge_plan, heading, reason):
    schema = PAGE.format("Schéma pluriannuel 2024-2026", heading)

    verdict = judge_plan('<a href="/schema">Schéma pluriannuel</a>', ("link", "/schema", schema, "schema"))

    assert verdict.reason == reason


@pytest.mark.parametrize(
    "home,footer,reason",
    [
        (f"<p>{A}Plan d’action accessibilité 2026</a></p>", "", CURRENT),
        (f"<h2>Accessibilité</h2><p>{A}Plan d’action 2026</a></p>", "", CURRENT),
        ("<p><a href='/accessibilite/plan-2026'>Plan d’action 2026</a></p>", "", CURRENT),
        ("", f"{A}Plan d’action 2026</a>", CURRENT),
        (f"<p>{A}Plan d’action 2026 contre l’envasement</a></p>", "", NOT_FOUND),
        (f"<h2>Le chenal</h2><p>{A}Plan d’action 2026</a></p>", "", NOT_FOUND),
    ],
)
def test_the_home_page_has_other_plans(judge, dress, home, footer, reason):
    assert judge("accessibility-plan", dress["dsfr"](HOME + home, footer)).reason == reason


def test_a_declaration_that_could_not_be_read(judge, dress):
    document = {"headers": {"Content-Type": "application/pdf"}, "body": b"%PDF-1.7\n1 0 obj"}

    verdict = judge("accessibility-plan", dress["dsfr"](HOME, LINK), pages=[("link", "/accessibilite", document)])

    assert (verdict.reason, verdict.warnings) == ("not-html", ("pdf",))


def test_the_model_gives_the_link_before_the_state(judge_plan, dress, judge):
    said = f"<p>{A}Plan d’action 2026</a></p>"
    late = dress["dsfr"](declaration("").replace("<h2>Voies", f"{said}<h2>Voies"), LINK)

    assert judge_plan(said).warnings == ()
    assert judge("accessibility-plan", dress["dsfr"](HOME, LINK), pages=[("link", "/a", late)]).warnings == (
        "misplaced",
    )


def test_every_reason_has_a_row():
    rows = {reason for _, reason, _ in (*LINKS, *AROUND, *TEXTS)} | {reason for _, _, reason in TARGETS}

    assert rows == set(RULE.outcomes)
    assert set(RULE.warnings) == {"not-linked", "misplaced", "pdf"}
