"""A legal page as passages: what stands on one line of it, each with what it is under. Tables of contents are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString

from checks.model.french import fold
from checks.parse.html import Block, Page
from checks.parse.layout import attribute

_HEADING = re.compile(r"h([1-6])")
_NUMBER = re.compile(r"^(?:\W|article\b|partie\b|section\b|titre\b|\d+|[ivx]{1,4}(?=[ .)\-:])|[a-z](?=[.)]))+")
_SIGNS = re.compile(r"^\W+|\W+$")
_TITLE = 90
_LAST = 7


@dataclass(frozen=True, slots=True)
class Passage:
    """``level`` is that of a heading, 7 for a line in bold that plays one, 0 for text; ``name`` are its words after its number.

    ``is_link``: nothing but a link, which names something and says nothing of it.
    """

    text: str
    words: str
    name: str
    element: Tag
    level: int = 0
    is_link: bool = False

    @property
    def is_heading(self) -> bool:
        return self.level > 0


def passages(page: Page) -> tuple[Passage, ...]:
    """The blocks of what a page has of its own, those broken by ``<br>`` in pieces."""
    return tuple(passage for block in page.body for passage in _pieces(page, block) if not _is_contents(page, passage))


def whole(page: Page) -> tuple[Passage, ...]:
    """The same blocks, each in one piece: a sentence may be broken by ``<br>``."""
    return tuple(one for block in page.body if not _is_contents(page, one := _passage(page, block.text, block.element)))


def section(known: Sequence[Passage], rank: int) -> Iterator[Passage]:
    """What stands under a heading, up to the next one as high; after a mere line, up to the next heading."""
    level = known[rank].level or _LAST
    for passage in known[rank + 1 :]:
        if 0 < passage.level <= level:
            return
        yield passage


def _pieces(page: Page, block: Block) -> Iterator[Passage]:
    lines = _lines(page, block.element)
    if len(lines) > 1 and " ".join(lines) == block.text:
        yield from (_passage(page, line, block.element, is_whole=False) for line in lines)
    else:
        yield _passage(page, block.text, block.element)


def _lines(page: Page, element: Tag) -> list[str]:
    """The lines of a block that holds text and ``<br>`` alone."""
    if element.find("br") is None:
        return []
    lines = [""]
    for node in element.descendants:
        if isinstance(node, Tag):
            lines += [""] if node.name == "br" else []
        elif type(node) is NavigableString and not page.place(node.parent or element).is_hidden:
            lines[-1] += node
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def _passage(page: Page, text: str, element: Tag, *, is_whole: bool = True) -> Passage:
    words = fold(text)
    level = _level(page, words, element) if is_whole else 0
    return Passage(
        text, words, _NUMBER.sub("", words), element, level, is_link=is_whole and _is_link(page, text, element)
    )


def _level(page: Page, words: str, element: Tag) -> int:
    if page.place(element).is_heading:
        tags = (element, *element.parents)
        found = next((match for tag in tags if (match := _HEADING.fullmatch(tag.name))), None)
        said = attribute(element, "aria-level")
        return int(found[1]) if found else int(said) if re.fullmatch(r"[1-6]", said) else 2
    if element.name in {"dt", "summary", "caption", "legend"}:
        return _LAST
    bold = element.find(["strong", "b"]) if len(words) <= _TITLE else None
    return _LAST if isinstance(bold, Tag) and _bare(fold(page.text_of(bold))) == _bare(words) else 0


def _bare(words: str) -> str:
    """Without the signs around it: a pictogram, a colon."""
    return _SIGNS.sub("", words)


def _is_link(page: Page, text: str, element: Tag) -> bool:
    if element.find_parent("a", href=True) is not None:
        return True
    link = element.find("a", href=True)
    return isinstance(link, Tag) and page.text_of(link) == text


def _is_contents(page: Page, passage: Passage) -> bool:
    """An entry of a table of contents, or of a menu: a link to a place of the page, or to another page of the site."""
    if not passage.is_link or passage.is_heading:
        return False
    tag = passage.element.find_parent("a", href=True) or passage.element.find("a", href=True)
    href = attribute(tag, "href").strip() if isinstance(tag, Tag) else ""
    return not href.startswith(("http:", "https:", "//", "mailto:", "tel:")) or href.startswith(f"{page.base}#")
