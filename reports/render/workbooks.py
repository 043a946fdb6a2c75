"""The verdicts of a run as spreadsheets open them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO

from checks.model.rule import Rule
from reports.render.exports import COLUMNS, rows
from reports.render.opendocument import write_opendocument
from reports.render.sheets import Column
from reports.render.workbook import write_workbook
from reports.store.records import AuditedService, RunRecord

_WORKBOOK = tuple(Column(name=name, width=width, is_time=name == "at") for name, width in COLUMNS.items())


def write_xlsx(file: IO[bytes], run: RunRecord, services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> None:
    """The same table as a workbook."""
    write_workbook(file, "Verdicts", _WORKBOOK, rows(services, rules), made=datetime.fromisoformat(run.started_at))


def write_ods(file: IO[bytes], run: RunRecord, services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> None:
    """The same workbook in the format of LibreOffice."""
    write_opendocument(file, "Verdicts", _WORKBOOK, rows(services, rules), made=datetime.fromisoformat(run.started_at))
