from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from checks.model.judgement import Judgement
from checks.model.outcome import Outcome
from reports.figures.changes import Cause, Change, Terms, outcome
from reports.figures.figure import Share
from reports.figures.moves import Move, points

Kind = tuple[Cause, str, Outcome | None, Outcome | None]
"""Cause, rule, outcome before and after."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """How many services both runs list, or one of them; how many verdicts each cause changed, by rule and outcomes.

    ``retried`` are the services whose earlier captures were judged again for the comparison.
    """

    both: int = 0
    entered: int = 0
    left: int = 0
    retried: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        self.kinds[change.cause, change.rule, outcome(change.before), outcome(change.after)] += 1

    def changed(self, cause: Cause) -> int:
        """The verdicts whose outcome is another."""
        return self._sum(cause, lambda before, after: None not in {before, after} and before is not after)

    def come(self, cause: Cause) -> int:
        return self._sum(cause, lambda before, _: before is None)

    def gone(self, cause: Cause) -> int:
        return self._sum(cause, lambda _, after: after is None)

    def reworded(self, cause: Cause) -> int:
        """The verdicts of which the reason or the value alone is another."""
        return self._sum(cause, lambda before, after: before is after)

    def _sum(self, cause: Cause, counts: Callable[[Outcome | None, Outcome | None], bool]) -> int:
        return sum(count for (of, _, *sides), count in self.kinds.items() if of is cause and counts(*sides))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two judgements. ``changes`` gives those of a cause, in the order of the later registry."""

    old: Judgement
    new: Judgement
    terms: Terms
    moves: tuple[Move, ...]
    counts: Counts
    changes: Callable[[Cause], Iterator[Change]]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The three causes, and what is attributed to none where there is some."""
        is_in_doubt = any(cause is Cause.INDISTINCT for cause, *_ in self.counts.kinds)
        return tuple(cause for cause in Cause if cause is not Cause.INDISTINCT or is_in_doubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one cause adds to a figure; ``points`` (of percentage, to a tenth) is ``None`` where a share is not known."""

    numerator: int
    denominator: int
    undecided: int
    points: float | None


def differences(move: Move) -> tuple[Difference, ...]:
    """One a cause, in their order; they add up to the difference between the two runs."""
    tenths = points(move.shares)
    return tuple(
        _difference(*sides, *ends) for sides, ends in zip(pairwise(move.shares), pairwise(tenths), strict=True)
    )


def total(move: Move) -> Difference:
    tenths = points(move.shares)
    return _difference(move.before, move.after, tenths[0], tenths[-1])


def _difference(before: Share, after: Share, start: float | None, end: float | None) -> Difference:
    return Difference(
        numerator=after.passed - before.passed,
        denominator=after.decided - before.decided,
        undecided=after.undecided - before.undecided,
        points=None if start is None or end is None else round(end - start, 1) + 0.0,  # never minus zero
    )
