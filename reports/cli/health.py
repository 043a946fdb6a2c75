"""Measures the health of a run once it is judged: against the run before, the sites with known verdicts, the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache, partial
from itertools import chain, groupby

from checks.model.canary import Canary
from checks.model.doubt import is_of_network
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from crawler.fleet.owed import visits_owed
from reports.cli.bench import Bench
from reports.cli.console import say
from reports.cli.judging import Sentence
from reports.health.gate import Measures, health
from reports.health.outcomes import Outcomes

NEARLY_ALL, HALF = 0.9, 0.5
"""Shares of the services of a run that an earlier one has audited too."""


def before(folder: RunFolder) -> RunFolder | None:
    """The latest healthy run before this one that audited nearly all of its services, so that one of a few of them does
    not hide the last whole one; else the latest of the same registry: by its address, or by half of its services."""
    path = folder.path.resolve()
    runs = iter(RunFolder.all(path.parent))
    for run in runs:
        if run.path == path:
            break
    healthy = [run for run in runs if run.is_healthy]
    same = [run for run in healthy if _is_same_source(folder, run)]
    shared = cache(partial(_shared, {service.id for service in folder.read_services()}))
    ranked = chain(
        (run for run in same if shared(run) >= NEARLY_ALL),
        (run for run in healthy if shared(run) >= NEARLY_ALL),
        (run for run in healthy if run in same or shared(run) >= HALF),
    )
    return next(ranked, None)


def _shared(services: Collection[str], other: RunFolder) -> float:
    """The share of the services that another run audited too."""
    return sum(service.id in services for service in other.read_services()) / max(len(services), 1)


def _is_same_source(folder: RunFolder, other: RunFolder) -> bool:
    source = (folder.state.get("registry") or {}).get("source")
    return bool(source) and source == (other.state.get("registry") or {}).get("source")


def outcomes_of(run: RunFolder | None) -> Outcomes:
    return Outcomes(run.read_verdicts() if run else ())


def health_stage(folder: RunFolder, sentence: Sentence, accepted: str | None = None) -> bool:
    """Writes under ``health`` of ``run.json`` whether the figures of the run may be published, and says why not.

    ``accepted`` is why a person publishes them all the same; what was accepted once stays so, for the same reasons.
    """
    earlier = before(folder)
    clock = folder.state.get("clock") or {}
    made = len(folder.captured()) + len(folder.captured(2))
    measures = Measures(
        owed=made + sum(1 for _ in visits_owed(folder)),
        whole=made,
        crashes=len(sentence.crashes),
        before=earlier.id if earlier else None,
        entries=(folder.state.get("registry") or {}).get("entries", 0),
        entries_before=_entries_before(folder, earlier),
        skew=clock.get("skew"),
        clocks=clock.get("sites", 0),
        is_clock_back=clock.get("is_back", False),
    )
    _compare(folder, measures, outcomes_of(earlier))
    canaries = list(folder.read_canaries())
    measures.canary_count, measures.canaries = len(canaries), tuple(_wrong(folder, canaries))
    found = health(measures, accepted, folder.state.get("health") or {})
    folder.update({"health": found})
    if not found["is_healthy"]:
        say(f"Audit gardé, mais pas sain, ses chiffres ne sont pas à publier : {' ; '.join(found['reasons'])}.")
    return bool(found["is_healthy"])


def _entries_before(folder: RunFolder, earlier: RunFolder | None) -> int | None:
    """Of the registry of the same address alone: a list of some of its services is no registry that has shrunk."""
    if earlier is None or not _is_same_source(folder, earlier):
        return None
    entries: int | None = (earlier.state.get("registry") or {}).get("entries")
    return entries


def _compare(folder: RunFolder, measures: Measures, earlier: Outcomes) -> None:
    for _, verdicts in groupby(folder.read_verdicts(), key=lambda verdict: verdict.service):
        hidden, count, is_asked = 0, 0, False
        for verdict in verdicts:
            count += 1
            is_asked = is_asked or verdict.outcome is not Outcome.INAPPLICABLE
            hidden += is_of_network(verdict)
            flipped = earlier.flipped(verdict)
            if flipped is not None:
                measures.compared[verdict.rule] += 1
                measures.flipped[verdict.rule] += flipped
                has_passed = flipped is not (verdict.outcome is Outcome.PASSED)
                measures.passed[verdict.rule] += has_passed
                measures.fallen[verdict.rule] += has_passed and flipped
        measures.services += is_asked
        measures.silent += is_asked and 2 * hidden >= count


def _wrong(folder: RunFolder, canaries: list[Canary]) -> Iterator[str]:
    bench = Bench(folder)
    doubts = {doubt.service: doubt for doubt in folder.read_doubts()}
    for canary in canaries:
        judged = bench.judge(canary.service, doubts.get(canary.service.id))
        verdicts = {verdict.rule: verdict for verdict in judged.verdicts}
        crashed = {crash.rule for crash in judged.crashes}
        for rule, expected in canary.expected.items():
            verdict = verdicts.get(rule)
            if rule in crashed or verdict is None:
                fault = ", par notre faute," if rule in crashed else ""
                yield f"{canary.service.name}, {rule} : aucun verdict{fault} au lieu de {expected}"
            elif not canary.is_met(verdict):
                yield f"{canary.service.name}, {rule} : {verdict.outcome.value}/{verdict.reason} au lieu de {expected}"
