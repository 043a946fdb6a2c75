"""What the sheets and the cells of a spreadsheet hold, whatever the format of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from reports.render.foreign import cell

CELL = 32_767
"""What a cell holds, as Excel counts: a character beyond the first plane is two."""

SHEET = 1_048_576
"""The rows of a sheet, its header included."""

_FIRST_YEAR = 1900

Row = Mapping[str, Any]
Value = datetime | str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``width`` is the one to show it with, in characters; ``is_time``: it holds ISO times, written as dates (UTC).

    Of a column for people to fill, ``choices`` are the only values that it takes, and ``is_day`` says that it is for days,
    which are then shown as ``2027-05-23`` in any language. Only XLSX has both.
    """

    name: str
    width: int
    is_time: bool = False
    choices: tuple[str, ...] = ()
    is_day: bool = False

    def value(self, row: Row) -> Value:
        """A date without a zone, a number, text that is safe and not too long, or nothing."""
        value: Value = cell(row.get(self.name))
        if not isinstance(value, str):
            return value
        return (_moment(value) if self.is_time else None) or _cut(value)


def sheets(title: str, rows: Iterable[Row]) -> Iterator[tuple[str, Iterable[Row]]]:
    """The name of each sheet with its rows, to be read before the next is asked for; there is always a first."""
    waiting = iter(rows)
    yield title, islice(waiting, SHEET - 1)
    for number, row in enumerate(waiting, 2):
        yield f"{title} {number}", chain([row], islice(waiting, SHEET - 2))


def utc(moment: datetime) -> datetime:
    # A time without a zone is one of ours, all of which are UTC; spreadsheets know no zones.
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL:
        return text
    return units[: 2 * (CELL - 1)].decode("utf-16-le", "ignore") + "…"


def _moment(text: str) -> datetime | None:
    """A time that a spreadsheet can hold; anything else is text."""
    try:
        moment = utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None
