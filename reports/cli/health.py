"""Measures the health of a run once it is judged: against the run before, the sites with known verdicts, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from checks.model.canary import Canary
from checks.model.doubt import is_of_network
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from crawler.spiders.services import visits_owed
from reports.cli.console import say
from reports.cli.judging import Bench, Sentence
from reports.health.gate import Measures, health
from reports.health.outcomes import Outcomes


def before(folder: RunFolder) -> RunFolder | None:
    """The latest healthy run before this one, of the same registry: by its address, or by half of its services."""
    path = folder.path.resolve()
    runs = iter(RunFolder.all(path.parent))
    for run in runs:
        if run.path == path:
            break
    return next((run for run in runs if run.is_healthy and _is_same_registry(folder, run)), None)


def _is_same_registry(folder: RunFolder, other: RunFolder) -> bool:
    source = (folder.state.get("registry") or {}).get("source")
    if source and source == (other.state.get("registry") or {}).get("source"):
        return True
    services = {service.id for service in folder.read_services()}
    return 2 * len(services & {service.id for service in other.read_services()}) >= len(services)


def outcomes_of(run: RunFolder | None) -> Outcomes:
    return Outcomes(run.read_verdicts() if run else ())


def health_stage(folder: RunFolder, sentence: Sentence) -> bool:
    """Writes under ``health`` of ``run.json`` whether the figures of the run may be published, and says why not."""
    earlier = before(folder)
    clock = folder.state.get("clock") or {}
    measures = Measures(
        owed=_owed(folder),
        crashes=len(sentence.crashes),
        before=earlier.id if earlier else None,
        entries=(folder.state.get("registry") or {}).get("entries", 0),
        entries_before=(earlier.state.get("registry") or {}).get("entries") if earlier else None,
        skew=clock.get("skew"),
        clocks=clock.get("sites", 0),
        is_clock_back=clock.get("is_back", False),
    )
    measures.whole = measures.owed - sum(1 for _ in visits_owed(folder))
    _compare(folder, measures, outcomes_of(earlier))
    canaries = list(folder.read_canaries())
    measures.canary_count, measures.canaries = len(canaries), tuple(_wrong(folder, canaries))
    found = health(measures)
    folder.update({"health": found})
    if not found["is_healthy"]:
        say(f"Audit gardé, mais pas sain, ses chiffres ne sont pas à publier : {' ; '.join(found['reasons'])}.")
    return bool(found["is_healthy"])


def _owed(folder: RunFolder) -> int:
    """Visits made and still to make, second ones included."""
    made = len(folder.captured()) + len(folder.captured(2))
    return made + sum(1 for _ in visits_owed(folder))


def _compare(folder: RunFolder, measures: Measures, earlier: Outcomes) -> None:
    for _, verdicts in groupby(folder.read_verdicts(), key=lambda verdict: verdict.service):
        hidden, count = 0, 0
        for verdict in verdicts:
            count += 1
            hidden += is_of_network(verdict)
            flipped = earlier.flipped(verdict)
            if flipped is not None:
                measures.compared[verdict.rule] += 1
                measures.flipped[verdict.rule] += flipped
                has_passed = flipped is not (verdict.outcome is Outcome.PASSED)
                measures.passed[verdict.rule] += has_passed
                measures.fallen[verdict.rule] += has_passed and flipped
        measures.services += 1
        measures.silent += 2 * hidden >= count


def _wrong(folder: RunFolder, canaries: list[Canary]) -> Iterator[str]:
    bench = Bench(folder)
    doubts = {doubt.service: doubt for doubt in folder.read_doubts()}
    for canary in canaries:
        judged = bench.judge(canary.service, doubts.get(canary.service.id))
        verdicts = {verdict.rule: verdict for verdict in judged.verdicts}
        for rule, expected in canary.expected.items():
            verdict = verdicts.get(rule)
            if verdict is None or not canary.is_met(verdict):
                got = f"{verdict.outcome.value}/{verdict.reason}" if verdict else "aucun verdict"
                yield f"{canary.service.name}, {rule} : {got} au lieu de {expected}"
