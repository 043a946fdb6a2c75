"""Un plan d'action d'accessibilité de l'année en cours est publié.

Pourquoi c'est important
------------------------
Le schéma pluriannuel fixe le cap ; le plan de l'année dit ce qui sera corrigé, formé, audité, et quand. C'est lui qui permet de
constater, douze mois plus tard, ce qui a été fait.

Ce que nous regardons
---------------------
La déclaration, la page d'accessibilité, la page d'accueil ou le schéma pluriannuel donne un plan d'action qui couvre l'année
en cours. Une ancre du schéma convient : `/accessibilite/schema-pluriannuel#plan-2026`.

- Les noms : « plan d'action », « plan d'actions », « plan annuel », « plan 2026 d'actions », « feuille de route
  accessibilité »…
- Les années, dans le nom du lien, son adresse, la phrase autour, le titre au-dessus, sinon dans le document lui-même.
- Le plan de l'année passée ou de l'année prochaine ne suffit pas : la loi demande celui de l'année en cours. Un document de
  plus de trois ans n'est pas un plan de l'année.
- Le lien : s'il mène à une erreur alors que l'accueil répond, le plan n'est pas publié. Un document que nous n'avons pas pu
  joindre n'est pas retenu contre le service.

Sur la page d'accueil, seul un plan qui dit porter sur l'accessibilité compte. Un plan que la page dit à venir n'est pas
publié.

Comment corriger
----------------
Liez le plan dans l'introduction de la déclaration, avec son année :

- `<a href="https://beta.gouv.fr/accessibilite/schema-pluriannuel#plan-2026">Plan d'action 2026</a>`

Référence
---------
- Loi n° 2005-102 du 11 février 2005, article 47.
- Décret n° 2019-768 du 24 juillet 2019, article 4.
- Arrêté du 20 septembre 2019, modèle de déclaration.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.commitments.announced import Announced, State, is_misplaced, judged, looked_at
from checks.parse.commitments.words import PLAN
from checks.parse.site import Site


class Reason(StrEnum):
    CURRENT = State.CURRENT
    NOT_FOUND = "not-found"
    BROKEN_LINK = State.BROKEN
    NOT_CURRENT = State.NOT_CURRENT
    NO_YEARS = State.NO_YEARS


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    found = judged(site, PLAN)
    if found is None:
        return Finding(reason=Reason.NOT_FOUND, warnings=site.warnings, evidence=site.looked(looked_at(site)))
    return _of(site, found) if isinstance(found, Announced) else found


def _of(site: Site, found: Announced) -> Finding:
    said = {"not-linked": found.mention.url is None, "misplaced": is_misplaced(found.mention)}
    return Finding(
        reason=Reason(str(found.state)),
        value=str(found.span) if found.span else None,
        warnings=(*site.warnings, *(name for name, is_so in said.items() if is_so)),
        evidence=found.evidence,
        facts=found.facts,
    )


RULE = Rule(
    id="accessibility-plan",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Plan d'action d'accessibilité",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.CURRENT: Outcome.PASSED,
        Reason.NOT_FOUND: Outcome.FAILED,
        Reason.BROKEN_LINK: Outcome.FAILED,
        Reason.NOT_CURRENT: Outcome.FAILED,
        Reason.NO_YEARS: Outcome.CANT_TELL,
    },
    messages={
        Reason.CURRENT: "Un plan d'action couvre l'année en cours.",
        Reason.NOT_FOUND: "Ni la page d'accueil ni la page d'accessibilité ne donnent de plan d'action.",
        Reason.BROKEN_LINK: "Le lien vers le plan d'action mène à une erreur ou à l'accueil, alors que le site répond.",
        Reason.NOT_CURRENT: "Le plan d'action n'est pas celui de l'année en cours.",
        Reason.NO_YEARS: "Un plan d'action est annoncé, mais nous n'avons lu aucune année.",
    },
    warnings={
        "not-linked": "Le plan est annoncé dans le texte, mais aucun lien n'y mène.",
        "misplaced": "Le lien vers le plan vient après l'état de conformité : le modèle le donne dans l'introduction.",
        "pdf": "La déclaration est, ou semble être, un document à télécharger plutôt qu'une page du site.",
    },
)
