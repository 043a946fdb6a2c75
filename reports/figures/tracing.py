"""From a figure to the services that it counts, and to what counts each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine

from checks.model.outcome import Outcome
from checks.model.service import PhaseRule, Service
from checks.model.verdict import Verdict
from reports.figures.audited import FIGURES, AuditedFigure, audited_figures
from reports.figures.breakdown import By, groups_of
from reports.figures.figure import Figure
from reports.figures.registry import registry_figures
from reports.overrides.override import Override
from reports.store.queries import ServiceOutcomes, audited_services
from reports.store.records import AuditedService, RunRecord

FIELDS: Mapping[str, tuple[str, ...]] = {
    "services-supported": ("phases",),
    "services-by-phase": ("phases",),
    "investigations": ("phases",),
    "services-with-url": ("urls", "phases"),
    "statistics-declared": ("statistics_url", "phases"),
    "budget-declared": ("budget_url", "phases"),
    "open-source-declared": ("repository", "phases"),
    "open-source-declared-construction": ("repository", "phases"),
    "statistics-declared-all": ("statistics_url", "urls"),
    "budget-declared-all": ("budget_url",),
    "national-impact-events": ("events",),
    "fast-events": ("events",),
    "launched-by-dinum": ("phases", "incubators"),
    "national-impact-new": ("events",),
    "services-by-incubator": ("incubators", "phases"),
    "statistics-url-kinds": ("statistics_url",),
    "budget-url-kinds": ("budget_url",),
    "repository-kinds": ("repository",),
}
"""The figures that the registry alone gives, each with the fields of an entry that decide whether it counts."""

_EVENTS = {"national-impact-events": "national_impact", "fast-events": "fast", "national-impact-new": "national_impact"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A service behind a figure. ``outcome`` is where it counts, of a count ``PASSED``; ``times`` how often (a service may
    have two events). ``verdicts``, with the ``overrides`` that change them, or else ``fields`` are what counts it."""

    service: Service
    outcome: Outcome
    times: int = 1
    verdicts: tuple[Verdict, ...] = ()
    overrides: tuple[Override, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A figure, and its services in the order of their ids: read anew by each call, so that none is kept."""

    figure: Figure
    services: Callable[[], Iterator[Counted]]


def audited_traces(engine: Engine, run: RunRecord, by: By | None = None) -> Iterator[Trace]:
    """The audited figures of a run, over their whole populations or by their parts."""
    definitions = {definition.id: definition for definition in FIGURES}
    for figure in audited_figures(engine, run, by=by):
        yield _trace_of_audit(engine, run, figure, definitions[figure.id])


def registry_traces(engine: Engine, run: RunRecord) -> Iterator[Trace]:
    """The figures that its registry alone gives."""
    for figure in figures_of_registry(run, (one.service for one in audited_services(engine, run.id, ()))):
        yield _trace_of_registry(engine, run, figure)


def _trace_of_audit(engine: Engine, run: RunRecord, figure: Figure, definition: AuditedFigure) -> Trace:
    def services() -> Iterator[Counted]:
        for audited in audited_services(engine, run.id, definition.rules):
            counted = _counted(audited, figure, definition)
            if counted:
                yield counted

    return Trace(figure=figure, services=services)


def _counted(audited: AuditedService, figure: Figure, definition: AuditedFigure) -> Counted | None:
    found = {verdict.rule: verdict.outcome for verdict in audited.verdicts}
    asked = {override.rule: override for override in audited.overrides if override.rule in definition.rules}
    service = replace(
        ServiceOutcomes.of(audited.service, audited.group, found),
        overrides={rule: override.outcome for rule, override in asked.items()},
    )
    is_counted = definition.population.includes(service) and definition.has_declared(service)
    by: Any = figure.by or None
    if not is_counted or figure.group not in groups_of(service, by):
        return None
    return Counted(
        service=audited.service,
        outcome=definition.outcome(service.corrected),
        verdicts=audited.verdicts,
        overrides=tuple(asked[rule] for rule in definition.rules if rule in service.corrections),
    )


def _trace_of_registry(engine: Engine, run: RunRecord, figure: Figure) -> Trace:
    def services() -> Iterator[Counted]:
        for audited in audited_services(engine, run.id, ()):
            counted = counted_by_registry(audited.service, figure, figures_of_registry(run, [audited.service]))
            if counted:
                yield counted

    return Trace(figure=figure, services=services)


def counted_by_registry(service: Service, figure: Figure, alone: Sequence[Figure]) -> Counted | None:
    """What a service adds to a figure: what the figure is in a registry that lists it ``alone``, since all of them are sums."""
    own = next((one for one in alone if (one.id, one.group) == (figure.id, figure.group)), None)
    if own is None or not (own.numerator or (own.share and own.share.failed)):
        return None
    return Counted(
        service=service,
        outcome=Outcome.PASSED if own.numerator else Outcome.FAILED,
        times=own.numerator or 1,
        fields={name: _value(service, name, figure.id) for name in FIELDS[figure.id]},
    )


def _value(service: Service, name: str, figure: str) -> Any:
    if name == "events":
        return tuple(event for event in service.events if event.name == _EVENTS[figure])
    return getattr(service, name)


def figures_of_registry(run: RunRecord, services: Iterable[Service]) -> tuple[Figure, ...]:
    """By the settings of the run, each year on record."""
    settings = run.state.get("settings") or {}
    phase_rule: PhaseRule = settings.get("phase_rule") or "latest-start"
    return registry_figures(services, phase_rule=phase_rule, as_of=settings.get("as_of"), today=run.as_of)
