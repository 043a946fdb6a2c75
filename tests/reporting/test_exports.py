from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from checks.catalogue import BY_ID
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.cli import main
from reports.overrides.override import Override
from reports.render import sheets as limits
from reports.render.earl import earl_chunks
from reports.render.exports import COLUMNS, csv_verdicts, jsonl_lines
from reports.render.sheets import CELL, Column
from reports.render.workbook import write_workbook
from reports.render.workbooks import write_ods, write_xlsx
from reports.store.records import AuditedService, RunRecord
from tests.reporting.hostile_run import harmless, write_run

NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
RUN = RunRecord(
    id="2026-11-23T0600Z",
    started_at="2026-11-23T06:00:00Z",
    as_of="2026-11-23",
    registry_digest="sha256:11",
    ruleset="sha256:22",
    state={},
)
VERDICT = Verdict(
    run=RUN.id,
    service="a-just",
    rule="accessibility-mention",
    version=1,
    outcome=Outcome.PASSED,
    reason="level-not",
    value="not",
    warnings=("mention-differs-from-registry", "moved"),
    at="2026-11-23T06:02:11Z",
    evidence=(
        Evidence(
            url="https://a-just.beta.gouv.fr/",
            status=200,
            excerpt="Accessibilité : non conforme",
            locator="footer a[3]",
            capture="<urn:uuid:1>",
        ),
        Evidence(url="https://a-just.beta.gouv.fr/plan", capture="<urn:uuid:2>"),
    ),
    facts={"level": "not"},
)
BARE = replace(VERDICT, rule="retired-rule", outcome=Outcome.UNTESTED, value=None, warnings=(), evidence=(), at="2026")
MADE = datetime(2026, 11, 23, 6, tzinfo=UTC)


def audited(*verdicts):
    return AuditedService(
        service=Service(id="a-just", name="À-JUST"), group=PhaseGroup.ACCELERATION, verdicts=verdicts or (VERDICT, BARE)
    )


def sheets(content):
    with ZipFile(io.BytesIO(content)) as parts:
        names = sorted(name for name in parts.namelist() if name.startswith("xl/worksheets/"))
        return [etree.fromstring(parts.read(name)) for name in names]


def cells(sheet):
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iterfind(".//s:row", NS)]


def written(columns, rows):
    file = io.BytesIO()
    write_workbook(file, "Verdicts", columns, rows, made=MADE)
    return file.getvalue()


def test_lines_are_those_of_the_verdicts():
    assert list(jsonl_lines([audited()])) == [f"{VERDICT.to_line()}\n", f"{BARE.to_line()}\n"]


def test_a_table_has_one_verdict_a_record_with_its_first_evidence():
    first, bare = csv.DictReader(io.StringIO("".join(csv_verdicts([audited()], BY_ID)), newline=""))
    assert first == {
        "run": "2026-11-23T0600Z",
        "service": "a-just",
        "name": "À-JUST",
        "rule": "accessibility-mention",
        "version": "1",
        "outcome": "passed",
        "reason": "level-not",
        "value": "not",
        "message": "La page d'accueil affiche « non conforme ».",
        "warnings": "mention-differs-from-registry, moved",
        "at": "2026-11-23T06:02:11Z",
        "url": "https://a-just.beta.gouv.fr/",
        "status": "200",
        "locator": "footer a[3]",
        "excerpt": "Accessibilité : non conforme",
        "capture": "<urn:uuid:1>",
        **dict.fromkeys((name for name in COLUMNS if name.startswith("correction")), ""),
    }
    assert list(first) == list(COLUMNS)
    assert [bare[name] for name in ("value", "message", "warnings", "url", "status", "capture")] == [""] * 6


def test_what_a_person_found_stands_beside_the_verdict():
    override = Override(
        service="a-just",
        rule="accessibility-mention",
        outcome=Outcome.FAILED,
        reason="=1+1",
        author="Léa",
        evidence="https://a.invalid/",
        until=date(2027, 5, 23),
    )
    found = replace(audited(), overrides=(override,))
    first, bare = csv.DictReader(io.StringIO("".join(csv_verdicts([found], BY_ID)), newline=""))
    said = [first[name] for name in COLUMNS if name.startswith("correction")]
    assert (first["outcome"], said) == ("passed", ["failed", "'=1+1", "Léa", "https://a.invalid/", "2027-05-23"])
    assert bare["correction"] == ""


def test_every_column_is_documented():
    page = (Path(__file__).parent.parent.parent / "docs" / "exports.md").read_text("utf-8")
    page = page.partition("## Columns")[2].partition("\n## ")[0]
    told = [name for row in re.findall(r"^\| (`.*?) \| ", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(COLUMNS)


def test_a_workbook_holds_the_same_table_typed():
    file = io.BytesIO()
    write_xlsx(file, RUN, [audited()], BY_ID)
    (sheet,) = sheets(file.getvalue())
    table = list(csv.reader(io.StringIO("".join(csv_verdicts([audited()], BY_ID)), newline="")))
    at = list(COLUMNS).index("at")
    found = cells(sheet)
    assert found[0] == list(COLUMNS)
    assert found[1][:at] + found[1][at + 1 :] == table[1][:at] + table[1][at + 1 : len(found[1])]
    moment = datetime(1899, 12, 30) + timedelta(days=float(found[1][at]))  # noqa: DTZ001 - spreadsheets know no zones
    assert abs(moment - datetime(2026, 11, 23, 6, 2, 11)) < timedelta(seconds=0.1)  # noqa: DTZ001
    kinds = {re.sub(r"\d", "", cell.get("r")): cell.get("t") for cell in sheet.iterfind(".//s:row[@r='2']/s:c", NS)}
    assert [column for column, kind in kinds.items() if kind != "inlineStr"] == ["E", "K", "M"], "version, at, status"
    assert sheet.xpath("string(//s:pane/@state)", namespaces=NS) == "frozen"
    assert sheet.xpath("string(//s:autoFilter/@ref)", namespaces=NS) == "A1:U3"
    widths = [
        float(one.get("width"))
        for one in sheet.iterfind(".//s:col", NS)
        for _ in range(int(one.get("min")), int(one.get("max")) + 1)
    ]
    assert [int(width) for width in widths] == list(COLUMNS.values()), "with the margins of a cell"


def test_what_excel_cannot_hold_is_cut_or_left_as_text():
    columns = [Column(name="text", width=10), Column(name="at", width=10, is_time=True)]
    rows = [
        {"text": "é" * CELL, "at": "2026"},
        {"text": "é" * (CELL + 1), "at": "1899-12-31T00:00:00Z"},
        {"text": "😀" * CELL, "at": "9999-12-31T23:59:59-01:00"},
        {"text": "=1\x1b\ufffe", "at": None},
    ]
    (sheet,) = sheets(written(columns, rows))
    _, whole, long, wide, formula = cells(sheet)
    assert whole == ["é" * CELL, "2026"]
    assert long == ["é" * (CELL - 1) + "…", "1899-12-31T00:00:00Z"]
    assert len(wide[0].encode("utf-16-le")) // 2 <= CELL
    assert wide == ["😀" * (CELL // 2) + "…", "9999-12-31T23:59:59-01:00"]
    assert formula == ["'=1⟨U+001B⟩⟨U+FFFE⟩"]


@pytest.mark.parametrize("number, expected", [(0, [1]), (3, [4]), (4, [4, 2]), (6, [4, 4]), (7, [4, 4, 2])])
def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch, number, expected):
    monkeypatch.setattr(limits, "SHEET", 4)
    found = sheets(written([Column(name="n", width=5)], ({"n": n} for n in range(number))))
    assert [len(cells(sheet)) for sheet in found] == expected
    assert [row[0] for sheet in found for row in cells(sheet)[1:]] == [str(n) for n in range(number)]


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_the_same_run_gives_the_same_file(write, monkeypatch):
    def book():
        file = io.BytesIO()
        write(file, RUN, [audited()], BY_ID)
        return file.getvalue()

    first = book()
    monkeypatch.setattr("time.time", lambda: 1.9e9)
    assert book() == first


@pytest.mark.parametrize("form, many", [("csv", 5_000), ("earl", 5_000), ("xlsx", 1_500), ("ods", 1_500)])
def test_memory_does_not_grow_with_the_run(form, many, tmp_path):
    def peak(number):
        services = (audited(VERDICT) for _ in range(number))
        tracemalloc.start()
        with (tmp_path / "out").open("wb") as file:
            if form in {"xlsx", "ods"}:
                {"xlsx": write_xlsx, "ods": write_ods}[form](file, RUN, services, BY_ID)
            else:
                chunks = csv_verdicts(services, BY_ID) if form == "csv" else earl_chunks(RUN, services, BY_ID)
                file.writelines(chunk.encode() for chunk in chunks)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is imported and kept once
    assert peak(many) < peak(100) + 1_000_000


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    write_run(folder / "runs", harmless)
    address = f"sqlite:///{folder / 'toise.db'}"
    with pytest.raises(SystemExit):
        main(("load", RUN.id, "--runs", str(folder / "runs"), "--database", address))
    return address


@pytest.fixture
def export(store, capfdbinary):
    def export(*args):
        with pytest.raises(SystemExit) as ended:
            main(("export", RUN.id, "--database", store, *args))
        out, err = capfdbinary.readouterr()
        return ended.value.code, out, err.decode()

    return export


def test_the_command_writes_to_its_output_or_to_a_file(export, tmp_path):
    forms = ("jsonl", "csv", "xlsx", "ods", "earl")
    for form in forms:
        file = tmp_path / f"verdicts.{form}"
        code, out, err = export("--format", form)
        assert (code, err) == (0, "")
        assert export("--format", form, "--output", str(file)) == (0, b"", "")
        assert file.read_bytes() == out
    assert json.loads(export()[1].splitlines()[0])["run"] == "2026-11-23T0600Z"
    assert {file.suffix for file in tmp_path.iterdir()} == {f".{form}" for form in forms}


@pytest.mark.parametrize("name", ["absent/verdicts.csv", "file/verdicts.csv", "folder", "n" * 300])
def test_a_file_that_cannot_be_written_is_named(export, tmp_path, name):
    (tmp_path / "file").write_text("", "utf-8")
    (tmp_path / "folder").mkdir()
    code, _, err = export("--format", "csv", "--output", str(tmp_path / name))
    assert code == 2
    assert "Impossible d'écrire" in err
    assert "--output" in err
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_workbook_is_not_for_a_terminal(export, monkeypatch, form):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code, out, err = export("--format", form)
    assert (code, out) == (2, b"")
    assert f"--output verdicts.{form}" in err
