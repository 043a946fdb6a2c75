"""Where a page gives the schéma pluriannuel and the plan of the year, and which years it says that they cover.

A document is named by a link, by the address of a link, or by a sentence. Its years stand in that name, in the address, in
the sentence around, or in the heading above.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bs4 import Tag

from checks.parse.commitments import years
from checks.parse.commitments.anchors import Anchor, address, anchors
from checks.parse.commitments.words import (
    ABOUT,
    KINDS,
    NOT_OURS,
    PLAN,
    SCHEMA,
    UNPUBLISHED,
    Head,
    Kind,
    heads,
    is_generic,
    kinds_of_address,
)
from checks.parse.commitments.years import Span
from checks.parse.html import Link, Page, once_a_page

_ACCESS_IN_ADDRESS = re.compile(r"access?ib|a11y|rgaa", re.IGNORECASE)
_END_OF_SENTENCE = re.compile(r"[.;!?] ")
_AND = re.compile(r"\b(?:et|ou|ainsi que|avec)\b|[&+/,|]| - ")
_AROUND = 240
"""Characters of a paragraph read on either side of a name."""
_NEAR = 40
"""Blocks among which the heading above is looked for."""
_FEW = 10
_LABEL = 60
_MOST = 200
"""Links, and names in the text, that are read of one page at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A document as a page gives it. ``url`` is ``None`` where no link leads to it, ``span`` where no year is said.

    ``is_told``: the page says the years, else only the address of the link does. ``rank``: which block of the page
    holds it, ``None`` where that is not known.
    """

    page: Page
    element: Tag
    text: str
    link_text: str | None = None
    url: str | None = None
    span: Span | None = None
    is_told: bool = True
    rank: int | None = None


def mentions(page: Page, kind: Kind, *, is_about: bool) -> tuple[Mention, ...]:
    """The documents of a kind that a page gives: those that it links, then those that its text alone names.

    ``is_about``: the page is about accessibility, so that a plan of action needs not say that it is.
    """
    reader = _Reader(page, kind, is_about=is_about)
    linked = tuple(reader.linked())
    return (*linked, *islice(reader.unlinked(), _MOST))


class _Reader:
    def __init__(self, page: Page, kind: Kind, *, is_about: bool) -> None:
        self.page, self.kind, self.is_about = page, kind, is_about
        self._labels: set[tuple[int, int]] = set()

    def linked(self) -> Iterator[Mention]:
        for anchor in self._anchors:
            named = heads(anchor.link.name, anchor.words)
            own = next((head for head in named if head.kind is self.kind), None)
            if own and _is_the_thing(anchor.words, named, own):
                yield from self._by_name(anchor, named, own)
            elif not named and self.kind in kinds_of_address(anchor.url):
                yield from self._linked(anchor, [years.told(anchor.words)])
            elif not named and is_generic(anchor.words):
                yield from self._by_label(anchor)

    def unlinked(self) -> Iterator[Mention]:
        for rank, block in enumerate(self.page.blocks):
            for head in self._heads(rank):
                if head.kind is not self.kind or self._is_of_a_link(rank, head):
                    continue
                sentence = _sentence(block.words, head.start, head.end)
                if self._is_ours(rank, block.element, sentence) and not UNPUBLISHED.search(sentence):
                    told = (self._in_passing(rank, head.start, head.end), *self._around(rank))
                    text = block.text if len(block.text) <= _AROUND else block.text[max(0, head.start - _LABEL) :]
                    yield Mention(page=self.page, element=block.element, text=text, span=_first(told), rank=rank)

    def _by_name(self, anchor: Anchor, named: Sequence[Head], own: Head) -> Iterator[Mention]:
        piece, before = _pieces(anchor.words, named, own.start, own.end)
        yield from self._linked(anchor, [years.told(piece), years.told(before), years.told(anchor.words)])

    def _by_label(self, anchor: Anchor) -> Iterator[Mention]:
        """A link called « télécharger » or « 2026 »: what it leads to is said before it."""
        label = self._label(anchor)
        if label is None or label[1].kind is not self.kind:
            return
        rank, head = label
        self._labels.add((rank, head.start))
        yield from self._linked(anchor, [years.told(anchor.words), self._in_passing(rank, head.start, head.end)])

    def _linked(self, anchor: Anchor, said: Sequence[Span | None]) -> Iterator[Mention]:
        """``said``: the years of the name itself, which are believed before any other."""
        rank, address = anchor.rank, years.of_address(anchor.url)
        block = self.page.blocks[rank] if rank is not None else None
        sentence = _sentence(block.words, anchor.start, anchor.end) if block else ""
        if not self._is_ours(rank, anchor.link.element, f"{anchor.words} {sentence}", anchor.url):
            return
        # One year in the address of a schema may be that of its publication: what the page says comes before it.
        sure = address if address and (address.length or self.kind is PLAN) else None
        passing = [self._in_passing(rank, anchor.start, anchor.end), *self._around(rank)] if rank is not None else []
        told = _first([*said, sure, *passing])
        yield Mention(
            page=self.page,
            element=anchor.link.element,
            text=block.text if block and is_generic(anchor.words) else anchor.link.name,
            link_text=anchor.link.name,
            url=anchor.url,
            span=told or address,
            is_told=told is not None,
            rank=rank,
        )

    def _is_ours(self, rank: int | None, element: Tag, sentence: str, url: str = "") -> bool:
        """Whether a document is about digital accessibility, by the page, the sentence, the heading or the address."""
        if NOT_OURS.search(sentence):
            return False
        if self.is_about or self.page.is_in_footer(element) or ABOUT.search(sentence):
            return True
        if (self.kind is SCHEMA and "schema" in sentence) or _ACCESS_IN_ADDRESS.search(url):
            return True
        above = self._heading(rank)
        return above is not None and ABOUT.search(self.page.blocks[above].words) is not None

    def _in_passing(self, rank: int, start: int, end: int) -> Span | None:
        """The years that the sentence gives to what it names there: those behind it, else those before it."""
        words = self.page.blocks[rank].words
        low, high = _bounds(words, start, end)
        piece, before = _pieces(words[:high], self._heads(rank), start, end)
        return years.told_in_passing(piece) or years.told_in_passing(before[low:])

    def _around(self, rank: int) -> Iterator[Span | None]:
        """The years that stand in a cell or a line of their own beside a name, then in the heading above."""
        blocks = self.page.blocks
        for near in (rank + 1, rank - 1):
            if 0 <= near < len(blocks) and self._is_beside(blocks[near].element, blocks[rank].element):
                words = blocks[near].words
                yield years.told(words) if len(words) <= _LABEL and is_generic(words) else None
        above = self._heading(rank)
        if above is None:
            return
        words = blocks[above].words
        own = next((head for head in self._heads(above) if head.kind is self.kind), None)
        if own:
            yield from map(years.told, _pieces(words, self._heads(above), own.start, own.end))
        elif is_generic(words):
            yield years.told(words)

    def _is_beside(self, one: Tag, other: Tag) -> bool:
        return one.parent is other.parent and not self.page.place(one).is_heading

    def _label(self, anchor: Anchor) -> tuple[int, Head] | None:
        """The name that stands before a link in its block, else in the block before that says more, else in the heading."""
        rank = anchor.rank
        if rank is None:
            return None
        before = [head for head in self._heads(rank) if head.end <= anchor.start]
        if before:
            return rank, before[-1]
        # « Plans d'action : » may be followed by a list of years, each a link.
        above = (
            one for one in range(rank - 1, max(-1, rank - _FEW), -1) if not is_generic(self.page.blocks[one].words)
        )
        for place in (next(above, None), self._heading(rank)):
            if place is not None and self._heads(place):
                return place, self._heads(place)[-1]
        return None

    def _heading(self, rank: int | None) -> int | None:
        """The block that is the nearest heading above another."""
        blocks = self.page.blocks
        near = range(rank - 1, max(-1, rank - _NEAR), -1) if rank is not None else ()
        return next((one for one in near if self.page.place(blocks[one].element).is_heading), None)

    def _heads(self, rank: int) -> tuple[Head, ...]:
        return _heads(self.page)[rank]

    def _is_of_a_link(self, rank: int, head: Head) -> bool:
        covered = any(start <= head.start and head.end <= end for start, end in self._linked_words[rank])
        return covered or (rank, head.start) in self._labels

    @cached_property
    def _linked_words(self) -> dict[int, list[tuple[int, int]]]:
        found = defaultdict(list)
        for anchor in self._anchors:
            if anchor.rank is not None:
                found[anchor.rank].append((anchor.start, anchor.end))
        return found

    @property
    def _anchors(self) -> tuple[Anchor, ...]:
        return _anchors(self.page)


@once_a_page
def _heads(page: Page) -> Sequence[tuple[Head, ...]]:
    """For each block, the documents that it names."""
    return [() if page.place(one.element).is_quoted else heads(one.text, one.words) for one in page.blocks]


@once_a_page
def _anchors(page: Page) -> tuple[Anchor, ...]:
    """The links that may lead to a document."""
    return anchors(page, islice(_links(page), _MOST))


def _links(page: Page) -> Iterator[tuple[Link, str]]:
    for link in page.links:
        url = address(page, link)
        is_named = is_generic(link.words) or any(any(kind.names(link.words)) for kind in KINDS)
        if url and (is_named or kinds_of_address(url)):
            yield link, url


def _pieces(words: str, named: Iterable[Head], start: int, end: int) -> tuple[str, str]:
    """What a text says from a name on and right before it, up to the other names."""
    later = min((head.start for head in named if head.start >= end), default=len(words))
    is_second = any(head.end <= start for head in named)
    return words[start:later], "" if is_second else words[:start]


def _is_the_thing(words: str, named: Iterable[Head], own: Head) -> bool:
    """« Plan d'action du schéma pluriannuel » is a plan; « plan d'action et schéma pluriannuel » is both."""
    before = [head.end for head in named if head.kind is not own.kind and head.end <= own.start]
    return not before or _AND.search(words[max(before) : own.start]) is not None


def _bounds(words: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around begins and ends."""
    low = max(0, start - _AROUND)
    ends = [match.end() for match in _END_OF_SENTENCE.finditer(words, low, start)]
    stop = _END_OF_SENTENCE.search(words, end, min(len(words), end + _AROUND))
    return (ends[-1] if ends else low), stop.start() if stop else min(len(words), end + _AROUND)


def _sentence(words: str, start: int, end: int) -> str:
    return words[slice(*_bounds(words, start, end))]


def _first(spans: Iterable[Span | None]) -> Span | None:
    return next((span for span in spans if span), None)
