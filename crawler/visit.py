from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus

from checks.model.capture import Capture, Certificate, FailureKind, FetchFailure, Rendering, Role
from checks.model.service import Service
from crawler.archive import Archive, read_body
from crawler.discovery.plan import STEPS, expected_requests, next_wave
from crawler.discovery.sight import Fetch, Render, Sight
from crawler.shelf import Shelf
from crawler.warc import Exchange, new_id

DEFAULT_PATIENCE = 300.0
"""Seconds that the servers of one service, and the browser that shows its pages, may keep us waiting in all.

Thirty requests of a tired server take two minutes; one that drips until each of them times out would take ten.
"""

service_visited = object()
"""Signal of Scrapy: the captures of a visit are whole. Sent with ``service``, ``visit``, its rank, and ``sent``, the
requests that it took."""

service_missed = object()
"""Signal of Scrapy: a visit ended by an error of ours, without its captures. Sent with ``service`` and ``visit``."""


@dataclass(slots=True, kw_only=True)
class Ticket:
    """A fetch under way: what it is for, its rank in the plan, and the capture whose redirect led here."""

    fetch: Fetch
    number: int
    previous: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as received: ``raw_body`` is still encoded."""

    status: int
    headers: Sequence[tuple[str, str]]
    raw_body: bytes
    request_headers: Sequence[tuple[str, str]] = ()
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page as a browser showed it in the end, and how many of its own scripts and data never came."""

    url: str
    html: str
    missing: int = 0


@dataclass(slots=True, kw_only=True)
class Visit:
    """The visit of one service while it goes on: the plan so far, the captures made, the requests sent, the seconds waited.
    ``parts`` are those that a browser asked for, which are counted apart. ``rank`` is 2 for a second visit.

    Of one that has an archive, the long bodies of ``captures`` are put away until the plan reads them. ``is_broken``: an
    error of ours lost a capture, and a visit that is not whole must not pass for one.
    """

    service: Service
    archive: Archive | None
    ceiling: int
    rank: int = 1
    patience: float = DEFAULT_PATIENCE
    render: Render = Render.NEVER
    captures: list[Capture] = field(default_factory=list)
    pending: int = 0
    sent: int = 0
    parts: int = 0
    waited: float = 0.0
    is_broken: bool = False
    _step: int = 0
    _number: int = 0
    _shelf: Shelf | None = None

    def __post_init__(self) -> None:
        if self.archive:
            self._shelf = Shelf(self.archive.path.parent)

    def next_tickets(self) -> tuple[Ticket, ...]:
        """The next wave that has anything to ask; empty when the plan is done."""
        if self._step == len(STEPS):
            return ()
        captures = tuple(self._shelf.take_all(self.captures) if self._shelf else self.captures)
        sight, left = Sight(self.service, captures, self.render), self._left()
        while self._step < len(STEPS):
            wave = next_wave(sight, self._step, left)
            self._step += 1
            if wave:
                self.pending = len(wave)
                return tuple(self.ticket(fetch) for fetch in wave)
        return ()

    @property
    def step(self) -> int:
        return self._step

    def _left(self) -> int:
        return self.ceiling - max(self.sent, expected_requests(self.captures))

    def refusal(self, ticket: Ticket) -> FetchFailure | None:
        """Why nothing more is asked for this service, ``None`` as long as it has not had all that it may cost."""
        if self.sent >= self.ceiling:
            # Where redirects brought a request here, they are what spent the rest.
            kind = FailureKind.TOO_MANY_REDIRECTS if ticket.previous else FailureKind.OTHER
            return FetchFailure(kind=kind, message=f"the ceiling of {self.ceiling} requests for one service is reached")
        return self.lateness()

    def lateness(self) -> FetchFailure | None:
        """Why nothing more is waited for."""
        if self.waited < self.patience:
            return None
        # No time-out: of what was not asked nobody can say that it was silent.
        message = f"the {self.patience:g} seconds that one service may take are over"
        return FetchFailure(kind=FailureKind.OTHER, message=message)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Counts the time that something takes to answer."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.waited += time.monotonic() - started

    def ticket(self, fetch: Fetch) -> Ticket:
        if fetch.renders:
            return Ticket(fetch=fetch, number=self.capture(fetch.renders).number)
        self._number += 1
        return Ticket(fetch=fetch, number=self._number)

    def capture(self, name: str) -> Capture:
        """The capture of an id. Raises ``StopIteration`` for one that this visit did not make."""
        kept = next(capture for capture in self.captures if capture.id == name)
        return self._shelf.take(kept) if self._shelf else kept

    def keep_answer(self, ticket: Ticket, url: str, answer: Answer, known: Capture | None = None) -> Capture:
        """Archives an answer; one whose body is over the limit is a failure.

        ``known`` is what an earlier run was answered: where the server says that it is still the same (304), it is
        archived beside, so that this run needs no other.
        """
        body, failure = read_body(answer.raw_body, answer.headers)
        if failure:
            return self.keep_failure(ticket, url, failure)
        is_same = known is not None and answer.status == HTTPStatus.NOT_MODIFIED
        capture = replace(
            self._blank(ticket, url),
            status=answer.status,
            headers=tuple(answer.headers),
            body=body,
            certificate=answer.certificate,
        )
        if known and is_same:
            capture = replace(capture, body=known.body)
            decoded = tuple(pair for pair in known.headers if pair[0].lower() != "content-encoding")
            known = replace(known, number=ticket.number, previous=None, candidates=(), headers=decoded)
        exchange = Exchange(capture=capture, request_headers=answer.request_headers, raw_body=answer.raw_body)
        self._keep(replace(exchange, known=known if is_same else None))
        return capture

    def keep_failure(self, ticket: Ticket, url: str, failure: FetchFailure) -> Capture:
        capture = replace(self._blank(ticket, url), failure=failure)
        self._keep(Exchange(capture=capture))
        return capture

    def keep_rendering(self, ticket: Ticket, shown: Shown) -> Capture:
        """Archives a page as a browser showed it."""
        blank = self._blank(ticket, shown.url)
        assert blank.rendering is not None  # noqa: S101 - such a ticket names what it renders
        capture = replace(
            blank,
            status=self.capture(blank.rendering.of).status,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=shown.html.encode(),
            rendering=replace(blank.rendering, missing=shown.missing),
        )
        self._keep(Exchange(capture=capture, raw_body=capture.body))
        return capture

    def complete(self) -> None:
        if self._shelf:
            self._shelf.clear()
        if self.archive:
            self.archive.complete()

    def _blank(self, ticket: Ticket, url: str) -> Capture:
        """What a capture of this ticket says before its outcome is known."""
        return Capture(
            id=new_id(),
            service=self.service.id,
            number=ticket.number,
            role=ticket.fetch.role,
            url=url,
            at=datetime.now(UTC),
            method=ticket.fetch.method,
            origin=ticket.fetch.origin,
            previous=ticket.previous,
            candidates=ticket.fetch.candidates,
            is_insecure=ticket.fetch.is_insecure,
            rendering=Rendering(of=ticket.fetch.renders) if ticket.fetch.renders else None,
        )

    def _keep(self, exchange: Exchange) -> None:
        if self.archive:
            self.archive.write(exchange)
        if exchange.capture.role is not Role.ROBOTS:
            self.captures.append(self._shelf.put(exchange.capture) if self._shelf else exchange.capture)
