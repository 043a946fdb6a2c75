from __future__ import annotations

import gc
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date

from checks.catalogue import RULES, ruleset_digest
from checks.model.capture import Capture
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from checks.parse.site import Site

_LARGE = 8 * 1024 * 1024
"""Bytes of the captures of one service after which what is left of its pages is cleared away before those of the next come."""

_OBJECTS = 10_000
"""New objects after which the collector looks at them: those of a few pages. Python's own measure is 700."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is the same for every verdict of a run: its id, its day, the time (ISO 8601, UTC) at which it began, and the
    digest of the rules.

    ``is_saved``: the captures are saved pages, so that rules about the exchange itself are not run.
    """

    run: str
    as_of: date
    started_at: str
    is_saved: bool = False
    ruleset: str = field(default_factory=ruleset_digest)


def spare_collector() -> None:
    """For a process that judges many services: what it has loaded is no garbage to look through, and a tree is tens of
    thousands of objects, of which the collector would look through the younger ones a dozen times while it grows."""
    if not gc.get_freeze_count():
        gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """An exception of ours while a rule judged a service: listed, never a verdict, in no denominator."""

    service: str
    rule: str
    error: str


def judge_service(
    service: Service, group: PhaseGroup, captures: Sequence[Capture], trial: Trial, rules: Iterable[Rule] = RULES
) -> tuple[tuple[Verdict, ...], tuple[Crash, ...]]:
    """Judges one service by every rule that is not retired. Pure: the same captures give the same verdicts."""
    site = Site(service, captures, trial.as_of)
    judged = _judged(site, group, captures, trial, rules)
    site.let_go()
    if sum(len(capture.body) for capture in captures) > _LARGE:
        gc.collect()  # of a page too large to be read, the parts hold one another, and no count tells how large they are
    return judged


def judge_unvisited(service: Service, group: PhaseGroup, trial: Trial) -> tuple[Verdict, ...]:
    """What is said of a service that we could not visit, by our own fault: nothing, by every rule that is asked of it."""
    return tuple(
        _verdict(
            rule, Finding(reason=Obstacle.PHASE if group in rule.skips else Obstacle.SCANNER_ERROR), service, {}, trial
        )
        for rule in RULES
        if rule.status is not Status.RETIRED
    )


def _judged(
    site: Site, group: PhaseGroup, captures: Sequence[Capture], trial: Trial, rules: Iterable[Rule]
) -> tuple[tuple[Verdict, ...], tuple[Crash, ...]]:
    service = site.service
    times = {capture.id: capture for capture in captures}
    verdicts, crashes = [], []
    for rule in rules:
        if rule.status is Status.RETIRED:
            continue
        try:
            verdicts.append(_verdict(rule, _finding(rule, site, group, trial), service, times, trial))
        except Exception:  # noqa: BLE001 - the only place where a fault of ours is caught
            crashes.append(Crash(service=service.id, rule=rule.id, error=traceback.format_exc(limit=-3)))
    return tuple(verdicts), tuple(crashes)


def _finding(rule: Rule, site: Site, group: PhaseGroup, trial: Trial) -> Finding:
    if group in rule.skips:
        return Finding(reason=Obstacle.PHASE)
    if trial.is_saved and rule.reads_exchange:
        return Finding(reason=Obstacle.NOT_RUN)
    return rule.judge(site)


def _verdict(rule: Rule, finding: Finding, service: Service, captures: dict[str, Capture], trial: Trial) -> Verdict:
    seen = [captures[evidence.capture].at for evidence in finding.evidence if evidence.capture in captures]
    at = max(seen).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seen else trial.started_at
    return Verdict(
        run=trial.run,
        service=service.id,
        rule=rule.id,
        version=rule.version,
        outcome=Outcome(rule.outcome(finding.reason)),
        reason=str(finding.reason),
        value=finding.value,
        warnings=finding.warnings,
        at=at,
        evidence=finding.evidence,
        facts=finding.facts,
        ruleset=trial.ruleset,
    )
