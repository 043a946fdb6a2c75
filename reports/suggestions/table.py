"""Suggestions as a table, a document or lines to read."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict
from io import StringIO
from itertools import groupby

from reports.suggestions.suggestion import Suggestion

COLUMNS = ("service", "name", "field", "action", "present", "proposed", "reason", "rule", "verdict", "evidence")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(found: Sequence[Suggestion]) -> str:
    """One line a suggestion, under :data:`COLUMNS`; no value is an empty cell.

    Names and values come from strangers: a cell that a spreadsheet would run as a formula starts with an apostrophe.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in found:
        line = _line(one)
        writer.writerow([_harmless(line[column] or "") for column in COLUMNS])
    return out.getvalue()


def as_json(run: str, found: Sequence[Suggestion]) -> str:
    """``{"run": id, "suggestions": [{column: text or null}]}``."""
    lines = [{column: _line(one)[column] for column in COLUMNS} for one in found]
    return json.dumps({"run": run, "suggestions": lines}, ensure_ascii=False, indent=2)


def as_text(found: Sequence[Suggestion]) -> str:
    lines: list[str] = []
    for name, ones in groupby(found, key=lambda one: f"{one.name} ({one.service})"):
        lines += [name, *(line for one in ones for line in _told(one)), ""]
    return "\n".join(lines) or "Rien à changer."


def _told(one: Suggestion) -> list[str]:
    change = f"{one.present or '(rien)'} → {one.proposed or 'à vérifier'}"
    return [f"  {one.field} : {change}", f"    {one.reason}", f"    {one.rule}, {one.evidence}".rstrip(", ")]


def _line(one: Suggestion) -> dict[str, str | None]:
    return {**asdict(one), "action": one.action}


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
