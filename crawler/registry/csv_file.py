"""A CSV table, ``id,name,url[,phase,incubator,statistics_url,budget_url,repository]``, one service a line.

The header is required, in any order and case; ``COLUMNS`` lists the French names it may use instead. The separator is
a comma, a semicolon or a tab; several incubators are separated by ``|``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from checks.model.errors import InputError
from checks.model.french import fold
from crawler.registry.entry import Entry, Lost
from crawler.registry.normalise import quoted

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant"),
    "name": ("name", "nom", "titre", "service"),
    "url": ("url", "adresse", "lien", "site"),
    "phase": ("phase",),
    "incubator": ("incubator", "incubators", "incubateur", "incubateurs"),
    "statistics_url": ("statistics_url", "stats_url", "statistiques"),
    "budget_url": ("budget_url", "budget"),
    "repository": ("repository", "depot", "code source"),
}
_OURS = {name: column for column, names in COLUMNS.items() for name in names}
_SEPARATORS = (",", ";", "\t")
Row = tuple[int, list[str]]


def separator(header: str) -> str | None:
    """The separator under which a first line names most columns; ``None`` if it names neither ``url`` nor ``id``."""
    names = {mark: [_column(cell) for cell in header.split(mark)] for mark in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda mark: sum(name is not None for name in names[mark]))
    return best if {"id", "url"} & set(names[best]) else None


def read(text: str, name: str) -> Iterator[Entry | Lost]:
    lines = list(StringIO(text, newline=""))
    mark = separator(next((line for line in lines if line.strip()), "")) or ","
    rows = _rows(lines, name, mark)
    first = next((row for row in rows if not isinstance(row, Lost) and any(row[1])), None)
    if first is None:
        raise InputError(f"{name} n'a pas d'en-tête lisible ; sa première ligne doit être « id,name,url ».")
    header = _header(first, name)
    for cell, column in zip(first[1], header, strict=True):
        if column is None and cell.strip():
            known = ", ".join(COLUMNS)
            where = f"{name}, ligne {first[0]}"
            yield Lost(
                sentence=f"{where} : la colonne {quoted(cell)} est inconnue et ignorée (colonnes lues : {known})."
            )
    for row in rows:
        if isinstance(row, Lost):
            yield row
        elif any(cell.strip() for cell in row[1]):
            yield _entry(row, header, name)


def _header(first: Row, name: str) -> list[str | None]:
    header = [_column(cell) for cell in first[1]]
    for column in COLUMNS:
        if header.count(column) > 1:
            raise InputError(f"{name}, ligne {first[0]} : la colonne « {column} » y est deux fois ; gardez-en une.")
    if "url" not in header:
        raise InputError(f"{name}, ligne {first[0]} : l'en-tête n'a pas de colonne « url » ; ajoutez-la.")
    return header


def _column(cell: str) -> str | None:
    return _OURS.get(fold(cell.strip().strip('"')))


def _rows(lines: list[str], name: str, mark: str) -> Iterator[Row | Lost]:
    """Each record with the line where it starts; one with a broken quotation costs its line, and no other."""
    done = 0
    while done < len(lines):
        reader = csv.reader(lines[done:], delimiter=mark, strict=True)
        start = done
        try:
            for cells in reader:
                yield start + 1, cells
                start = done + reader.line_num
        except csv.Error:
            where = f"{name}, ligne {start + 1}"
            yield Lost(sentence=f"{where} : un guillemet n'est pas refermé ou est mal placé ; cette ligne est ignorée.")
            done = start + 1
        else:
            return


def _entry(row: Row, header: list[str | None], name: str) -> Entry | Lost:
    line, cells = row
    if any(cell.strip() for cell in cells[len(header) :]):
        count = f"{len(cells)} cellules pour {len(header)} colonnes"
        advice = "mettez entre guillemets le texte qui contient le séparateur ; cette ligne est ignorée"
        return Lost(sentence=f"{name}, ligne {line} : {count} ; {advice}.")
    values: dict[str, Any] = {column: cell for column, cell in zip(header, cells, strict=False) if column}
    phase = values.pop("phase", "").strip()
    incubators = values.pop("incubator", "").split("|")
    phases = [{"name": phase}] if phase else None
    return Entry(file=name, line=line, has_own_id=False, phases=phases, incubators=incubators, **values)
