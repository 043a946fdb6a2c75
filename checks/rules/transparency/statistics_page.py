"""Le service publie ses statistiques d'usage ou d'impact.

Pourquoi c'est important
------------------------
Un service public financé par tous dit à quoi il sert : combien de personnes l'utilisent, et ce que cela change. C'est ce
qui permet d'en débattre, et de décider de le poursuivre ou de l'arrêter.

Ce que nous regardons
---------------------
Une page publique qui montre des chiffres. Nous la cherchons, dans cet ordre :

- à l'adresse déclarée dans le registre, vérifiée ;
- derrière un lien de la page d'accueil (« Statistiques », « Impact », « Chiffres clés »…) ;
- aux adresses d'usage (`/stats`, `/statistiques`).

Une page du site doit montrer des nombres, un tableau, un graphique ou un tableau de bord intégré ; les chiffres d'un sujet
(la population, un secteur) ne sont pas ceux du service. Un tableau de bord
public (Metabase, Superset, Matomo…) est jugé à sa réponse et à la forme de son adresse. Une page de connexion, une page
d'attente ou un retour à l'accueil ne sont pas des statistiques.

Comment corriger
----------------
- Publiez une page `/stats` avec au moins un chiffre d'usage et un chiffre d'impact, datés.
- Liez-la depuis le pied de page, et déclarez son adresse dans la fiche du service (`stats_url`).

Référence
---------
- Standard beta.gouv.fr « Les statistiques d'usage et la mesure d'impact sont publiques ».
"""

from __future__ import annotations

import re
from enum import StrEnum

from checks.model.capture import Found, Topic
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.html import Page
from checks.parse.reading import Reading
from checks.parse.site import Site
from checks.parse.transparency.amounts import charts, figures
from checks.parse.transparency.publication import OUTCOMES, WARNINGS, PublicationReason, Sought, judge_publication

_A_FEW = 2
_SUBJECT = re.compile(
    r"\bla france compte\b|\ben france\b|\bdes francais\b|\ba l'echelle nationale\b|\bniveau national\b"
    r"|\bpopulation (?:francaise|nationale|totale)|\bsources? ?: ?(?:l')?(?:insee|eurostat|recensement|agreste|sdes|drees|dares"
    r"|ined|ocde|oecd|banque de france|ministere|cerema|enquete|observatoire)"
)
_USAGE = re.compile(
    r"\b(?:utilisa|usagers?\b|usages?\b|visit|connexions?\b|connectes?\b|inscri|comptes? cree|telecharge|consultations?\b"
    r"|frequentation|sessions?\b|pages? vues?|requetes?\b|appels?\b|satisf|impact|users?\b|visitors?\b"
    r"|(?:notre|le|du|ce|la|cette|de la) (?:service|plateforme|site|outil|application|produit)\b"
    r"|depuis (?:le|son|notre) (?:lancement|ouverture))"
)
"""Words of which a page about the use of a service has one at least."""


class Reason(StrEnum):
    """The reasons of this rule alone; those of every published page are in ``PublicationReason``."""

    NO_FIGURES = "no-figures"


def judge(site: Site) -> Finding:
    declared = site.service.statistics_url
    return judge_publication(
        site, Sought(topic=Topic.STATISTICS, declared=declared, shown=_shown, wanting=Reason.NO_FIGURES)
    )


def _shown(reading: Reading) -> tuple[Evidence, ...]:
    page = reading.page
    if page is None or (not reading.is_found(Found.DECLARED) and _is_of_a_subject(page)):
        return ()
    numbers = tuple(page.evidence(block.text, block.element) for block in figures(page)[:_A_FEW])
    return numbers or tuple(page.evidence(drawn.name, drawn) for drawn in charts(page)[:1])


def _is_of_a_subject(page: Page) -> bool:
    """Figures of the country, its people or its farms: what the service is about, and not how it is used."""
    return _SUBJECT.search(page.content) is not None and not _USAGE.search(page.content)


RULE = Rule(
    id="statistics-page",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Page de statistiques",
    page=__doc__,
    judge=judge,
    outcomes={**OUTCOMES, Reason.NO_FIGURES: Outcome.FAILED},
    messages={
        PublicationReason.DECLARED: "La page de statistiques déclarée dans le registre est publique et répond.",
        PublicationReason.ON_SITE: "Une page de statistiques est publiée sur le site.",
        PublicationReason.CONVENTIONAL: "Une page de statistiques est publiée à une adresse d'usage.",
        PublicationReason.NONE: "Aucune page de statistiques à l'adresse déclarée, derrière un lien ou aux adresses d'usage.",
        PublicationReason.DECLARED_BROKEN: "La page de statistiques déclarée dans le registre n'existe pas.",
        PublicationReason.SOFT_404: "L'adresse des statistiques mène à une page d'erreur du site.",
        PublicationReason.PLACEHOLDER: "La page de statistiques est une page d'attente.",
        PublicationReason.LOGIN_REQUIRED: "Il faut se connecter pour voir les statistiques.",
        PublicationReason.LEADS_HOME: "L'adresse des statistiques ramène à la page d'accueil.",
        Reason.NO_FIGURES: "La page trouvée ne montre aucun chiffre.",
    },
    warnings=WARNINGS,
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
