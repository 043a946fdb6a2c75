"""Which links of a page may lead to what is looked for by the names of links: a few of each page."""

from __future__ import annotations

from functools import lru_cache

from checks.model.capture import Capture
from checks.model.repository import software_of
from crawler.discovery.links import Link, links_of, size
from crawler.discovery.once import once_a_page
from crawler.discovery.tables import SIGNS

REMEMBERED = 2_000_000
"""The :func:`size` of the leads that are remembered: those of a thousand real pages, read at several steps."""

_WORDS = tuple(dict.fromkeys(word for signs in SIGNS.values() for word in signs.words))


def _leads_of(page: Capture) -> tuple[Link, ...]:
    return tuple(
        link for link in links_of(page) if is_forge(link.host) or _holds_a_word(f"{link.words} {link.address}")
    )


leads_of = once_a_page(_leads_of, REMEMBERED, size)


def _holds_a_word(text: str) -> bool:
    return any(map(text.__contains__, _WORDS))


@lru_cache(maxsize=1_000)
def is_forge(host: str) -> bool:
    return software_of(host.removeprefix("www.")) is not None
