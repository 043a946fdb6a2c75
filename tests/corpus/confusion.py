"""How the program's verdicts compare with the labels: counts by rule, disagreements, and the published table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from checks.catalogue import RULES
from checks.judge import Trial, judge_service
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Obstacle
from checks.model.service import PhaseGroup
from checks.model.verdict import Verdict
from tests.corpus.labelled import LEGAL, THEMES, Label, Labelled, corpus
from tests.corpus.web import visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What was expected of one rule for one service, and what was given; ``None`` where the rule crashed."""

    service: str
    rule: str
    label: Label
    verdict: Verdict | None

    @property
    def given(self) -> str:
        return self.verdict.outcome.value if self.verdict else "crashed"

    @property
    def differences(self) -> tuple[str, ...]:
        """What the verdict says otherwise than the label, in words; empty where they agree."""
        if self.verdict is None:
            return ("crashed",)
        said = json.loads(self.verdict.to_line())  # as others read it
        compared = [
            ("", f"{self.label.outcome}/{self.label.reason}", f"{said['outcome']}/{said['reason']}"),
            ("value ", self.label.value, said["value"] if self.label.value else None),
            *((f"{key} ", value, said["facts"].get(key)) for key, value in self.label.facts.items()),
        ]
        return tuple(
            f"{name}{expected} expected, {given} given" for name, expected, given in compared if expected != given
        )


@cache
def pairs() -> tuple[Pair, ...]:
    """The whole corpus, visited and judged once."""
    return tuple(pair for labelled in corpus() for pair in _judged(labelled))


def _judged(labelled: Labelled) -> Iterable[Pair]:
    trial = Trial(run="corpus", as_of=labelled.as_of, started_at=f"{labelled.as_of}T00:00:00Z")
    rules = [rule for rule in RULES if rule.id in labelled.labels]
    verdicts, _ = judge_service(labelled.service, PhaseGroup.CONSTRUCTION, visit(labelled), trial, rules)
    by_rule = {verdict.rule: verdict for verdict in verdicts}
    for rule, label in labelled.labels.items():
        yield Pair(service=labelled.slug, rule=rule, label=label, verdict=by_rule.get(rule))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """The pairs of one rule, counted. ``cells`` is by (expected outcome, given outcome)."""

    rule: str
    cells: Mapping[tuple[str, str], int]
    agreed: int

    @property
    def services(self) -> int:
        return sum(self.cells.values())

    def expected(self, outcome: str) -> int:
        return sum(count for (expected, _), count in self.cells.items() if expected == outcome)

    def given(self, outcome: str) -> int:
        return sum(count for (_, given), count in self.cells.items() if given == outcome)

    def precision(self, outcome: str) -> str:
        return _share(self.cells.get((outcome, outcome), 0), self.given(outcome))

    def recall(self, outcome: str) -> str:
        return _share(self.cells.get((outcome, outcome), 0), self.expected(outcome))


def confusion(rule: str, judged: Iterable[Pair]) -> Confusion:
    mine = [pair for pair in judged if pair.rule == rule]
    return Confusion(
        rule=rule,
        cells=Counter((pair.label.outcome, pair.given) for pair in mine),
        agreed=sum(not pair.differences for pair in mine),
    )


def _share(part: int, whole: int) -> str:
    """A percentage rounded down, so that 100 % means every one of them."""
    return f"{part * 1000 // whole / 10:g} % ({part}/{whole})" if whole else "–"


def tempting(judged: Iterable[Pair]) -> tuple[Pair, ...]:
    """The declarations that are none: error pages in disguise, walls, redirections home."""
    return tuple(pair for pair in judged if pair.rule == _DECLARATION and pair.label.reason in _DISGUISES)


def hollow(judged: Iterable[Pair]) -> tuple[Pair, ...]:
    """The statistics and budgets that are none: error pages in disguise, logins, redirections home, pages to be written."""
    return tuple(pair for pair in judged if pair.rule in _PUBLISHED and pair.label.reason in _HOLLOW)


def lost(judged: Iterable[Pair]) -> tuple[Pair, ...]:
    """The legal pages that are none: error pages in disguise, logins, redirections home, links that lead to an error."""
    return tuple(pair for pair in judged if pair.rule in LEGAL and pair.label.reason in _LOST)


def unseen(judged: Iterable[Pair]) -> tuple[Pair, ...]:
    """What nobody could read: unreachable, blocked, not rendered, and the like."""
    return tuple(pair for pair in judged if OBSTACLES.get(pair.label.reason) is Outcome.CANT_TELL)


_DECLARATION = "accessibility-declaration"
_PUBLISHED = {"statistics-page", "budget-page"}
_LOST = {"soft-404", "broken-link"}
_HOLLOW = {"soft-404", "login-required", "leads-home", "placeholder"}
_DISGUISES = {"soft-404", "leads-home", Obstacle.BLOCKED, Obstacle.HOME_NOT_FOUND}
_PASSED, _FAILED, _CANT_TELL = (outcome.value for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL))
_HEADINGS = (
    "rule", "services", "agreement", "passed: precision", "passed: recall", "failed: precision", "failed: recall",
    "cantTell expected", "cantTell given",
)  # fmt: skip


def _row(counted: Confusion) -> Sequence[str]:
    return (
        f"`{counted.rule}`",
        str(counted.services),
        _share(counted.agreed, counted.services),
        counted.precision(_PASSED),
        counted.recall(_PASSED),
        counted.precision(_FAILED),
        counted.recall(_FAILED),
        str(counted.expected(_CANT_TELL)),
        str(counted.given(_CANT_TELL)),
    )


def table(judged: Sequence[Pair]) -> str:
    """The figures by rule, in Markdown."""
    rows = [_row(confusion(rule, judged)) for theme in THEMES for rule in theme]
    lines = [_HEADINGS, tuple("---" if rank == 0 else "---:" for rank in range(len(_HEADINGS))), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One that must never be made: how often it was, and how often it could have been."""

    id: str
    said: str
    made: int
    of: int


def mistakes(judged: Sequence[Pair]) -> tuple[Mistake, ...]:
    counted = (
        ("declarations", "Soft 404s and walls that pass as a declaration", tempting(judged), _PASSED),
        (
            "publications",
            "Soft 404s, logins, ways home and placeholders that pass as statistics or a budget",
            hollow(judged),
            _PASSED,
        ),
        (
            "legal-pages",
            "Soft 404s, logins, ways home and broken links that pass as a legal page",
            lost(judged),
            _PASSED,
        ),
        ("unseen", "Verdicts on pages unreachable, blocked or not rendered that are `failed`", unseen(judged), _FAILED),
    )
    return tuple(
        Mistake(id=name, said=said, made=sum(pair.given == outcome for pair in those), of=len(those))
        for name, said, those, outcome in counted
    )


def totals(judged: Sequence[Pair]) -> str:
    """The mistakes that must never be made, counted, in Markdown."""
    return "\n".join(f"- {one.said}: **{one.made}** of {one.of}." for one in mistakes(judged))


def measured(judged: Sequence[Pair]) -> dict[str, Any]:
    """The same figures as the pages of a report read them: counts alone, in the order of the table."""
    return {
        "services": len({pair.service for pair in judged}),
        "rules": {rule: _counts(confusion(rule, judged)) for theme in THEMES for rule in theme},
        "mistakes": {one.id: {"made": one.made, "of": one.of} for one in mistakes(judged)},
    }


def _counts(counted: Confusion) -> dict[str, Any]:
    outcomes = {
        outcome: {
            "expected": counted.expected(outcome),
            "given": counted.given(outcome),
            "right": counted.cells.get((outcome, outcome), 0),
        }
        for outcome in (_PASSED, _FAILED, _CANT_TELL)
    }
    return {"services": counted.services, "agreed": counted.agreed, **outcomes}


def disagreements(judged: Iterable[Pair]) -> str:
    """One line a disagreement, in Markdown."""
    lines = [f"- `{pair.service}`, `{pair.rule}`: {'; '.join(pair.differences)}" for pair in judged if pair.differences]
    return "\n".join(lines) or "None."
