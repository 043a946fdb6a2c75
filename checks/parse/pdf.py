"""A declaration published as PDF, read as the page that its text would make.

A file may be made to harm, or broken in a thousand ways: what is read of it is bounded, and ``None`` is the answer where
nothing can be.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from io import BytesIO
from itertools import groupby, pairwise
from typing import Any

from bs4 import Tag
from pypdf import Configuration, PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import DictionaryObject

from checks.model.capture import Capture
from checks.model.evidence import Evidence
from checks.model.french import fold
from checks.parse.html import Page
from checks.parse.layout import attribute
from checks.parse.pdf_work import check_work

_TYPES = {"application/pdf", "application/x-pdf"}
_MAGIC = b"%PDF-"

MAX_PAGES = 40
"""Pages beyond which a document is not read: a declaration has three to fifteen, an audit report a hundred."""

_MAX_FONTS = 400
_LIMITS = Configuration(
    zlib_maximum_output_length=8_000_000,
    lzw_maximum_output_length=1_000_000,
    run_length_maximum_output_length=1_000_000,
    array_based_stream_maximum_output_length=8_000_000,
    stream_parsing_work_maximum_count=60_000,
    page_tree_maximum_entries=1_000,
    dictionary_maximum_element_count=1_000,
    xform_maximum_invocations_per_extraction=10,
)
"""A page of text has some thousands of tokens, few fonts and hardly a form: far beyond, it was not made to be read."""

_BROKEN = (
    PyPdfError, DependencyError, ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError,
    TypeError, ValueError, zlib.error,
)  # fmt: skip
"""pypdf.errors: "broken PDF files might cause other Exceptions" than its own."""

# It logs each thing that it mends in a file, which those who run an audit can do nothing about.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_LEAST = 200
_COMMON = {"de", "la", "le", "les", "et", "des", "en", "du", "the", "of", "and", "to", "is", "with"}
_A_FEW = 3

_NUMBER = r"^(?:(?:\d{1,2}|[ivx]{1,4}|[a-h])(?:\.\d{1,2}){0,3}(?: ?[.):-] ?| ))?"
_TITLE = r"declaration (?:d'|de l'|de )(?:accessibilite|conformite)|accessibility statement"
_SECTION = (
    r"(?:etat|niveau) de (?:la )?conformite\b|(?:conformance|compliance) status|contenus? (?:non[ -]|in)accessibles?|test results"
    r"|resultats? (?:des? (?:tests?|l'audit)|d'audit)|(?:realisation|etablissement) (?:de |d'|du )|preparation of this"
    r"|(?:retours? d'informations?|amelioration)(?: et (?:de )?contact)?\b|feedback\b|contact(?:s|ez-nous)?\W*$"
    r"|(?:voies?|moyens?) de recours\b|recours\W*$|defenseure? des droits\W*$|enforcement procedure"
    r"|schema pluri-?annuel|plans? d'actions?\b"
)
_SUBSECTION = (
    r"non[ -]conformites?\b|derogations?\b|contenus? non soumis|technologies? utilisees?|environnements? de tests?\b"
    r"|outils? (?:pour|utilises?|d')|pages? (?:du site|verifiees?|auditees?|ayant)|echantillon\b"
)
_HEADINGS = tuple(
    (name, re.compile(rf"{_NUMBER}(?:{words})"))
    for name, words in (("h1", _TITLE), ("h2", _SECTION), ("h3", _SUBSECTION))
)
_NO_HEADING = re.compile(r"\b(?:19|20)\d\d\b|[@%]|[.;,]$")
_HEADING = 110
_BULLET = re.compile(r"[^\w\s«»\"'“”’()%:;,.!?]\W{0,2}|o ")
_FOLIO = re.compile(r"^\W*(?:page ?)?\d{1,3}(?: ?(?:/|sur|of|de) ?\d{1,3})?\W*$")
_ENDS = (".", "!", "?", ":", ";")
_NEARLY_ALL = 0.9
_WRAPPED = 0.7
"""The part of a full line from which it is the margin that ended a line, not its author."""

_NEAR = 2.0
"""Points by which the area of a link may miss the text that it covers."""


@dataclass(frozen=True, slots=True)
class _Span:
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the document; ``page`` counts from 1."""

    page: int
    spans: tuple[_Span, ...]

    @property
    def text(self) -> str:
        return " ".join("".join(span.text for span in self.spans).split())


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of a page that is a link: left, bottom, right and top, in points."""

    box: tuple[float, float, float, float]
    url: str

    def holds(self, x: float, y: float) -> bool:
        left, bottom, right, top = self.box
        return left - _NEAR <= x < right - _NEAR and bottom - _NEAR <= y < top


class PdfPage(Page):
    """A PDF as a page: its paragraphs as blocks, the parts of the model as headings. Evidence says on which of its pages."""

    def __init__(self, capture: Capture, name: str, lines: Sequence[_Line]) -> None:
        super().__init__(capture)
        self._name_of_file = name
        self._lines = lines

    @cached_property
    def source(self) -> str:
        blocks = "\n".join(_html(_blocks(_own(self._lines))))
        return f"<html><head><title>{escape(self._name_of_file)}</title></head><body>\n{blocks}\n</body></html>"

    def evidence(self, excerpt: str = "", element: Tag | None = None) -> Evidence:
        holders = [] if element is None else [element, *element.parents]
        number = next((attribute(tag, "data-page") for tag in holders if tag.has_attr("data-page")), "")
        return replace(super().evidence(excerpt), locator=f"page {number}" if number else "")


def is_pdf(capture: Capture) -> bool:
    """By its type, or by its first bytes whatever type the server gives."""
    return capture.media_type in _TYPES or capture.body[:100].lstrip().startswith(_MAGIC)


def pdf_page(capture: Capture) -> PdfPage | None:
    """A PDF as text; ``None`` where there is none to be read: scanned, encrypted, damaged, too long."""
    try:
        with apply_configuration(_LIMITS):
            name, lines = _read(capture.body)
    except _BROKEN:
        return None
    text = " ".join(line.text for line in lines)
    # Fonts that do not tell which characters they draw give other letters than those on the paper.
    is_language = len(_COMMON & set(fold(text).split())) >= _A_FEW
    page = PdfPage(capture, name, lines)
    return page if len(text) >= _LEAST and is_language and not page.is_too_large else None


def _read(body: bytes) -> tuple[str, list[_Line]]:
    reader = PdfReader(BytesIO(body))
    if len(reader.pages) > MAX_PAGES or sum(map(_fonts, reader.pages)) > _MAX_FONTS:
        raise LimitReachedError
    check_work(iter(reader.pages))
    name = reader.metadata.title if reader.metadata else None
    return name or "", [line for number, page in enumerate(reader.pages, 1) for line in _lines(page, number)]


def _fonts(page: PageObject) -> int:
    """How many fonts a page names; what each costs is counted by :func:`check_work`."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    return len(resources.get("/Font", DictionaryObject()).get_object())


def _lines(page: PageObject, number: int) -> Iterator[_Line]:
    areas = tuple(_areas(page))
    rows: list[list[_Span]] = [[]]

    def keep(text: str, outer: Sequence[float], inner: Sequence[float], *_: Any) -> None:
        x, y = _point(outer, inner)
        url = next((area.url for area in areas if area.holds(x, y)), "")
        for rank, part in enumerate(text.split("\n")):
            if rank:
                rows.append([])
            if part:
                rows[-1].append(_Span(part, url))

    page.extract_text(visitor_text=keep)
    return (_Line(number, spans) for row in rows if (spans := _trimmed(row)))


def _trimmed(row: Sequence[_Span]) -> tuple[_Span, ...]:
    """The spans up to the last that shows anything, which ends where its text does."""
    last = max((rank for rank, span in enumerate(row) if span.text.strip()), default=-1)
    return (*row[:last], replace(row[last], text=row[last].text.rstrip())) if last >= 0 else ()


def _point(outer: Sequence[float], inner: Sequence[float]) -> tuple[float, float]:
    """Where a text begins on its page: the origin under two affine matrices (PDF 32000-1, 8.3.3)."""
    a, b, c, d, e, f = outer
    return inner[4] * a + inner[5] * c + e, inner[4] * b + inner[5] * d + f


def _areas(page: PageObject) -> Iterator[_Area]:
    for entry in page.get("/Annots", ()):
        annotation = entry.get_object()
        action = annotation.get("/A", DictionaryObject()).get_object()
        if "/URI" in action and "/Rect" in annotation:
            x0, y0, x1, y1 = (float(side) for side in annotation["/Rect"])
            yield _Area((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), str(action["/URI"]))


def _own(lines: Iterable[_Line]) -> Iterator[_Line]:
    """The lines without page numbers, and without what the edges of pages repeat."""
    seen: set[str] = set()
    for _, group in groupby(lines, key=lambda line: line.page):
        page = [(line, fold(line.text)) for line in group]
        edges = {0, len(page) - 1}
        for rank, (line, words) in enumerate(page):
            if rank not in edges or not (words in seen or _FOLIO.match(words)):
                yield line
        seen |= {page[rank][1] for rank in edges}


def _blocks(lines: Iterable[_Line]) -> Iterator[_Line]:
    """Lines put together again as their author wrote them."""
    kept = list(lines)
    widest = _width(kept)
    block: list[_Line] = []
    for line in kept:
        if block and not _goes_on(block[-1].text, line.text, widest):
            yield _joined(block)
            block = []
        block.append(line)
    if block:
        yield _joined(block)


def _width(lines: Sequence[_Line]) -> int:
    """How long the lines of a paragraph are: nearly the longest, since a row of a table may pass the margin."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(_NEARLY_ALL * (len(lengths) - 1))] if lengths else 0


def _goes_on(last: str, line: str, widest: int) -> bool:
    """Whether a line only continues the last one."""
    if _heading(last) or _heading(line) or _BULLET.match(line):
        return False
    if line[0].islower() or _BULLET.fullmatch(last):
        return True
    return not last.endswith(_ENDS) and len(last) >= _WRAPPED * widest


def _joined(lines: Sequence[_Line]) -> _Line:
    spans = list(lines[0].spans)
    for last, line in pairwise(lines):
        # A link that goes on over the end of a line is one link.
        url = line.spans[0].url if line.spans[0].url == last.spans[-1].url else ""
        gap = "" if last.text.endswith(("-", "\u00ad")) else " "
        spans += [_Span(gap, url), *line.spans]
    return _Line(lines[0].page, tuple(spans))


def _heading(text: str) -> str:
    """The element that a line of the model's headings would be; empty for any other line."""
    words = fold(text)
    if len(text) > _HEADING or text[0].islower() or _NO_HEADING.search(words):
        return ""
    return next((name for name, pattern in _HEADINGS if pattern.match(words)), "")


def _html(blocks: Iterable[_Line]) -> Iterator[str]:
    is_titled = False
    for block in blocks:
        name = _heading(block.text) or "p"
        name = "p" if name == "h1" and is_titled else name  # quoted further down: among the pages audited, in a link
        is_titled = is_titled or name == "h1"
        yield f'<{name} data-page="{block.page}">{"".join(_runs(block))}</{name}>'


def _runs(block: _Line) -> Iterator[str]:
    for url, spans in groupby(block.spans, key=lambda span: span.url):
        text = escape("".join(span.text for span in spans))
        yield f'<a href="{escape(url)}">{text}</a>' if url and text.strip() else text
