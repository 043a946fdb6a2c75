from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from checks.model.address import host_of
from checks.model.capture import FailureKind, FetchFailure, Role
from crawler.archive import read_body
from crawler.discovery.sight import Fetch
from crawler.downloading import INSECURE
from crawler.failures import CeilingError, FetchFailedError
from crawler.middlewares.archive import header_pairs
from crawler.pace import Pace, pace_of
from crawler.visit import Visit

MAX_DELAY = 10.0
"""Seconds of a Crawl-delay that are honoured; a longer one would stretch a whole audit for one host."""

MAX_REDIRECTS = 5
"""Redirects of robots.txt that are followed, as RFC 9309 §2.3.1.2 asks; beyond, the file is as good as absent."""

MAX_READ = 512 * 1024
"""Bytes of robots.txt whose rules are read: RFC 9309 §2.5 asks for 500 KiB at least, and more would hold up the crawl."""

_SETTLED = {FailureKind.DNS, FailureKind.TOO_MANY_REDIRECTS, FailureKind.TOLD_TO_WAIT}
"""Failures that http would share with https."""

_GROUP = re.compile(r"\s*user[- ]?agent\s*[:\s]([^#]*)", re.IGNORECASE)
_NAME = re.compile(r"[a-z_-]*")

_TOO_MANY = 429
_SERVER_ERROR = 500
_CLIENT_ERROR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a host asks of robots: its rules (``None``: none), or the failure that every request to it shares.

    ``is_passing``: we were asked to wait, and will say later what it allows.
    """

    rules: Protego | None = None
    failure: FetchFailure | None = None
    is_passing: bool = False


class RobotsMiddleware:
    """robots.txt as RFC 9309 reads it: 4xx allows all, 5xx and silence forbid all, and a host is asked once.

    429 is no absence: it forbids like 5xx, and while a host asks to wait nothing is concluded from what it says.

    Rules are asked over https first and hold for both schemes: the two files are one in practice, and a second request
    would be paid by every service. A host that answers over neither is not knocked at again; one with a bad certificate
    and no http is asked in spite of it, as its home page will be.
    """

    def __init__(self, crawler: Crawler, pace: Pace) -> None:
        self._crawler = crawler
        self._pace = pace
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._known: dict[str, Manners] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler, pace_of(crawler))

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
        host = _host_and_port(request)
        async with self._asking[host]:
            if host in self._known:
                return self._known[host]
            manners = await self._asked(request, host)
            if not manners.is_passing:
                self._known[host] = manners
            return manners

    async def _asked(self, request: Request, host: str) -> Manners:
        failure = None
        for scheme, is_insecure in _attempts(request):
            if is_insecure and (failure is None or failure.kind is not FailureKind.TLS):
                break
            try:
                response = await self._fetched(request, f"{scheme}://{host}/robots.txt", is_insecure=is_insecure)
            except CeilingError:
                raise
            except FetchFailedError as error:
                failure = failure or error.failure
                if failure.kind in _SETTLED:
                    break
                continue
            # A proxy answers 5xx for a host that it cannot reach: the failure over https says what happened.
            if failure is None or response.status < _SERVER_ERROR:
                manners = _read(response, self._agent)
                is_refused = manners.failure is not None and self._pace.is_pausing(host_of(response.url))
                return replace(manners, is_passing=is_refused)
        kind = failure.kind if failure else None
        if kind is FailureKind.TOO_MANY_REDIRECTS:
            return Manners()
        return Manners(failure=failure, is_passing=kind is FailureKind.TOLD_TO_WAIT)

    async def _fetched(self, request: Request, url: str, *, is_insecure: bool) -> Response:
        visit: Visit = request.meta["visit"]
        meta = {
            "visit": visit,
            "cookiejar": request.meta["cookiejar"],
            "ticket": visit.ticket(Fetch(role=Role.ROBOTS, url=url, is_insecure=is_insecure)),
            "is_robots": True,
            "redirect_ttl": MAX_REDIRECTS,
            INSECURE: is_insecure,
        }
        assert self._crawler.engine is not None  # noqa: S101 - a middleware runs inside an engine
        return await self._crawler.engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))

    def _slow_down(self, request: Request, rules: Protego) -> None:
        delay = min(float(rules.crawl_delay(self._agent) or 0), MAX_DELAY)
        assert self._crawler.engine is not None  # noqa: S101 - a middleware runs inside an engine
        downloader = self._crawler.engine.downloader
        if delay <= self._crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        # What a browser loads waits with the pages: the host asked for one delay between all that is sent to it.
        request.meta.pop("download_slot", None)
        # The slot of a host comes and goes with its requests: the next one is made as slow as this one.
        key = downloader.get_slot_key(request)
        downloader.per_slot_settings[key] = {"delay": delay}
        if key in downloader.slots:
            downloader.slots[key].delay = delay


def _host_and_port(request: Request) -> str:
    parts = urlsplit(request.url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in {None, 80, 443} else f"{host}:{parts.port}"


def _attempts(request: Request) -> tuple[tuple[str, bool], ...]:
    """(scheme, whether in spite of the certificate), in order; a port of its own speaks one scheme only."""
    parts = urlsplit(request.url)
    attempts = (("https", False), ("http", False), ("https", True))
    if parts.port in {None, 80, 443}:
        return attempts
    return tuple(attempt for attempt in attempts if attempt[0] == parts.scheme)


def _read(response: Response, agent: str) -> Manners:
    if response.status >= _SERVER_ERROR or response.status == _TOO_MANY:
        message = f"robots.txt answers {response.status}, which forbids all for now (RFC 9309 §2.3.1.4)"
        return Manners(failure=FetchFailure(kind=FailureKind.ROBOTS, message=message, status=response.status))
    if response.status >= _CLIENT_ERROR:
        return Manners()
    body, failure = read_body(response.body, header_pairs(response))
    return Manners(failure=failure) if failure else Manners(rules=_rules(body, agent))


def _rules(body: bytes, agent: str) -> Protego:
    if len(body) > MAX_READ:
        body = body[: body.rfind(b"\n", 0, MAX_READ) + 1]  # half a path would forbid more than the whole
    lines = body.decode("utf-8-sig", "replace").splitlines()
    return Protego.parse("\n".join(_for_us(line, agent.lower()) for line in lines))


def _for_us(line: str, agent: str) -> str:
    """A line as ``agent`` reads it: all others have one name, since thousands of them would each be given every rule.

    ``Toise/1.0`` is our name too: what follows the letters does not count (RFC 9309 §2.2.1).
    """
    group = _GROUP.match(line)
    if group is None:
        return line
    name = group[1].strip().lower()
    known = _NAME.match(name)
    is_ours = name == "*" or (known is not None and known[0] == agent)
    return f"User-agent: {(name if name == '*' else agent) if is_ours else 'another'}"
