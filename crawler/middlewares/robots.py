from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from checks.model.capture import FailureKind, FetchFailure, Role
from crawler.archive import read_body
from crawler.discovery.plan import Fetch
from crawler.failures import FetchFailedError, failure_of
from crawler.middlewares.archive import header_pairs
from crawler.visit import Visit

MAX_DELAY = 10.0
"""Seconds of a Crawl-delay that are honoured; a longer one would stretch a whole audit for one host."""

_DEAD = {FailureKind.DNS, FailureKind.REFUSED}
_SERVER_ERROR = 500
_CLIENT_ERROR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a host asks of robots: its rules (``None``: none), or the failure that every request to it shares."""

    rules: Protego | None = None
    failure: FetchFailure | None = None


class RobotsMiddleware:
    """robots.txt as RFC 9309 reads it: 4xx allows all, 5xx forbids all, and a host is asked once.

    Rules are asked over https first and hold for both schemes: the two files are one in practice, and a second request
    would be paid by every service. A host whose name or port is dead over both is not knocked at again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._hosts: dict[str, asyncio.Future[Manners]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        manners = await self._manners(request)
        if manners.failure:
            raise FetchFailedError(manners.failure)
        if manners.rules is None:
            return
        if not manners.rules.can_fetch(request.url, self._agent):
            raise FetchFailedError(FetchFailure(kind=FailureKind.ROBOTS, message="robots.txt forbids this address"))
        self._slow_down(request, manners.rules)

    async def _manners(self, request: Request) -> Manners:
        netloc = urlsplit(request.url).netloc
        known = self._hosts.get(netloc)
        if known is None:
            known = self._hosts[netloc] = asyncio.get_running_loop().create_future()
            known.set_result(await self._asked(request, netloc))
        return await asyncio.shield(known)

    async def _asked(self, request: Request, netloc: str) -> Manners:
        failure = None
        for scheme in ("https", "http"):
            try:
                response = await self._fetched(request, f"{scheme}://{netloc}/robots.txt")
            except Exception as error:  # noqa: BLE001 - whatever ended the fetch is data
                failure = failure or failure_of(error)
                if failure.kind is FailureKind.DNS:
                    break
                continue
            if failure is None or response.status < _SERVER_ERROR:
                return _read(response)
        # A proxy answers 5xx for a host that it cannot reach: the failure over https says what happened.
        return Manners(failure=failure) if failure and failure.kind in _DEAD else Manners()

    async def _fetched(self, request: Request, url: str) -> Response:
        visit: Visit = request.meta["visit"]
        meta = {**_kept(request.meta), "is_robots": True, "ticket": visit.ticket(Fetch(role=Role.ROBOTS, url=url))}
        assert self._crawler.engine is not None  # noqa: S101 - a middleware runs inside an engine
        return await self._crawler.engine.download_async(
            Request(url, meta=meta, callback=NO_CALLBACK, priority=1000, dont_filter=True)
        )

    def _slow_down(self, request: Request, rules: Protego) -> None:
        delay = rules.crawl_delay(self._agent)
        engine = self._crawler.engine
        if not delay or engine is None:
            return
        slot = engine.downloader.slots.get(engine.downloader.get_slot_key(request))
        if slot:
            slot.delay = max(slot.delay, min(float(delay), MAX_DELAY))


def _kept(meta: dict[str, object]) -> dict[str, object]:
    return {"visit": meta["visit"], "cookiejar": meta["cookiejar"]}


def _read(response: Response) -> Manners:
    if response.status >= _SERVER_ERROR:
        message = f"robots.txt answers {response.status}, which forbids all (RFC 9309 §2.3.1.4)"
        return Manners(failure=FetchFailure(kind=FailureKind.ROBOTS, message=message, status=response.status))
    if response.status >= _CLIENT_ERROR:
        return Manners()
    body, _ = read_body(response.body, header_pairs(response))
    return Manners(rules=Protego.parse(body.decode("utf-8", "replace")))
