from __future__ import annotations

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from checks.model.capture import Role
from crawler.forges.asking import Forges
from crawler.forges.transport import GuardedTransport
from crawler.guard import ALLOW_PRIVATE
from crawler.middlewares.archive import KEPT
from crawler.pace import pace_of
from crawler.visit import Ticket, Visit


class ForgesMiddleware:
    """Answers the tickets about repositories: their forges are asked by API, at the pace of any other host."""

    def __init__(self, forges: Forges) -> None:
        self._forges = forges

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ForgesMiddleware:
        settings = crawler.settings
        forges = Forges(
            GuardedTransport(allow_private=settings.getbool(ALLOW_PRIVATE)),
            user_agent=settings["USER_AGENT"],
            delay=settings.getfloat("DOWNLOAD_DELAY"),
            timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
            pace=pace_of(crawler),
        )
        middleware = cls(forges)
        crawler.signals.connect(middleware._closed, signal=signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> Response | None:
        ticket: Ticket | None = request.meta.get("ticket")
        if ticket is None or ticket.fetch.role is not Role.FORGE:
            return None
        visit: Visit = request.meta["visit"]
        await self._forges.ask(visit, ticket)
        return Response(request.url, flags=[KEPT])

    async def _closed(self) -> None:
        await self._forges.close()
