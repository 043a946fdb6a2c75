"""Since when a verdict is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.model.outcome import Outcome
from reports.store.records import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Runs that follow one another and say the same: the first and the last of them; ``outcome`` is ``None`` where they
    gave no verdict."""

    outcome: Outcome | None
    first: RunRecord
    last: RunRecord
    count: int


def spans(
    outcome: Outcome, run: RunRecord, past: Sequence[Outcome | None], earlier: Sequence[RunRecord]
) -> tuple[Span, ...]:
    """From this run back to the oldest; ``past`` says what each of ``earlier`` said, the latest first.

    Empty where there is no past. Runs before the first verdict are left out: the rule, or the service, was not there yet.
    """
    said = [(outcome, run), *zip(past, earlier, strict=True)] if past else []
    while said and said[-1][0] is None:
        said.pop()
    found: list[Span] = []
    for one, of in said:
        if found and found[-1].outcome is one:
            found[-1] = Span(outcome=one, first=of, last=found[-1].last, count=found[-1].count + 1)
        else:
            found.append(Span(outcome=one, first=of, last=of, count=1))
    return tuple(found) if len(said) > 1 else ()
