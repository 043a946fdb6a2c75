"""Every verdict of a run that is worth a look, in the order in which to look at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sqlalchemy import Engine

from checks.model.rule import Rule
from checks.model.service import PhaseGroup
from checks.model.verdict import Verdict
from reports.figures.audited import audited_figures
from reports.overrides.standing import Standing
from reports.render.judged import message
from reports.review.case import Case, cases_of, in_order
from reports.review.concern import ORDER, Kind
from reports.review.stakes import Stake, Stakes
from reports.review.subject import Subject
from reports.store.past import earlier_runs, past_verdicts
from reports.store.queries import audited_services
from reports.store.records import AuditedService, RunRecord

LAST = 5
"""The runs before that are looked at: with one a month, what changed within half a year."""

BATCH = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which part of a review is wanted; empty fields want all."""

    kinds: Collection[Kind] = ()
    rules: Collection[str] = ()
    services: Collection[str] = ()
    incubators: Collection[str] = ()

    def of_service(self, audited: AuditedService) -> bool:
        service = audited.service
        return (not self.services or service.id in self.services) and (
            not self.incubators or not set(self.incubators).isdisjoint(service.incubators)
        )

    def of_case(self, case: Case) -> bool:
        return (not self.kinds or not set(self.kinds).isdisjoint(case.kinds)) and (
            not self.rules or any(verdict.rule in self.rules for verdict in case.verdicts)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """``earlier`` are the runs that were looked at for changes, the latest first; ``judged`` counts the verdicts of the run
    that were asked for, and ``services`` those that gave them."""

    run: RunRecord
    rules: Mapping[str, Rule]
    earlier: Sequence[RunRecord]
    cases: Sequence[Case]
    stakes: Sequence[Stake]
    judged: int
    services: int

    def message(self, verdict: Verdict) -> str:
        """What it says; empty for a rule that this version does not have."""
        rule = self.rules.get(verdict.rule)
        return message(rule, verdict.reason) if rule else ""

    @property
    def doubtful(self) -> int:
        return sum(len(case.verdicts) for case in self.cases)

    def counts(self) -> Mapping[Kind, tuple[int, int]]:
        """How many cases and verdicts there are of each kind, each under the first of its kinds."""
        cases: Counter[Kind] = Counter()
        verdicts: Counter[Kind] = Counter()
        for case in self.cases:
            cases[case.kind] += 1
            verdicts[case.kind] += len(case.verdicts)
        return {kind: (cases[kind], verdicts[kind]) for kind in ORDER if cases[kind]}


@dataclass(slots=True)
class _Found:
    cases: list[Case] = field(default_factory=list)
    judged: int = 0
    services: int = 0


def review(engine: Engine, run: RunRecord, rules: Mapping[str, Rule], asked: Asked) -> Review:
    """Stopped services are never in it. Raises :class:`InputError`."""
    earlier = earlier_runs(engine, run)[:LAST]
    stakes = Stakes(audited_figures(engine, run))
    statuses = {rule: str(about.get("status")) for rule, about in run.state["ruleset"]["rules"].items()}
    found = _Found()
    for subject in _subjects(engine, run, earlier, rules):
        audited = subject.audited
        is_asked = asked.of_service(audited) and audited.group is not PhaseGroup.STOPPED
        cases = stakes.weighed(audited, cases_of(subject, statuses, asked.rules)) if is_asked else ()
        chosen = [case for case in cases if asked.of_case(case)]
        stakes.add(audited, chosen)
        found.cases += chosen
        found.services += is_asked and bool(audited.verdicts)
        found.judged += len(audited.verdicts) if is_asked else 0
    return Review(
        run=run,
        rules=rules,
        earlier=earlier,
        cases=in_order(found.cases),
        stakes=stakes.found(),
        judged=found.judged,
        services=found.services,
    )


def _subjects(
    engine: Engine, run: RunRecord, earlier: Sequence[RunRecord], rules: Mapping[str, Rule]
) -> Iterator[Subject]:
    expired = Standing.from_json(run.state.get("overrides") or {}).expired
    for batch in _batches(audited_services(engine, run.id)):
        past = past_verdicts(engine, earlier, [audited.service.id for audited in batch])
        for audited in batch:
            own = tuple(override for override in expired if override.service == audited.service.id)
            yield Subject(audited=audited, day=run.day, rules=rules, past=past.get(audited.service.id, {}), expired=own)


def _batches(services: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(services)
    while batch := list(islice(iterator, BATCH)):
        yield batch
