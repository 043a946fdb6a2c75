"""Suggestions as a table, a document or lines to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from checks.model.unseen import json_text
from reports.render.csv_table import csv_lines
from reports.render.foreign import one_line
from reports.suggestions.suggestion import Suggestion

COLUMNS = ("service", "name", "field", "action", "present", "proposed", "reason", "rule", "verdict", "evidence")


def as_csv(found: Sequence[Suggestion]) -> str:
    """One line a suggestion, under :data:`COLUMNS`; no value is an empty cell."""
    return "".join(csv_lines(COLUMNS, map(_line, found)))


def as_json(run: str, found: Sequence[Suggestion]) -> str:
    """``{"run": id, "suggestions": [{column: text or null}]}``."""
    lines = [{column: _line(one)[column] for column in COLUMNS} for one in found]
    return json_text({"run": run, "suggestions": lines}, indent=2)


def as_text(found: Sequence[Suggestion]) -> str:
    lines: list[str] = []
    for name, ones in groupby(found, key=lambda one: f"{one.name} ({one.service})"):
        lines += [one_line(name), *(line for one in ones for line in _told(one)), ""]
    return "\n".join(lines) or "Rien à changer."


def _told(one: Suggestion) -> list[str]:
    change = f"{one.present or '(rien)'} → {one.proposed or 'à vérifier'}"
    proof = f"{one.rule}, {one.evidence}".rstrip(", ")
    return [f"  {one_line(f'{one.field} : {change}')}", *(f"    {one_line(line)}" for line in (one.reason, proof))]


def _line(one: Suggestion) -> dict[str, str | None]:
    return {**asdict(one), "action": one.action}
