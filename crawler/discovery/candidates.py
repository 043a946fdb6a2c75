"""Pages that may answer a question, each with why it is thought so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.model.address import page_key
from checks.model.capture import Candidate, Capture, Found, Topic
from crawler.discovery.links import Link

Promise = tuple[Candidate, str]
"""Why an address is worth a request, and that address."""

_MAX_TEXT = 100


def linked(link: Link, topic: Topic, page: Capture) -> Promise:
    return Candidate(topic=topic, found=Found.LINK, text=link.name[:_MAX_TEXT], page=page.url), link.url


def merged(promises: Iterable[Promise]) -> Iterator[tuple[str, tuple[Candidate, ...]]]:
    """Each page once, under the first address given for it, whatever the number of topics it is a candidate for."""
    found: dict[str, tuple[str, list[Candidate]]] = {}
    for candidate, url in promises:
        known = found.setdefault(page_key(url), (url, []))[1]
        if all(one.topic is not candidate.topic for one in known):
            known.append(candidate)
    return ((url, tuple(candidates)) for url, candidates in found.values())
