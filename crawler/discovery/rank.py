from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from checks.model.address import host_of, is_same_site
from checks.model.capture import Topic
from checks.model.french import fold
from crawler.discovery.links import Link
from crawler.discovery.tables import SIGNS

ENOUGH = 50
"""Weight from which a link is worth a request."""

SURE = 150
"""Weight from which a name says all: the address beside it could only favour the page of another."""

ELSEWHERE = 15
"""What a link to another site loses: it is as often about somebody else's page."""

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")


def best_links(topic: Topic, links: Iterable[Link], home: str) -> tuple[Link, ...]:
    """The links worth visiting for a topic, best first; equal ones in the order of the page."""
    weighed = [(weight(topic, link, home), link) for link in links]
    return tuple(link for score, link in sorted(weighed, key=lambda pair: -pair[0]) if score >= ENOUGH)


def weight(topic: Topic, link: Link, home: str) -> int:
    """How much a link promises the topic: 0 for nothing, about 200 for a sure name, or a fair one on a sure path."""
    signs = SIGNS[topic]
    words, address = link.words, fold(unquote(_address(link.url, home)))
    if signs.never.search(words) or signs.never.search(address):
        return 0
    name = _first(signs.names, words)
    score = name if name >= SURE else name + _first(signs.paths, address)
    return score if not score or is_same_site(link.url, home) else score - ELSEWHERE


def _address(url: str, home: str) -> str:
    """What an address says of a page: not the host, if all the site shares it (``simulateur.beta.gouv.fr``)."""
    host = host_of(url)
    return url.partition(host)[2] if host == host_of(home) else url


def _first(patterns: Iterable[tuple[re.Pattern[str], int]], text: str) -> int:
    return next((weight for pattern, weight in patterns if pattern.search(text)), 0)


def latest_year(link: Link) -> int:
    """The latest year in the name or the address of a link, 0 if there is none: of several editions, the one in force."""
    return max(map(int, _YEAR.findall(f"{link.name} {link.url}")), default=0)
