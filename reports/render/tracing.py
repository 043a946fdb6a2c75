"""A figure with the services, verdicts and captures behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from checks.model.evidence import Evidence, shortened
from checks.model.outcome import Outcome
from checks.model.place import Listing, Place
from checks.model.rule import SECOND_VISIT, Rule
from checks.model.run_folder import RunFolder
from checks.model.service import Event, Phase
from checks.model.unseen import json_text
from checks.model.verdict import Verdict
from reports.figures.figure import Figure
from reports.figures.tracing import Counted, Trace
from reports.overrides.override import Override
from reports.render.foreign import cut, one_line
from reports.render.judged import message
from reports.render.lines import ours, wrapped
from reports.render.words import FIELDS, LEVELS, NBSP, OUTCOMES, SYMBOLS, counted, day, phase, spaced, time
from reports.store.records import RunRecord

_HEADINGS: Mapping[Outcome, str] = {
    Outcome.PASSED: "OUI",
    Outcome.FAILED: "NON",
    Outcome.CANT_TELL: "INDÉTERMINÉS",
    Outcome.INAPPLICABLE: "SANS OBJET",
    Outcome.UNTESTED: "NON TESTÉS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The file that holds the captures of a verdict: ``path`` is relative to the folder of runs."""

    path: str
    visit: int
    is_there: bool


class Archives:
    """The archives of the runs of a folder."""

    def __init__(self, runs: Place) -> None:
        self._runs = runs
        self._listings: dict[str, Listing] = {}

    def of(self, verdict: Verdict) -> Archive:
        path = _warc(verdict, self._runs)
        listing = self._listings.setdefault(verdict.run, Listing(path.parent))
        return Archive(path=archive_path(verdict, self._runs), visit=_visit(verdict), is_there=path.name in listing)


def archive_path(verdict: Verdict, runs: Place) -> str:
    """The path of the archive of a verdict in the folder of runs."""
    return _warc(verdict, runs).relative_to(runs).as_posix()


def _warc(verdict: Verdict, runs: Place) -> Place:
    return RunFolder(runs / verdict.run).warc(verdict.service, _visit(verdict))


def _visit(verdict: Verdict) -> int:
    """A verdict of the second visit rests on it alone, and says so."""
    return 2 if SECOND_VISIT in verdict.warnings else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What of a trace is shown: the services of some outcomes, or one alone."""

    run: RunRecord
    archives: Archives
    rules: Mapping[str, Rule]
    outcomes: Collection[Outcome]
    service: str | None = None

    def of(self, trace: Trace, outcome: Outcome) -> Iterator[Counted]:
        found = (one for one in trace.services() if one.outcome is outcome)
        return (one for one in found if self.service in {None, one.service.id})


def as_jsonl(trace: Trace, asked: Request) -> Iterator[str]:
    """A line for the figure: ``{"figure", "run", "as_of", "registry", "ruleset"}``, then one for each service:
    ``{"service", "name", "outcome", "times", "verdicts", "overrides", "fields"}``, its outcome with its overrides. A
    verdict is as ``verdicts.jsonl`` has it, with its ``archive``: ``{"path", "visit", "is_there"}``."""
    run = asked.run
    about = {"run": run.id, "as_of": run.as_of, "registry": run.registry_digest, "ruleset": run.ruleset}
    yield json_text({"figure": trace.figure.to_json(), **about})
    for outcome in _HEADINGS:
        for one in asked.of(trace, outcome) if outcome in asked.outcomes else ():
            yield json_text(_line(one, asked))


def _line(one: Counted, asked: Request) -> dict[str, Any]:
    return {
        "service": one.service.id,
        "name": one.service.name,
        "outcome": one.outcome.value,
        "times": one.times,
        "verdicts": [{**verdict.to_json(), "archive": asdict(asked.archives.of(verdict))} for verdict in one.verdicts],
        "overrides": [override.to_json() for override in one.overrides],
        "fields": {name: _plain(value) for name, value in one.fields.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if isinstance(value, Phase | Event) else value


def as_text(trace: Trace, asked: Request) -> Iterator[str]:
    yield "\n".join(_heading(trace.figure, asked.run))
    for outcome, label in _HEADINGS.items():
        if outcome in asked.outcomes and _count(trace.figure, outcome):
            yield from _section(trace, outcome, label, asked)


def _section(trace: Trace, outcome: Outcome, label: str, asked: Request) -> Iterator[str]:
    title = f"{label if trace.figure.share else 'COMPTÉS'} : {_count(trace.figure, outcome)}"
    for number, one in enumerate(asked.of(trace, outcome)):
        if not number:
            yield f"\n{title}{', dont' if asked.service else ''}"
        yield "\n".join(["", *_service(one, asked)])


def _heading(figure: Figure, run: RunRecord) -> Iterator[str]:
    part = f" : {phase(figure.group) if figure.by == 'phase' else one_line(figure.group)}" if figure.group else ""
    yield from ours(f"{one_line(figure.label)}{part} [{figure.id}]")
    yield from ours(f"  {_numbers(figure)}", 2)
    if figure.without:
        many = counted(figure.corrections, "correction comptée", "corrections comptées")
        yield from ours(f"  {many} ; sans elles, {_numbers(figure.without)}", 2)
    if not run.is_healthy:
        yield from ours("  Attention : cet audit n'est pas sain, ses chiffres ne sont pas à publier.", 2)
    yield ""
    registry = run.state.get("registry") or {}
    for label, about in (
        ("Population", spaced(one_line(figure.population))),
        ("Définition", spaced(one_line(figure.definition))),
        ("Audit", f"{run.id}, au {day(run.as_of)}"),
        ("Registre", one_line(f"{registry.get('source', '')} {run.registry_digest}")),
        ("Règles", run.ruleset),
    ):
        yield from wrapped(f"  {label:<11} {about}", 14)


def _numbers(figure: Figure) -> str:
    share = figure.share
    if share is None:
        return figure.text
    apart = f"{share.inapplicable} sans objet, {counted(share.untested, 'non testé', 'non testés')}"
    decided = f"{share.passed} oui sur {counted(share.decided, 'décidé')} (oui + non)"
    return f"{figure.text} : {decided}, {counted(share.undecided, 'indéterminé')} ; à part, {apart}"


def _count(figure: Figure, outcome: Outcome) -> int:
    share = figure.share
    if share is None:
        return figure.numerator if outcome is Outcome.PASSED else 0
    return {
        Outcome.PASSED: share.passed,
        Outcome.FAILED: share.failed,
        Outcome.CANT_TELL: share.undecided,
        Outcome.INAPPLICABLE: share.inapplicable,
        Outcome.UNTESTED: share.untested,
    }[outcome]


def _service(one: Counted, asked: Request) -> Iterator[str]:
    times = f", compté {one.times} fois" if one.times > 1 else ""
    url = f" {one_line(one.service.url)}" if one.service.url else ""
    yield f"  {cut(one.service.name)} [{one_line(one.service.id)}]{url}{times}"
    for name, value in one.fields.items():
        yield from wrapped(f"    {FIELDS.get(name, name)}{NBSP}: {_value(value)}", 6)
    for verdict in one.verdicts:
        yield from _verdict(verdict, asked)
    for override in one.overrides:
        yield from _correction(override)


def _correction(override: Override) -> Iterator[str]:
    said = f"{SYMBOLS[override.outcome]} {OUTCOMES[override.outcome]}"
    until = f"jusqu'au {day(override.until.isoformat())}"
    yield from ours(f"    Correction de {override.rule} : {said}, par {one_line(override.author)}, {until}", 6)
    yield from wrapped(f"      {one_line(override.reason)}", 6)
    yield f"      → {one_line(override.evidence)}"


def _value(value: Any) -> str:
    match value:
        case None | ():
            return "(rien)"
        case Phase():
            return f"{value.name} ({value.start or '?'}{f' à {value.end}' if value.end else ''})"
        case Event():
            return " ".join(filter(None, [value.name, value.date, value.comment]))
        case tuple():
            return ", ".join(_value(one) for one in value)
        case _:
            return one_line(str(value))


def _verdict(verdict: Verdict, asked: Request) -> Iterator[str]:
    rule = asked.rules.get(verdict.rule)
    said = f"{SYMBOLS[verdict.outcome]} {OUTCOMES[verdict.outcome]} ({verdict.reason})"
    yield from ours(f"    {verdict.rule}, version {verdict.version} : {said}, {time(verdict.at)}", 6)
    value = f" Relevé{NBSP}: {one_line(LEVELS.get(verdict.value, verdict.value))}." if verdict.value else ""
    yield from wrapped(f"      {spaced(message(rule, verdict.reason) if rule else verdict.reason)}{value}", 6)
    for warning in verdict.warnings:
        yield from ours(f"      ! {rule.warning(warning) if rule else warning}", 8)
    for evidence in verdict.evidence:
        yield from _evidence(evidence)
    if verdict.evidence:
        yield f"      {_archive(asked.archives.of(verdict))}"


def _evidence(evidence: Evidence) -> Iterator[str]:
    status = "" if evidence.status is None else f" (réponse HTTP {evidence.status})"
    place = f", {one_line(evidence.locator)}" if evidence.locator else ""
    yield f"      → {one_line(evidence.url)}{status}{place}"
    if evidence.excerpt.strip():
        yield from wrapped(f"        «{NBSP}{one_line(shortened(evidence.excerpt))}{NBSP}»", 10)
    yield f"        capture {one_line(evidence.capture)}"


def _archive(archive: Archive) -> str:
    visit = "second passage" if archive.visit == 2 else "premier passage"  # noqa: PLR2004
    where = f"{one_line(archive.path)} ({visit})"
    return (
        f"Archive : {where}"
        if archive.is_there
        else f"Archive absente : {where} n'est plus dans le dossier des audits."
    )
