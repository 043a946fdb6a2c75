from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

PhaseRule = Literal["latest-start", "last-listed"]


class PhaseGroup(StrEnum):
    """Where a service stands in its life, whichever vocabulary its registry uses.

    ``UNKNOWN`` is a phase name that no vocabulary holds: such a service is kept and audited, with a warning.
    """

    INVESTIGATION = "investigation"
    CONSTRUCTION = "construction"
    ACCELERATION = "acceleration"
    LEAVING = "leaving"
    PERENNISED = "perennised"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


SUPPORTED = frozenset({PhaseGroup.CONSTRUCTION, PhaseGroup.ACCELERATION, PhaseGroup.LEAVING, PhaseGroup.PERENNISED})
"""The groups that the annual report calls "services supported or perennised"."""

PHASE_GROUPS: Mapping[str, PhaseGroup] = MappingProxyType(
    {
        "investigation": PhaseGroup.INVESTIGATION,
        "construction": PhaseGroup.CONSTRUCTION,
        "acceleration": PhaseGroup.ACCELERATION,
        "transfer": PhaseGroup.LEAVING,  # until May 2026
        "consolidation": PhaseGroup.LEAVING,
        "success": PhaseGroup.PERENNISED,  # until May 2026
        "opere": PhaseGroup.PERENNISED,
        "transfere": PhaseGroup.PERENNISED,
        "alumni": PhaseGroup.STOPPED,  # until May 2026
        "abandon": PhaseGroup.STOPPED,
        "abandon-investigation": PhaseGroup.STOPPED,
    }
)
"""Phase names of beta.gouv.fr, both vocabularies as one set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A phase as the registry dates it: ISO dates, ``None`` where the registry says nothing."""

    name: str
    start: str | None = None
    end: str | None = None

    @property
    def group(self) -> PhaseGroup:
        return PHASE_GROUPS.get(self.name, PhaseGroup.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated event of a service (``fast``, ``national_impact``, ``committee`` …)."""

    name: str
    date: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An entry of the registry, cleaned.

    ``urls`` holds absolute http(s) addresses, the one the registry gives first; empty when there is none.
    ``incubators`` holds ids, the primary one first. Declared fields are ``None`` when blank; they are absolute
    addresses, except a bare path (``/stats``) that no site completes, kept as the registry says it.
    ``warnings`` says what was repaired or not understood (``registry-value-repaired:budget_url`` …).
    """

    id: str
    name: str
    urls: tuple[str, ...] = ()
    incubators: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    events: tuple[Event, ...] = ()
    statistics_url: str | None = None
    budget_url: str | None = None
    repository: str | None = None
    accessibility_status: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def url(self) -> str | None:
        return self.urls[0] if self.urls else None

    def phase(self, rule: PhaseRule = "latest-start", as_of: str | None = None) -> Phase | None:
        """The current phase: latest start, on a tie the last listed; ``end`` is ignored.

        ``last-listed`` is how the site of beta.gouv.fr read unsorted lists before mid-2024. With ``as_of`` (an ISO
        date) phases that start later do not count: an approximation, since registries rewrite their past.
        """
        known = [phase for phase in self.phases if not (as_of and phase.start and phase.start > as_of)]
        if not known:
            return None
        if rule == "last-listed":
            return known[-1]
        return max(enumerate(known), key=lambda pair: (pair[1].start or "", pair[0]))[1]

    def group(self, rule: PhaseRule = "latest-start", as_of: str | None = None) -> PhaseGroup:
        phase = self.phase(rule, as_of)
        return phase.group if phase else PhaseGroup.UNKNOWN

    def to_json(self) -> dict[str, Any]:
        """One line of ``services.jsonl``."""
        return asdict(self)

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Service:
        """Reads what :meth:`to_json` wrote. Raises ``KeyError`` or ``TypeError`` on anything else."""
        values: dict[str, Any] = dict(line)
        for key in ("urls", "incubators", "sponsors", "warnings"):
            values[key] = tuple(line.get(key, ()))
        values["phases"] = tuple(Phase(**phase) for phase in line.get("phases", ()))
        values["events"] = tuple(Event(**event) for event in line.get("events", ()))
        return cls(**values)
