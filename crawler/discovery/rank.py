from __future__ import annotations

import re
from collections.abc import Iterable

from checks.model.address import host_of, registrable_domain
from checks.model.capture import Capture, Topic
from crawler.discovery.leads import REMEMBERED, leads_of
from crawler.discovery.links import Link, size
from crawler.discovery.once import once_a_page
from crawler.discovery.tables import SIGNS

ENOUGH = 50
"""Weight from which a link is worth a request."""

SURE = 150
"""Weight from which a name says all: the address beside it could only favour the page of another."""

ELSEWHERE = 15
"""What a link to another site loses: it is as often about somebody else's page."""

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")


def _best_links_of(page: Capture, topic: Topic) -> tuple[Link, ...]:
    return best_links(topic, leads_of(page), page.url)


best_links_of = once_a_page(_best_links_of, REMEMBERED, size)


def best_links(topic: Topic, links: Iterable[Link], home: str) -> tuple[Link, ...]:
    """The links worth visiting for a topic, best first; equal ones in the order of the page."""
    host = host_of(home)
    weighed = [(score, link) for link in links if (score := weight(topic, link, host)) >= ENOUGH]
    return tuple(link for _, link in sorted(weighed, key=lambda pair: -pair[0]))


def weight(topic: Topic, link: Link, home: str) -> int:
    """How much a link promises the topic: 0 for nothing, about 200 for a sure name, or a fair one on a sure path.

    ``home`` is the host of the page: what all the site shares says nothing of a page (``simulateur.beta.gouv.fr``).
    """
    signs, words, address = SIGNS[topic], link.words, link.address
    if not any(map(f"{words} {address}".__contains__, signs.words)):
        return 0
    address = link.path if link.host == home else address
    name = _first(signs.names, words)
    score = name if name >= SURE else name + _first(signs.paths, address)
    # Asked last: few links promise anything.
    if not score or signs.never.search(words) or signs.never.search(address):
        return 0
    is_near = registrable_domain(link.host) == registrable_domain(home)
    return score if is_near else score - ELSEWHERE


def _first(patterns: Iterable[tuple[re.Pattern[str], int]], text: str) -> int:
    for pattern, score in patterns:
        if pattern.search(text):
            return score
    return 0


def latest_year(link: Link) -> int:
    """The latest year in the name or the address of a link, 0 if there is none: of several editions, the one in force."""
    return max(map(int, _YEAR.findall(f"{link.name} {link.url}")), default=0)
