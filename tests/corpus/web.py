"""The web as a labelled service's folder describes it, visited by the same plan as the crawl."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag, urljoin

import httpx
from scrapy.http import HtmlResponse

from checks.model.address import host_of, page_key
from checks.model.capture import Capture, FailureKind, FetchFailure, Role
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.discovery.sight import Render
from crawler.forges.asking import Forges
from crawler.pace import Pace
from crawler.visit import Answer, Shown, Ticket, Visit
from tests.corpus.labelled import Labelled, Said

MAX_REDIRECTS = 10
ANY_OTHER = "*"
"""The address, among those rendered, that stands for all that ``answers`` does not name."""

_HTML = "text/html; charset=utf-8"
_NO_SUCH_HOST = {"failure": "dns"}
_NOT_FOUND = {
    "status": 404,
    "body": b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
}


def visit(labelled: Labelled) -> tuple[Capture, ...]:
    """Every capture of one visit."""
    web = _Web(labelled)
    visit = Visit(service=labelled.service, archive=None, ceiling=DEFAULT_CEILING, render=Render.AUTO)
    while tickets := visit.next_tickets():
        for ticket in tickets:
            if ticket.fetch.renders:
                _render(visit, ticket, web)
            elif ticket.fetch.role is Role.FORGE:
                asyncio.run(_ask(visit, ticket, web))
            else:
                _follow(visit, ticket, web)
    return tuple(visit.captures)


class _Web:
    """Addresses that differ by ``www.`` or a final slash are one; a host that nothing names does not exist."""

    def __init__(self, labelled: Labelled) -> None:
        self._labelled = labelled
        self._home = labelled.service.url or ""
        self._answers = self._by_key(labelled.answers)
        self._rendered = self._by_key(labelled.rendered)
        self._hosts = {_host(key) for key in self._answers} | {_host(page_key(self._home))}

    def answer(self, url: str) -> Mapping[str, Any]:
        """What an address says: a ``failure``, a redirect ``to``, or a ``status`` with a ``body``."""
        said = self._said(url)
        is_twin = url.startswith("http:") and self._home.startswith("https:") and self._is_own(url)
        if is_twin and said.get("failure", "tls") == "tls":  # http answers, if only to lead to https
            return {"to": "https" + url.removeprefix("http")}
        if "page" not in said:
            return said
        page = self._labelled.folder / said["page"]
        kind = _HTML if page.suffix == ".html" else mimetypes.guess_type(page.name)[0]
        return {"status": 200, "type": kind, **said, "body": page.read_bytes()}

    def shown(self, capture: Capture) -> Mapping[str, Any]:
        """What a browser makes of a page: a ``failure``, or its ``html``; the page itself where scripts change nothing."""
        key = page_key(capture.url)
        said = self._rendered.get(key)
        if said is None and key not in self._answers:
            said = self._labelled.rendered.get(ANY_OTHER)
        if said is None:
            kind = {b"Content-Type": (capture.header("content-type") or "").encode()}
            return {"html": HtmlResponse(capture.url, body=capture.body, headers=kind).text}
        said = _whole(said)
        return (
            said if "failure" in said else {"html": (self._labelled.folder / said["page"]).read_text("utf-8"), **said}
        )

    def _said(self, url: str) -> Mapping[str, Any]:
        known = self._answers.get(page_key(url)) or self._answers.get(page_key(urldefrag(url).url))
        if known is None and _host(page_key(url)) not in self._hosts:
            return _NO_SUCH_HOST
        return _whole(known or (self._is_own(url) and self._labelled.otherwise) or _NOT_FOUND)

    def _is_own(self, url: str) -> bool:
        return _host(page_key(url)) == _host(page_key(self._home))

    def _by_key(self, said: Mapping[str, Said]) -> Mapping[str, Said]:
        return {page_key(urljoin(self._home, path)): one for path, one in said.items() if path != ANY_OTHER}


def _whole(said: Said) -> Mapping[str, Any]:
    return {"page": said} if isinstance(said, str) else said


def _host(key: str) -> str:
    return host_of(f"https://{key}")


def _follow(visit: Visit, ticket: Ticket, web: _Web) -> None:
    """One planned fetch: its redirects, then the answer or the failure."""
    url = ticket.fetch.url
    if ticket.fetch.role in {Role.PREFLIGHT, Role.SECURITY_TXT}:  # no folder holds any
        visit.keep_failure(ticket, url, FetchFailure(kind=FailureKind.OTHER, message="not captured"))
        return
    for _ in range(MAX_REDIRECTS):
        said = web.answer(url)
        if "failure" in said:
            visit.keep_failure(ticket, url, _failure(said))
            return
        headers = [("Location", said["to"])] if "to" in said else [("Content-Type", said.get("type", _HTML))]
        answer = Answer(status=said.get("status", 301), headers=headers, raw_body=said.get("body", b""))
        ticket.previous = visit.keep_answer(ticket, url, answer).id
        if "to" not in said:
            return
        url = urljoin(url, said["to"])
    visit.keep_failure(ticket, url, FetchFailure(kind=FailureKind.TOO_MANY_REDIRECTS))


async def _ask(visit: Visit, ticket: Ticket, web: _Web) -> None:
    """What the forge of a repository tells, as the crawl asks it."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = web.answer(str(request.url))
        if "failure" in said:
            raise httpx.ConnectError(said["failure"])
        headers = {"Location": said["to"]} if "to" in said else {"Content-Type": said.get("type", _HTML)}
        return httpx.Response(said.get("status", 301), headers=headers, stream=httpx.ByteStream(said.get("body", b"")))

    forges = Forges(httpx.MockTransport(answer), user_agent="Toise", delay=0.0, timeout=5.0, pace=Pace())
    await forges.ask(visit, ticket)
    await forges.close()


def _render(visit: Visit, ticket: Ticket, web: _Web) -> None:
    page = visit.capture(ticket.fetch.renders or "")
    said = web.shown(page)
    if "failure" in said:
        visit.keep_failure(ticket, page.url, _failure(said))
    else:
        visit.keep_rendering(ticket, Shown(url=page.url, html=said["html"], missing=said.get("missing", 0)))


def _failure(said: Mapping[str, Any]) -> FetchFailure:
    return FetchFailure(kind=FailureKind(said["failure"]), status=said.get("status"))
