"""The figures of earlier runs, and which of these runs stands for the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reports.figures.figure import Figure
from reports.store.records import RunRecord

_YEAR = timedelta(days=365)
NEAR = timedelta(days=92)
"""How far from one year before a run may be, and still stand for it: three months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A run, with figures of it."""

    run: RunRecord
    figures: tuple[Figure, ...]

    @property
    def day(self) -> date:
        return started(self.run)

    def figure(self, figure_id: str) -> Figure | None:
        """Over its whole population."""
        return next((one for one in self.figures if one.id == figure_id and not one.by), None)


def year_before(run: RunRecord, earlier: Sequence[RunRecord]) -> RunRecord | None:
    """The run nearest to one year before; without any near to it, the oldest: :func:`is_year_before` tells which."""
    near = [one for one in earlier if is_year_before(run, one)]
    if near:
        return min(near, key=lambda one: _distance(run, one))
    return min(earlier, key=started, default=None)


def is_year_before(run: RunRecord, one: RunRecord) -> bool:
    return _distance(run, one) <= NEAR


def started(run: RunRecord) -> date:
    """The day on which the sites were looked at."""
    return datetime.fromisoformat(run.started_at).date()


def _distance(run: RunRecord, one: RunRecord) -> timedelta:
    return abs(started(run) - _YEAR - started(one))
