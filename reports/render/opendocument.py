"""A table as an ODS file (OpenDocument 1.3), written as it comes: the rows of a large one are never all in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree
from xlsxwriter.utility import xl_col_to_name

from reports.render.sheets import Column, Row, Value, sheets, utc

TYPE = "application/vnd.oasis.opendocument.spreadsheet"

_NAMES = {
    **{
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for name in ("config", "manifest", "meta", "office", "style", "table", "text")
    },
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_PARAGRAPH = re.compile(r"\r\n?|\n")
_SPACES = re.compile(r"(  +|\A | \Z)")
"""What a reader would make one space of, or none: an element stands for it.

A tab is written as it is: LibreOffice (7.4) and others lose the element that stands for one, and keep the tab.
"""

_STYLES = """<office:automatic-styles %s>
<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<number:date-style style:name="moment"><number:year number:style="long"/><number:text>-</number:text><number:month
 number:style="long"/><number:text>-</number:text><number:day number:style="long"/><number:text> </number:text><number:hours
 number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/><number:text>:</number:text><number:seconds
 number:style="long"/></number:date-style>
<style:style style:name="time" style:family="table-cell" style:data-style-name="moment"/>
%s</office:automatic-styles>"""
_WIDTH = """<style:style style:name="width%d" style:family="table-column">
<style:table-column-properties style:column-width="%.3fin"/></style:style>
"""
_META = """<office:document-meta %s office:version="1.3"><office:meta><meta:generator>Toise</meta:generator>
<dc:title>%s</dc:title><meta:creation-date>%s</meta:creation-date></office:meta></office:document-meta>"""
_SETTINGS = """<office:document-settings %s office:version="1.3"><office:settings>
<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">
<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1</config:config-item>
<config:config-item-map-named config:name="Tables">
%s</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>
</office:settings></office:document-settings>"""
_FROZEN = """<config:config-item-map-entry config:name="%s">
<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>
<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>
<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>
<config:config-item config:name="ActiveSplitRange" config:type="short">2</config:config-item>
</config:config-item-map-entry>
"""
_MANIFEST = f"""<manifest:manifest xmlns:manifest="{_NAMES["manifest"]}" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_XMLNS = " ".join(f'xmlns:{name}="{urn}"' for name, urn in _NAMES.items())


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


_ROW, _CELL, _COLUMN = (_name(f"table:table-{name}") for name in ("row", "cell", "column"))
_STYLE, _P, _S, _C = map(_name, ("table:style-name", "text:p", "text:s", "text:c"))
_KIND = _name("office:value-type")
_TEXT = {_KIND: "string"}
_BOLD = {**_TEXT, _STYLE: "bold"}


def write_opendocument(
    file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Row], *, made: datetime
) -> None:
    """As :func:`reports.render.workbook.write_workbook`, with the same sheets, widths and types.

    ``title`` is ours: it holds nothing that XML escapes.
    """
    with ZipFile(file, "w") as book:
        book.writestr(_part("mimetype", ZIP_STORED), TYPE)  # first and as it is: files are recognised by it
        ranges = _write_content(book, title, columns, rows)
        parts = {
            "settings.xml": _SETTINGS % (_XMLNS, "".join(_FROZEN % name for name in ranges)),
            "meta.xml": _META % (_XMLNS, title, utc(made).isoformat()),
            "META-INF/manifest.xml": _MANIFEST,
        }
        for name, text in parts.items():
            book.writestr(_part(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')


def _part(name: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
    part = ZipInfo(name)  # of 1980, as its default is: the same data give the same file
    part.compress_type = compression
    return part


def _write_content(book: ZipFile, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> Mapping[str, str]:
    """The range of cells that each sheet fills, by its name."""
    widths = "".join(_WIDTH % (width, (7 * width + 5) / 96) for width in sorted({column.width for column in columns}))
    ranges = {}
    with _content(book) as out:
        out.write(etree.fromstring(_STYLES % (_XMLNS, widths)))
        with out.element(_name("office:body")), out.element(_name("office:spreadsheet")):
            for name, part in sheets(title, rows):
                last = _sheet(out, name, columns, part)
                ranges[name] = f"'{name}'.A1:'{name}'.{xl_col_to_name(len(columns) - 1)}{last}"
            _write_filters(out, ranges.values())
    return ranges


@contextmanager
def _content(book: ZipFile) -> Iterator[Any]:
    # All sheets are in one file, which may have more than 4 GB before it is compressed.
    with book.open(_part("content.xml"), "w", force_zip64=True) as part, etree.xmlfile(part, encoding="utf-8") as out:
        out.write_declaration()
        with out.element(_name("office:document-content"), {_name("office:version"): "1.3"}, nsmap=_NAMES):
            yield out


def _sheet(out: Any, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """The number of rows written."""
    last = 1
    with out.element(_name("table:table"), {_name("table:name"): name}):
        for column in columns:
            _empty(out, _COLUMN, {_STYLE: f"width{column.width}"})
        with out.element(_ROW):
            for column in columns:
                _write_text(out, column.name, _BOLD)
        for last, row in enumerate(rows, 2):  # noqa: B007  # the last is what is told
            with out.element(_ROW):
                for column in columns:
                    _write(out, column.value(row))
    return last


def _write(out: Any, value: Value) -> None:
    if isinstance(value, str) and value:
        _write_text(out, value, _TEXT)
    elif isinstance(value, datetime):
        _write_text(out, str(value), {_KIND: "date", _name("office:date-value"): value.isoformat(), _STYLE: "time"})
    elif value is None or value == "":
        _empty(out, _CELL)
    else:
        _write_text(out, str(value), {_KIND: "float", _name("office:value"): str(value)})


def _write_text(out: Any, text: str, attributes: Mapping[str, str]) -> None:
    with out.element(_CELL, attributes):
        for paragraph in _PARAGRAPH.split(text):
            with out.element(_P):
                _write_line(out, paragraph)


def _write_line(out: Any, text: str) -> None:
    for rank, part in enumerate(_SPACES.split(text)):
        if rank % 2:
            _empty(out, _S, {_C: str(len(part))})
        elif part:
            out.write(part)


def _write_filters(out: Any, ranges: Iterable[str]) -> None:
    with out.element(_name("table:database-ranges")):
        for number, cells in enumerate(ranges):
            about = {
                "table:name": f"__Anonymous_Sheet_DB__{number}",  # as LibreOffice calls the filter of a sheet
                "table:target-range-address": cells,
                "table:display-filter-buttons": "true",
            }
            _empty(out, _name("table:database-range"), {_name(key): value for key, value in about.items()})


def _empty(out: Any, name: str, attributes: Mapping[str, str] | None = None) -> None:
    with out.element(name, attributes):
        pass
