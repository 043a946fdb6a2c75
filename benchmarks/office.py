"""Whether LibreOffice reads in our workbooks what our CSV holds: every cell of a run, in both formats."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from reports.cli import main
from reports.cli.console import put

# Commas, quotes, UTF-8, every text between quotes, cells as they are shown, every sheet in a file of its own.
_FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"
_LONGEST = 32_767


def office(database: str, run: str = "latest") -> int:
    """Prints the first cells that differ; the exit code is 1 if there is any."""
    differing = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form in ("csv", "xlsx", "ods"):
            _export(run, form, database, folder / form)
        ours = list(_read(folder / "csv" / "verdicts.csv"))
        for form in ("xlsx", "ods"):
            theirs = _converted(folder / form)
            wrong = list(_different(ours, theirs))
            differing += len(wrong)
            put(f"{form}: {len(ours)} lines here, {len(theirs)} there, {len(wrong)} cells differ")
            for line in wrong[:10]:
                put(line)
    return 1 if differing else 0


def _export(run: str, form: str, database: str, folder: Path) -> None:
    folder.mkdir()
    output = str(folder / f"verdicts.{form}")
    try:
        main(("export", run, "--database", database, "--format", form, "--output", output))
    except SystemExit as ended:
        if ended.code:
            raise


def _converted(folder: Path) -> list[list[str]]:
    """The lines of all sheets, as LibreOffice writes them; the header once."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    book = next(folder.glob("verdicts.*"))
    command = ["soffice", profile, "--headless", "--convert-to", _FILTER, "--outdir", str(folder / "out"), str(book)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # a command of ours
    lines: list[list[str]] = []
    for sheet in sorted((folder / "out").glob("*.csv"), key=lambda path: (len(path.name), path.name)):
        first, *rest = _read(sheet)
        lines += [*([] if lines else [first]), *rest]
    return lines


def _read(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(sys.maxsize)
    return csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))


def _different(ours: list[list[str]], theirs: list[list[str]]) -> Iterator[str]:
    at = ours[0].index("at")
    if len(ours) != len(theirs):
        yield f"{len(ours)} lines are {len(theirs)}"
    for number, (line, read) in enumerate(zip(ours, theirs, strict=False), 1):
        for rank, cell in enumerate(line):
            expected = _shown(cell, is_time=rank == at)
            found = read[rank] if rank < len(read) else ""
            if expected != found:
                yield f"line {number}, {ours[0][rank]}: {expected[:80]!r} is {found[:80]!r}"


def _shown(cell: str, *, is_time: bool) -> str:
    """As a workbook shows a cell of ours: dates without their zone, one kind of end of line, a limited length."""
    if is_time and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", cell):
        return str(datetime.fromisoformat(cell).replace(tzinfo=None))
    return re.sub(r"\r\n?", "\n", cell) if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…"


if __name__ == "__main__":
    sys.exit(office(*sys.argv[1:]))
