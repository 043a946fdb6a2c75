"""What changed between two judgements, as a program or a spreadsheet wants it; for people, ``comparison_text``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Literal

from checks.model.judgement import Judgement
from checks.model.rule import Rule
from checks.model.unseen import json_text
from checks.model.verdict import Verdict
from reports.figures.changes import Change
from reports.figures.comparison import Comparison, differences, total
from reports.figures.figure import Share
from reports.figures.moves import STAGES, Move
from reports.render.comparison_text import text
from reports.render.csv_table import csv_lines

COLUMNS = (
    "old", "new", "cause", "why", "service", "name", "rule", "version_before", "outcome_before", "reason_before",
    "value_before", "url_before", "excerpt_before", "capture_before", "version_after", "outcome_after", "reason_after",
    "value_after", "url_after", "excerpt_after", "capture_after",
)  # fmt: skip


def render_comparison(
    found: Comparison, rules: Mapping[str, Rule], form: Literal["text", "json", "csv"], *, is_all: bool
) -> Iterator[str]:
    """The parts to print, one after the other: there may be as many changes as verdicts."""
    match form:
        case "text":
            return text(found, rules, is_all=is_all)
        case "json":
            return _json(found, is_all=is_all)
        case "csv":
            return _csv(found, is_all=is_all)


def shown_changes(found: Comparison, *, is_all: bool) -> Iterator[Change]:
    """Those of outcome, or all, by cause."""
    return (change for cause in found.causes for change in found.changes(cause) if is_all or change.is_of_outcome)


def _json(found: Comparison, *, is_all: bool) -> Iterator[str]:
    """``{"old", "new", "rules", "services", "figures", "counts", "changes"}``, one change a line."""
    about = {
        "old": _side(found.old),
        "new": _side(found.new),
        "rules": [
            {"rule": rule, "before": found.terms.before.get(rule), "after": found.terms.after.get(rule)}
            for rule in found.terms.rules
            if found.terms.has_moved(rule)
        ],
        "services": {name: getattr(found.counts, name) for name in ("both", "entered", "left", "retried")},
        "figures": [_figure(move) for move in found.moves],
        "counts": [
            {"cause": cause, "rule": rule, "before": before, "after": after, "verdicts": count}
            for (cause, rule, before, after), count in found.counts.kinds.items()
        ],
    }
    head = json_text(about, indent=2)
    yield head.removesuffix("\n}") + ',\n  "changes": ['
    before = ""
    for change in shown_changes(found, is_all=is_all):
        yield from [f"{before},"] if before else []
        before = f"    {json_text(change.to_json())}"
    yield from [before] if before else []
    yield "  ]\n}"


def _side(judgement: Judgement) -> dict[str, Any]:
    state = judgement.folder.state
    return {
        "judgement": judgement.name,
        "run": judgement.folder.id,
        "as_of": state.get("as_of"),
        "registry": (state.get("registry") or {}).get("digest"),
        "ruleset": judgement.digest,
        "is_healthy": judgement.folder.is_healthy,
    }


def _figure(move: Move) -> dict[str, Any]:
    figure = move.figure
    about = {"id": figure.id, "label": figure.label, "population": figure.population, "definition": figure.definition}
    line: dict[str, Any] = about | {"is_new": move.is_new, "is_gone": move.is_gone}
    line["before"] = None if move.is_new else _share(move.before)
    line["after"] = None if move.is_gone else _share(move.after)
    if len(move.shares) == len(STAGES):
        line["differences"] = {
            str(cause): asdict(one) | {"share": _share(share)}
            for cause, one, share in zip(STAGES[1:], differences(move), move.shares[1:], strict=True)
        } | {"total": asdict(total(move))}
    return line


def _share(share: Share) -> dict[str, Any]:
    return {
        "numerator": share.passed,
        "denominator": share.decided,
        "share": share.value,
        "low": share.low,
        "high": share.high,
        "n": share.n,
        "undecided": share.undecided,
        "inapplicable": share.inapplicable,
        "untested": share.untested,
    }


def _csv(found: Comparison, *, is_all: bool) -> Iterator[str]:
    rows = (_cells(found, change) for change in shown_changes(found, is_all=is_all))
    return csv_lines(COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in rows))


def _cells(found: Comparison, change: Change) -> list[str]:
    about = [found.old.name, found.new.name, change.cause.value, change.why or ""]
    return [*about, change.service, change.name, change.rule, *_side_of(change.before), *_side_of(change.after)]


def _side_of(verdict: Verdict | None) -> list[str]:
    if verdict is None:
        return [""] * 7
    first = next(iter(verdict.evidence), None)
    proof = [first.url, first.excerpt, first.capture] if first else [""] * 3
    return [str(verdict.version), verdict.outcome.value, verdict.reason, verdict.value or "", *proof]
