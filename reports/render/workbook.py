"""A table as an XLSX file, written as it comes: the rows of a large one are never all in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter

from reports.render.foreign import cell

CELL = 32_767
"""What a cell holds, as Excel counts: a character beyond the first plane is two."""

SHEET = 1_048_576
"""The rows of a sheet, its header included."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FIRST_YEAR = 1900

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``width`` is the one to show it with, in characters; ``is_time``: it holds ISO times, written as dates (UTC).

    Of a column for people to fill, ``choices`` are the only values that it takes, and ``is_day`` says that it is for days,
    which are then shown as ``2027-05-23`` in any language.
    """

    name: str
    width: int
    is_time: bool = False
    choices: tuple[str, ...] = ()
    is_day: bool = False


def write_workbook(
    file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Row], *, made: datetime
) -> None:
    """One table, on as many sheets as it needs. Text stays text, never a formula nor a link.

    ``made`` is when the data were: the same data give the same file.
    """
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.use_zip64()  # a sheet may have 4 GB before it is compressed
        book.set_properties({"title": title, "created": _utc(made)})
        bold, time = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, part in enumerate(_parts(rows, SHEET - 1), 1):
            page = book.add_worksheet(title if number == 1 else f"{title} {number}")
            _head(page, columns, bold, day)
            last = _fill(page, columns, part, time)
            page.autofilter(0, 0, last, len(columns) - 1)
            _restrict(page, columns, last)


def _parts(rows: Iterable[Row], size: int) -> Iterator[Iterable[Row]]:
    """The rows by ``size``, each part to be read before the next; there is always a first."""
    waiting = iter(rows)
    yield islice(waiting, size)
    for row in waiting:
        yield chain([row], islice(waiting, size - 1))


def _head(page: Any, columns: Sequence[Column], bold: Any, day: Any) -> None:
    page.freeze_panes(1, 0)
    for rank, column in enumerate(columns):
        page.set_column(rank, rank, column.width, day if column.is_day else None)
        page.write_string(0, rank, column.name, bold)


def _restrict(page: Any, columns: Sequence[Column], last: int) -> None:
    for rank, column in enumerate(columns):
        if column.choices and last:
            page.data_validation(1, rank, last, rank, {"validate": "list", "source": list(column.choices)})


def _fill(page: Any, columns: Sequence[Column], rows: Iterable[Row], time: Any) -> int:
    """The rank of the last row written."""
    last = 0
    for last, row in enumerate(rows, 1):
        for rank, column in enumerate(columns):
            _write(page, (last, rank), cell(row.get(column.name)), time if column.is_time else None)
    return last


def _write(page: Any, at: tuple[int, int], value: Any, time: Any) -> None:
    moment = _moment(value) if time and isinstance(value, str) else None
    if moment:
        page.write_datetime(*at, moment, time)
    elif isinstance(value, str):
        page.write_string(*at, _cut(value))
    elif value is not None:
        page.write_number(*at, value)


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL:
        return text
    return units[: 2 * (CELL - 1)].decode("utf-16-le", "ignore") + "…"


def _moment(text: str) -> datetime | None:
    """A time that Excel can hold; anything else is text."""
    try:
        moment = _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def _utc(moment: datetime) -> datetime:
    # A time without a zone is one of ours, all of which are UTC; Excel knows no zones.
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
