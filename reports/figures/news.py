"""What is new of a service since an earlier run, as values that can be kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup
from reports.figures.changes import Why
from reports.overrides.override import Override


class Kind(StrEnum):
    """What became of an outcome that counts. ``DECIDED``: nothing was said of the site before, something is now.

    ``UNDECIDED`` says nothing against a site; ``DROPPED``: the rule does not ask anything of it any more.
    """

    WORSE = "worse"
    BETTER = "better"
    DECIDED = "decided"
    UNDECIDED = "undecided"
    DROPPED = "dropped"


class Origin(StrEnum):
    """Why an outcome is another: the causes of a comparison, and the decision of a person (a correction)."""

    RULE = "rule"
    REGISTRY = "registry"
    SITE = "site"
    PERSON = "person"
    UNKNOWN = "unknown"


class Passage(StrEnum):
    """A service that is judged by one of the runs alone: new in the registry, gone from it, stopped, or taken up again."""

    ENTERED = "entered"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one run said: ``outcome`` is what counts, ``found`` and ``reason`` the machine's. ``None`` for no verdict."""

    outcome: Outcome | None
    found: Outcome | None
    reason: str = ""
    override: Override | None = None

    @property
    def is_corrected(self) -> bool:
        return self.override is not None and self.outcome is not self.found

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "found": self.found,
            "reason": str(self.reason),
            "override": self.override.to_json() if self.override else None,
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Side:
        said = {name: Outcome(line[name]) if line[name] else None for name in ("outcome", "found")}
        return cls(reason=line["reason"], override=_override(line["override"]), **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A rule whose outcome counts for something else than before. ``origins`` are in the order in which they acted."""

    rule: str
    kind: Kind
    before: Side
    after: Side
    origins: tuple[Origin, ...]
    why: Why | None = None

    @property
    def is_theirs(self) -> bool:
        """Whether the site, or its entry of the registry, is all that changed: never our rules, nor what we do not know."""
        return set(self.origins) <= {Origin.SITE, Origin.REGISTRY}

    def to_json(self) -> dict[str, Any]:
        sides = {"before": self.before.to_json(), "after": self.after.to_json()}
        return {"rule": self.rule, "kind": self.kind, **sides, "origins": list(self.origins), "why": self.why}

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Shift:
        return cls(
            rule=line["rule"],
            kind=Kind(line["kind"]),
            before=Side.from_json(line["before"]),
            after=Side.from_json(line["after"]),
            origins=tuple(map(Origin, line["origins"])),
            why=Why(line["why"]) if line["why"] else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction that was added (no ``before``), withdrawn (no ``after``), or that says another outcome."""

    rule: str
    before: Override | None
    after: Override | None

    def to_json(self) -> dict[str, Any]:
        sides = {"before": self.before, "after": self.after}
        return {"rule": self.rule, **{name: side.to_json() if side else None for name, side in sides.items()}}

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Correction:
        return cls(rule=line["rule"], before=_override(line["before"]), after=_override(line["after"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All that is new of one service; ``group`` and ``incubators`` are those of the later run that lists it.

    One that came or left has no ``shifts``; ``failed`` are the rules that one which came fails.
    """

    service: str
    name: str
    incubators: tuple[str, ...]
    group: PhaseGroup
    passage: Passage | None = None
    failed: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def is_stopped(self) -> bool:
        return self.group is PhaseGroup.STOPPED

    def to_json(self) -> dict[str, Any]:
        return {
            "service": self.service,
            "name": self.name,
            "incubators": list(self.incubators),
            "group": self.group,
            "passage": self.passage,
            "failed": list(self.failed),
            "shifts": [shift.to_json() for shift in self.shifts],
            "corrections": [correction.to_json() for correction in self.corrections],
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> News:
        """Reads what :meth:`to_json` wrote."""
        return cls(
            service=line["service"],
            name=line["name"],
            incubators=tuple(line["incubators"]),
            group=PhaseGroup(line["group"]),
            passage=Passage(line["passage"]) if line["passage"] else None,
            failed=tuple(line["failed"]),
            shifts=tuple(map(Shift.from_json, line["shifts"])),
            corrections=tuple(map(Correction.from_json, line["corrections"])),
        )


def _override(line: Mapping[str, Any] | None) -> Override | None:
    return Override.from_json(line) if line else None
