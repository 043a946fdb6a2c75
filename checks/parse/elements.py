"""The elements of a page by name, without walking its tree again."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from bs4 import Tag

from checks.parse.layout import Element, laid_out


class Elements:
    """The elements of a tree in the order of the page, and by name: those in an element stand in a row behind it."""

    def __init__(self, tags: Sequence[Element]) -> None:
        self.all = tags
        self._named: dict[str, list[int]] = defaultdict(list)
        for rank, tag in enumerate(tags):
            self._named[tag.name].append(rank)

    def rank(self, element: Tag) -> int:
        """How many elements of the page come before one."""
        return laid_out(element).rank

    def named(self, *names: str) -> Sequence[Tag]:
        """Those of the page that have one of some names."""
        return self._ranked(0, len(self.all), names)

    def inside(self, element: Tag, *names: str) -> Sequence[Tag]:
        """Those in an element that have one of some names."""
        known = laid_out(element)
        return self._ranked(known.rank + 1, known.end, names)

    def first(self, element: Tag, *names: str) -> Tag | None:
        """The first of those in an element that have one of some names."""
        known = laid_out(element)
        found = [self._next(known.rank + 1, self._named[name]) for name in names if name in self._named]
        first = min(found, default=known.end)
        return self.all[first] if first < known.end else None

    def under(self, element: Tag) -> Sequence[Tag]:
        """All those in an element."""
        known = laid_out(element)
        return self.all[known.rank + 1 : known.end]

    def _next(self, start: int, ranks: Sequence[int]) -> int:
        place = bisect_left(ranks, start)
        return ranks[place] if place < len(ranks) else len(self.all)

    def _ranked(self, start: int, end: int, names: Sequence[str]) -> Sequence[Tag]:
        found: list[int] = []
        for ranks in (self._named[name] for name in names if name in self._named):
            found += ranks[bisect_left(ranks, start) : bisect_left(ranks, end)]
        return [self.all[rank] for rank in (sorted(found) if len(names) > 1 else found)]


def holder(element: Tag, *names: str) -> Tag | None:
    """The innermost element around another that has one of some names."""
    tag = element.parent
    while tag is not None and tag.name not in names:
        tag = tag.parent
    return tag
