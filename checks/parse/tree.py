"""A page as BeautifulSoup's tree, within the limits of what is read, and its elements by name without walking it again."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from io import StringIO
from typing import Any
from unicodedata import normalize

from bs4 import BeautifulSoup, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import NavigableString, PageElement

from checks.model.markup import MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES, MAX_TEXT

_SAID = ("alt", "aria-label", "title")
"""Attributes whose words stand for a text."""


class _TooLargeError(Exception):
    pass


class _Builder(LXMLTreeBuilder):
    """lxml's own, without what it does for XML: its warning, which only a filter of all threads would silence, and the
    search for namespaces in every attribute."""

    def prepare_markup(self, markup: Any, *_: Any, **__: Any) -> Iterator[tuple[str | bytes, str | None, None, bool]]:
        text = markup.removeprefix("\ufeff")
        yield text, None, None, False
        yield text.encode(), "utf8", None, False

    def start(self, tag: Any, attrib: Any, nsmap: Any = {}) -> None:  # noqa: B006 - as it is called
        if nsmap or self._is_in_a_namespace(tag) or any(name.startswith("{") for name in attrib):
            super().start(tag, attrib, nsmap)
            return
        attributes = self.attribute_dict_class(attrib)
        assert self.soup is not None  # noqa: S101 - it began the parsing
        self.soup.handle_starttag(tag, None, None, attributes, namespaces=self.active_namespace_prefixes[-1])

    def end(self, tag: Any) -> None:
        if self._is_in_a_namespace(tag):
            super().end(tag)
            return
        assert self.soup is not None  # noqa: S101 - idem
        self.soup.handle_endtag(tag)

    def _is_in_a_namespace(self, tag: str) -> bool:
        return tag.startswith("{") or len(self.nsmaps) > 1


class _Tree(BeautifulSoup):
    """Stops the parser as soon as a page passes the limits: nothing is read twice, and little of a page made to harm."""

    _nodes = 0
    _characters = 0

    def reset(self) -> None:
        self._nodes = self._characters = 0
        super().reset()

    def handle_starttag(self, name: str, namespace: Any, nsprefix: Any, attrs: Any, *args: Any, **kwargs: Any) -> Any:
        if len(attrs) > MAX_ATTRIBUTES or len(self.tagStack) > MAX_DEPTH:
            raise _TooLargeError
        self._count(sum(len(attrs[said]) for said in _SAID if said in attrs) if attrs else 0)
        return super().handle_starttag(name, namespace, nsprefix, attrs, *args, **kwargs)

    def object_was_parsed(self, o: PageElement, *args: Any, **kwargs: Any) -> None:
        self._count(_length(o) if type(o) is NavigableString else 0)
        super().object_was_parsed(o, *args, **kwargs)

    def handle_data(self, data: str) -> None:
        if len(self.current_data) > MAX_TEXT:  # pieces of one text, of a character or more
            raise _TooLargeError
        super().handle_data(data)

    def _count(self, characters: int) -> None:
        self._nodes += 1
        self._characters += characters
        if self._nodes > MAX_NODES or self._characters > MAX_TEXT:
            raise _TooLargeError


def _length(text: str) -> int:
    """Characters of a text once folded, or about: NFKC makes eighteen of one."""
    return len(text) if text.isascii() else len(normalize("NFKC", text))


def parsed(source: str) -> BeautifulSoup | None:
    """The tree of a page; ``None`` where it is too large to be read."""
    try:
        # As a file: of a short text BeautifulSoup would warn that it looks like the name of one.
        return _Tree(StringIO(source), builder=_Builder())
    except _TooLargeError:
        return None


def empty() -> BeautifulSoup:
    return _Tree(StringIO(), builder=_Builder())


class Elements:
    """The elements of a tree in the order of the page, and by name: those in an element stand in a row behind it."""

    def __init__(self, soup: BeautifulSoup, nodes: Sequence[PageElement]) -> None:
        self.all = tuple(node for node in nodes if isinstance(node, Tag))
        self._ranks = {id(tag): rank for rank, tag in enumerate(self.all)} | {id(soup): -1}
        self._named: dict[str, list[int]] = defaultdict(list)
        for rank, tag in enumerate(self.all):
            self._named[tag.name].append(rank)

    def rank(self, element: Tag) -> int:
        """How many elements of the page come before one."""
        return self._ranks[id(element)]

    def named(self, *names: str) -> Sequence[Tag]:
        """Those of the page that have one of some names."""
        return self._ranked(0, len(self.all), names)

    def inside(self, element: Tag, *names: str) -> Sequence[Tag]:
        """Those in an element that have one of some names."""
        rank = self.rank(element)
        return self._ranked(rank + 1, self._ends[rank], names)

    def first(self, element: Tag, *names: str) -> Tag | None:
        """The first of those in an element that have one of some names."""
        rank = self.rank(element)
        found = [self._next(rank + 1, self._named[name]) for name in names if name in self._named]
        first = min(found, default=len(self.all))
        return self.all[first] if first < self._ends[rank] else None

    def under(self, element: Tag) -> Sequence[Tag]:
        """All those in an element."""
        rank = self.rank(element)
        return self.all[rank + 1 : self._ends[rank]]

    def _next(self, start: int, ranks: Sequence[int]) -> int:
        place = bisect_left(ranks, start)
        return ranks[place] if place < len(ranks) else len(self.all)

    def _ranked(self, start: int, end: int, names: Sequence[str]) -> Sequence[Tag]:
        found: list[int] = []
        for ranks in (self._named[name] for name in names if name in self._named):
            found += ranks[bisect_left(ranks, start) : bisect_left(ranks, end)]
        return [self.all[rank] for rank in (sorted(found) if len(names) > 1 else found)]

    @cached_property
    def _ends(self) -> list[int]:
        """By rank, that of the first element behind an element and what is in it; of the tree itself last."""
        ends = [len(self.all)] * (len(self.all) + 1)
        within: list[int] = []
        for rank, tag in enumerate(self.all):
            while within and self.all[within[-1]] is not tag.parent:
                ends[within.pop()] = rank
            within.append(rank)
        return ends


def holder(element: Tag, *names: str) -> Tag | None:
    """The innermost element around another that has one of some names."""
    tag = element.parent
    while tag is not None and tag.name not in names:
        tag = tag.parent
    return tag
