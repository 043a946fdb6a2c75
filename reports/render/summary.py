"""The figures of a run as a terminal, a program, a spreadsheet or a wiki wants them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from checks.model.unseen import json_text
from reports.figures.figure import FEW, Figure
from reports.render.compared import NEW, Line
from reports.render.csv_table import csv_lines
from reports.render.foreign import one_line
from reports.render.words import day, phase, spaced, without
from reports.store.records import RunRecord

Format = Literal["text", "json", "csv", "markdown"]

WIDTH = 100
_LEGEND = (
    "Part = oui / décidés, décidés = oui + non ; entre parenthèses, ce que serait la part si tous les indéterminés "
    f"étaient des non, puis des oui. Sous {FEW} services, la fraction seule. Les services sans objet (s. obj.) ou non "
    "testés (n. test.) sont comptés à part."
)
_CORRECTED = (
    "Une correction est ce qu'une personne a constaté, preuve à l'appui, à la place du verdict automatique ; chaque chiffre "
    "corrigé est suivi de ce qu'il serait sans."
)
_NUMBERS = (("Oui", 6), ("Décidés", 9), ("Indét.", 8), ("S. obj.", 9), ("N. test.", 10))
_SHARE = 25
_DIFFERENCE = 17
_COLUMNS = (
    "run", "is_healthy", "problems", "as_of", "registry", "ruleset", "id", "label", "population", "definition", "by",
    "group", "numerator", "denominator", "share", "low", "high", "n", "failed", "undecided", "inapplicable", "untested",
    "text", "difference", "points", "details", "overrides", "corrections",
)  # fmt: skip
_AGAIN = (
    "numerator", "denominator", "share", "low", "high", "n", "failed", "undecided", "inapplicable", "untested", "text",
    "difference", "points", "details",
)  # fmt: skip
"""The columns that come once more for the figure without corrections."""
_MARKDOWN = re.compile(r"([\\`*\[\]|~<>&#{}]|(?<=\{)%)")  # braces too: wikis have templates


def render_summary(
    run: RunRecord,
    figures: Sequence[Figure],
    format: Format,  # noqa: A002  # the word of the command line
    previous: Sequence[Figure] | None = None,
) -> str:
    """The figures with all that makes them checkable; with those of a ``previous`` run, also by how much each moved."""
    known = {_key(figure): figure for figure in previous or ()}
    lines = [
        Line(figure=figure, is_compared=previous is not None, before=known.get(_key(figure))) for figure in figures
    ]
    match format:
        case "text":
            return _text(run, lines)
        case "json":
            return _json(run, lines)
        case "csv":
            return _csv(run, lines)
        case "markdown":
            return _markdown(run, lines)


def _key(figure: Figure) -> tuple[str, str, str]:
    return figure.id, figure.by, figure.group


def _health(run: RunRecord) -> tuple[bool | None, str]:
    """Whether the run is sound (``None`` if its state does not say) and, in French, why it is not."""
    health = run.state.get("health")
    if not isinstance(health, Mapping):
        return None, ""
    return bool(health.get("is_healthy", True)), " ; ".join(map(str, health.get("reasons", ())))


def _warning(run: RunRecord) -> str:
    is_healthy, reasons = _health(run)
    if accepted := run.acceptance:
        return f"Audit accepté malgré ses contrôles de santé ({one_line(reasons)}) : {one_line(accepted)}"
    if is_healthy is not False:
        return ""
    why = f" ({one_line(reasons)})" if reasons else ""
    return f"Attention : cet audit n'est pas sain, ses chiffres ne sont pas à publier{why}."


def _part_of(figure: Figure) -> str:
    if not figure.by:
        return "Ensemble"
    return phase(figure.group) if figure.by == "phase" else one_line(figure.group)


def _numbers(figure: Figure) -> tuple[int | None, ...]:
    share = figure.share
    if share is None:
        return (None,) * len(_NUMBERS)
    return share.passed, share.decided, share.undecided, share.inapplicable, share.untested


def _written(line: Line) -> list[str]:
    return ["" if number is None else str(number) for number in _numbers(line.figure)]


def _detailed(details: Mapping[str, Any] | None) -> str:
    """What the registry says against what the site says, or how many services have each value, for the figures that tell."""
    if not details:
        return ""
    if "declared-passed" not in details:
        return ", ".join(f"{one_line(name)} : {count}" for name, count in details.items() if isinstance(count, int))
    sides = (
        f"{registry} : site oui {details[f'{key}-passed']}, non {details[f'{key}-failed']},"
        f" indét. {details[f'{key}-undecided']}"
        for key, registry in (("declared", "Registre oui"), ("undeclared", "registre non"))
    )
    return " ; ".join(sides)


def _text(run: RunRecord, lines: Sequence[Line]) -> str:
    is_compared = any(line.is_compared for line in lines)
    parts = [
        *_wrapped(_warning(run)),
        *([""] if _warning(run) else []),
        f"Audit {run.id}, au {day(run.as_of)}",
        *_wrapped(f"Registre  {one_line(_source(run))}", indent=10),
        f"          {run.registry_digest}",
        f"Règles    {run.ruleset}",
        *([f"Corrections {_digest(run)}"] if _digest(run) else []),
        "",
        _columns("", "Part", [name for name, _ in _NUMBERS], "Écart" if is_compared else "", is_compared=is_compared),
    ]
    for _, block in groupby(lines, key=lambda line: (line.figure.id, line.figure.label, line.figure.population)):
        parts += _block(list(block), is_compared=is_compared)
    return "\n".join([*parts, "", *_wrapped(_legend(lines))]) + "\n"


def _block(lines: Sequence[Line], *, is_compared: bool) -> Iterator[str]:
    figure = lines[0].figure
    yield ""
    yield from _wrapped(one_line(figure.label))
    yield from _wrapped(f"  {one_line(figure.population)} [{figure.id}]", indent=2)
    for line in lines:
        yield _columns(_part_of(line.figure), line.figure.text, _written(line), line.text, is_compared=is_compared)
        yield from _details(line.figure)
        if again := line.without:
            name = f"  {without(line.figure.corrections)}"
            yield _columns(name, again.figure.text, _written(again), again.text, is_compared=is_compared)
            yield from _details(again.figure)


def _details(figure: Figure) -> list[str]:
    return _wrapped(f"    {_detailed(figure.details)}", indent=4) if figure.details else []


def _columns(name: str, share: str, numbers: Sequence[str], difference: str, *, is_compared: bool) -> str:
    """One row of the table; a name too long for its column has a row of its own above."""
    widths = [width for _, width in _NUMBERS]
    room = WIDTH - _SHARE - sum(widths) - (_DIFFERENCE if is_compared else 0)
    cells = f"{share:>{_SHARE}}" + "".join(f"{text:>{width}}" for text, width in zip(numbers, widths, strict=True))
    cells += f"{difference:>{_DIFFERENCE}}" if is_compared else ""
    start = f"  {name}"
    return (start.ljust(room) if len(start) <= room else f"{start}\n{' ' * room}") + cells.rstrip()


def _wrapped(text: str, indent: int = 0) -> list[str]:
    # The marks that French sets apart stay with their word; an id is not cut at its hyphens.
    bound = spaced(text)
    return textwrap.wrap(bound, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)


def _source(run: RunRecord) -> str:
    registry = run.state.get("registry")
    return str(registry.get("source", "")) if isinstance(registry, Mapping) else ""


def _digest(run: RunRecord) -> str:
    """Of the corrections that these figures depend on; empty for a run without any."""
    overrides = run.state.get("overrides")
    return str(overrides.get("digest") or "") if isinstance(overrides, Mapping) else ""


def _legend(lines: Sequence[Line]) -> str:
    return f"{_LEGEND} {_CORRECTED}" if any(line.without for line in lines) else _LEGEND


def _json(run: RunRecord, lines: Sequence[Line]) -> str:
    health = run.state.get("health")
    summary = {
        **({"health": health} if health is not None else {}),
        "run": run.id,
        "as_of": run.as_of,
        "registry": run.registry_digest,
        "ruleset": run.ruleset,
        **({"overrides": _digest(run)} if _digest(run) else {}),
        "figures": [_object(line) for line in lines],
    }
    return json_text(summary, indent=2) + "\n"


def _object(line: Line) -> dict[str, Any]:
    figure = line.figure.to_json() | _moved(line)
    if "without" in figure:
        figure["without"] |= _moved(line.without or line)
    return figure


def _moved(line: Line) -> dict[str, Any]:
    if not line.is_compared:
        return {}
    return {"difference": {"is_new": line.is_new, "numerator": line.difference, "points": line.points}}


def _csv(run: RunRecord, lines: Sequence[Line]) -> str:
    """RFC 4180, one figure a line; every line says which run it comes from, since lines get sorted and pasted."""
    is_healthy, problems = _health(run)
    about = {
        "run": run.id,
        "is_healthy": is_healthy,
        "problems": problems,
        "as_of": run.as_of,
        "registry": run.registry_digest,
        "ruleset": run.ruleset,
        "overrides": _digest(run),
    }
    columns = (*_COLUMNS, *(f"without_{name}" for name in _AGAIN))
    return "".join(csv_lines(columns, (about | _record(line) for line in lines)))


def _record(line: Line) -> dict[str, Any]:
    row = line.figure.to_json() | _moved_cells(line)
    if "without" in row:
        again = row.pop("without") | _moved_cells(line.without or line)
        row |= {f"without_{name}": value for name, value in again.items()}
    return row


def _moved_cells(line: Line) -> dict[str, Any]:
    return {"difference": NEW if line.is_new else line.difference, "points": line.points}


def _markdown(run: RunRecord, lines: Sequence[Line]) -> str:
    is_compared = any(line.is_compared for line in lines)
    names = ["Chiffre", "Part", "Oui", "Décidés", "Indéterminés", "Sans objet", "Non testés"]
    names += ["Écart"] if is_compared else []
    parts = [
        *([f"> **{_plain(_warning(run))}**", ""] if _warning(run) else []),
        f"- Audit {_plain(run.id)}, au {day(run.as_of)}",
        f"- Registre : {_plain(_source(run))}, {_plain(run.registry_digest)}",
        f"- Règles : {_plain(run.ruleset)}",
        *([f"- Corrections : {_plain(_digest(run))}"] if _digest(run) else []),
        "",
        _row(names),
        _row(["---", *["--:"] * (len(names) - 1)]),
        *(_row(cells) for line in lines for cells in _rows(line)),
        "",
        _plain(_legend(lines)),
    ]
    return "\n".join(parts) + "\n"


def _rows(line: Line) -> Iterator[list[str]]:
    figure = line.figure
    name = f"**{_plain(figure.label)}**" + (f" : {_plain(_part_of(figure))}" if figure.by else "")
    about = f"{_plain(figure.population)} ({_plain(figure.id)})"
    yield _cells([name, about], line)
    if line.without:
        yield _cells([without(figure.corrections)], line.without)


def _cells(first: Sequence[str], line: Line) -> list[str]:
    detailed = _plain(_detailed(line.figure.details))
    name = "<br>".join([*first, *([detailed] if detailed else [])])
    return [name, line.figure.text, *_written(line), *([line.text] if line.is_compared else [])]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))
