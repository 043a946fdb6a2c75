"""A table as an XLSX file, written as it comes: the rows of a large one are never all in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from reports.render.sheets import Column, Row, Value, sheets, utc

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(
    file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Row], *, made: datetime
) -> None:
    """One table, on as many sheets as it needs. Text stays text, never a formula nor a link.

    ``made`` is when the data were: the same data give the same file.
    """
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.use_zip64()  # a sheet may have 4 GB before it is compressed
        book.set_properties({"title": title, "created": utc(made)})
        bold, time = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, part in sheets(title, rows):
            page = book.add_worksheet(name)
            _head(page, columns, bold, day)
            last = _fill(page, columns, part, time)
            page.autofilter(0, 0, last, len(columns) - 1)
            _restrict(page, columns, last)


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
            _write(page, (last, rank), column.value(row), time)
    return last


def _write(page: Any, at: tuple[int, int], value: Value, time: Any) -> None:
    if isinstance(value, datetime):
        page.write_datetime(*at, value, time)
    elif isinstance(value, str):
        page.write_string(*at, value)
    elif value is not None:
        page.write_number(*at, value)
