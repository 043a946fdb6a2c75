from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.model.french import fold
from checks.model.service import Service
from checks.model.verdict import Verdict


class Field(StrEnum):
    """The fields of a service that an audit can correct, in the order in which they are shown."""

    STATISTICS = "statistics_url"
    BUDGET = "budget_url"
    REPOSITORY = "repository"
    ACCESSIBILITY = "accessibility_status"

    def of(self, service: Service) -> str | None:
        value: str | None = getattr(service, self)
        return value


class Action(StrEnum):
    """``CHECK``: the present value is in doubt and none is proposed, a person decides."""

    ADD = "add"
    REPLACE = "replace"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A field that the registry should change. ``present`` is its cleaned value, ``None`` where it has none usable.

    ``reason`` is a French sentence; ``rule`` and ``verdict`` (its reason) say what was judged, ``evidence`` is the
    address of the page that shows it, empty where no page does.
    """

    service: str
    name: str
    field: Field
    present: str | None
    proposed: str | None = None
    reason: str
    rule: str
    verdict: str
    evidence: str = ""

    @property
    def action(self) -> Action:
        if self.proposed is None:
            return Action.CHECK
        return Action.REPLACE if self.present else Action.ADD


def suggestion(
    service: Service, field: Field, verdict: Verdict, reason: str, proposed: str | None = None
) -> Suggestion:
    """A suggestion that rests on one verdict; its evidence is the first of the verdict's."""
    return Suggestion(
        service=service.id,
        name=service.name,
        field=field,
        present=field.of(service),
        proposed=proposed,
        reason=reason,
        rule=verdict.rule,
        verdict=verdict.reason,
        evidence=verdict.evidence[0].url if verdict.evidence else "",
    )


def is_unusable(service: Service, field: Field) -> bool:
    """Whether the registry gives something of which nothing could be made."""
    return f"registry-value-unusable:{field}" in service.warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is left of suggestions in a registry of another day: ``due`` holds there as it did, ``done`` is what it says
    already, ``outdated`` what it says otherwise since, ``absent`` are the ids of the services that it does not have."""

    due: tuple[Suggestion, ...]
    done: tuple[Suggestion, ...]
    outdated: tuple[Suggestion, ...]
    absent: tuple[str, ...]


def standing(found: Iterable[Suggestion], services: Iterable[Service]) -> Standing:
    known = {service.id: service for service in services}
    sorted_out: Mapping[str, list[Suggestion]] = {"due": [], "done": [], "outdated": []}
    absent: dict[str, None] = {}
    for one in found:
        if one.service in known:
            sorted_out[_state(one, known[one.service])].append(one)
        else:
            absent[one.service] = None
    return Standing(**{state: tuple(ones) for state, ones in sorted_out.items()}, absent=tuple(absent))


def _state(one: Suggestion, service: Service) -> str:
    value = one.field.of(service)
    if one.proposed and _is_same(one.field, value, one.proposed):
        return "done"
    return "due" if _is_same(one.field, value, one.present) else "outdated"


def _is_same(field: Field, one: str | None, other: str | None) -> bool:
    # Addresses are compared as they are written: their case matters.
    return fold(one or "") == fold(other or "") if field is Field.ACCESSIBILITY else one == other
