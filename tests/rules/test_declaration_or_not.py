"""Pages that quote what declarations quote and are none, and declarations that share their page with something else."""

from __future__ import annotations

import pytest

LINK = '<a href="/accessibilite">Accessibilité : non conforme</a>'
HOME = "<h2>Le bac</h2><p>Il traverse le fleuve toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>"
LAW = "conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005"
RIGHTS = "<h2>Recours</h2><p>Toute personne peut saisir le Défenseur des droits.</p>"
QUOTES = f"<p>Le Port agit {LAW}.</p>{RIGHTS}"
SECTIONS = f"""<p>Le Port s’engage, {LAW}. Cette déclaration s’applique à bac-a-voile.example.</p>
<h3>État de conformité</h3><p>Le site est partiellement conforme au RGAA.</p><h3>Voies de recours</h3><p>Le Défenseur des droits.</p>"""
DECLARATION = f"<h2>Déclaration d’accessibilité</h2>{SECTIONS}"

SCHEMAS = {
    "schema": f"<h1>Schéma pluriannuel d’accessibilité numérique 2025-2027</h1>{QUOTES}",
    "schema-of-levels": f"""<h1>Schéma pluriannuel de mise en accessibilité</h1><h2>Mise en conformité RGAA</h2>
<p>Un site est totalement conforme quand tous les critères sont respectés.</p><h2>Déclaration d’accessibilité</h2>
<p>Chaque site en publie une, qui dit si le site est non conforme, partiellement conforme ou totalement conforme.</p>{QUOTES}""",
    "schema-of-sites": f"""<h1>Stratégie pluriannuelle 2024-2026</h1><h2>État des lieux</h2>
<table><tr><td>www.port.example</td><td>Ce site est partiellement conforme (62 %)</td></tr></table>{QUOTES}""",
    "schema-second": f"<h1>Accessibilité numérique</h1><h2>Schéma annuel 2024-2026</h2>{QUOTES}",
    "plan": f"<h1>Plan d’actions 2026</h1><ul><li>Le site est non conforme : revoir les contrastes</li></ul>{QUOTES}",
}
LESSONS = {
    "training": f"""<h1>Formation : publier sa déclaration d’accessibilité</h1><h2>État de conformité</h2>
<p>Dites si le site est totalement conforme, partiellement conforme ou non conforme.</p>{QUOTES}""",
    "how-to": f"""<h1>Comment rédiger une déclaration d’accessibilité ?</h1><h2>Résultats des tests</h2>
<p>Lorsque le site est totalement conforme, dites-le.</p>{QUOTES}""",
    "summary": f"<h1>Le RGAA en bref</h1><p>Un site est partiellement conforme au-delà de 50 %.</p>{QUOTES}",
    "seller": f"<h1>Audit RGAA de votre site</h1><p>Nous vous disons si votre site est non conforme.</p>{QUOTES}",
}
ARTICLES = {
    "article": """<h1>Où en sont les sites publics ?</h1><p>Depuis la loi du 11 février 2005, ils doivent être accessibles.</p>
<p>Le Défenseur des droits l’écrit : 71 % des services sont non conformes, la plupart des sites ne sont pas audités.</p>""",
    "commitment": f"<h1>Accessibilité</h1><p>Le Port s’engage à rendre ses sites accessibles, {LAW}.</p>{RIGHTS}",
}
NOTICES = {
    "citations": f"<h1>Mentions légales</h1><h2>Éditeur</h2><p>Le Port.</p><h2>Accessibilité</h2>{QUOTES}",
    "another-law": """<h1>Protection des données</h1><p>L’article 47 de la loi n° 78-17 encadre les décisions automatisées.</p>
<p>Le Défenseur des droits reçoit les réclamations.</p>""",
}
HELD = {
    "after-a-schema": f"<h1>Schéma pluriannuel 2025-2027</h1><p>Les actions.</p>{DECLARATION}",
    "before-a-schema": f"{DECLARATION}<h2>Schéma pluriannuel 2025-2027</h2><p>Les actions.</p><h2>Plan d’actions 2026</h2>",
    "both-in-one-name": f"<h1>Schéma pluriannuel et déclaration d’accessibilité</h1>{SECTIONS}",
    "schema-first": f"<h1>Accessibilité</h1><h2>Schéma pluriannuel</h2><p><a href=/s.pdf>2025-2027</a></p>{SECTIONS}",
    "short-with-a-schema": f"<h1>Accessibilité</h1><p>Le site est non conforme.</p><h2>Schéma pluriannuel</h2>{QUOTES}",
    "service-of-training": f"<h1>Formation Pro</h1>{DECLARATION}",
    "service-of-guides": f"<h1>Guide des passages</h1><h2>Accessibilité</h2><p>Le Guide est non conforme : le site est non conforme.</p>{QUOTES}",
    "under-the-standard": f"<h1>RGAA</h1><p>Le site est partiellement conforme.</p>{QUOTES}",
    "under-the-standard-by-name": f"<h1>RGAA : déclaration d’accessibilité</h1>{QUOTES}",
    "mention-explained": """<h1>Mentions légales</h1><h2>Accessibilité</h2><p><strong>Accessibilité : non conforme.</strong>
Le site attend son audit. Écrivez-nous, ou saisissez le Défenseur des droits.</p>""",
    "links-named-url": f"<h1>Accessibilité</h1><p>Schéma pluriannuel 2025-2027 <a href=/s.pdf>[url]</a></p>{SECTIONS}",
    "in-a-notice": f"<h1>Mentions légales</h1><h2>Accessibilité</h2><p>Le site est non conforme.</p>{QUOTES}",
}


def reason_of(judge, page: str, home: str) -> str:
    return judge("accessibility-declaration", home, pages=[("link", "/accessibilite", page)]).reason


@pytest.mark.parametrize(
    "body", [*(SCHEMAS | LESSONS | ARTICLES | NOTICES).values()], ids=[*SCHEMAS | LESSONS | ARTICLES | NOTICES]
)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_what_quotes_is_not_what_declares(judge, dress, hand, body):
    page = dress[hand](body, LINK, title="Accessibilité numérique")

    assert reason_of(judge, page, dress[hand](HOME, LINK)) == "not-a-declaration"


@pytest.mark.parametrize("body", HELD.values(), ids=HELD)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_a_declaration_may_share_its_page(judge, dress, hand, body):
    page = dress[hand](body, LINK, title="Accessibilité numérique")

    assert reason_of(judge, page, dress[hand](HOME, LINK)) == "declaration-found"


@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_the_mention_of_the_foot_is_no_statement_of_the_page(judge, dress, hand):
    foot = "<a href=/accessibilite>Accessibilité du site : non conforme</a>"
    page = dress[hand](f"<h1>Conditions d’utilisation</h1><p>Le Port agit {LAW}.</p>", foot)

    assert reason_of(judge, page, dress[hand](HOME, foot)) == "not-a-declaration"
