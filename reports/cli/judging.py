"""From the captures of a run to its verdicts: what the first visits leave in doubt, then what both visits settle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from itertools import groupby
from statistics import median
from typing import Any

from checks.catalogue import RULES, ruleset_digest
from checks.judge import Crash, Trial, judge_service, spare_collector
from checks.model.capture import Capture, Role
from checks.model.doubt import Doubt, doubt, settled
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder, replacing
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from crawler.archive import read_captures
from crawler.discovery.plan import is_visited
from reports.cli.console import progress, say
from reports.cli.options import iso, now
from reports.health.outcomes import Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of one service; ``skews`` are seconds by which its servers' clocks are ahead of ours, one a capture.

    ``is_unshown``: the browser was asked for a page of it, and failed.
    """

    verdicts: tuple[Verdict, ...] = ()
    crashes: tuple[Crash, ...] = ()
    skews: tuple[float, ...] = ()
    is_clock_back: bool = False
    is_unshown: bool = False


def trial_of(folder: RunFolder) -> Trial:
    """Raises :class:`InputError` for a run that does not say when it began, or of what day it is."""
    state = folder.state
    try:
        datetime.fromisoformat(state["started_at"])
        return Trial(run=folder.id, as_of=date.fromisoformat(state["as_of"]), started_at=state["started_at"])
    except (KeyError, TypeError, ValueError) as error:
        path = folder.path / "run.json"
        raise InputError(
            f"{path} ne dit pas « started_at » et « as_of » : ce n'est pas un audit que l'on peut juger."
        ) from error


class Bench:
    """Judges the services of one run by the rules of today, from its captures alone."""

    def __init__(self, folder: RunFolder) -> None:
        spare_collector()
        self._folder = folder
        self._trial = trial_of(folder)
        self._started = datetime.fromisoformat(self._trial.started_at)
        self._group = folder.grouping()
        self._captured = {visit: folder.captured(visit) for visit in (1, 2)}

    def is_judged(self, service: Service) -> bool:
        return self._group(service) is not PhaseGroup.STOPPED

    def is_seen(self, service: Service) -> bool:
        """Whether its first visit was made, if there is anything to visit."""
        return service.id in self._captured[1] or not is_visited(service)

    def judge(self, service: Service, doubt: Doubt | None = None) -> Judged:
        """By the first visit; with a doubt, what both visits settle."""
        first = self._visit(service, 1)
        if doubt is None or not is_visited(service):
            return first
        second = self._visit(service, 2) if service.id in self._captured[2] else Judged()
        return Judged(
            verdicts=tuple(settled(first.verdicts, second.verdicts, doubt.rules)),
            crashes=(*first.crashes, *(crash for crash in second.crashes if crash.rule in doubt.rules)),
            skews=first.skews + second.skews,
            is_clock_back=first.is_clock_back or second.is_clock_back,
        )

    def _visit(self, service: Service, visit: int) -> Judged:
        is_captured = service.id in self._captured[visit]
        captures = read_captures(self._folder.warc(service.id, visit)) if is_captured else ()
        verdicts, crashes = judge_service(service, self._group(service), captures, self._trial)
        return Judged(
            verdicts=verdicts,
            crashes=crashes,
            skews=tuple(_skews(captures)),
            # What a forge says to be still the same is a copy of an earlier run's: older than this one by right.
            is_clock_back=any(one.at < self._started for one in captures if one.role is not Role.FORGE),
            is_unshown=any(capture.rendering and capture.failure for capture in captures),
        )


def _skews(captures: Sequence[Capture]) -> Iterator[float]:
    for capture in captures:
        try:
            told = parsedate_to_datetime(capture.header("date") or "")
            yield (told - capture.at).total_seconds()
        except (ValueError, TypeError, OverflowError):  # none, not a date, or without a zone
            continue


class Clock:
    """What the servers' ``Date`` headers (RFC 9110 §6.6.1) say of our own clock; a site has one voice."""

    def __init__(self) -> None:
        self._skews: list[float] = []
        self._is_back = False

    def hear(self, judged: Judged) -> None:
        self._is_back = self._is_back or judged.is_clock_back
        if judged.skews:
            self._skews.append(median(judged.skews))

    def to_json(self) -> Mapping[str, Any]:
        return {
            "skew": round(median(self._skews), 1) if self._skews else None,
            "sites": len(self._skews),
            "is_back": self._is_back,
        }


def doubt_stage(folder: RunFolder, before: Outcomes) -> int:
    """Judges the first visits, and writes what is to be visited again. Returns how many services that is."""
    bench, clock, count = Bench(folder), Clock(), 0
    with ExitStack() as files:
        verdicts = files.enter_context(replacing(folder.first_verdicts))
        doubts = files.enter_context(replacing(folder.doubts))
        for service, judged in _judged(bench, list(folder.to_visit()), "Premier jugement"):
            clock.hear(judged)
            found = doubt(service.id, judged.verdicts, before.decided(service.id), is_unshown=judged.is_unshown)
            if found:
                count += 1
                doubts.write(found.to_line() + "\n")
            elif bench.is_seen(service) and not judged.crashes:
                verdicts.writelines(verdict.to_line() + "\n" for verdict in judged.verdicts)
        folder.update({"clock": clock.to_json()})
    return count


def _judged(bench: Bench, services: Sequence[Service], label: str) -> Iterator[tuple[Service, Judged]]:
    with progress(label, len(services)) as advance:
        for service in services:
            if bench.is_judged(service):
                yield service, bench.judge(service)
            advance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What a judgement came to: how many verdicts of each outcome, and the errors of ours."""

    counts: Mapping[Outcome, int]
    crashes: tuple[Crash, ...]


def judge_stage(folder: RunFolder) -> Sentence:
    """Writes the verdicts of every service of a run, in the order of the registry, from its captures alone.

    The verdicts of other rules than today's, if there are any, are kept beside.
    """
    bench, clock = Bench(folder), Clock()
    doubts = {doubt.service: doubt for doubt in folder.read_doubts()}
    known = _Known(folder)
    counts = dict.fromkeys(Outcome, 0)
    crashes: list[Crash] = []
    services = [service for service in folder.read_services() if bench.is_judged(service)]
    with progress("Jugement", len(services)) as advance, replacing(folder.verdicts) as file:
        for service in services:
            verdicts = known.of(service.id)
            if not verdicts:
                judged = bench.judge(service, doubts.get(service.id))
                clock.hear(judged)
                verdicts, crashes = judged.verdicts, [*crashes, *judged.crashes]
            for verdict in verdicts:
                counts[verdict.outcome] += 1
                file.write(verdict.to_line() + "\n")
            advance()
        folder.keep_verdicts(ruleset_digest())
    folder.update(_said(counts, crashes) | ({} if known.is_whole else {"clock": clock.to_json()}))
    folder.first_verdicts.unlink(missing_ok=True)
    return Sentence(counts=counts, crashes=tuple(crashes))


class _Known:
    """The verdicts that the first judgement wrote for services without a doubt, taken in the order of the services."""

    def __init__(self, folder: RunFolder) -> None:
        lines = folder.read_verdicts(folder.first_verdicts) if folder.first_verdicts.exists() else iter(())
        today = ruleset_digest()
        self._groups = groupby(lines, key=lambda verdict: (verdict.service, verdict.ruleset == today))
        self._next = self._following()
        self.is_whole = self._next is not None

    def _following(self) -> tuple[str, tuple[Verdict, ...]] | None:
        for (service, is_of_today), verdicts in self._groups:
            if is_of_today:
                return service, tuple(verdicts)
        return None

    def of(self, service: str) -> tuple[Verdict, ...]:
        if self._next is None or self._next[0] != service:
            return ()
        _, verdicts = self._next
        self._next = self._following()
        return verdicts


def ruleset() -> Mapping[str, Any]:
    """What ``run.json`` says of the rules of today."""
    rules = {rule.id: {"version": rule.version, "status": rule.status.value} for rule in RULES}
    return {"digest": ruleset_digest(), "rules": rules}


def _said(counts: Mapping[Outcome, int], crashes: Sequence[Crash]) -> dict[str, Any]:
    for crash in crashes:
        say(f"La règle {crash.rule} a échoué par notre faute sur {crash.service} : aucun verdict (voir run.json).")
    listed = [{"service": one.service, "rule": one.rule, "error": one.error} for one in crashes]
    return {
        "ruleset": ruleset(),
        "counts": {"verdicts": {outcome.value: count for outcome, count in counts.items()}},
        "stages": {"judge": {"state": "done", "at": iso(now()), "crashes": listed}},
    }
