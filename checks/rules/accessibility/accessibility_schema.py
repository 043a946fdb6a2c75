"""Un schéma pluriannuel d'accessibilité en cours est publié.

Pourquoi c'est important
------------------------
La déclaration dit où en est le service ; le schéma dit où va l'organisme, avec quels moyens et jusqu'à quand. Il dure trois
ans au plus, pour que les promesses restent vérifiables.

Ce que nous regardons
---------------------
La déclaration, la page d'accessibilité ou la page d'accueil donne un schéma pluriannuel qui couvre l'année en cours. Celui de
l'incubateur, du ministère ou de beta.gouv.fr convient, où qu'il soit publié.

- Les noms : « schéma pluriannuel », « schéma pluri-annuel », « schéma annuel », « schéma directeur d'accessibilité »,
  « plan pluriannuel d'accessibilité »…
- Les années, dans le nom du lien, son adresse, la phrase autour, le titre au-dessus, sinon dans le document lui-même :
  « 2024-2026 », « de 2024 à 2026 », « 2024, 2025 et 2026 ».
- La durée : entre la première et la dernière année, trois ans au plus. Une période comme 2024-2027 est admise, avec un
  avertissement : elle touche quatre années civiles, et l'Arcom peut la juger trop longue.
- Le lien : s'il mène à une erreur alors que l'accueil répond, le schéma n'est pas publié. Un document que nous n'avons pas pu
  joindre n'est pas retenu contre le service.

Un schéma que la page dit à venir ou en cours de rédaction n'est pas publié.

Comment corriger
----------------
Liez le schéma dans l'introduction de la déclaration, avec ses années :

- `<a href="https://beta.gouv.fr/accessibilite/schema-pluriannuel">Schéma pluriannuel d'accessibilité 2026-2028</a>`

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
from checks.parse.commitments.announced import LONGEST, Announced, State, is_misplaced, judged, looked_at
from checks.parse.commitments.words import SCHEMA
from checks.parse.site import Site


class Reason(StrEnum):
    CURRENT = State.CURRENT
    NOT_FOUND = "not-found"
    BROKEN_LINK = State.BROKEN
    NOT_CURRENT = State.NOT_CURRENT
    TOO_LONG = State.TOO_LONG
    NO_YEARS = State.NO_YEARS


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    found = judged(site, SCHEMA)
    if found is None:
        return Finding(reason=Reason.NOT_FOUND, warnings=site.warnings, evidence=site.looked(looked_at(site)))
    return _of(site, found) if isinstance(found, Announced) else found


def _of(site: Site, found: Announced) -> Finding:
    said = {
        "not-linked": found.mention.url is None,
        "misplaced": is_misplaced(found.mention),
        "four-calendar-years": found.span is not None and found.span.length == LONGEST,
    }
    return Finding(
        reason=Reason(str(found.state)),
        value=str(found.span) if found.span else None,
        warnings=(*site.warnings, *(name for name, is_so in said.items() if is_so)),
        evidence=found.evidence,
        facts=found.facts,
    )


RULE = Rule(
    id="accessibility-schema",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Schéma pluriannuel d'accessibilité",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.CURRENT: Outcome.PASSED,
        Reason.NOT_FOUND: Outcome.FAILED,
        Reason.BROKEN_LINK: Outcome.FAILED,
        Reason.NOT_CURRENT: Outcome.FAILED,
        Reason.TOO_LONG: Outcome.FAILED,
        Reason.NO_YEARS: Outcome.CANT_TELL,
    },
    messages={
        Reason.CURRENT: "Un schéma pluriannuel couvre l'année en cours.",
        Reason.NOT_FOUND: "Ni la page d'accueil ni la page d'accessibilité ne donnent de schéma pluriannuel.",
        Reason.BROKEN_LINK: "Le lien vers le schéma pluriannuel mène à une erreur ou à l'accueil, alors que le site répond.",
        Reason.NOT_CURRENT: "Le schéma pluriannuel ne couvre pas l'année en cours.",
        Reason.TOO_LONG: "Le schéma pluriannuel dure plus de trois ans.",
        Reason.NO_YEARS: "Un schéma pluriannuel est annoncé, mais nous n'avons lu aucune année.",
    },
    warnings={
        "not-linked": "Le schéma est annoncé dans le texte, mais aucun lien n'y mène.",
        "misplaced": "Le lien vers le schéma vient après l'état de conformité : le modèle le donne dans l'introduction.",
        "four-calendar-years": "La période touche quatre années civiles : le régulateur peut la juger plus longue que trois ans.",
        "pdf": "La déclaration est, ou semble être, un document à télécharger plutôt qu'une page du site.",
    },
)
