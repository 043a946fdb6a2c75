from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from checks.model.capture import Role
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from crawler.archive import Archive
from crawler.discovery.plan import DEFAULT_CEILING, is_visited
from crawler.discovery.sight import Render
from crawler.downloading import INSECURE
from crawler.failures import FetchFailedError
from crawler.pace import pace_of
from crawler.pauses import Pauses
from crawler.rendering.find import find_browser
from crawler.settings import MIN_DELAY, SOFTWARE
from crawler.visit import DEFAULT_PATIENCE, Ticket, Visit, service_visited

_AS_A_BROWSER = {"dont_redirect": True, "dont_merge_cookies": True}
"""A preflight bears no cookie, and a redirect is its answer (Fetch standard, "CORS-preflight fetch")."""


class ServicesSpider(Spider):
    """One spider for every service: makes the visits of a run whose captures are not there yet.

    ``scrapy crawl services -a run=runs/2026-11-23T0600Z``
    """

    name = "services"

    def __init__(self, run: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.disk_error: OSError | None = None
        self.crashes = 0
        self._folder = RunFolder(Path(run))
        self._settings: dict[str, Any] = self._folder.state.get("settings", {})
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
        for service, warc in visits_owed(self._folder):
            assert self.crawler.engine is not None  # noqa: S101 - a spider starts inside an engine
            if self.crawler.engine.needs_backout():  # else every visit of the run would stand in memory at once
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            for request in self._begun(service, warc):
                yield request

    def _begun(self, service: Service, warc: Path) -> tuple[Request, ...]:
        archive = Archive(warc, SOFTWARE)
        visit = Visit(
            service=service, archive=archive, ceiling=self._ceiling, patience=self._patience, render=self._render
        )
        try:
            return self._advance(visit)
        except CloseSpider:
            raise
        except Exception:  # one service must not cost all those after it
            self._crashed()
            self.logger.exception("%s was not visited", service.id)
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
            self.crawler.signals.send_catch_log(service_visited, service=visit.service.id)
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
                self._crashed()
                self.logger.error("%s was not visited:\n%s", visit.service.id, failure.getTraceback())
        yield from self._one_less(visit)

    def _one_less(self, visit: Visit) -> tuple[Request, ...]:
        visit.pending -= 1
        return () if visit.pending or visit.is_broken else self._advance(visit)

    def _crashed(self) -> None:
        self.crashes += 1

    def _stop(self, error: OSError) -> None:
        """Ends the crawl at the first refusal of the disk: those of the exchanges still under way add nothing."""
        if self.disk_error is None:
            self.disk_error = error
            self.logger.error("The disk refuses a capture: %s", error)
            raise CloseSpider("disk")


def visits_owed(folder: RunFolder) -> Iterator[tuple[Service, Path]]:
    """The visits of a run whose captures are not whole yet, each with the file that will hold them.

    First visits: of services that are not stopped and have something to visit. Once they are over and judged, second
    ones: of services in doubt.
    """
    group = folder.grouping()
    first = folder.captured()
    again = {doubt.service for doubt in folder.read_doubts()} - folder.captured(2)
    for service in folder.to_visit():
        if group(service) is PhaseGroup.STOPPED or not is_visited(service):
            continue
        if service.id not in first:
            yield service, folder.warc(service.id)
        elif service.id in again:
            yield service, folder.warc(service.id, 2)
