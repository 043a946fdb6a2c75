from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.text import Text

from checks.model.evidence import Evidence, shortened
from checks.model.outcome import Outcome
from checks.model.rule import Rule
from reports.render import words
from reports.render.foreign import cut, one_line
from reports.render.judged import Judged, judged
from reports.store.records import AuditedService

_STYLES: Mapping[Outcome, str] = {
    Outcome.FAILED: "bold red",
    Outcome.CANT_TELL: "bold yellow",
    Outcome.PASSED: "bold green",
    Outcome.INAPPLICABLE: "dim",
    Outcome.UNTESTED: "dim",
}


def render_scorecard(service: AuditedService, rules: Mapping[str, Rule], *, width: int = 100) -> RenderableType:
    """The scorecard of one service for a terminal, at most ``width`` columns wide.

    To be printed on a ``rich`` console, which drops colours where there is no terminal. No foreign text can act on it:
    controls are made visible and markup is not read.
    """
    lines = judged(service, rules)
    return Constrain(Group(*_heading(service, lines), *(part for line in lines for part in _rule(line))), width)


def _heading(service: AuditedService, lines: tuple[Judged, ...]) -> Iterator[RenderableType]:
    yield _text(service.service.name, "bold")
    yield _text(service.service.url or "Aucune adresse dans le registre", "")
    counts = {outcome: sum(line.outcome is outcome for line in lines) for outcome in words.OUTCOMES}
    yield _text(", ".join(f"{words.OUTCOMES[outcome]} : {count}" for outcome, count in counts.items() if count), "")
    for warning in service.service.warnings:
        yield _text(f"! {words.registry_warning(warning)}", "yellow")


def _rule(line: Judged) -> Iterator[RenderableType]:
    style = _STYLES[line.outcome]
    yield Text("")
    yield Text.assemble(
        (f"{words.SYMBOLS[line.outcome]} {words.OUTCOMES[line.outcome]}", style),
        f"  {line.rule.title} ",
        (f"[{line.rule.id}]", "dim"),
        overflow="fold",
    )
    yield from _correction(line)
    value = f" Relevé : {line.value}" if line.value else ""
    yield _indented(line.message + value)
    if line.is_on_trial:
        yield _indented(words.ON_TRIAL, style="dim")
    if line.missing:
        yield _indented(f"Ce qui manque : {', '.join(line.missing)}")
    for warning in line.warnings:
        yield _indented(f"! {warning}", style="yellow")
    yield from _grading(line)
    yield from _remedy(line)
    for evidence in line.evidence:
        yield from _evidence(evidence)


def _correction(line: Judged) -> Iterator[RenderableType]:
    """What a person found, then whose the words that follow are."""
    override = line.override
    if override is None:
        return
    yield _indented(f"Correction de {override.author}, valable jusqu'au {words.day(override.until.isoformat())} :")
    yield _indented(f"« {override.reason} »", depth=4)
    yield _indented(f"→ {override.evidence}", depth=4)
    yield _indented(f"Verdict automatique : {words.SYMBOLS[line.found]} {words.OUTCOMES[line.found]}.")


def _grading(line: Judged) -> Iterator[RenderableType]:
    """The score, and the tests of the Observatory that move it."""
    if line.grading is None:
        return
    yield _indented(f"{words.counted(line.grading.score, 'point')} (algorithme v{line.grading.algorithm}) :")
    for test in line.grading.lines:
        if test.points != "0":
            yield _indented(f"{test.points:>3} {test.title} : {test.result}", depth=4)


def _remedy(line: Judged) -> Iterator[RenderableType]:
    """The lines of configuration are many: one line says where they are."""
    if not line.send:
        return
    for received in line.received or ("aucun",):
        yield _indented(f"En-tête reçu : {cut(received, 300)}")
    yield _indented(f"En-tête à envoyer : {line.send}")
    servers = ", ".join(server for server, _ in line.remedies)
    yield _indented(f"Les lignes à ajouter ({servers}) : toise explain {line.rule.id}")


def _evidence(evidence: Evidence) -> Iterator[RenderableType]:
    status = "" if evidence.status is None else f" (réponse HTTP {evidence.status})"
    yield _indented(f"→ {evidence.url}{status}", depth=4)
    if evidence.locator:
        yield _indented(f"Endroit : {evidence.locator}", depth=6)
    if evidence.excerpt.strip():
        yield _indented(f"« {shortened(evidence.excerpt)} »", depth=6, style="italic")


def _indented(text: str, *, depth: int = 2, style: str = "") -> RenderableType:
    return Padding(_text(text, style), (0, 0, 0, depth), expand=False)


def _text(text: str, style: str) -> Text:
    return Text(one_line(text), style=style, overflow="fold")
