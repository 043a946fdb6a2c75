"""A legal page as passages: what stands on one line of it, each with what it is under. Tables of contents are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bs4 import Tag
from bs4.element import NavigableString

from checks.model.french import fold
from checks.parse.elements import holder
from checks.parse.html import Page, once_a_page
from checks.parse.layout import attribute

_HEADING = re.compile(r"h([1-6])")
_NUMBER = re.compile(r"^(?:\W|article\b|partie\b|section\b|titre\b|\d+|[ivx]{1,4}(?=[ .)\-:])|[a-z](?=[.)]))+")
_SIGNS = re.compile(r"^\W+|\W+$")
_TITLE = 90
_LAST = 7


# It begins with the space, which is found at once, and then looks behind it.
_END = re.compile(r"\s(?<=[.!?;]\s)(?:(?<=[^\W\d_]{3}[.!?;]\s)|(?<=\b(?:an)[.;]\s)|(?<=\d[.;]\s))\s*(?=\W*[^\W\d_])")

Sentences = Sequence[tuple[str, str]]
"""Each as written, and folded."""


@dataclass(frozen=True, slots=True)
class Passage:
    """``level`` is that of a heading, 7 for a line in bold that plays one, 0 for text; ``name`` are its words after its number.

    ``is_link``: nothing but a link, which names something and says nothing of it. ``sentences`` are those of the text.
    """

    text: str
    words: str
    name: str
    element: Tag
    level: int = 0
    is_link: bool = False
    sentences: Sentences = ()

    @property
    def is_heading(self) -> bool:
        return self.level > 0


@once_a_page
def passages(page: Page) -> tuple[Passage, ...]:
    """The blocks of what a page has of its own, those broken by ``<br>`` in pieces."""
    pieces = (
        tuple(_passage(page, line, fold(line), one.element, is_whole=False) for line in lines) or (one,)
        for one, lines in zip(_whole(page), _broken(page), strict=True)
    )
    return tuple(one for one in chain.from_iterable(pieces) if not _is_contents(page, one))


@once_a_page
def whole(page: Page) -> tuple[Passage, ...]:
    """The same blocks, each in one piece: a sentence may be broken by ``<br>``. The very same where none is broken."""
    if not any(_broken(page)):
        return passages(page)
    return tuple(one for one in _whole(page) if not _is_contents(page, one))


def section(known: Sequence[Passage], rank: int) -> Iterator[Passage]:
    """What stands under a heading, up to the next one as high; after a mere line, up to the next heading."""
    level = known[rank].level or _LAST
    for passage in known[rank + 1 :]:
        if 0 < passage.level <= level:
            return
        yield passage


@once_a_page
def _whole(page: Page) -> tuple[Passage, ...]:
    return tuple(_passage(page, block.text, block.words, block.element) for block in page.body)


@once_a_page
def _broken(page: Page) -> tuple[Sequence[str], ...]:
    """For each block, its lines where it has several, else none."""
    lines = ((block, _lines(page, block.element)) for block in page.body)
    return tuple(found if len(found) > 1 and " ".join(found) == block.text else () for block, found in lines)


def _lines(page: Page, element: Tag) -> list[str]:
    """The lines of a block that holds text and ``<br>`` alone."""
    if page.elements.first(element, "br") is None:
        return []
    lines = [""]
    for node in element.descendants:
        if isinstance(node, Tag):
            lines += [""] if node.name == "br" else []
        elif type(node) is NavigableString and not page.place(node.parent or element).is_hidden:
            lines[-1] += node
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def _passage(page: Page, text: str, words: str, element: Tag, *, is_whole: bool = True) -> Passage:
    level = _level(page, words, element) if is_whole else 0
    is_link = is_whole and _is_link(page, text, element)
    number = _NUMBER.match(words)
    name = words[number.end() :] if number else words
    return Passage(text, words, name, element, level, is_link, sentences_of(text, words))


def sentences_of(text: str, words: str) -> Sentences:
    """``words`` is the text folded."""
    parts = _END.split(text)
    return tuple((part, fold(part)) for part in parts) if len(parts) > 1 else ((text, words),)


def _level(page: Page, words: str, element: Tag) -> int:
    if page.place(element).is_heading:
        tags = (element, *element.parents)
        found = next((match for tag in tags if (match := _HEADING.fullmatch(tag.name))), None)
        said = attribute(element, "aria-level")
        return int(found[1]) if found else int(said) if re.fullmatch(r"[1-6]", said) else 2
    if element.name in {"dt", "summary", "caption", "legend"}:
        return _LAST
    bold = page.elements.first(element, "strong", "b") if len(words) <= _TITLE else None
    return _LAST if bold and _bare(fold(page.text_of(bold))) == _bare(words) else 0


def _bare(words: str) -> str:
    """Without the signs around it: a pictogram, a colon."""
    return _SIGNS.sub("", words)


def _is_link(page: Page, text: str, element: Tag) -> bool:
    if _link_around(element):
        return True
    link = page.link_in(element)
    return link is not None and page.text_of(link) == text


def _link_around(element: Tag) -> Tag | None:
    link = holder(element, "a")
    while link is not None and not link.has_attr("href"):
        link = holder(link, "a")
    return link


def _is_contents(page: Page, passage: Passage) -> bool:
    """An entry of a table of contents, or of a menu: a link to a place of the page, or to another page of the site."""
    if not passage.is_link or passage.is_heading:
        return False
    tag = _link_around(passage.element) or page.link_in(passage.element)
    href = attribute(tag, "href").strip() if tag else ""
    return not href.startswith(("http:", "https:", "//", "mailto:", "tel:")) or href.startswith(f"{page.base}#")
