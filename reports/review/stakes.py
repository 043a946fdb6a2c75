"""What deciding would do to the published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checks.model.outcome import Outcome
from reports.figures.audited import FIGURES, AuditedFigure
from reports.figures.figure import Figure, Share
from reports.review.case import Case
from reports.store.queries import ServiceOutcomes
from reports.store.records import AuditedService

_DEFINITIONS = {figure.id: figure for figure in FIGURES}
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """A published figure as it is, and what it would be if looking at every case gave the worst, or the best."""

    figure: Figure
    worst: Share
    best: Share


class Stakes:
    """Counts, as the services come, what their cases could do to the figures of a run."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = {figure.id: figure for figure in figures if figure.share and figure.id in _DEFINITIONS}
        self._worst: dict[str, Counter[Outcome]] = {id_: Counter() for id_ in self._figures}
        self._best: dict[str, Counter[Outcome]] = {id_: Counter() for id_ in self._figures}

    def weighed(self, audited: AuditedService, cases: Sequence[Case]) -> tuple[Case, ...]:
        """The cases of a service, each with the figures that it could move, alone or with the others on its side."""
        service = _outcomes(audited)
        return tuple(self._weighed(service, case, [one for one in cases if one is not case]) for case in cases)

    def _weighed(self, service: ServiceOutcomes, case: Case, others: Sequence[Case]) -> Case:
        helped = _with(service, _could_be(others), Outcome.PASSED)
        moved = [
            figure
            for figure in self._of(service)
            if _moves(figure, service, case.alternatives) or _moves(figure, helped, case.alternatives)
        ]
        shares = (self._figures[figure.id].share for figure in moved)
        points = sum(_WHOLE / max(share.n, 1) for share in shares if share)
        return replace(case, figures=tuple(figure.id for figure in moved), points=points)

    def add(self, audited: AuditedService, cases: Sequence[Case]) -> None:
        """Every service once, with those of its cases that are looked at."""
        service = _outcomes(audited)
        could_be = _could_be(cases)
        for figure in self._of(service):
            for tally, outcome in ((self._worst, Outcome.FAILED), (self._best, Outcome.PASSED)):
                tally[figure.id][figure.outcome(_with(service, could_be, outcome))] += 1

    def found(self) -> tuple[Stake, ...]:
        return tuple(
            Stake(
                figure=figure,
                worst=Share.of(self._worst[id_].elements()),
                best=Share.of(self._best[id_].elements()),
            )
            for id_, figure in self._figures.items()
        )

    def _of(self, service: ServiceOutcomes) -> Iterable[AuditedFigure]:
        known = (_DEFINITIONS[id_] for id_ in self._figures)
        return (one for one in known if one.population.includes(service) and one.has_declared(service))


def _outcomes(audited: AuditedService) -> ServiceOutcomes:
    found = {verdict.rule: verdict.outcome for verdict in audited.verdicts}
    said = {override.rule: override.outcome for override in audited.overrides}
    return replace(ServiceOutcomes.of(audited.service, audited.group, found), overrides=said).corrected


def _could_be(cases: Iterable[Case]) -> Mapping[str, frozenset[Outcome]]:
    return {rule: outcomes for case in cases for rule, outcomes in case.alternatives.items()}


def _with(service: ServiceOutcomes, could_be: Mapping[str, frozenset[Outcome]], outcome: Outcome) -> ServiceOutcomes:
    changed = {rule: outcome for rule, ones in could_be.items() if outcome in ones}
    return replace(service, outcomes={**service.outcomes, **changed}) if changed else service


def _moves(figure: AuditedFigure, service: ServiceOutcomes, could_be: Mapping[str, frozenset[Outcome]]) -> bool:
    now = figure.outcome(service)
    asked = {outcome for rule in figure.rules for outcome in could_be.get(rule, ())}
    return any(figure.outcome(_with(service, could_be, outcome)) is not now for outcome in asked)
