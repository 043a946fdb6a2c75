from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Mapping, Sequence
from os.path import isfile
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from checks.model.address import page_key, split
from checks.model.capture import Capture, FailureKind, FetchFailure, Role
from checks.model.errors import InputError
from checks.model.service import Service
from crawler.archive import MAX_BODY
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.discovery.sight import Render
from crawler.failures import FetchFailedError
from crawler.rendering.browser import Browser
from crawler.rendering.find import find_browser
from crawler.rendering.page import Ask, Part
from crawler.visit import Answer, Ticket, Visit

_NOT_CAPTURED = FetchFailure(kind=FailureKind.OTHER, message="not captured")


def read_pages(url: str, given: Sequence[str]) -> Mapping[str, Path]:
    """``PATH=FILE`` pairs as pages by address; PATH is relative to ``url``, or a whole address.

    Raises :class:`InputError` for a pair without ``=``, or a file that is not there.
    """
    pages = {}
    for pair in given:
        path, name = _halves(pair)
        try:
            address = urljoin(url, path)
        except ValueError:
            address = ""
        if split(address) is None:
            raise InputError(f"--page {pair} : « {path} » n'est pas une adresse, écrivez par exemple /accessibilite.")
        if Path(name).stat().st_size > MAX_BODY:
            raise InputError(f"--page {pair} : {name} dépasse {MAX_BODY // 2**20} Mio, la taille que nous lisons.")
        pages[page_key(address)] = Path(name)
    return pages


def _halves(pair: str) -> tuple[str, str]:
    """The path and the file: at the first ``=`` behind which a file stands, since an address may hold ``=`` too."""
    ends = [at for at, char in enumerate(pair) if char == "="]
    if not ends or not pair[ends[0] + 1 :]:
        raise InputError(f"--page {pair} : écrivez CHEMIN=FICHIER, par exemple /accessibilite=page.html.")
    for at in ends:
        if isfile(pair[at + 1 :]):  # noqa: PTH113 - Path.is_file raises on names too long, as addresses can be
            return pair[:at], pair[at + 1 :]
    raise InputError(f"--page {pair} : le fichier {pair[ends[-1] + 1 :]} n'existe pas.")


def visit_saved(service: Service, pages: Mapping[str, Path], render: Render = Render.NEVER) -> tuple[Capture, ...]:
    """Visits a service by the same plan as the crawl, in saved pages: other addresses of its hosts answer 404.

    Scripts may be among them; a page is only as well shown as those that are.
    """
    hosts = {_host(key) for key in (*pages, *(page_key(url) for url in service.urls))}
    program = find_browser() if render is not Render.NEVER else None
    visit = Visit(
        service=service, archive=None, ceiling=10 * DEFAULT_CEILING, render=render if program else Render.NEVER
    )
    asyncio.run(_visited(visit, pages, hosts, Browser(program) if program else None))
    return tuple(visit.captures)


async def _visited(visit: Visit, pages: Mapping[str, Path], hosts: set[str], browser: Browser | None) -> None:
    try:
        while tickets := visit.next_tickets():
            for ticket in tickets:
                if browser and ticket.fetch.renders:
                    await _render(visit, ticket, browser, pages)
                else:
                    _answer(visit, ticket, pages, hosts)
    finally:
        if browser:
            await browser.close()


async def _render(visit: Visit, ticket: Ticket, browser: Browser, pages: Mapping[str, Path]) -> None:
    async def fetched(ask: Ask) -> Part | None:
        page = pages.get(page_key(ask.url))
        return Part(status=200, headers=(_content_type(page, ask.url),), body=page.read_bytes()) if page else None

    try:
        visit.keep_rendering(ticket, await browser.show(visit.capture(ticket.fetch.renders or ""), fetched))
    except FetchFailedError as error:
        visit.keep_failure(ticket, ticket.fetch.url, error.failure)


def _saved(pages: Mapping[str, Path], url: str) -> Path | None:
    """The file of an address; the routes of an application are all served by the page that holds it."""
    return pages.get(page_key(url)) or pages.get(page_key(urldefrag(url).url))


def _host(key: str) -> str:
    """The host, and its port if it has one of its own, of a page key."""
    return key.partition("/")[0].partition("?")[0]


def _answer(visit: Visit, ticket: Ticket, pages: Mapping[str, Path], hosts: set[str]) -> None:
    url = ticket.fetch.url
    page = _saved(pages, url)
    # A saved page says nothing of how http answers, unless http is all that the service has.
    is_twin = ticket.fetch.role is Role.HTTP and not (visit.service.url or "").startswith("http:")
    is_unknown = ticket.fetch.role is Role.PREFLIGHT or (ticket.fetch.role is Role.SECURITY_TXT and page is None)
    if is_twin or is_unknown or _host(page_key(urldefrag(url).url)) not in hosts:
        visit.keep_failure(ticket, url, _NOT_CAPTURED)
        return
    if page is None:
        visit.keep_answer(ticket, url, Answer(status=404, headers=[("Content-Type", "text/html")], raw_body=b""))
        return
    visit.keep_answer(ticket, url, Answer(status=200, headers=[_content_type(page, url)], raw_body=page.read_bytes()))


def _content_type(page: Path, url: str) -> tuple[str, str]:
    """By the name of the file, else by that of the page: what was saved as ``security`` is still a ``security.txt``."""
    guessed = (mimetypes.guess_type(name)[0] for name in (page.name, urlsplit(url).path))
    return "Content-Type", next((one for one in guessed if one), "text/html")
