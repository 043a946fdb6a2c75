from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from checks.model.french import fold
from checks.model.service import PhaseGroup
from reports.store.queries import ServiceOutcomes

By = Literal["phase", "incubator", "sponsor"]

WHOLE = ""
"""The group of a figure that counts its whole population."""

_LIFE = {group.value: rank for rank, group in enumerate(PhaseGroup)}


def groups_of(service: ServiceOutcomes, by: By | None) -> frozenset[str]:
    """The parts of the population that a service belongs to: several incubators, one phase, maybe no sponsor."""
    match by:
        case None:
            return frozenset({WHOLE})
        case "phase":
            return frozenset({service.group.value})
        case "incubator":
            return frozenset(service.incubators)
        case "sponsor":
            return frozenset(service.sponsors)


def in_order(groups: Iterable[str], by: By | None) -> list[str]:
    """Phases as a service lives them, names as a French reader looks them up."""
    if by == "phase":
        return sorted(groups, key=_LIFE.__getitem__)
    return sorted(groups, key=lambda group: (fold(group), group))
