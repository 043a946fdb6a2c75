"""Which services the audited figures are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checks.model.service import SUPPORTED, PhaseGroup
from reports.language import N_
from reports.store.queries import ServiceOutcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Which services a figure is about, and how that is said in French.

    An unknown phase is no reason to leave a service out of "toutes phases confondues", nor to put it in any phase.
    """

    label: str
    includes: Callable[[ServiceOutcomes], bool]


WITH_SITE = Population(
    label=N_("services non arrêtés qui ont une adresse, toutes phases confondues"),
    includes=lambda service: service.has_url and service.group is not PhaseGroup.STOPPED,
)
FROM_CONSTRUCTION = Population(
    label=N_("services en construction, en accélération, en sortie d'incubation ou pérennisés"),
    includes=lambda service: service.group in SUPPORTED,
)
FROM_ACCELERATION = Population(
    label=N_("services en accélération, en sortie d'incubation ou pérennisés"),
    includes=lambda service: service.group in SUPPORTED and service.group is not PhaseGroup.CONSTRUCTION,
)
