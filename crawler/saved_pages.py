from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin

from checks.model.address import host_of, page_key, split
from checks.model.capture import Capture, FailureKind, FetchFailure, Role
from checks.model.errors import InputError
from checks.model.service import Service
from crawler.archive import MAX_BODY
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.visit import Answer, Ticket, Visit

_NOT_CAPTURED = FetchFailure(kind=FailureKind.OTHER, message="not captured")


def read_pages(url: str, given: Sequence[str]) -> Mapping[str, Path]:
    """``PATH=FILE`` pairs as pages by address; PATH is relative to ``url``, or a whole address.

    Raises :class:`InputError` for a pair without ``=``, or a file that is not there.
    """
    pages = {}
    for pair in given:
        path, equals, name = pair.partition("=")
        while equals and not Path(name).is_file() and "=" in name:  # an address may hold "=" too
            more, _, name = name.partition("=")
            path = f"{path}={more}"
        if not equals or not name:
            raise InputError(f"--page {pair} : écrivez CHEMIN=FICHIER, par exemple /accessibilite=page.html.")
        if not Path(name).is_file():
            raise InputError(f"--page {pair} : le fichier {name} n'existe pas.")
        if Path(name).stat().st_size > MAX_BODY:
            raise InputError(f"--page {pair} : {name} dépasse {MAX_BODY // 2**20} Mio, la taille que nous lisons.")
        pages[page_key(urljoin(url, path))] = Path(name)
    return pages


def visit_saved(service: Service, pages: Mapping[str, Path]) -> tuple[Capture, ...]:
    """Visits a service by the same plan as the crawl, in saved pages: other addresses of its hosts answer 404."""
    hosts = {key.partition("/")[0].partition("?")[0] for key in pages} | {
        host_of(service.url or "").removeprefix("www.")
    }
    visit = Visit(service=service, archive=None, ceiling=10 * DEFAULT_CEILING)
    while tickets := visit.next_tickets():
        for ticket in tickets:
            _answer(visit, ticket, pages, hosts)
    return tuple(visit.captures)


def _answer(visit: Visit, ticket: Ticket, pages: Mapping[str, Path], hosts: set[str]) -> None:
    url = ticket.fetch.url
    parts = split(url)
    # A saved page says nothing of how http answers, unless http is all that the service has.
    is_twin = ticket.fetch.role is Role.HTTP and not (visit.service.url or "").startswith("http:")
    host = page_key(url).partition("/")[0].partition("?")[0]
    if parts is None or is_twin or host not in hosts:
        visit.keep_failure(ticket, url, _NOT_CAPTURED)
        return
    page = pages.get(page_key(url))
    if page is None:
        visit.keep_answer(ticket, url, Answer(status=404, headers=[("Content-Type", "text/html")], raw_body=b""))
        return
    kind = mimetypes.guess_type(page.name)[0] or "text/html"
    visit.keep_answer(ticket, url, Answer(status=200, headers=[("Content-Type", kind)], raw_body=page.read_bytes()))
