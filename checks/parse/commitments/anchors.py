"""Where the names of links stand in the text around them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from checks.parse.html import Link, Page
from checks.parse.layout import attribute

_Where = tuple[int | None, int, int]
_TAGS = 40
"""Elements of a link looked through for its text, where it holds blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A link, and its folded name in a block of the page: which one, from where to where in its words.

    ``rank`` is ``None`` where the name is not written there: a drawing, an ``aria-label``.
    """

    link: Link
    words: str
    url: str
    rank: int | None = None
    start: int = 0
    end: int = 0


def address(page: Page, link: Link) -> str:
    """Where a link leads, a place of its own page included; empty for nowhere."""
    href = attribute(link.element, "href").strip()
    if link.url or not href.startswith("#") or len(href) == 1:
        return link.url
    return page.capture.url.partition("#")[0] + href


def anchors(page: Page, links: Iterable[tuple[Link, str]]) -> tuple[Anchor, ...]:
    """Each link, given with its address in the order of the page, where its name stands."""
    ranks: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(page.blocks):
        ranks[id(block.element)].append(number)
    seen: Counter[tuple[int, str]] = Counter()
    found = []
    for link, url in links:
        words, holder = link.words, id(page.block_of(link.element))
        seen[holder, words] += 1
        # Of links that have one name in one block, each has its own occurrence.
        written = _places_of(words, page, ranks.get(holder, []))
        place = next(islice(written, seen[holder, words] - 1, None), None)
        rank, start, end = place or _inside(link, page, ranks)
        found.append(Anchor(link=link, words=words, url=url, rank=rank, start=start, end=end))
    return tuple(found)


def _places_of(words: str, page: Page, ranks: Iterable[int]) -> Iterator[_Where]:
    for rank in ranks:
        text = page.blocks[rank].words
        at = text.find(words) if words else -1
        while at >= 0:
            yield rank, at, at + len(words)
            at = text.find(words, at + len(words))


def _inside(link: Link, page: Page, ranks: Mapping[int, list[int]]) -> _Where:
    """The first block that a link holds, since a link may hold blocks."""
    inner = (ranks[id(tag)][0] for tag in page.elements.under(link.element)[:_TAGS] if id(tag) in ranks)
    rank = next(inner, None)
    return rank, 0, len(page.blocks[rank].words) if rank is not None else 0
