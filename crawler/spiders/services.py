from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from checks.model.address import host_of
from checks.model.capture import Role
from checks.model.run_folder import RunFolder
from crawler.archive import Archive
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.discovery.sight import Render
from crawler.downloading import INSECURE
from crawler.failures import FetchFailedError
from crawler.fleet.aside import Aside
from crawler.fleet.feed import Feed
from crawler.fleet.owed import Owed, visits_owed
from crawler.pace import pace_of
from crawler.pauses import Pauses
from crawler.rendering.find import find_browser
from crawler.settings import MIN_DELAY, SOFTWARE
from crawler.visit import DEFAULT_PATIENCE, Ticket, Visit, service_missed, service_visited

_AS_A_BROWSER = {"dont_redirect": True, "dont_merge_cookies": True}
"""A preflight bears no cookie, and a redirect is its answer (Fetch standard, "CORS-preflight fetch")."""


class ServicesSpider(Spider):
    """One spider for every service: makes the visits of a run whose captures are not there yet.

    ``scrapy crawl services -a run=runs/2026-11-23T0600Z``

    ``feed`` gives the visits to make in their place, one at a time, where ``processes`` share those of the run. No other begins
    while ``backlog`` has no room.
    """

    name = "services"

    def __init__(
        self, run: str, feed: Feed | None = None, backlog: Aside | None = None, processes: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._processes = processes
        self._feed = feed
        self._backlog = backlog
        self.disk_error: OSError | None = None
        self.crashes = 0
        self._folder = RunFolder(Path(run))
        state = self._folder.state
        self._home = RunFolder(Path(state.get("home") or run))
        self._settings: dict[str, Any] = state.get("settings", {})
        self._ceiling = int(self._settings.get("ceiling", DEFAULT_CEILING))
        self._patience = float(self._settings.get("patience", DEFAULT_PATIENCE))
        self._render = Render(self._settings.get("render", Render.AUTO)) if find_browser() else Render.NEVER

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ServicesSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        chosen = spider._settings  # noqa: SLF001
        if "longest_pause" in chosen:
            crawler.settings.set("LONGEST_PAUSE", float(chosen["longest_pause"]), priority="spider")
        if "timeout" in chosen:
            crawler.settings.set("DOWNLOAD_TIMEOUT", float(chosen["timeout"]), priority="spider")
        if "delay" in chosen:
            crawler.settings.set("DOWNLOAD_DELAY", max(float(chosen["delay"]), MIN_DELAY), priority="spider")
        crawler.signals.connect(spider._crashed, signal=signals.spider_error)  # noqa: SLF001
        return spider

    async def start(self) -> AsyncIterator[Request]:
        pace_of(self.crawler).keep(Pauses(self._folder.pauses))
        pace_of(self.crawler).share(self._processes, self._folder.seats)
        if self._feed is None:
            for owed in visits_owed(self._folder):
                for request in self._begun(owed):
                    yield request
                await self._has_room()
            return
        async for owed in self._feed:
            for request in self._begun(owed):
                yield request
            await self._has_room()

    async def _has_room(self) -> None:
        """Waits until another visit may begin: else all those of the run would stand in memory at once."""
        assert self.crawler.engine is not None  # noqa: S101 - a spider starts inside an engine
        if self.crawler.engine.needs_backout():
            await self.crawler.signals.wait_for(signals.scheduler_empty)
        if self._backlog:
            await self._backlog.has_room()

    def _begun(self, owed: Owed) -> tuple[Request, ...]:
        service = owed.service
        for url in service.urls:
            pace_of(self.crawler).own(host_of(url))
        visit = Visit(
            service=service,
            archive=Archive(
                self._folder.warc(service.id, owed.visit), SOFTWARE, self._home.warc(service.id, owed.visit)
            ),
            rank=owed.visit,
            ceiling=self._ceiling,
            patience=self._patience,
            render=self._render,
        )
        try:
            return self._advance(visit)
        except CloseSpider:
            raise
        except Exception:  # one service must not cost all those after it
            self.crashes += 1
            self.logger.exception("%s was not visited", service.id)
            self._miss(visit)
            return ()

    def _advance(self, visit: Visit) -> tuple[Request, ...]:
        tickets = visit.next_tickets()
        if tickets:
            return tuple(self._request(visit, ticket) for ticket in tickets)
        try:
            visit.complete()
        except OSError as error:
            self._stop(error)
        else:
            sent = visit.sent + visit.parts
            self.crawler.signals.send_catch_log(service_visited, service=visit.service, visit=visit.rank, sent=sent)
        return ()

    def _request(self, visit: Visit, ticket: Ticket) -> Request:
        return Request(
            ticket.fetch.url,
            method=ticket.fetch.method,
            headers=dict(ticket.fetch.headers),
            callback=self._ended,
            errback=self._failed,
            dont_filter=True,
            priority=visit.step,  # a visit begun is finished before another begins
            meta={
                "visit": visit,
                "ticket": ticket,
                "cookiejar": visit.service.id,
                INSECURE: ticket.fetch.is_insecure,
                **(_AS_A_BROWSER if ticket.fetch.role is Role.PREFLIGHT else {}),
            },
        )

    def _ended(self, response: Response) -> Iterator[Request]:
        yield from self._one_less(response.meta["visit"])

    def _failed(self, failure: Failure) -> Iterator[Request]:
        visit: Visit = failure.request.meta["visit"]
        if not isinstance(failure.value, FetchFailedError):
            visit.is_broken = True
            if isinstance(failure.value, OSError):
                self._stop(failure.value)
            else:
                self.crashes += 1
                self.logger.error("%s was not visited:\n%s", visit.service.id, failure.getTraceback())
        yield from self._one_less(visit)

    def _one_less(self, visit: Visit) -> tuple[Request, ...]:
        visit.pending -= 1
        if visit.pending:
            return ()
        if visit.is_broken:
            self._miss(visit)
            return ()
        return self._advance(visit)

    def _crashed(self, response: Response | Failure) -> None:
        self.crashes += 1
        request: Any = response.request
        self._miss(request.meta["visit"])

    def _miss(self, visit: Visit) -> None:
        self.crawler.signals.send_catch_log(service_missed, service=visit.service, visit=visit.rank)

    def _stop(self, error: OSError) -> None:
        """Ends the crawl at the first refusal of the disk: those of the exchanges still under way add nothing."""
        if self.disk_error is None:
            self.disk_error = error
            self.logger.error("The disk refuses a capture: %s", error)
            raise CloseSpider("disk")
