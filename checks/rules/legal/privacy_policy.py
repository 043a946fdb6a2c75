"""Le service dit ce qu'il fait des données personnelles.

Pourquoi c'est important
------------------------
Chacun doit savoir à quoi servent ses données, combien de temps elles sont gardées, et comment y accéder, les corriger ou les
faire effacer.

Ce que nous regardons
---------------------
Une page liée depuis la page d'accueil (« Données personnelles », « Politique de confidentialité », « RGPD »…), qui répond et
qui donne :

- les finalités : à quoi servent les données ;
- la durée de conservation, ou ce qui la détermine ;
- les droits des personnes, ou le contact du délégué à la protection des données.

Ce qui ne concerne que les cookies ne suffit pas. Un champ de gabarit laissé vide ne compte pas, ni un mot seul dans un
sommaire. Une section des mentions légales ou des conditions d'utilisation, un PDF, une section de la page d'accueil comptent.

Si la page dit que le service ne collecte aucune donnée personnelle, et ne donne ni finalité ni durée, la règle ne s'applique
pas : nous relevons la phrase, sans pouvoir la vérifier.

Comment corriger
----------------
- Publiez une page `/donnees-personnelles` avec, pour chaque traitement, sa finalité, sa base légale et sa durée de conservation.
- Donnez les droits des personnes et l'adresse du délégué à la protection des données.
- Liez-la depuis le pied de page.

Référence
---------
- Règlement (UE) 2016/679 (RGPD), article 13.
- Loi n° 78-17 du 6 janvier 1978, articles 48 et suivants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from checks.model.capture import Topic
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.html import Page
from checks.parse.legal import privacy
from checks.parse.legal.documents import OUTCOMES, WARNINGS, DocumentReason, Sought, judge_document
from checks.parse.legal.groups import Found
from checks.parse.site import Site

_HEADED = re.compile(
    r"\bdonnees (?:a caractere )?(?:personnel|nominatives)|\bconfidentialite\b|\bprotection des donnees\b|\brgpd\b|\bvie privee\b"
    r"|\btraitements? (?:de|des) (?:vos )?donnees|\binformatique et liberte|\bprivacy\b|\bpersonal data\b"
)


class Reason(StrEnum):
    """The reason of this rule alone; those of every legal document are in ``DocumentReason``."""

    NO_DATA = "no-personal-data"


def judge(site: Site) -> Finding:
    return judge_document(
        site, Sought(topic=Topic.PRIVACY, groups=privacy.GROUPS, headed=_HEADED, waived=_nothing_collected)
    )


def _nothing_collected(page: Page, found: Mapping[str, Found]) -> tuple[str, Evidence] | None:
    """A service that collects nothing has no purpose and no duration to give."""
    said = None if found.keys() & {"purposes", "retention"} else privacy.none_collected(page)
    return (Reason.NO_DATA, page.evidence(said.text, said.element)) if said else None


RULE = Rule(
    id="privacy-policy",
    version=1,
    since="0.1.0",
    status=Status.EVALUATION,
    title="Données personnelles",
    page=__doc__,
    judge=judge,
    outcomes={**OUTCOMES, Reason.NO_DATA: Outcome.INAPPLICABLE},
    messages={
        DocumentReason.COMPLETE: "La page sur les données personnelles donne les finalités, les durées et les droits.",
        DocumentReason.NO_PAGE: "La page d'accueil ne mène à aucune page sur les données personnelles.",
        DocumentReason.BROKEN_LINK: "Le lien vers cette page mène à une erreur (4xx ou 5xx), alors que l'accueil répond.",
        DocumentReason.SOFT_404: "Le lien mène à une page d'erreur, de connexion ou d'attente, ou à l'accueil.",
        DocumentReason.MISSING: "La page sur les données personnelles est incomplète.",
        Reason.NO_DATA: "La page dit que le service ne collecte aucune donnée personnelle.",
    },
    warnings=WARNINGS,
)
