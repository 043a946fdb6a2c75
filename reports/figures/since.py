"""What changed for each service from one loaded run to a later one, in the outcomes that count, and why.

A change has the causes of a comparison (see :mod:`reports.figures.changes`), and one more: the decision of a person. None is
guessed: without the earlier captures, a change that the rules or the registry may have made has no known cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup
from checks.model.verdict import Verdict
from reports.figures.changes import Cause, Entry, Retried, Steps, Terms, outcome, steps
from reports.figures.entries import is_same_entry
from reports.figures.news import Correction, Kind, News, Origin, Passage, Shift, Side
from reports.overrides.override import Override
from reports.store.records import AuditedService, RunRecord

Judging = Callable[[Entry, Entry], Retried]
"""Judges the captures of the earlier run again, where that tells something."""

_DECIDED = frozenset({Outcome.PASSED, Outcome.FAILED})
_JUDGED = _DECIDED | {Outcome.CANT_TELL}
_ORIGINS: Mapping[Cause, Origin] = {
    Cause.RULE: Origin.RULE,
    Cause.REGISTRY: Origin.REGISTRY,
    Cause.INDISTINCT: Origin.UNKNOWN,
    Cause.SITE: Origin.SITE,
}
_ALONG = (Origin.PERSON, *(_ORIGINS[cause] for cause in Cause), Origin.PERSON)
"""What each step changes: the earlier correction is taken away first, the later one made last."""


def without_captures(old: Entry, new: Entry) -> Retried:
    """What can be told where the run folder is gone: that the site changed, if nothing else can have."""
    return Retried(ruled={}, listed={}, is_same_entry=is_same_entry(old, new), has_captures=False)


def terms_of(old: RunRecord, new: RunRecord, today: Mapping[str, int]) -> Terms:
    return Terms(before=_versions(old), after=_versions(new), today=today)


def _versions(run: RunRecord) -> Mapping[str, int]:
    return {rule: about["version"] for rule, about in _rules(run).items() if about.get("status") != "retired"}


def rules_on_trial(run: RunRecord) -> frozenset[str]:
    """The rules whose verdicts are shown and count in no figure."""
    return frozenset(rule for rule, about in _rules(run).items() if about.get("status") == "evaluation")


def _rules(run: RunRecord) -> Mapping[str, Mapping[str, Any]]:
    rules: Mapping[str, Mapping[str, Any]] = (run.state.get("ruleset") or {}).get("rules") or {}
    return rules


def news_of(
    old: AuditedService | None, new: AuditedService | None, terms: Terms, judging: Judging = without_captures
) -> News | None:
    """What is new of a service, of which the runs may list one side alone; ``None`` where nothing is."""
    known = new or old
    if known is None:
        return None
    came_or_left = _passage(old, new)
    shifts = () if came_or_left or old is None or new is None else tuple(_shifts(old, new, terms, judging))
    corrections = tuple(_corrections(old, new))
    if not (came_or_left or shifts or corrections):
        return None
    return News(
        service=known.service.id,
        name=known.service.name,
        incubators=tuple(dict.fromkeys(known.service.incubators)),
        group=known.group,
        passage=came_or_left,
        failed=_failed(known) if came_or_left is Passage.ENTERED else (),
        shifts=shifts,
        corrections=corrections,
    )


def _is_judged(audited: AuditedService | None) -> bool:
    return audited is not None and audited.group is not PhaseGroup.STOPPED


def _passage(old: AuditedService | None, new: AuditedService | None) -> Passage | None:
    if _is_judged(old) is _is_judged(new):
        return None
    return Passage.ENTERED if _is_judged(new) else Passage.LEFT


def _failed(audited: AuditedService) -> tuple[str, ...]:
    rules = dict.fromkeys((*(one.rule for one in audited.verdicts), *(one.rule for one in audited.overrides)))
    return tuple(rule for rule in rules if _side(audited, rule).outcome is Outcome.FAILED)


def _corrections(old: AuditedService | None, new: AuditedService | None) -> Iterator[Correction]:
    """None of a service that the later run does not list: nobody withdrew them."""
    if new is None:
        return
    before, after = ({one.rule: one for one in side.overrides} if side else {} for side in (old, new))
    for rule in dict.fromkeys((*after, *before)):
        if _said(before.get(rule)) is not _said(after.get(rule)):
            yield Correction(rule=rule, before=before.get(rule), after=after.get(rule))


def _said(override: Override | None) -> Outcome | None:
    return override.outcome if override else None


def _shifts(old: AuditedService, new: AuditedService, terms: Terms, judging: Judging) -> Iterator[Shift]:
    sides = {rule: (_side(old, rule), _side(new, rule)) for rule in terms.rules}
    turned = {rule: kind for rule, (one, two) in sides.items() if (kind := kind_of(one.outcome, two.outcome))}
    if not turned:
        return
    entries = _entry(old), _entry(new)
    retried = judging(*entries)
    for rule, kind in turned.items():
        before, after = sides[rule]
        taken = steps(rule, *entries, terms, retried)
        origins = tuple(_origins(before, after, taken))
        why = taken.why if Origin.UNKNOWN in origins else None
        yield Shift(rule=rule, kind=kind, before=before, after=after, origins=origins, why=why)


def _side(audited: AuditedService, rule: str) -> Side:
    verdict, override = audited.verdict(rule), audited.override(rule)
    return Side(
        outcome=_said(override) or outcome(verdict),
        found=outcome(verdict),
        reason=verdict.reason if verdict else "",
        override=override,
    )


def kind_of(before: Outcome | None, after: Outcome | None) -> Kind | None:
    """``None`` where nothing is told: the same outcome, or one that says nothing of a site after another such."""
    if before is after:
        return None
    if after is Outcome.CANT_TELL:
        return Kind.UNDECIDED
    if after not in _DECIDED:
        return Kind.DROPPED if before in _JUDGED else None
    if before not in _DECIDED:
        return Kind.DECIDED
    return Kind.BETTER if after is Outcome.PASSED else Kind.WORSE


def _entry(audited: AuditedService) -> Entry:
    verdicts: dict[str, Verdict] = {verdict.rule: verdict for verdict in audited.verdicts}
    return Entry(service=audited.service, group=audited.group, verdicts=verdicts)


def _origins(before: Side, after: Side, taken: Steps) -> Iterator[Origin]:
    """What changed the outcome on the way from one side to the other, each once. Between two corrections the machine is not
    heard."""
    if before.is_corrected and after.is_corrected:
        yield Origin.PERSON
        return
    path: Sequence[Outcome | None] = (before.outcome, *(outcome(verdict) for verdict in taken.all), after.outcome)
    moved = (origin for origin, (one, two) in zip(_ALONG, pairwise(path), strict=True) if one is not two)
    yield from dict.fromkeys(moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed from the run ``old`` to the run ``new``. ``all`` gives the news in the order of the services' ids, and
    ``of`` those of one incubator, as often as they are asked for.

    ``counts`` holds how many verdicts are of each kind and of which causes, ``passages`` how many services came and left,
    ``corrections`` how many were added, withdrawn or changed. ``has_passages`` is false where the two runs were asked for
    other services of their registry: who came and who left is then not told.
    """

    old: RunRecord
    new: RunRecord
    terms: Terms
    counts: Mapping[tuple[Kind, tuple[Origin, ...]], int]
    passages: Mapping[Passage, int]
    corrections: int
    has_passages: bool
    all: Callable[[], Iterator[News]]
    of: Callable[[str], Iterator[News]]

    def count(self, kind: Kind) -> int:
        return sum(count for (one, _), count in self.counts.items() if one is kind)

    def shifts(self, kind: Kind) -> Iterator[tuple[News, Shift]]:
        return ((news, shift) for news in self.all() for shift in news.shifts if shift.kind is kind)

    def passed(self, passage: Passage) -> Iterator[News]:
        """The services that came, or those that left."""
        return (news for news in self.all() if news.passage is passage)

    def corrected(self) -> Iterator[tuple[News, Correction]]:
        return ((news, correction) for news in self.all() for correction in news.corrections)
