"""Judges the visits of one run, each from its archive alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from checks.judge import Crash, Trial, judge_service, judge_unvisited
from checks.model.capture import Capture, Role
from checks.model.doubt import Doubt, settled
from checks.model.errors import InputError
from checks.model.machine import spare_collector
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from crawler.archive import read_captures
from crawler.discovery.plan import is_visited
from reports.cli.passing import Passing, passing_line


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

    def to_json(self) -> dict[str, Any]:
        """Without the crashes: what crashed is not kept, but judged again where it is told."""
        return {
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
            "skews": self.skews,
            "is_clock_back": self.is_clock_back,
            "is_unshown": self.is_unshown,
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Judged:
        return cls(
            verdicts=tuple(map(Verdict.from_json, line["verdicts"])),
            skews=tuple(line["skews"]),
            is_clock_back=line["is_clock_back"],
            is_unshown=line["is_unshown"],
        )


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
    """Judges the services of one run by the rules of today, from its captures alone.

    ``passing`` holds what the visits were judged in passing, which is taken as it is.
    """

    def __init__(self, folder: RunFolder, passing: Passing | None = None) -> None:
        spare_collector()
        self._folder = folder
        self._passing = passing
        self._trial = trial_of(folder)
        self._started = datetime.fromisoformat(self._trial.started_at)
        self._group = folder.grouping()
        self._given_up = frozenset(folder.state.get("given_up", ()))
        self._captured = {visit: folder.captured(visit) for visit in (1, 2)}

    def is_judged(self, service: Service) -> bool:
        return self._group(service) is not PhaseGroup.STOPPED

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

    def unjudged(self, services: Iterable[Service], doubts: Mapping[str, Doubt]) -> Iterator[tuple[Service, int]]:
        """The visits by which they are judged, as far as nobody has judged them in passing."""
        for service in services:
            visits = (1, 2) if service.id in doubts and is_visited(service) else (1,)
            made = (visit for visit in visits if service.id in self._captured[visit])
            yield from (
                (service, visit) for visit in made if not (self._passing and self._passing.has(service.id, visit))
            )

    def _visit(self, service: Service, visit: int) -> Judged:
        if service.id not in self._captured[visit]:
            return self._unvisited(service)
        known = self._passing.of(service.id, visit) if self._passing else None
        return Judged.from_json(known) if known else self.judge_visit(service, visit)

    def _unvisited(self, service: Service) -> Judged:
        """Nothing to visit, or a visit still owed; that a fleet has given up is our fault, and said so."""
        if service.id in self._given_up:
            return Judged(verdicts=judge_unvisited(service, self._group(service), self._trial))
        return self._sentence(service, ())

    def judge_visit(self, service: Service, visit: int) -> Judged:
        """By one visit, whose archive is there."""
        return self._sentence(service, read_captures(self._folder.warc(service.id, visit)))

    def _sentence(self, service: Service, captures: Sequence[Capture]) -> Judged:
        verdicts, crashes = judge_service(service, self._group(service), captures, self._trial)
        return Judged(
            verdicts=verdicts,
            crashes=crashes,
            skews=tuple(_skews(captures)),
            # What a forge says to be still the same is a copy of an earlier run's: older than this one by right.
            is_clock_back=any(one.at < self._started for one in captures if one.role is not Role.FORGE),
            is_unshown=any(capture.rendering and capture.failure for capture in captures),
        )


def judging(folder: RunFolder) -> Callable[[Service, int], Mapping[str, Any]]:
    """What judges a visit as soon as it is whole, or ahead of the others, and gives the line to keep of it."""
    bench = Bench(folder)

    def made(service: Service, visit: int) -> Mapping[str, Any]:
        judged = bench.judge_visit(service, visit)
        # Where a rule of ours fails, the stage that follows judges again, and lists it.
        return {} if judged.crashes else passing_line(folder, service.id, visit, judged.to_json())

    return made


def _skews(captures: Sequence[Capture]) -> Iterator[float]:
    for capture in captures:
        try:
            told = parsedate_to_datetime(capture.header("date") or "")
            yield (told - capture.at).total_seconds()
        except (ValueError, TypeError, OverflowError):  # none, not a date, or without a zone
            continue
