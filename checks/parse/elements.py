"""The elements of a page by name, without walking its tree again."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement


class Elements:
    """The elements of a tree in the order of the page, and by name: those in an element stand in a row behind it."""

    def __init__(self, soup: BeautifulSoup, nodes: Sequence[PageElement]) -> None:
        self.all = tuple(node for node in nodes if isinstance(node, Tag))
        self._ranks = dict(zip(map(id, self.all), range(len(self.all)), strict=True)) | {id(soup): -1}
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
