"""What declarations say, as many hands write them: one table a fact. Rows are bodies of pages and the value to read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from checks.model.capture import Capture, Role
from checks.model.french import fold
from checks.parse.declaration.dates import dates
from checks.parse.declaration.sections import Outline
from checks.parse.declaration.statement import Statement, statement
from checks.parse.html import Page


def read(body: str, url: str = "https://bac-a-voile.example/accessibilite") -> Statement:
    capture = Capture(
        id="<urn:uuid:1-0>",
        service="bac-a-voile",
        number=1,
        role=Role.CANDIDATE,
        url=url,
        at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=f"<html><head><title>Accessibilité</title></head><body><main>{body}</main></body></html>".encode(),
    )
    return statement(Outline(Page(capture)))


def value(said: Statement, name: str) -> Any:
    fact = getattr(said, name)
    return fact.value if fact else None


STATE = "<h2>État de conformité</h2>"
RESULTS = "<h2>Résultats des tests</h2>"
CONTACT = "<h2>Retour d’information et contact</h2>"

LEVELS = [
    ("<p>Le site bac-a-voile.example est <strong>partiellement conforme</strong> avec le RGAA.</p>", "partially"),
    (STATE + "<p>Bac à voile est <b>non&nbsp;conforme</b> avec le RGAA 4.1, faute d’audit.</p>", "not"),
    (STATE + "<p>Le service n’est pas encore conforme au RGAA.</p>", "not"),
    (
        STATE
        + "<p>Ce site est en conformité partielle avec le référentiel, en raison des non-conformités ci-dessous.</p>",
        "partially",
    ),
    (STATE + "<p>Le portail est en totale conformité avec le RGAA.</p>", "totally"),
    (
        STATE
        + "<p>Bac à voile est non conforme avec la norme européenne 301 549.</p><p>Il est partiellement conforme avec le RGAA 4.1.</p>",
        "partially",
    ),
    (STATE + "<p>Le site est non conforme avec la norme européenne 301 549, faute de sous-titres.</p>", "not"),
    (
        STATE
        + "<table><tr><th>Site</th><th>Taux</th><th>État</th></tr><tr><td>autre.example</td><td>100 %</td><td>totalement conforme</td></tr>"
        "<tr><td>www.bac-a-voile.example</td><td>55 %</td><td>partiellement conforme</td></tr></table>",
        "partially",
    ),
    (STATE + "<p>La moitié des services de l’État sont non conformes.</p>", None),
    (STATE + "<p>Le site est à 62 % partiellement conforme.</p>", "partially"),
    (
        (
            "<table><tr><td>bac-a-voile.example</td><td></td></tr><tr><td>Menu</td><td><p>Voir w3.org.</p><p>Le site est non conforme.</p></td></tr>"
            "<tr><td>defenseurdesdroits.fr</td></tr></table>"
        ),
        "not",
    ),
    (STATE + "<p>Sans audit, il ne peut être déclaré ni conforme ni partiellement conforme.</p>", None),
    (STATE + "<p>Formulaire Horizon est non conforme avec le RGAA.</p>", "not"),
    (STATE + "<p>Certains formulaires sont non conformes au RGAA.</p>", None),
    (STATE + "<div>Le bac est</div><div><span>Totalement</span> <span>conforme</span></div>", "totally"),
    (STATE + "<p>Statut : Partiellement-conforme</p>", "partially"),
    ("<h3>Niveau de conformité</h3><ul><li>Non conforme</li></ul>", "not"),
    (STATE + "<p>Le site était non conforme en 2021. Il est désormais partiellement conforme.</p>", "partially"),
    (STATE + "<p>Notre objectif : devenir totalement conforme en 2027. Le site est à ce jour non conforme.</p>", "not"),
    (STATE + "<p>Dans l’attente d’un audit, le site est considéré comme non conforme.</p>", "not"),
    (
        STATE
        + "<p>Un site est totalement conforme si tous les critères sont respectés.</p><p>Le nôtre est partiellement conforme.</p>",
        "partially",
    ),
    (
        STATE
        + "<ul><li>Totalement conforme : 100 % des critères</li><li>Partiellement conforme : au moins 50 %</li></ul><p>Le bac : non conforme.</p>",
        "not",
    ),
    (STATE + "<p>Les sites de la Ville sont partiellement conformes.</p>", "partially"),
    (
        "<h2>Contenus non accessibles</h2><p>Le lecteur vidéo est non conforme.</p>"
        + STATE
        + "<p>Le site est partiellement conforme.</p>",
        "partially",
    ),
    (STATE + "<p>Les documents PDF sont non conformes, mais le site est partiellement conforme.</p>", "partially"),
    ("<h1>Déclaration de conformité partielle au RGAA</h1><p>Établie le 3 mars 2026.</p>", "partially"),
    ("<h1>Accessibilité : non conforme</h1><p>Un audit est prévu.</p>", "not"),
    ("<h2>Conformance status</h2><p>This website is partially compliant with the RGAA, version 4.1.</p>", "partially"),
    ("<h2>Compliance status</h2><p>The service is not compliant: it has not been audited yet.</p>", "not"),
    ("<h2>Conformance status</h2><p>Ferry partially conforms to WCAG 2.1 level AA.</p>", "partially"),
    ("<p>The app fully conforms to RGAA 4.1.</p>", "totally"),
    (STATE + "<p>Le site est non / partiellement / totalement conforme au RGAA.</p>", None),
    (STATE + "<p>Vérification de conformité en cours, dans l’attente d’une mise en conformité totale.</p>", None),
    (STATE + "<p>Les contenus non conformes sont listés plus bas.</p>", None),
    (STATE + "<p>Nous visons un site totalement conforme.</p>", None),
]


@pytest.mark.parametrize("body,expected", LEVELS)
def test_level(body, expected):
    assert value(read(body), "level") == expected


RATES = [
    (
        RESULTS
        + "<table><tr><th>Site</th><th>Taux de conformité</th></tr><tr><td>autre.example</td><td>100 %</td></tr>"
        "<tr><td>bac-a-voile.example</td><td>55 %</td></tr></table>",
        55,
    ),
    (RESULTS + "<p>L’audit révèle que 71&nbsp;% des critères du RGAA version 4.1 sont respectés.</p>", 71),
    (RESULTS + "<p>83,33&#8239;% des critères sont respectés.</p>", 83.33),
    (RESULTS + "<p>Le taux global de conformité s’élève à 64.7%.</p>", 64.7),
    (RESULTS + "<p>Taux de conformité : 92 %</p>", 92),
    (
        RESULTS
        + "<table><tr><th>Taux de conformité global</th><td>58,2 %</td></tr><tr><th>Taux moyen</th><td>80 %</td></tr></table>",
        58.2,
    ),
    (RESULTS + "<div class=tuile><p>68 %</p><p>de critères respectés</p></div>", 68),
    (
        RESULTS
        + "<p>L’audit révèle que :</p><ul><li>77,4 % des critères RGAA sont respectés ;</li><li>le taux moyen de conformité est de 88 %.</li></ul>",
        77.4,
    ),
    (RESULTS + "<p>Le taux moyen de conformité du service en ligne s’élève à 96 %.</p>", None),
    (RESULTS + "<p>En moyenne, 81 % des critères sont respectés par page. Le taux global est de 54 %.</p>", 54),
    (
        RESULTS
        + "<p>L’audit initial révélait que 37,5 % des critères étaient respectés. À la suite des corrections, 95,08 % des critères sont désormais respectés.</p>",
        95.08,
    ),
    (RESULTS + "<p>Le taux de conformité est passé de 45 % à 71 %.</p>", 71),
    (
        RESULTS + "<p>En 2023, 52 % des critères sont respectés.</p><p>En 2025, 66 % des critères sont respectés.</p>",
        66,
    ),
    (
        RESULTS + "<p>En 2025, 66 % des critères sont respectés.</p><p>En 2023, 52 % des critères sont respectés.</p>",
        66,
    ),
    (
        RESULTS
        + "<p>L’audit révèle un taux de conformité de 61 %. Notre objectif est d’atteindre un taux de conformité de 80 % d’ici 2027.</p>",
        61,
    ),
    (RESULTS + "<p>Nous visons un taux de conformité de 75 % fin 2026.</p>", None),
    (RESULTS + "<p>72 % des critères sont respectés et 28 % des critères ne sont pas respectés.</p>", 72),
    (
        RESULTS
        + "<p>Le taux de conformité global de l’application mobile est de 40 %. Celui du site : taux de conformité global de 70 %.</p>",
        70,
    ),
    (STATE + "<p>Le site est conforme à 80,5 % au RGAA 4.1.</p>", 80.5),
    (STATE + "<p>Le bac obtient un score de conformité de 100 %.</p>", 100),
    (STATE + "<p>Le bac est non conforme : moins de 50 % des critères sont respectés.</p>", None),
    (
        "<h2>Contenus non accessibles</h2><p>À 200 %, des textes sont coupés ; 10 % des vidéos sont sans sous-titres.</p>",
        None,
    ),
    (
        "<h2>Test results</h2><p>The audit carried out by Ferry Inc. found that 69% of the RGAA criteria are met.</p>",
        69,
    ),
    ("<h2>Test results</h2><p>The overall compliance rate is 87.5 per cent; the average rate is 93%.</p>", 87.5),
    ("<p>Le bac est partiellement conforme : 66,6 pour cent des critères applicables sont respectés.</p>", 66.6),
    (RESULTS + "<p>Sur les 50 critères applicables, 35 sont respectés, soit 70 % de conformité.</p>", 70),
    (RESULTS + "<p>3 % du budget va à l’accessibilité.</p>", None),
    (
        RESULTS
        + "<p>Lors de l’audit précédent, le taux était de 41 %. Lors du contre-audit, il est de 86 % : taux de conformité 86 %.</p>",
        86,
    ),
]


@pytest.mark.parametrize("body,expected", RATES)
def test_rate(body, expected):
    assert value(read(body), "rate") == expected


STANDARDS = [
    ("<p>Conforme avec le RGAA. Audité selon le RGAA version 4.1.2.</p>", "RGAA version 4.1.2"),
    ("<p>Le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.</p>", "RGAA version 4.1"),
    ("<p>Le référentiel général d’amélioration de l’accessibilité, version 4.1, s’applique.</p>", "RGAA version 4.1"),
    ("<p><abbr>RGAA</abbr> v.4</p>", "RGAA v4"),
    ("<p>RGAA 4.1, lui-même fondé sur WCAG 2.1.1.</p>", "RGAA 4.1"),
    ("<p>This site conforms to WCAG 2.1.</p>", "WCAG 2.1"),
    ("<p>RGAA : 3 critères manquent.</p>", "RGAA"),
    ("<p>Rien.</p>", None),
]


@pytest.mark.parametrize("body,expected", STANDARDS)
def test_standard(body, expected):
    assert value(read(body), "standard") == expected


# What is written: the audit, the update, the establishment.
DATINGS = [
    (
        "<p>Cette déclaration a été établie le 3 mars 2026. Elle a été mise à jour le 5 mai 2026.</p>",
        None,
        "2026-05-05",
        "2026-03-03",
    ),
    (
        "<p><em>Établie le 1<sup>er</sup> mars 2026.</em><br>Mise à jour le <b>1 octobre 2026</b>.</p>",
        None,
        "2026-10-01",
        "2026-03-01",
    ),
    ("<p>Déclaration établie en mars 2026, mise à jour en juin 2026.</p>", None, "2026-06-01", "2026-03-01"),
    ("<p>Dernière mise à jour de la déclaration : 12/03/2026</p>", None, "2026-03-12", None),
    ("<p>Date de la déclaration : 2026-03-12</p>", None, None, "2026-03-12"),
    ("<h2>Établissement de cette déclaration</h2><p>Le vendredi 13 févr. 2026</p>", None, None, "2026-02-13"),
    (
        "<table><tr><th>Date de l’audit</th><td>15.04.2025</td></tr><tr><th>Dernière actualisation</th><td>02/05/2025</td></tr></table>",
        "2025-04-15",
        "2025-05-02",
        None,
    ),
    (
        RESULTS
        + "<p>L’audit de conformité réalisé du 3 au 7 mars 2025 par Koena révèle que 70 % des critères sont respectés.</p>",
        "2025-03-07",
        None,
        None,
    ),
    (
        RESULTS
        + "<p>Un audit a été réalisé en août 2024 par la société X.</p><p>Cette déclaration a été établie le 9 octobre 2024.</p>",
        "2024-08-01",
        None,
        "2024-10-09",
    ),
    (
        RESULTS
        + "<p>L’audit réalisé en janvier 2025 révèle que 94 % des critères sont respectés.</p><p>Établie le 30 janvier 2025.</p>",
        "2025-01-30",
        None,
        "2025-01-30",
    ),
    (
        "<p>Cette déclaration a été établie le 4 avril 2025 à la suite de l’audit du 2 février 2025.</p>",
        "2025-02-02",
        None,
        "2025-04-04",
    ),
    (
        "<p>À la suite de l’audit mené en février 2025, cette déclaration a été rédigée le 4 avril 2025.</p>",
        "2025-02-01",
        None,
        "2025-04-04",
    ),
    ("<p>Le 5 mars 2025, un audit a été conduit par Koena.</p>", "2025-03-05", None, None),
    (
        RESULTS + "<p>Audit initial réalisé en mai 2023. Contre-audit réalisé le 4 avril 2025.</p>",
        "2025-04-04",
        None,
        None,
    ),
    (RESULTS + "<p>Un nouvel audit sera réalisé en juin 2027.</p>", None, None, None),
    ("<p>Prochain audit prévu le 3 mars 2027. Déclaration établie le 2 mars 2026.</p>", None, None, "2026-03-02"),
    (
        "<p>Conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005 et au décret n° 2019-768 du 24 juillet 2019.</p>",
        None,
        None,
        None,
    ),
    ("<p>Arrêté du 20 septembre 2019. Rédigée le 2 mai 2026.</p>", None, None, "2026-05-02"),
    ("<h2>Contenus non soumis</h2><p>Documents bureautiques publiés avant le 23 septembre 2018.</p>", None, None, None),
    (
        "<p>Publié le 06 juillet 2026</p><p>Cette déclaration a été établie le 24 juillet 2025.</p>",
        None,
        None,
        "2025-07-24",
    ),
    ("<p>Mis à jour le 06/07/2026</p><p>Cette déclaration a été établie le 24/07/2025.</p>", None, None, "2025-07-24"),
    (
        "<p>Notre schéma pluriannuel, mis à jour le 3 mai 2026, est en ligne. Déclaration établie le 3 mars 2025.</p>",
        None,
        None,
        "2025-03-03",
    ),
    (
        "<p>Cette déclaration s’applique à bac.example. Elle a été réalisée le 23 septembre 2025.</p>",
        None,
        None,
        "2025-09-23",
    ),
    ("<p>Elle a été éditée le 27/09/25.</p>", None, None, "2025-09-27"),
    ("<p>Mise à jour le 04.08.25</p>", None, "2025-08-04", None),
    ("<p>Déclaration testée avec macOS 12.06.01</p>", None, None, None),
    (
        "<p>This statement was prepared on 3 March 2025. It was last reviewed on May 5th, 2026.</p>",
        None,
        "2026-05-05",
        "2025-03-03",
    ),
    ("<p>The site was audited in June 2025.</p>", "2025-06-01", None, None),
    ("<p>Fait à Quai-sur-Mer, le 2 décembre 2025.</p>", None, None, "2025-12-02"),
    (
        "<p>Cette déclaration d’accessibilité a été créée le 21 janvier 2025 grâce au générateur.</p>",
        None,
        None,
        "2025-01-21",
    ),
    ("<p>Appelez le 01.23.45.67.89.</p><p>Version 12.3.25.</p>", None, None, None),
    ("<p>Cette déclaration a été établie le 35 mai 2025.</p>", None, None, None),
]


@pytest.mark.parametrize("body,audit,update,established", DATINGS)
def test_dates(body, audit, update, established):
    said = read(body)

    found = (value(said, name) for name in ("audit_date", "update_date", "established"))
    assert [one and one.isoformat() for one in found] == [audit, update, established]


SPELLINGS = [
    ("1er mars 2024", date(2024, 3, 1), False),
    ("premier août 2023", date(2023, 8, 1), False),
    ("15/03/2024", date(2024, 3, 15), False),
    ("03/25/2024", date(2024, 3, 25), False),
    ("15-03-24", None, False),
    ("15/03/24", date(2024, 3, 15), False),
    ("2024-03-15", date(2024, 3, 15), False),
    ("lundi 4 déc. 2023", date(2023, 12, 4), False),
    ("JANV. 2025", date(2025, 1, 1), True),
    ("mars 2024", date(2024, 3, 1), True),
    ("03/2024", date(2024, 3, 1), True),
    ("March 5, 2024", date(2024, 3, 5), False),
    ("the 2nd of May 2024", date(2024, 5, 2), False),
    ("31 février 2024", None, False),
    ("RGAA 4.1.2", None, False),
]


@pytest.mark.parametrize("text,expected,is_month", SPELLINGS)
def test_spellings_of_a_date(text, expected, is_month):
    found = dates(fold(text))

    assert [(one.value, one.is_month) for one in found] == ([(expected, is_month)] if expected else [])


AUDITORS = [
    (
        "L’audit réalisé par la société <a href=//x.example>Ideance</a> révèle que 70 % des critères sont respectés.",
        "Ideance",
    ),
    ("L’audit de conformité réalisé par le cabinet Temesis et Koena révèle que…", "Temesis et Koena"),
    ("Audit réalisé par l’agence web Quai des Pixels, en mars 2025.", "Quai des Pixels"),
    ("Un audit mené par Urbilog (groupe Ineat) montre que…", "Urbilog (groupe Ineat)"),
    ("L’audit a été confié à la société spécialisée en accessibilité numérique Atalan.", "Atalan"),
    ("L’audit a été effectué le 3 mars 2025 par Access42 sur 12 pages.", "Access42"),
    (
        "L’audit réalisé par la Direction du numérique de Quai-sur-Mer révèle que…",
        "Direction du numérique de Quai-sur-Mer",
    ),
    ("L’audit conduit par la société ideance révèle que…", "ideance"),
    ("L’audit réalisé en interne, par la société Quai Software, révèle que…", "Quai Software"),
    ("L’audit de conformité, réalisé par beta.gouv.fr, révèle que…", "beta.gouv.fr"),
    ("La société Tanaguru a réalisé un audit en 2025.", "Tanaguru"),
    ("Koena a réalisé un audit du site.", "Koena"),
    ("Auditeur : Empreinte Digitale", "Empreinte Digitale"),
    ("The audit carried out by Ferry Access Ltd found that 69% of criteria are met.", "Ferry Access Ltd"),
    ("L’audit réalisé par nos soins révèle que 70 % des critères sont respectés.", None),
    ("L’audit de conformité réalisé en interne en janvier 2025 révèle que…", None),
    ("Nous avons mené une auto-évaluation, validée par Marie Dupont.", None),
    ("L’audit réalisé par l’équipe du bac révèle que…", None),
    ("L’audit réalisé par une personne non impliquée dans le développement révèle que…", None),
    ("L’audit réalisé par un prestataire externe révèle que…", None),
    ("Un audit sera réalisé par la société Koena en 2027.", None),
    ("Le site, édité par la Ville de Quai-sur-Mer, a fait l’objet d’un audit.", None),
    ("Par ailleurs, un audit est en ligne.", None),
    ("Les tests ont été faits par exemple sur mobile.", None),
    ("52 % des critères sont respectés (audit du 2 février 2026, cabinet Quai).", "Quai"),
]


@pytest.mark.parametrize("text,expected", AUDITORS)
@pytest.mark.parametrize("heading", [RESULTS, STATE, "<h1>Accessibilité</h1>"])
def test_auditor(heading, text, expected):
    assert value(read(f"{heading}<p>{text}</p>"), "auditor") == expected


def test_auditor_of_a_table():
    for name in ("Quai Conseil", "Service de l'informatique"):
        assert value(read(f"<h2>Audit</h2><dl><dt>Auditeur</dt><dd>{name}</dd></dl>"), "auditor") == name


RIGHTS = "<h2>Voies de recours</h2><p>Écrire à <a href='https://formulaire.defenseurdesdroits.fr/'>un formulaire</a>, ou à contact@defenseurdesdroits.fr.</p>"
# What is written: the e-mail address, and the form.
CONTACTS = [
    (
        CONTACT + "<p>E-mail&nbsp;: <a href=mailto:quai@port.example>quai@port.example</a></p>" + RIGHTS,
        "quai@port.example",
        None,
    ),
    (CONTACT + "<p>quai [at] port [point] example</p>", "quai@port.example", None),
    (CONTACT + "<p>quai(arobase)port.example</p>", "quai@port.example", None),
    (
        CONTACT + "<p><a href='mailto:quai%2Ba11y@port.example?subject=A'>Écrivez-nous</a></p>",
        "quai+a11y@port.example",
        None,
    ),
    (
        CONTACT
        + "<a class=__cf_email__ data-cfemail=126367737b52627d60663c776a737f627e77 href=/cdn-cgi/l/email-protection>[email&#160;protected]</a>",
        "quai@port.example",
        None,
    ),
    (
        "<h2>Contact</h2><p>dpo@port.example pour vos données, quai@port.example pour le reste.</p>",
        "quai@port.example",
        None,
    ),
    ("<h3>Amélioration et contact</h3><h4>Par courriel</h4><p>quai@port.example</p>", "quai@port.example", None),
    (
        "<p><strong>Retour d’information et contact :</strong></p><p>quai@port.example</p><p><b>Voies de recours</b></p><p>droits@port.example</p>",
        "quai@port.example",
        None,
    ),
    ("<h2>Feedback and contact information</h2><p>Write to ferry@port.example.</p>", "ferry@port.example", None),
    ("<h1>Accessibilité</h1><p>Une difficulté ? Écrivez à quai@port.example.</p>", "quai@port.example", None),
    (
        STATE + "<p>Le site est non conforme. Pour signaler un défaut : quai@port.example.</p>",
        "quai@port.example",
        None,
    ),
    (STATE + "<p>quai@port.example</p>", None, None),
    (
        "<h1>Mentions légales</h1><h2>Éditeur</h2><p>Courriel : ville@port.example</p><h2>Accessibilité</h2><p>Contact : quai@port.example</p>",
        "quai@port.example",
        None,
    ),
    (RIGHTS, None, None),
    (CONTACT + "<p><a href=/contact>Nous contacter</a></p>", None, "https://bac-a-voile.example/contact"),
    (
        CONTACT + "<p>Envoyer un message via <a href=https://demarches.example/a/12>ce lien</a>.</p>",
        None,
        "https://demarches.example/a/12",
    ),
    (CONTACT + "<ul><li><a href=https://aide.bac.example/>Un message</a></li></ul>", None, "https://aide.bac.example/"),
    (
        CONTACT
        + "<p>Voir le <a href=/schema.pdf>schéma d’aide</a>, suivre <a href=https://linkedin.example/contact>LinkedIn</a>, ou <a href=/form/3>nous écrire</a>.</p>",
        None,
        "https://bac-a-voile.example/form/3",
    ),
    (
        CONTACT + "<form method=post><textarea name=message></textarea></form>",
        None,
        "https://bac-a-voile.example/accessibilite",
    ),
    (
        "<p>Si vous n’arrivez pas à lire un contenu, remplissez le <a href=/contact>formulaire de contact</a>.</p>",
        None,
        "https://bac-a-voile.example/contact",
    ),
    (
        CONTACT + "<p>Utilisez le <a href='/#contact'>formulaire de contact</a>.</p>",
        None,
        "https://bac-a-voile.example/#contact",
    ),
    (
        "<h2>Voies de recours</h2><p>Si un contenu vous résiste, contactez-nous : quai@port.example</p><p>Écrire au Défenseur des droits : aide@droits.example</p>",
        "quai@port.example",
        None,
    ),
    ("<h2>Voies de recours</h2><p><a href=/contact>Formulaire de contact</a></p>", None, None),
    (
        CONTACT
        + "<p><a href=#haut>Contact</a> <a href=/accessibilite>Signaler</a> <a href=https://quai.example/>Nous écrire</a></p>",
        None,
        None,
    ),
    (
        "<h3>Nous signaler un problème</h3><p>quai@port.example ou <a href=/assistance>notre assistance</a></p>",
        "quai@port.example",
        "https://bac-a-voile.example/assistance",
    ),
]


@pytest.mark.parametrize("body,email,form", CONTACTS)
def test_contact(body, email, form):
    said = read(body)

    assert (value(said, "contact_email"), value(said, "contact_form")) == (email, form)


@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_what_surrounds_a_page_is_not_its_contact(dress, hand):
    page = dress[hand](
        "<h1>Accessibilité</h1><p>Non conforme.</p>", "<a href=/contact>Contactez la ville</a> ville@port.example"
    )

    said = read(page)

    assert (value(said, "contact_email"), value(said, "contact_form")) == (None, None)


ARTICLES = [
    ("conformément à l’article 47 de la loi n°2005-102 du 11 février 2005", True),
    ("en application de l’art. 47 de la loi handicap", True),
    ("as required by Article 47 of Act No. 2005-102", True),
    ("selon l’article 4 de la loi n° 2005-102", None),
]


@pytest.mark.parametrize("text,expected", ARTICLES)
def test_article_47(text, expected):
    assert value(read(f"<p>Le Port s’engage, {text}.</p>"), "article_47") is expected


# What is written: whether an audit was made, whether the page says that none was.
AUDITS = [
    ("Le site n’a pas encore été audité.", False, True),
    ("Le site n’a encore pas été audité.", False, True),
    ("Aucun audit n’a été réalisé à ce jour.", False, True),
    ("Le service n’a jamais fait l’objet d’un audit.", False, True),
    ("En l’absence d’audit, le site est non conforme.", False, True),
    ("The website has not yet been audited.", False, True),
    ("L’audit réalisé en interne révèle des défauts.", True, False),
    ("Le site a été audité en mars 2026.", True, False),
    ("Un audit sera réalisé en 2027.", False, False),
    ("71 % des critères sont respectés.", True, False),
    ("Le site est non conforme.", False, False),
]


@pytest.mark.parametrize("text,is_audited,says_no_audit", AUDITS)
def test_audit(text, is_audited, says_no_audit):
    said = read(f"{STATE}<p>{text}</p>")

    assert (said.is_audited, said.says_no_audit) == (is_audited, says_no_audit)


TECHNOLOGIES = [
    (
        "<h3>Technologies utilisées pour la réalisation du site</h3><ul><li>HTML5</li><li>CSS ;</li><li>JavaScript</li></ul><h3>Outils</h3><ul><li>Wave</li></ul>",
        ("HTML5", "CSS", "JavaScript"),
    ),
    (
        "<h3>Technologies</h3><p>Le service utilise les technologies suivantes : HTML, CSS et JavaScript.</p>",
        ("HTML", "CSS", "JavaScript"),
    ),
    ("<h3>Technologies d’assistance</h3><p>NVDA</p>", ()),
]


@pytest.mark.parametrize("body,expected", TECHNOLOGIES)
def test_technologies(body, expected):
    assert read(body).technologies == expected


def test_a_fact_says_where_it_was_read():
    fact = read(RESULTS + "<p>L’audit a eu lieu.</p><p id=ici>Taux de conformité : 71 %. Merci.</p>").rate

    assert fact is not None
    assert (fact.text, fact.element["id"]) == ("Taux de conformité : 71 %.", "ici")


def test_a_table_of_contents_opens_no_section():
    summary = "<ul><li><a href=#c>Contact</a></li></ul><div><a href=#c>Retour d’information et contact</a></div>"

    assert value(read(summary + STATE + "<p>quai@port.example</p>"), "contact_email") is None
