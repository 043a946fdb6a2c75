"""Why a verdict changed from one run to another: the rules, the registry or the site.

A verdict goes from what the earlier run said (*before*) to what the later one says (*after*) in steps, each of which
changes one thing: the later run's rules on the earlier captures (*ruled*), then the later run's entry of the registry on
them (*listed*), then the later captures. What cannot be told apart is a step of its own (*mixed*), so that the steps always
add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.model.outcome import Outcome
from checks.model.rule import Obstacle
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict


class Cause(StrEnum):
    """In the order of the steps. ``INDISTINCT``: one of the others, or several; ``Why`` says why that is not known."""

    RULE = "rule"
    REGISTRY = "registry"
    INDISTINCT = "indistinct"
    SITE = "site"


class Why(StrEnum):
    """Why a change is attributed to nothing."""

    OTHER_RULES = "rules-not-of-today"
    NO_CAPTURES = "captures-missing"
    NOT_VISITED = "not-visited"
    CRASH = "crash"
    SAME_VERSION = "same-version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The verdicts of one rule on one service; ``None`` is no verdict. ``why`` says why ``mixed`` is not ``listed``."""

    before: Verdict | None
    ruled: Verdict | None
    listed: Verdict | None
    mixed: Verdict | None
    after: Verdict | None
    why: Why | None = None

    @property
    def all(self) -> tuple[Verdict | None, ...]:
        return self.before, self.ruled, self.listed, self.mixed, self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A step that changes a verdict: its outcome, its reason or its value."""

    cause: Cause
    service: str
    name: str
    rule: str
    before: Verdict | None
    after: Verdict | None
    why: Why | None = None

    @property
    def is_of_outcome(self) -> bool:
        return outcome(self.before) is not outcome(self.after)

    @property
    def is_of_both(self) -> bool:
        """Whether there is a verdict on both sides: else a rule or a service came or went."""
        return self.before is not None and self.after is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "cause": self.cause.value,
            "why": self.why.value if self.why else None,
            "service": self.service,
            "name": self.name,
            "rule": self.rule,
            "before": self.before.to_json() if self.before else None,
            "after": self.after.to_json() if self.after else None,
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Change:
        """Reads what :meth:`to_json` wrote."""
        sides = {side: Verdict.from_json(line[side]) if line[side] else None for side in ("before", "after")}
        why = Why(line["why"]) if line["why"] else None
        return cls(**{**line, **sides, "cause": Cause(line["cause"]), "why": why})


def outcome(verdict: Verdict | None) -> Outcome | None:
    return verdict.outcome if verdict else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A service as a run lists it: its entry, where it stood then, its verdicts. One that is stopped is not judged."""

    service: Service
    group: PhaseGroup
    verdicts: Mapping[str, Verdict]

    @property
    def is_judged(self) -> bool:
        return self.group is not PhaseGroup.STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The versions of the rules of both judgements, and of those of today, by which alone captures can be judged again.

    ``is_same_gathering``: both judged the same captures and the same registry, so that only rules can differ.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    today: Mapping[str, int]
    is_same_gathering: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule of both judgements, the later one's first."""
        return tuple(dict.fromkeys((*self.after, *self.before)))

    def has_moved(self, rule: str) -> bool:
        return self.before.get(rule) != self.after.get(rule)

    def is_of_today(self, rule: str) -> bool:
        return rule in self.after and self.after[rule] == self.today.get(rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """The earlier captures judged by the rules of today: with the earlier entry for rules that moved (``ruled``), with
    the later entry where it is another (``listed``).

    ``elsewhere`` are the rules to which the later entry gives an address that the earlier captures do not hold.
    ``has_captures`` is false where an archive is gone; ``crashed`` are the rules that failed by our fault.
    """

    ruled: Mapping[str, Verdict]
    listed: Mapping[str, Verdict]
    is_same_entry: bool = True
    elsewhere: frozenset[str] = frozenset()
    has_captures: bool = True
    crashed: frozenset[str] = frozenset()


UNTRIED = Retried(ruled={}, listed={})


def steps(rule: str, old: Entry | None, new: Entry | None, terms: Terms, retried: Retried = UNTRIED) -> Steps:
    """Splits what happened to one verdict; ``old`` or ``new`` is ``None`` where that run does not list the service."""
    before = old.verdicts.get(rule) if old else None
    after = new.verdicts.get(rule) if new else None
    if terms.is_same_gathering:
        return _of_one_gathering(before, after, has_moved=terms.has_moved(rule))
    if old is None or not old.is_judged:
        return Steps(before=before, ruled=before, listed=after, mixed=after, after=after)
    if rule not in terms.after:
        return Steps(before=before, ruled=None, listed=None, mixed=None, after=after)
    return _of_two(rule, old, new, terms, retried)


def _of_one_gathering(before: Verdict | None, after: Verdict | None, *, has_moved: bool) -> Steps:
    if has_moved:
        return Steps(before=before, ruled=after, listed=after, mixed=after, after=after)
    return Steps(before=before, ruled=before, listed=before, mixed=after, after=after, why=Why.SAME_VERSION)


def _of_two(rule: str, old: Entry, new: Entry | None, terms: Terms, retried: Retried) -> Steps:
    before = old.verdicts.get(rule)
    after = new.verdicts.get(rule) if new else None
    is_listed = new is not None and new.is_judged
    why = _no_retrial(rule, before, terms, retried)
    if terms.has_moved(rule) and why:
        return Steps(
            before=before, ruled=before, listed=before if is_listed else None, mixed=after, after=after, why=why
        )
    ruled = retried.ruled[rule] if terms.has_moved(rule) else before
    if not is_listed:
        return Steps(before=before, ruled=ruled, listed=None, mixed=None, after=None)
    if rule in retried.elsewhere:
        return Steps(before=before, ruled=ruled, listed=after, mixed=after, after=after)
    if not retried.is_same_entry and why:
        return Steps(before=before, ruled=ruled, listed=ruled, mixed=after, after=after, why=why)
    listed = ruled if retried.is_same_entry else retried.listed[rule]
    missing = _no_visit(listed, after)
    return Steps(
        before=before, ruled=ruled, listed=listed, mixed=after if missing else listed, after=after, why=missing
    )


def _no_retrial(rule: str, before: Verdict | None, terms: Terms, retried: Retried) -> Why | None:
    """Why the rule of the later run could not judge the earlier captures."""
    if rule in retried.crashed or (before is None and rule in terms.before):
        return Why.CRASH
    if not terms.is_of_today(rule):
        return Why.OTHER_RULES
    return None if retried.has_captures else Why.NO_CAPTURES


def _no_visit(listed: Verdict | None, after: Verdict | None) -> Why | None:
    """Why a difference says nothing of the site: one of the two runs did not look, or failed by our fault."""
    if listed is None or after is None:
        return Why.CRASH
    return Why.NOT_VISITED if Obstacle.NOT_RUN in {listed.reason, after.reason} else None


def changes(service: Service, rule: str, taken: Steps) -> Iterator[Change]:
    """The steps that change something, in their order."""
    for cause, before, after in zip(Cause, taken.all, taken.all[1:], strict=False):
        if _said(before) != _said(after):
            yield Change(
                cause=cause,
                service=service.id,
                name=service.name,
                rule=rule,
                before=before,
                after=after,
                why=taken.why if cause is Cause.INDISTINCT else None,
            )


def _said(verdict: Verdict | None) -> tuple[Outcome, str, str | None] | None:
    return (verdict.outcome, verdict.reason, verdict.value) if verdict else None
