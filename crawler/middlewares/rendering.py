from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from checks.model.service import Service
from crawler.archive import read_body
from crawler.downloading import INSECURE
from crawler.failures import CeilingError, FetchFailedError
from crawler.middlewares.archive import KEPT, header_pairs
from crawler.pace import HOST_SEATS
from crawler.rendering.browser import Browser
from crawler.rendering.find import find_browser
from crawler.rendering.page import MAX_BYTES, Ask, Part
from crawler.visit import Ticket, Visit, service_visited

_SLOT = {"delay": 0.05}
"""The pace at which a page loads its parts: a visitor's browser takes six at once, without any delay. The two seats of the
host are for its parts as for its pages (``crawler.pace``)."""


@dataclass(slots=True, kw_only=True)
class _Loading:
    """A page while a browser shows it. Its parts wait here for one another, so that none leaves once it is over."""

    request: Request
    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HOST_SEATS))
    is_over: bool = False


class RenderingMiddleware:
    """Shows in a browser the pages whose tickets ask for it. What the page asks for comes through the crawl itself:
    robots.txt, guard, cookies and certificates are those of every request; its parts are no evidence, and not archived.
    """

    def __init__(self, crawler: Crawler, browser: Browser) -> None:
        self._crawler = crawler
        self._browser = browser
        self._scripts: defaultdict[str, dict[str, Part]] = defaultdict(dict)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RenderingMiddleware:
        program = find_browser()
        if program is None:
            raise NotConfigured("no browser")
        middleware = cls(crawler, Browser(program))
        crawler.signals.connect(middleware._closed, signal=signals.spider_closed)
        crawler.signals.connect(middleware._forget, signal=service_visited)
        return middleware

    async def process_request(self, request: Request) -> Response | None:
        ticket: Ticket | None = request.meta.get("ticket")
        if ticket is None or ticket.fetch.renders is None:
            return None
        visit: Visit = request.meta["visit"]
        if late := visit.lateness():
            raise CeilingError(late)
        loading = _Loading(request=request)
        page = visit.capture(ticket.fetch.renders)
        try:
            shown = await self._browser.show(page, partial(self._part, loading), visit.waiting)
        finally:
            loading.is_over = True
        capture = visit.keep_rendering(ticket, shown)
        return HtmlResponse(capture.url, body=capture.body, encoding="utf-8", flags=[KEPT])

    async def _part(self, page: _Loading, ask: Ask) -> Part | None:
        """The answer to a request of a page; the scripts that the pages of a service share are asked once."""
        visit: Visit = page.request.meta["visit"]
        known = self._scripts[visit.service.id]
        if ask.is_script and ask.url in known:
            return known[ask.url]
        async with page.seats:
            part = None if page.is_over else await self._fetched(page.request, ask)
        if part and ask.is_script and len(part.body) + sum(len(one.body) for one in known.values()) <= MAX_BYTES:
            known[ask.url] = part
        return part

    async def _fetched(self, page: Request, ask: Ask) -> Part | None:
        slot = f"{urlsplit(ask.url).netloc} (browser)"
        meta = {key: page.meta[key] for key in ("visit", "cookiejar", INSECURE)} | {"download_slot": slot}
        assert self._crawler.engine is not None  # noqa: S101 - a middleware runs inside an engine
        self._crawler.engine.downloader.per_slot_settings.setdefault(slot, _SLOT)
        try:
            request = Request(
                ask.url, method=ask.method, headers=dict(ask.headers), body=ask.body, meta=meta, callback=NO_CALLBACK
            )
            response = await self._crawler.engine.download_async(request)
        except (FetchFailedError, ValueError):  # the latter for what is not an address of the web
            return None
        headers = header_pairs(response)
        body, failure = read_body(response.body, headers)
        return None if failure else Part(status=response.status, headers=tuple(headers), body=body)

    def _forget(self, service: Service) -> None:
        self._scripts.pop(service.id, None)

    async def _closed(self) -> None:
        await self._browser.close()
