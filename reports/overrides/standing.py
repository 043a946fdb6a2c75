from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.overrides.override import Override

_LISTED = ("expired", "ending", "without_service", "without_rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What becomes of the overrides of a run on its day; each is in one of the first four, and ``ending`` are applied."""

    applied: tuple[Override, ...] = ()
    expired: tuple[Override, ...] = ()
    without_service: tuple[Override, ...] = ()
    without_rule: tuple[Override, ...] = ()
    ending: tuple[Override, ...] = ()

    @classmethod
    def of(cls, overrides: Iterable[Override], day: date, services: Container[str], rules: Container[str]) -> Standing:
        """``services`` and ``rules`` are the ids of those that the run holds."""
        found: dict[str, list[Override]] = {"expired": [], "without_service": [], "without_rule": [], "applied": []}
        for override in overrides:
            if not override.holds_on(day):
                place = "expired"
            elif override.service not in services:
                place = "without_service"
            else:
                place = "applied" if override.rule in rules else "without_rule"
            found[place].append(override)
        ending = tuple(override for override in found["applied"] if override.is_ending_on(day))
        return cls(ending=ending, **{place: tuple(ones) for place, ones in found.items()})

    def to_json(self) -> dict[str, Any]:
        """For ``run.json``; of those applied, which may be many, only the number: the store has them."""
        return {
            "applied": len(self.applied),
            **{name: [override.to_json() for override in getattr(self, name)] for name in _LISTED},
        }

    @classmethod
    def from_json(cls, part: Mapping[str, Any]) -> Standing:
        """Reads what :meth:`to_json` wrote, so without those applied."""
        return cls(**{name: tuple(map(Override.from_json, part.get(name, ()))) for name in _LISTED})
