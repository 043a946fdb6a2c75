from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup


class Status(StrEnum):
    """``EVALUATION``: judged and shown, counted in no figure. ``RETIRED``: kept so that its id is never used again."""

    EVALUATION = "evaluation"
    ACTIVE = "active"
    RETIRED = "retired"


class Obstacle(StrEnum):
    """The reasons common to every rule that reads a site: why nothing could be said of it."""

    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server-error"
    BLOCKED = "blocked"
    ROBOTS_DISALLOWED = "robots-disallowed"
    REDIRECT_LOOP = "redirect-loop"
    NEEDS_RENDERING = "needs-rendering"
    TOO_LARGE = "too-large"
    NOT_HTML = "not-html"
    MOVED = "moved"
    HOME_NOT_FOUND = "home-not-found"
    NO_URL = "no-url"
    NOT_A_WEBSITE = "not-a-website"
    PHASE = "phase"
    NOT_RUN = "not-run"
    SCANNER_ERROR = "scanner-error"


OBSTACLES: Mapping[str, Outcome] = {
    **dict.fromkeys(Obstacle, Outcome.CANT_TELL),
    Obstacle.NO_URL: Outcome.INAPPLICABLE,
    Obstacle.NOT_A_WEBSITE: Outcome.INAPPLICABLE,
    Obstacle.PHASE: Outcome.INAPPLICABLE,
    Obstacle.NOT_RUN: Outcome.UNTESTED,
}

OBSTACLE_MESSAGES: Mapping[str, str] = {
    Obstacle.UNREACHABLE: "Le site n'a pas répondu (nom introuvable, connexion refusée, délai dépassé ou coupure).",
    Obstacle.SERVER_ERROR: "Le site répond par une erreur de serveur ou demande de patienter (5xx, 429).",
    Obstacle.BLOCKED: "Le site refuse notre visite (401, 403 ou page de contrôle anti-robot).",
    Obstacle.ROBOTS_DISALLOWED: "Le fichier robots.txt du site interdit la visite.",
    Obstacle.REDIRECT_LOOP: "Le site renvoie sans fin d'une adresse à une autre.",
    Obstacle.NEEDS_RENDERING: "La page n'affiche rien sans JavaScript : il faut un navigateur pour la lire.",
    Obstacle.TOO_LARGE: "La page dépasse la taille que nous lisons.",
    Obstacle.NOT_HTML: "L'adresse ne donne pas une page HTML.",
    Obstacle.MOVED: "L'adresse mène à un autre site, qui n'est pas celui du service (page d'attente, annuaire, connexion).",
    Obstacle.HOME_NOT_FOUND: "La page d'accueil déclarée n'existe pas (404, 410 ou autre refus 4xx).",
    Obstacle.NO_URL: "Le registre ne donne aucune adresse pour ce service.",
    Obstacle.NOT_A_WEBSITE: "L'adresse du service n'est pas un site : API, dépôt de code, document.",
    Obstacle.PHASE: "La règle ne s'applique pas à la phase du service.",
    Obstacle.SCANNER_ERROR: "Notre outil n'a pas pu faire la visite, malgré plusieurs essais : cela ne dit rien du site.",
    Obstacle.NOT_RUN: "La règle n'a pas été exécutée pour ce service.",
}
"""What a reader of a scorecard is told, in French, for each common reason."""

SECOND_VISIT = "second-visit"

SITE_WARNINGS: Mapping[str, str] = {
    "moved": "Le site se trouve à une autre adresse que celle du registre.",
    "insecure-fetch": "Le certificat du site n'est pas valable : la page a été lue sans le vérifier.",
    SECOND_VISIT: "Le premier passage laissait un doute : ce verdict est celui d'un second passage du même audit.",
}
"""The warnings that any rule which reads a site may give beside its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of one service: a reason of its closed list, and what supports it.

    ``value`` and ``facts`` are as the verdict line documents them, rule by rule; ``facts`` holds JSON values only.
    """

    reason: str
    value: str | None = None
    warnings: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question asked of one service.

    ``judge`` is pure; the names of its parameters are the evidence that it asks for (see ``checks.judge``).
    ``outcomes`` is the closed list of the rule's own reasons and decides the outcome of each; the common
    :data:`OBSTACLES` are added to it. ``messages`` says each reason in French to the reader of a scorecard.
    ``page`` is the module's docstring: the public page of the rule. ``skips`` lists the phase groups to which the
    rule does not apply. ``reads_exchange``: it judges redirects, certificates or headers, which a saved page lacks.
    """

    id: str
    version: int
    since: str
    status: Status
    title: str
    page: str
    judge: Callable[..., Finding]
    outcomes: Mapping[str, Outcome]
    messages: Mapping[str, str]
    warnings: Mapping[str, str] = field(default_factory=dict)
    skips: frozenset[PhaseGroup] = frozenset()
    reads_exchange: bool = False

    def outcome(self, reason: str) -> Outcome:
        """Raises ``KeyError`` for a reason that is not in the closed list."""
        return self.outcomes[reason] if reason in self.outcomes else OBSTACLES[reason]

    def warning(self, name: str) -> str:
        """A warning in French; one of an older version of the rule, which has no words any more, as it is."""
        return self.warnings.get(name) or SITE_WARNINGS.get(name, name)

    def message(self, reason: str) -> str:
        return self.messages[reason] if reason in self.messages else OBSTACLE_MESSAGES[reason]
