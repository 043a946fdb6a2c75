"""A page as the lines of a budget: sentences, rows of tables, headings; all of it, or the section that an anchor names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from checks.model.french import fold
from checks.parse.elements import holder
from checks.parse.html import Block, Page, once_a_page
from checks.parse.layout import attribute

_MARKDOWN = re.compile(r"(?m)^(?P<marks>#{1,6})[ \t]+(?P<name>\S.*)$")
_NOT_LETTERS = re.compile(r"[\W_]+")
_LEVEL = re.compile(r"h([1-6])")
_DEEPEST = 7


@dataclass(frozen=True, slots=True)
class Line:
    """``level`` is that of a heading, from 1 to 6, and 0 for anything else; ``table`` the table of a row, if it is one."""

    text: str
    words: str
    element: Tag
    level: int = 0
    table: Tag | None = None


@once_a_page
def lines(page: Page) -> tuple[Line, ...]:
    """The lines of what a page has of its own, in order. The source of a shared pad, in Markdown, is read as its lines."""
    return tuple(_lines(page))


def _lines(page: Page) -> Iterator[Line]:
    for _, group in groupby(page.body, key=lambda block: id(_row(block))):  # tags of one content are equal
        cells = list(group)
        row = _row(cells[0])
        if row is None:
            for block in cells:
                yield from _of_block(page, block)
        else:
            text = " | ".join(cell.text for cell in cells)
            yield Line(text, fold(text), cells[0].element, table=holder(row, "table"))


def _row(block: Block) -> Tag | None:
    return block.element if block.element.name == "tr" else holder(block.element, "tr")


def _of_block(page: Page, block: Block) -> Iterator[Line]:
    written = block.element.get_text() if "#" in block.text else ""
    if not _MARKDOWN.search(written):
        level = _level(block.element) if page.place(block.element).is_heading else 0
        table = holder(block.element, "table") if block.element.name == "caption" else None
        yield Line(block.text, block.words, block.element, level, table)
        return
    for line in filter(None, map(str.strip, written.splitlines())):
        heading = _MARKDOWN.match(line)
        text = heading["name"].strip("# ") if heading else line
        yield Line(text, fold(text), block.element, len(heading["marks"]) if heading else 0)


def _level(element: Tag) -> int:
    found = next((match for tag in (element, *element.parents) if (match := _LEVEL.fullmatch(tag.name))), None)
    said = attribute(element, "aria-level")
    return int(found[1]) if found else int(said) if re.fullmatch(r"[1-6]", said) else 2


def section(page: Page, url: str) -> tuple[Line, ...] | None:
    """The lines under the anchor of an address: all those of the page if it has none, ``None`` if the page has no such place.

    An anchor is an ``id`` or a ``name``, else the name of a heading as wikis and pads write it (``#mon-service``).
    """
    anchor = unquote(urlsplit(url).fragment)
    known = lines(page)
    if not anchor or anchor.startswith(("/", "!", ":~:")):
        return known
    place = page.soup.find(id=anchor) or page.soup.find("a", attrs={"name": anchor})
    if isinstance(place, Tag):
        return _within(place, known) or _from(_next_heading(place, known), known)
    return _from(_named(anchor, known), known)


def _within(place: Tag, known: Sequence[Line]) -> tuple[Line, ...]:
    """The lines inside of a part of the page; none where the place is a point: a heading, an empty anchor."""
    inside = tuple(line for line in known if any(tag is place for tag in (line.element, *line.element.parents)))
    return inside if any(not line.level for line in inside) and len(inside) > 1 else ()


def _next_heading(place: Tag, known: Sequence[Line]) -> int | None:
    after = {id(tag) for tag in place.find_all_next(name=True)} | {id(tag) for tag in (place, *place.parents)}
    return next((rank for rank, line in enumerate(known) if line.level and id(line.element) in after), None)


def _named(anchor: str, known: Sequence[Line]) -> int | None:
    wanted = _letters(anchor)
    exact = (rank for rank, line in enumerate(known) if line.level and _letters(line.words) == wanted)
    close = (
        rank for rank, line in enumerate(known) if line.level and wanted and _letters(line.words).startswith(wanted)
    )
    return next(exact, next(close, None))


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", fold(text))


def _from(rank: int | None, known: Sequence[Line]) -> tuple[Line, ...] | None:
    """A heading and what stands under it, up to the next one that is as high."""
    if rank is None:
        return None
    level = known[rank].level
    end = next((end for end in range(rank + 1, len(known)) if 0 < known[end].level <= level), len(known))
    return tuple(known[rank:end])


def headed(known: Iterable[Line]) -> bool:
    """Whether a document is divided by headings, so that an anchor may be looked for in it."""
    return sum(0 < line.level < _DEEPEST for line in known) > 1
