"""The table of a review once people have filled it, as a spreadsheet saves it: its decisions are overrides.

Whatever is wrong in it is one sentence, with its line (as the spreadsheet numbers them) and its column.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.model.errors import InputError
from checks.model.outcome import Outcome
from reports.handwritten import WrongError, quoted
from reports.overrides.fields import (
    OF_COLUMN,
    OUTCOMES,
    check_rule,
    check_until,
    read_address,
    read_outcome,
    read_text,
)
from reports.overrides.override import Override
from reports.render.foreign import uncell
from reports.render.words import counted

DECISION = "decision"
FIELDS: Mapping[str, str] = {
    "service": "service",
    "rule": "rule",
    DECISION: "outcome",
    **{f"{OF_COLUMN}{field}": field for field in ("reason", "author", "evidence", "until")},
}
"""The columns that make an override, each with the field that it fills; the others only help a person to decide."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and ODS begin, and what Excel wrote before."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ T]00:00(?::00)?)?")
_FRENCH = re.compile(r"(?P<day>\d\d?)[/.](?P<month>\d\d?)[/.](?P<year>\d{4}|\d\d)")
_CENTURY = 2000
_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided of a verdict, with the run and the outcome that they looked at; empty where the table does not
    say them any more."""

    override: Override
    run: str = ""
    looked_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """``unfinished`` are the lines on which something was written, but no decision."""

    made: tuple[Decision, ...]
    unfinished: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fault:
    line: int
    column: str
    said: str


def is_table(raw: bytes) -> bool:
    """Whether a file is a table with decisions, by its first line. Raises nothing: what is unreadable is no table."""
    try:
        return _delimiter(_text(raw)) is not None
    except (UnicodeDecodeError, csv.Error):
        return False


def is_workbook(raw: bytes) -> bool:
    return raw.startswith(_WORKBOOKS)


def read_decisions(raw: bytes, name: str, rules: Container[str], today: date) -> Decisions:
    """The decisions of a table, in its order; lines without one are passed over.

    ``name`` stands for the file in sentences. Raises :class:`InputError`, which says the first fault whole and the lines of
    the others.
    """
    made: dict[tuple[str, str], tuple[int, Decision]] = {}
    unfinished: list[int] = []
    faults: list[_Fault] = []
    for line, cells in _lines(raw, name):
        if not cells[DECISION]:
            unfinished += [line] if any(cells[column] for column in FIELDS if column.startswith(OF_COLUMN)) else []
            continue
        decision, wrong = _decision(line, cells, rules, today)
        if decision and decision.override.key in made:
            first, _ = made[decision.override.key]
            wrong = [
                _Fault(line, DECISION, f"la ligne {first} décide déjà de ce service et de cette règle, gardez-en une")
            ]
        elif decision:
            made[decision.override.key] = line, decision
        faults += wrong
    if faults:
        raise InputError(_sentence(faults, name))
    return Decisions(made=tuple(decision for _, decision in made.values()), unfinished=tuple(unfinished))


def _sentence(faults: Sequence[_Fault], name: str) -> str:
    first, *others = faults
    more = f" ; et {counted(len(others), 'autre faute', 'autres fautes')}" if others else ""
    lines = list(dict.fromkeys(str(fault.line) for fault in others))
    where = f", lignes {', '.join(lines[:_NAMED])}{' et suivantes' if len(lines) > _NAMED else ''}" if others else ""
    return f"{name}, ligne {first.line}, colonne {first.column} : {first.said}{more}{where}."


def _lines(raw: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines after the first, each with its number and the text of its cells by column."""
    line = 1
    try:
        text = _text(raw)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text) or ",", strict=True)
        columns = _columns(next(reader))
        if missing := [column for column in FIELDS if column not in columns]:
            raise InputError(
                f"{name}, ligne 1 : il manque la colonne {missing[0]}, les colonnes sont {', '.join(FIELDS)}."
            )
        if twice := [column for column in (*FIELDS, "run", "outcome") if columns.count(column) > 1]:
            raise InputError(f"{name}, ligne 1 : la colonne {twice[0]} est là deux fois, gardez la bonne.")
        for line, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells[len(columns) :]):
                raise InputError(
                    f"{name}, ligne {line} : elle a plus de cellules que la première, une valeur qui contient le signe de"
                    " séparation n'est pas entre guillemets."
                )
            filled = dict(zip(columns, (uncell(cell).strip() for cell in cells), strict=False))
            yield line, {column: filled.get(column, "") for column in (*columns, "run", "outcome")}
    except csv.Error as error:
        raise InputError(f"{name}, après la ligne {line} : ce n'est pas du CSV lisible ({error}).") from error


def _text(raw: bytes) -> str:
    """As a spreadsheet saves it: UTF-8 with its mark or not, the one of Windows, or « Texte Unicode »."""
    if raw.startswith(_UTF_16):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def _delimiter(text: str) -> str | None:
    """What separates the cells of the first line; ``None`` where it is not the head of such a table."""
    for delimiter in ",;\t":
        head = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        if {"service", "rule", DECISION} <= set(_columns(head)):
            return delimiter
    return None


def _columns(head: Sequence[str]) -> list[str]:
    return [cell.strip().casefold() for cell in head]


def _decision(
    line: int, cells: Mapping[str, str], rules: Container[str], today: date
) -> tuple[Decision | None, list[_Fault]]:
    fields: dict[str, Any] = {}
    faults: list[_Fault] = []
    for column, field in FIELDS.items():
        try:
            fields[field] = _READERS[field](column, cells[column])
            if field == "rule":
                check_rule(fields[field], rules)
            if field == "until":
                check_until(fields[field], today)
        except WrongError as error:
            faults.append(_Fault(line, column, str(error)))
    if faults:
        return None, faults
    return Decision(override=Override(**fields), run=cells["run"], looked_at=cells["outcome"]), []


def _outcome(column: str, cell: str) -> Outcome:
    """Spreadsheets like capitals."""
    known = {outcome.value.casefold(): outcome.value for outcome in OUTCOMES}
    return read_outcome(column, known.get(cell.casefold(), cell))


def _day(column: str, cell: str) -> date:
    found = _ISO.fullmatch(cell) or _FRENCH.fullmatch(cell)
    try:
        year, month, day = (int(found[part]) for part in ("year", "month", "day")) if found else (0, 0, 0)
        return date(year if year >= 100 else _CENTURY + year, month, day)  # noqa: PLR2004 - two digits
    except ValueError as error:
        said = f"« {column} » vaut {quoted(cell)}, écrivez un jour, par exemple 2027-05-23 ou 23/05/2027"
        raise WrongError(said if cell else f"« {column} » est vide, remplissez-le") from error


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "service": read_text,
    "rule": read_text,
    "outcome": _outcome,
    "reason": read_text,
    "author": read_text,
    "evidence": read_address,
    "until": _day,
}
