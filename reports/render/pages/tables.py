"""Figures of the parts of a population, as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.figures.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``cells[group][figure id]``; ``columns`` holds one figure of each id."""

    columns: tuple[Figure, ...]
    cells: Mapping[str, Mapping[str, Figure]]


def table(figures: Iterable[Figure], groups: Iterable[str]) -> Table:
    """The figures of each group, groups in the order given and only those that have some."""
    columns: dict[str, Figure] = {}
    cells: defaultdict[str, dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        columns.setdefault(figure.id, figure)
        cells[figure.group][figure.id] = figure
    return Table(columns=tuple(columns.values()), cells={group: cells[group] for group in groups if group in cells})
