from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from crawler.archive import Archive
from crawler.discovery.plan import DEFAULT_CEILING, is_visited
from crawler.settings import SOFTWARE
from crawler.tls import INSECURE
from crawler.visit import Ticket, Visit

service_visited = object()
"""Signal: the captures of a service are whole. Sent with ``service``, the id."""


class ServicesSpider(Spider):
    """One spider for every service: visits those of a run whose captures are not there yet.

    ``scrapy crawl services -a run=runs/2026-11-23T0600Z``
    """

    name = "services"

    def __init__(self, run: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._folder = RunFolder(Path(run))
        self._ceiling = int(self._folder.state.get("settings", {}).get("ceiling", DEFAULT_CEILING))

    async def start(self) -> AsyncIterator[Request]:
        for service in services_to_visit(self._folder):
            archive = Archive(self._folder.warc(service.id), SOFTWARE)
            for request in self._advance(Visit(service=service, archive=archive, ceiling=self._ceiling)):
                yield request

    def _advance(self, visit: Visit) -> Iterator[Request]:
        tickets = visit.next_tickets()
        if tickets:
            yield from (self._request(visit, ticket) for ticket in tickets)
            return
        visit.complete()
        self.crawler.signals.send_catch_log(service_visited, service=visit.service.id)

    def _request(self, visit: Visit, ticket: Ticket) -> Request:
        return Request(
            ticket.fetch.url,
            callback=self._ended,
            errback=self._failed,
            dont_filter=True,
            priority=visit.step,  # a visit begun is finished before another begins
            meta={
                "visit": visit,
                "ticket": ticket,
                "cookiejar": visit.service.id,
                INSECURE: ticket.fetch.is_insecure,
            },
        )

    def _ended(self, response: Response) -> Iterator[Request]:
        return self._one_less(response.meta["visit"])

    def _failed(self, failure: Failure) -> Iterator[Request]:
        return self._one_less(failure.request.meta["visit"])

    def _one_less(self, visit: Visit) -> Iterator[Request]:
        visit.pending -= 1
        if not visit.pending:
            yield from self._advance(visit)


def services_to_visit(folder: RunFolder) -> Iterator[Service]:
    """Services of the run that are not stopped, have something to visit, and whose captures are not whole yet."""
    settings = folder.state.get("settings", {})
    captured = folder.captured()
    for service in folder.read_services():
        stopped = service.group(settings.get("phase_rule", "latest-start"), settings.get("as_of")) is PhaseGroup.STOPPED
        if not stopped and service.id not in captured and is_visited(service):
            yield service
