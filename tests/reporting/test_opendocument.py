from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from zipfile import ZIP_STORED, ZipFile

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from checks.catalogue import BY_ID
from reports.render import sheets as limits
from reports.render.exports import COLUMNS, csv_verdicts
from reports.render.opendocument import TYPE, write_opendocument
from reports.render.sheets import CELL, Column
from reports.render.workbooks import write_ods, write_xlsx
from tests.reporting.test_exports import RUN, audited

URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
NS = {name: URN.format(name) for name in ("config", "manifest", "office", "style", "table", "text")}
MADE = datetime(2026, 11, 23, 6, tzinfo=UTC)
COLUMN = [Column(name="text", width=10)]


def written(columns, rows):
    file = io.BytesIO()
    write_opendocument(file, "Verdicts", columns, rows, made=MADE)
    return file


def part(file, name):
    with ZipFile(file) as parts:
        return etree.fromstring(parts.read(name))


def tables(file):
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    return [book.get_sheet_by_index(rank).to_python() for rank in range(len(book.sheet_names))]


def test_a_reader_finds_the_same_table_in_both_workbooks():
    ods, xlsx = io.BytesIO(), io.BytesIO()
    write_ods(ods, RUN, [audited()], BY_ID)
    write_xlsx(xlsx, RUN, [audited()], BY_ID)
    (table,) = tables(ods)
    assert tables(xlsx) == [table]
    lines = list(csv.reader(io.StringIO("".join(csv_verdicts([audited()], BY_ID)), newline="")))
    at, numbers = list(COLUMNS).index("at"), {"version", "status"}
    assert table[1][at] == datetime(2026, 11, 23, 6, 2, 11)  # noqa: DTZ001 - spreadsheets know no zones
    assert table[2][at] == "2026", "no time, so text"
    for name, found, expected in zip(COLUMNS, table[1], lines[1], strict=False):
        assert name == "at" or found == (float(expected) if name in numbers else expected)


def test_its_parts_are_those_of_the_format():
    file = written(COLUMN, [{"text": "a"}])
    with ZipFile(file) as parts:
        first = parts.infolist()[0]
        listed = {name for name in parts.namelist() if name not in {"mimetype", "META-INF/manifest.xml"}}
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
    assert file.getvalue()[30:].startswith(f"mimetype{TYPE}".encode())
    manifest = part(file, "META-INF/manifest.xml")
    assert set(manifest.xpath("//@manifest:full-path", namespaces=NS)) == {"/", *listed}


def test_types_widths_and_the_head_are_those_of_the_workbook():
    file = io.BytesIO()
    write_ods(file, RUN, [audited()], BY_ID)
    content = part(file, "content.xml")
    row = content.xpath("//table:table-row[2]/table:table-cell/@office:value-type", namespaces=NS)
    assert [kind for kind in row if kind != "string"] == ["float", "date", "float"], "version, at, status"
    assert not content.xpath("//@table:formula | //text:a", namespaces=NS)
    assert set(content.xpath("//table:table-row[1]/*/@table:style-name", namespaces=NS)) == {"bold"}
    styles = content.xpath("//table:table-column/@table:style-name", namespaces=NS)
    assert styles == [f"width{width}" for width in COLUMNS.values()]
    assert set(styles) <= set(content.xpath("//style:style/@style:name", namespaces=NS))
    filters = content.xpath("//table:database-range/@table:target-range-address", namespaces=NS)
    assert filters == ["'Verdicts'.A1:'Verdicts'.U3"]
    frozen = part(file, "settings.xml").xpath(
        "//*[@config:name='Verdicts']/*[@config:name='VerticalSplitPosition']/text()", namespaces=NS
    )
    assert frozen == ["1"]
    assert part(file, "settings.xml").xpath("//*[@config:name='ViewId']/text()", namespaces=NS) == ["view1"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("=1+1", "'=1+1"),
        ("2026", "2026"),
        (" un  deux   trois ", " un  deux   trois "),
        ("   ", "   "),
        ("un\tdeux", "un\tdeux"),
        ("un\r\ndeux\rtrois\n\nquatre\n", "un\ndeux\ntrois\n\nquatre\n"),
        ("<b>&amp;]]></b>", "<b>&amp;]]></b>"),
        ("a\x1b\ufffe\u202e", "a⟨U+001B⟩⟨U+FFFE⟩⟨U+202E⟩"),
        ("é" * CELL, "é" * CELL),
        ("é" * (CELL + 1), "é" * (CELL - 1) + "…"),
        ("😀" * CELL, "😀" * (CELL // 2) + "…"),
        (None, ""),
        ("", ""),
        (0, 0),
        (-1.5, -1.5),
        (True, "true"),
    ],
    ids=range(16),
)
def test_a_cell_is_read_as_it_was(text, expected):
    head, cells = tables(written([Column(name="first", width=5), *COLUMN], [{"first": "x", "text": text}]))[0]
    assert (head, cells) == (["first", "text"], ["x", expected])


@pytest.mark.parametrize("text", [" un  deux   trois ", "   ", " ", "un deux", "  a\n b"])
def test_spaces_are_kept_by_a_reader_that_makes_one_of_several(text):
    """As the format says of white space (OpenDocument 1.3, 6.1.2)."""
    lines = [
        re.sub(" +", " ", "".join(told(paragraph))).strip(" ").replace("_", " ")
        for paragraph in part(written(COLUMN, [{"text": text}]), "content.xml").xpath(
            "//table:table-row[2]//text:p", namespaces=NS
        )
    ]
    assert "\n".join(lines) == text


def told(paragraph):
    yield paragraph.text or ""
    for space in paragraph:
        yield "_" * int(space.get(f"{{{NS['text']}}}c")) + (space.tail or "")


@pytest.mark.parametrize("number, expected", [(0, [1]), (3, [4]), (4, [4, 2]), (7, [4, 4, 2])])
def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch, number, expected):
    monkeypatch.setattr(limits, "SHEET", 4)
    file = written([Column(name="n", width=5)], ({"n": n} for n in range(number)))
    found = tables(file)
    assert [len(sheet) for sheet in found] == expected
    assert [row[0] for sheet in found for row in sheet[1:]] == list(range(number))
    filters = part(file, "content.xml").xpath("//@table:target-range-address", namespaces=NS)
    assert [int(address.rpartition("A")[2]) for address in filters] == expected
    assert len(part(file, "settings.xml").xpath("//*[@config:name='VerticalSplitMode']", namespaces=NS)) == len(found)
