"""The pace at which hosts and machines are asked, whoever of us asks: what Scrapy's slots cannot keep by themselves."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic

from scrapy.crawler import Crawler

from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import FetchFailedError
from crawler.pauses import Pauses
from crawler.shared_seats import SharedSeats

HOST_SEATS = 2
MACHINE_SEATS = 8
LONGEST_PAUSE = 30.0

SENT_AT = "sent_at"
"""The key of ``Request.meta`` that tells when a request left, by the monotonic clock."""

TRIES = 4
"""Pauses of :attr:`Pace.longest_pause` seconds that one host may cost a whole crawl in all."""


@dataclass(slots=True, kw_only=True)
class _Line:
    """The requests of one kind to one host, that leave one after the other: its pages, or what a browser loads."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: float = 0.0

    async def rest(self, delay: float) -> None:
        await asyncio.sleep(max(self.last + delay - monotonic(), 0.0))


@dataclass(slots=True, kw_only=True)
class _Host:
    """Nothing is sent before ``free_at``; with a ``refusal`` nothing waits for it either.

    ``is_insisting``: its last word was to wait. ``waited`` is the seconds that its pauses have cost so far.
    """

    seats: asyncio.Semaphore
    free_at: float = 0.0
    refusal: FetchFailure | None = None
    is_insisting: bool = False
    waited: float = 0.0

    @property
    def is_free(self) -> bool:
        return monotonic() >= self.free_at

    def check(self) -> None:
        if self.refusal and not self.is_free:
            raise FetchFailedError(self.refusal)

    async def free(self) -> None:
        while not self.is_free:
            self.check()
            await asyncio.sleep(self.free_at - monotonic())

    def pause(self, seconds: float, longest_pause: float, sent_at: float, *, is_refusal: bool) -> bool:
        """See :meth:`Pace.told_to_wait`."""
        now = monotonic()
        free_at = max(self.free_at, now + seconds)
        longer = free_at - max(self.free_at, now)
        # What was sent before the pause began was not sent in spite of it.
        is_again = is_refusal and self.is_insisting and sent_at >= self.free_at
        self.refusal = None if self.is_free else self.refusal
        is_bearable = seconds <= longest_pause and self.waited + longer <= TRIES * longest_pause
        is_waited_for = is_bearable and not is_again and self.refusal is None
        if is_waited_for:
            self.waited += longer
        else:
            message = f"the host asked to be left alone for {seconds:.0f} s more: not asked"
            self.refusal = FetchFailure(kind=FailureKind.TOLD_TO_WAIT, message=message)
        self.free_at = free_at
        self.is_insisting = self.is_insisting or is_refusal
        return is_waited_for


class Pace:
    """Seats of hosts and of machines, and the time before which a host is not to be asked.

    A host has two seats, for its pages, what a browser loads of them and the API of a forge together, on any port and
    over both schemes. A machine is an address, whatever the number of hosts that live there; behind a proxy addresses are
    not known, and machines have no limit. Time spent waiting for a seat is no part of a download.

    ``longest_pause`` is the longest pause, in seconds, that is waited for when a host asks for one.
    """

    def __init__(
        self, *, host_seats: int = HOST_SEATS, machine_seats: int = MACHINE_SEATS, longest_pause: float = LONGEST_PAUSE
    ) -> None:
        self.longest_pause = longest_pause
        self.sent = 0
        self._host_seats = host_seats
        self._processes = 1
        self._shared: SharedSeats | None = None
        self._own: set[str] = set()
        self._hosts: dict[str, _Host] = {}
        self._machines: defaultdict[str, asyncio.Semaphore] = defaultdict(partial(asyncio.Semaphore, machine_seats))
        self._lines: defaultdict[str, _Line] = defaultdict(_Line)
        self._pauses: Pauses | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        settings = crawler.settings
        return cls(
            host_seats=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            machine_seats=settings.getint("CONCURRENT_REQUESTS_PER_MACHINE"),
            longest_pause=settings.getfloat("LONGEST_PAUSE"),
        )

    @asynccontextmanager
    async def turn(
        self, host: str, *, line: str = "", delay: float = 0.0, address: str | None = None
    ) -> AsyncIterator[float]:
        """The time of one request, which leaves ``delay`` seconds at least after the one before it in its ``line``; yields
        when that is. Raises :class:`FetchFailedError` where the host asked to be left alone.
        """
        waiting = self._lines[line or host]
        async with AsyncExitStack() as seats:
            async with waiting.turn:
                await waiting.rest(delay * self._share(host))
                while not await self._is_seated(seats, host, address):
                    pass
                waiting.last = monotonic()
            self.sent += 1
            yield waiting.last

    def share(self, processes: int, folder: Path) -> None:
        """So many processes crawl side by side; ``folder`` is where they tell each other who asks a host that all may ask."""
        self._processes = processes
        self._shared = SharedSeats(folder, self._host_seats)

    def own(self, host: str) -> None:
        """No other process visits a service at this host, nor at its sibling with or without ``www.``."""
        self._own.add(_apex(host))

    def _share(self, host: str) -> int:
        """The processes that may ask a host."""
        return 1 if _apex(host) in self._own else self._processes

    def _host(self, name: str) -> _Host:
        name = name.rstrip(".")
        if name not in self._hosts:
            seats = max(1, self._host_seats // self._share(name))
            self._hosts[name] = _Host(seats=asyncio.Semaphore(seats))
        return self._hosts[name]

    async def _is_seated(self, seats: AsyncExitStack, host: str, address: str | None) -> bool:
        """Whether the host is still free once there is a seat; else the seats are given back, for others to use."""
        place = self._host(host)
        await place.free()
        await seats.enter_async_context(place.seats)
        if self._shared and self._share(host) > 1:
            await seats.enter_async_context(self._shared.one(host.rstrip(".")))
        await seats.enter_async_context(self._machines[address] if address else nullcontext())
        is_free = place.is_free
        if not is_free:
            await seats.aclose()
        return is_free

    def check(self, host: str) -> None:
        """Raises :class:`FetchFailedError` where the host asked to be left alone."""
        if self._processes > 1:
            self._hear()
        self._host(host).check()

    def is_pausing(self, host: str) -> bool:
        return not self._host(host).is_free

    def answered(self, host: str) -> None:
        """The host answered, and did not ask to wait."""
        self._host(host).is_insisting = False

    def told_to_wait(self, host: str, seconds: float, sent_at: float, *, is_refusal: bool = True) -> bool:
        """A host asked, in its answer to what was sent at a time, not to be asked for so many seconds.

        Whether that is waited for; else the host is left alone until then. A pause is not waited for where it is longer than
        ``longest_pause``, where the host asks for it again after one that was (``is_refusal``: it answered nothing else), and
        where its pauses have cost :data:`TRIES` times ``longest_pause`` already.
        """
        if self._pauses:
            self._pauses.add(host, seconds)
        return self._host(host).pause(seconds, self.longest_pause, sent_at, is_refusal=is_refusal)

    def keep(self, pauses: Pauses) -> None:
        """Goes on with the pauses that hosts asked of an earlier crawl of the run, keeps those of this one there, and hears of
        those asked of other processes."""
        self._pauses = pauses
        self._hear()

    def _hear(self) -> None:
        for host, seconds in self._pauses.news() if self._pauses else ():
            self._host(host).pause(seconds, self.longest_pause, monotonic(), is_refusal=False)


def _apex(host: str) -> str:
    return host.rstrip(".").removeprefix("www.")


def pace_of(crawler: Crawler) -> Pace:
    """The one pace of a crawl, an extension of Scrapy, for all that send something."""
    pace = crawler.get_extension(Pace)
    assert pace  # noqa: S101 - the settings name it
    return pace
