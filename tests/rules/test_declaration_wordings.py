"""Declarations as ministries, towns, hospitals, universities and start-ups word them: one table a fact."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.model.capture import Capture, Role
from checks.parse.declaration.parts import missing
from checks.parse.declaration.sections import Outline
from checks.parse.declaration.statement import statement
from checks.parse.html import Page


def page_of(body: str) -> Page:
    return Page(
        Capture(
            id="<urn:uuid:1-0>",
            service="bac-a-voile",
            number=1,
            role=Role.CANDIDATE,
            url="https://bac-a-voile.example/accessibilite",
            at=datetime(2026, 11, 23, 12, tzinfo=UTC),
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=f"<html><body><header><a href=/>Bac</a></header><main>{body}</main></body></html>".encode(),
        )
    )


def read(body: str, *names: str) -> tuple:
    """The named facts of a body, dates as ISO."""
    facts = [getattr(statement(Outline(page_of(body))), name) for name in names]
    return tuple(
        fact and (fact.value if isinstance(fact.value, str | float) else fact.value.isoformat()) for fact in facts
    )


def lacks(body: str) -> list[str]:
    outline = Outline(page_of(body))
    return [str(one.part) for one in missing(outline, statement(outline))]


TITLE = "<h1>Déclaration d’accessibilité</h1>"
STATE = "<h2>État de conformité</h2>"
RESULTS = "<h2>Résultats des tests</h2>"
CONTACT = "<h2>Retour d’information et contact</h2>"

AUDITORS = [
    ("L’audit réalisé le 4 mai 2025 par la coopérative Grand Large révèle que…", "Grand Large"),
    ("Audit réalisé par la fondation Braise, en 2025.", "Braise"),
    ("L’audit mené par le collectif Tous Lecteurs montre que…", "Tous Lecteurs"),
    ("Audit réalisé par la SCOP Cap d’Armor.", "Cap d’Armor"),
    ("L’évaluation, confiée au cabinet Ocean's Web, conclut que…", "Ocean's Web"),
    ("Un audit conduit par Balise conformément au RGAA montre que…", "Balise"),
    ("Un audit conduit par la société Balise spécialisée en accessibilité montre que…", "Balise"),
    ("L’audit réalisé par la société Balise du 12 au 19 janvier 2026 révèle que…", "Balise"),
    ("L’audit réalisé par <a href=//x.example>Quai &amp; Co</a> (mai 2025) révèle que…", "Quai & Co"),
    ("L’audit réalisé par « Les Yeux ouverts » révèle que…", "Les Yeux ouverts"),
    ("L’audit finalisé par notre prestataire, la société Balise, indique que…", "Balise"),
    ("L’audit réalisé par l’agence Balise et son partenaire Amarre révèle que…", "Balise"),
    ("Le taux de conformité, mesuré le 3 mars 2025 par la société Balise, est de 58 %.", "Balise"),
    ("En mai 2025, le cabinet Balise a audité le site.", "Balise"),
    ("Nous avons fait appel à la société Balise pour auditer le site.", "Balise"),
    ("Audit réalisé par : Balise<br>Date de l’audit : 08/01/2026", "Balise"),
    ("Société ayant réalisé l’audit : Balise", "Balise"),
    ("Audit : Balise, 12 décembre 2025.", "Balise"),
    ("L’audit réalisé par Le GIP Écluses révèle que…", "GIP Écluses"),
    ("L’audit réalisé par La Vigie révèle que…", "La Vigie"),
    ("L’audit réalisé par le ministère des Canaux révèle que…", "ministère des Canaux"),
    ("L’audit réalisé par l’université de Quai-sur-Mer.", "université de Quai-sur-Mer"),
    ("L’audit réalisé par l’Agence nationale des ports.", "Agence nationale des ports"),
    ("Audit effectué par la direction interministérielle du numérique (DINUM).", "direction interministérielle du numérique (DINUM)"),
    ("Audit : interne, mai 2025.", None),
    ("Audit : En cours.", None),
    ("L’audit réalisé par l’éditeur du site révèle que…", None),
    ("L’audit réalisé par un expert en accessibilité numérique révèle que…", None),
    ("L’ancienne version était partiellement conforme (audit de la société Balise).", None),
    ("L’audit a été réalisé en interne par la direction des systèmes d’information.", None),
]  # fmt: skip


@pytest.mark.parametrize("text,expected", AUDITORS)
@pytest.mark.parametrize("heading", [RESULTS, STATE, "<h1>Accessibilité</h1>"])
def test_auditor(heading, text, expected):
    assert read(f"{heading}<p>{text}</p>", "auditor") == (expected,)


RATES = [
    ("<p>L’audit de février donne 58 % de critères respectés ; un contre-audit porte ce taux à 62 %.</p>", 62),
    ("<p>Le site atteint aujourd’hui un taux de 66 % alors qu’il était de 31 % l’an passé.</p>", 66),
    ("<p>Après remédiation, le taux est monté à 88 % (contre 61 % en 2023).</p>", 88),
    ("<p>L’audit initial (2023) : 48 %. L’audit de suivi (2025) : 77 %.</p>", 77),
    ("<p>Un premier audit donnait 41 %. Le contre-audit de 2025 fait état d’un taux de 66,7 %.</p>", 66.7),
    ("<p>L’audit fait apparaître un taux moyen de 82 % et global de 71 %.</p>", 71),
    ("<p>54 % de conformité globale, 78,3 % en moyenne sur l’ensemble des pages.</p>", 54),
    ("<p>Niveau A : 80 % ; niveau AA : 60 % ; global : 74 %</p>", 74),
    ("<p>Score obtenu lors de l’audit mené par Balise : 75 sur 100.</p>", 75),
    ("<p>Score Lighthouse : 95/100. Taux de conformité RGAA : 58 %.</p>", 58),
    ("<p>Les trois quarts des critères sont respectés.</p>", 75),
    ("<p>Plus des trois quarts des critères sont respectés.</p>", None),
    ("<p>Le site a obtenu la note de 71,43 %.</p>", 71.43),
    ("<p>Le résultat de l’audit est de 63,3%</p>", 63.3),
    ("<p>Tous les critères applicables sont respectés (100 %).</p>", 100),
    ("<p>Notre site est non conforme : 45,8 % des critères sont respectés.</p>", 45.8),
    ("<p>Taux de non-conformité : 25 %. Taux de conformité : 75 %.</p>", 75),
    ("<p>Critères conformes : 42. Critères non conformes : 14. Soit un taux de conformité de 75 % (42/56).</p>", 75),
    (
        """<table><tr><th>Date de l’audit</th><th>Auditeur</th><th>Taux de conformité</th></tr>
<tr><td>10/11/2025</td><td>Balise</td><td>71,4 %</td></tr><tr><td>12/06/2023</td><td>Amarre</td><td>48 %</td></tr></table>""",
        71.4,
    ),
    (
        """<table><tr><th>Site</th><th>Taux moyen</th><th>Taux global</th></tr><tr><td>www.bac.example</td><td>85 %</td><td>72 %</td></tr>
<tr><td>blog.bac.example</td><td>70 %</td><td>55 %</td></tr></table>""",
        72,
    ),
]


@pytest.mark.parametrize("text,expected", RATES)
def test_rate(text, expected):
    assert read(RESULTS + text, "rate") == (expected,)


LEVELS = [
    ("Le site est totalement conforme : tous les critères sont respectés.", "totally"),
    ("Totalement conforme : tous les critères sont respectés.", None),
    ("Dites si le site est totalement conforme.", None),
    ("Niveau de conformité du bac : <b>PARTIEL</b>", "partially"),
    ("Le site respecte partiellement le RGAA 4.1.", "partially"),
    ("Ce site ne répond pas aux exigences du RGAA. Il n’est donc pas conforme.", "not"),
]


@pytest.mark.parametrize("text,expected", LEVELS)
def test_level(text, expected):
    assert read(f"{STATE}<p>{text}</p>", "level") == (expected,)


# What is written: the audit, the update, the establishment.
DATINGS = [
    ("<p>Déclaration établie le 2 mars 2024, révisée le 5 juin 2025 puis le 7 janvier 2026.</p>", None, "2026-01-07", "2024-03-02"),
    ("<h2>Date de publication</h2><p>Mars 2024</p>", None, None, "2024-03-01"),
    ("<h2>Date de mise à jour</h2><p>1er mars 2024</p>", None, "2024-03-01", None),
    ("<p>Taux de conformité, mesuré le 3 mars 2025 : 58 %. Déclaration du 10 mars 2025.</p>", "2025-03-03", None, "2025-03-10"),
    (
        RESULTS + "<h3>Site</h3><p>Audit du 3 février 2026.</p><h3>Application iOS</h3><p>Audit du 5 février 2026.</p>",
        "2026-02-03",
        None,
        None,
    ),
    (
        "<table><tr><th>Auditeur</th><th>Date de l’audit</th><th>Taux</th></tr><tr><td>Balise</td><td>10/11/25</td><td>71 %</td></tr></table>",
        "2025-11-10",
        None,
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize("body,audit,update,established", DATINGS)
def test_dates(body, audit, update, established):
    assert read(body, "audit_date", "update_date", "established") == (audit, update, established)


PAGES_AUDITED = "<h3>Pages ayant fait l’objet de la vérification</h3><ul><li><a href=/>Accueil</a></li><li><a href=/panne>{}</a></li></ul>"
FORM = "https://bac-a-voile.example/panne"
# What is written: the e-mail address, and the form.
CONTACTS = [
    (TITLE + PAGES_AUDITED.format("Signaler une panne"), None, None),
    (TITLE + PAGES_AUDITED.format("Contact"), None, None),
    (TITLE + PAGES_AUDITED.format("Aide") + CONTACT + "<p><a href=/panne>Aide</a></p>", None, FORM),
    (STATE + "<p>Une page vous résiste ? Signalez-le par <a href=/panne>notre formulaire</a>.</p>", None, FORM),
    (CONTACT + "<p><a href=/panne>La saisine en ligne</a></p>", None, FORM),
    (CONTACT + "<p>quai (à) port.example</p>", "quai@port.example", None),
    (CONTACT + "<p>quai AT port POINT example</p>", "quai@port.example", None),
    (CONTACT + "<p>Look at port.example.</p>", None, None),
    (CONTACT + "<p>quai<span style='display:none'>.spam</span>@port&#46;example</p>", "quai@port.example", None),
]  # fmt: skip


@pytest.mark.parametrize("body,email,form", CONTACTS)
def test_contact(body, email, form):
    assert read(body, "contact_email", "contact_form") == (email, form)


ORGANISATIONS = [
    ("La Région souhaite que chacun lise ses pages, comme le veut l’article 47 de la loi n° 2005-102.", True),
    ("Conformément à l’article 47 de la loi n° 2005-102, la Ville a pour obligation de rendre son site accessible.", True),
    ("L’université a à cœur de rendre ses sites accessibles (article 47 de la loi de 2005).", True),
    ("Dans le cadre de l’article 47, Ports de France œuvre pour ses sites.", True),
    ("Organisme : Ville de Quai (article 47 de la loi n° 2005-102)", True),
    ("La déclaration que prévoit l’article 47 est établie par la Ville de Quai.", True),
    ("Le site doit être accessible selon l’article 47.", False),
    ("L’article 47 de la loi n° 2005-102 impose de publier une déclaration.", False),
]  # fmt: skip


@pytest.mark.parametrize("text,is_named", ORGANISATIONS)
def test_organisation(text, is_named):
    assert ("organisation" not in lacks(f"{TITLE}<p>{text}</p>")) is is_named


SCOPES = [
    ("Le Port s’engage à rendre accessible le site bac.example, auquel cette déclaration s’applique.", True),
    ("Les sites auxquels la présente déclaration s’applique sont bac.example et port.example.", True),
    ("Déclaration valable pour bac.example.", True),
    ("Sont concernés par la présente déclaration : bac.example.", True),
    ("Site concerné : bac.example", True),
    ("<b>Périmètre</b> : bac.example", True),
    ("Le site bac.example suit le RGAA.", False),
]


@pytest.mark.parametrize("text,is_given", SCOPES)
def test_scope(text, is_given):
    assert ("scope" not in lacks(f"{TITLE}<p>{text}</p>")) is is_given
