"""From the captures of a run to its verdicts: what the first visits leave in doubt, then what both visits settle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from checks.catalogue import RULES, ruleset_digest
from checks.judge import Crash
from checks.model.doubt import Doubt, doubt
from checks.model.outcome import Outcome
from checks.model.place import replacing
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from reports.cli.ahead import judge_ahead
from reports.cli.bench import Bench, Judged
from reports.cli.browser import is_unread
from reports.cli.console import progress, say
from reports.cli.options import iso, now
from reports.cli.passing import Passing, forget_passing
from reports.health.outcomes import Outcomes


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
    """Judges the first visits, as far as they were not judged in passing, and writes what is to be visited again. Returns how
    many services that is."""
    clock, count = Clock(), 0
    with replacing(folder.doubts) as file:
        for service, judged in _judged(folder, folder.to_visit(), {}, "Premier jugement"):
            clock.hear(judged)
            if found := doubt(service.id, judged.verdicts, before.decided(service.id), is_unshown=judged.is_unshown):
                count += 1
                file.write(found.to_line() + "\n")
        folder.update({"clock": clock.to_json()})
    return count


def _judged(
    folder: RunFolder, services: Iterable[Service], doubts: Mapping[str, Doubt], label: str
) -> Iterator[tuple[Service, Judged]]:
    with Passing(folder) as passing:
        bench = Bench(folder, passing)
        asked = [service for service in services if bench.is_judged(service)]
        if judge_ahead(folder, list(bench.unjudged(asked, doubts)), label):
            passing.read()
        with progress(label, len(asked)) as advance:
            for service in asked:
                yield service, bench.judge(service, doubts.get(service.id))
                advance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What a judgement came to: how many verdicts of each outcome, the errors of ours, and how many services have pages that want
    a browser (``unread``)."""

    counts: Mapping[Outcome, int]
    crashes: tuple[Crash, ...]
    unread: int = 0


def judge_stage(folder: RunFolder) -> Sentence:
    """Writes the verdicts of every service of a run, in the order of the registry, from its captures alone.

    The verdicts of other rules than today's, if there are any, are kept beside.
    """
    clock = Clock()
    doubts = {doubt.service: doubt for doubt in folder.read_doubts()}
    counts = dict.fromkeys(Outcome, 0)
    crashes: list[Crash] = []
    unread = 0
    with replacing(folder.verdicts) as file:
        for _, judged in _judged(folder, folder.read_services(), doubts, "Jugement"):
            clock.hear(judged)
            crashes += judged.crashes
            unread += is_unread(judged.verdicts)
            for verdict in judged.verdicts:
                counts[verdict.outcome] += 1
                file.write(verdict.to_line() + "\n")
        folder.keep_verdicts(ruleset_digest())
    folder.update(_said(counts, crashes) | {"clock": clock.to_json()})
    forget_passing(folder)
    return Sentence(counts=counts, crashes=tuple(crashes), unread=unread)


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
