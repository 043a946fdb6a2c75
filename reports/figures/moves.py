"""By how much each cause moved a figure from one run to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.figures.audited import Count
from reports.figures.changes import Cause, Entry, Steps, outcome
from reports.figures.figure import Figure, Share
from reports.store.queries import ServiceOutcomes

STAGES = (None, *Cause)
"""The states of a figure: before, then after each cause in turn; the last is the later run's figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A figure of both runs: as the later one defines it, and its share before and after each cause, in their order.

    One that a single run publishes has its share alone: ``is_new`` or ``is_gone``.
    """

    figure: Figure
    shares: tuple[Share, ...]
    is_new: bool = False
    is_gone: bool = False

    @property
    def before(self) -> Share:
        return self.shares[0]

    @property
    def after(self) -> Share:
        return self.shares[-1]

    @property
    def has_moved(self) -> bool:
        return len(set(self.shares)) > 1


class Moves:
    """Counts every figure at every stage, service by service: what it holds does not grow with them."""

    def __init__(self, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> None:
        self._known = {figure.id for figure in Count(before).figures()}
        self._counts = tuple(Count(after) for _ in STAGES)
        self._withdrawn = Count(before)

    def add(self, old: Entry | None, new: Entry | None, taken: Mapping[str, Steps]) -> None:
        entries = (old, old, new, new, new)
        for stage, (count, entry) in enumerate(zip(self._counts, entries, strict=True)):
            if entry:
                count.add(outcomes_at(stage, entry, taken))
        if old:
            self._withdrawn.add(outcomes_at(0, old, taken))

    def moves(self) -> tuple[Move, ...]:
        """The figures of the later run, then those that it does not publish any more."""
        stages = zip(*(count.figures() for count in self._counts), strict=True)
        found = [
            Move(figure=stage[-1], shares=tuple(map(_share, stage)))
            if stage[-1].id in self._known
            else Move(figure=stage[-1], shares=(_share(stage[-1]),), is_new=True)
            for stage in stages
        ]
        published = {move.figure.id for move in found}
        gone = (figure for figure in self._withdrawn.figures() if figure.id not in published)
        return (*found, *(Move(figure=figure, shares=(_share(figure),), is_gone=True) for figure in gone))


def outcomes_at(stage: int, entry: Entry, taken: Mapping[str, Steps]) -> ServiceOutcomes:
    """What counting needs of a service at one stage of the comparison."""
    verdicts = {rule: steps.all[stage] for rule, steps in taken.items()}
    known = {rule: outcome(verdict) for rule, verdict in verdicts.items()}
    return ServiceOutcomes.of(
        entry.service, entry.group, {rule: found for rule, found in known.items() if found is not None}
    )


def _share(figure: Figure) -> Share:
    assert figure.share is not None  # noqa: S101 - every audited figure is a share
    return figure.share


def points(shares: Sequence[Share]) -> tuple[float | None, ...]:
    """The percentages of the shares to a tenth: what differs between two of them then adds up, as printed."""
    return tuple(None if share.value is None else round(100 * share.value, 1) for share in shares)
