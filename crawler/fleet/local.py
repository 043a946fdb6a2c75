"""The crawl of a run on this machine: one process for each core, fed by this one."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from checks.model.errors import InputError
from checks.model.machine import cores
from checks.model.place import is_local
from checks.model.run_folder import RunFolder
from crawler.fleet.addresses import addresses_of
from crawler.fleet.crew import Ended, Hand, Shard
from crawler.fleet.lines import FAREWELL
from crawler.fleet.owed import Owed, shards, visits_owed
from crawler.fleet.workplace import Delivery, Workplace
from crawler.forges.tokens import forge_tokens

# -P: a folder named "crawler" where the user stands is not ours.
CRAWLING = (sys.executable, "-P", "-m", "crawler.fleet.shard")
"""The command of a crawling process, before its arguments; another may make something of each visit."""

SHARD = 40
"""Visits of a shard. A small run is cut smaller, so that every process has some."""

FEWEST = 10
"""Visits for which a process of its own is not worth its start."""

TOGETHER = 10.0
"""Seconds for which processes wait for one another before the first takes a visit."""

AT_ONCE: Sequence[int | None] = (None, 10, 1)
"""Visits of a shard under way at once, at each attempt: those during which a process died are made again apart, so that one that
kills its process takes no other with it in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """How a crawl went: services visited, errors of ours, requests sent, and whether it came to its end.

    A service that such an error met is not among the visited: it has no captures, and the next crawl visits it anew.
    """

    visited: int
    crashes: int
    requests: int
    is_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Called as the crawl goes on: with the id of a service that is visited, with what was made of it (``None``: nothing),
    and when the crawl is interrupted."""

    visited: Callable[[str], None] = lambda _: None
    made: Callable[[Mapping[str, Any] | None], None] = lambda _: None
    interrupted: Callable[[], None] = lambda: None


def crawl(
    folder: RunFolder, told: Told = Told(), command: Sequence[str] = CRAWLING, processes: int | None = None
) -> CrawlReport:
    """Makes the visits that a run is owed, in ``processes`` of their own (one a core). Interrupted, it takes up to
    :data:`crawler.fleet.crew.PATIENCE` seconds to end.

    Raises :class:`InputError` when the disk refuses the captures, when another process visits for the same run, and for
    tokens of forges that are none.
    """
    forge_tokens()
    with folder.held("crawl", patience=2 * FAREWELL):
        owed = list(visits_owed(folder))
        count = max(1, min(processes or cores(), len(owed) // FEWEST))
        if is_local(folder.path):
            return asyncio.run(_Crew(folder, told, command, count).crawled(owed))
        with TemporaryDirectory(prefix="toise-") as name:
            workplace = Workplace(folder, Path(name) / "run")
            return asyncio.run(_Crew(workplace.folder, told, command, count, workplace).crawled(owed))


class _Start:
    """Of processes side by side: the first one that is ready could take hundreds of visits, and leave none to the others."""

    def __init__(self, count: int) -> None:
        self._missing = set(range(count))
        self._is_whole = asyncio.Event()

    async def together(self, number: int) -> None:
        """Waits for the others, but no longer than :data:`TOGETHER`."""
        self._missing.discard(number)
        if not self._missing:
            self._is_whole.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_whole.wait(), TOGETHER)
        self._is_whole.set()


class _Crew:
    def __init__(
        self, folder: RunFolder, told: Told, command: Sequence[str], count: int, workplace: Workplace | None = None
    ) -> None:
        self._folder = folder
        self._told = told
        self._command = (*command, str(folder.path))
        self._workplace = workplace
        self._count = count
        self._visited = 0

    async def crawled(self, owed: Sequence[Owed]) -> CrawlReport:
        self._delivery = Delivery(self._workplace, self._told.made) if self._workplace else None
        ends: list[Ended] = []
        for attempt, at_once in enumerate(AT_ONCE):
            made = [Shard(part, self._made, is_alone=attempt > 0, at_once=at_once) for part in self._parts(owed)]
            ends += await self._round(made)
            owed = [one for shard in made for one in shard.lost if not self._is_whole(one)]
            if not owed or any(end.said.get("error") or end.said.get("disk_error") for end in ends):
                break
        if self._delivery:
            await self._delivery.end()
        return self._report(ends)

    def _parts(self, owed: Sequence[Owed]) -> list[tuple[Owed, ...]]:
        if self._count == 1:
            return [tuple(owed)]
        size = max(1, min(SHARD, len(owed) // (2 * self._count)))
        return shards(owed, size, addresses_of(one.service for one in owed))

    async def _round(self, parts: Iterable[Shard]) -> list[Ended]:
        left, start = deque(parts), _Start(self._count)

        async def following(number: int) -> Shard | None:
            await start.together(number)
            return left.popleft() if left else None

        hands = [
            Hand((*self._command, str(number), str(self._count)), partial(following, number), self._has_visited)
            for number in range(self._count)
        ]
        tasks = [asyncio.create_task(hand.work()) for hand in hands]
        try:
            return list(chain.from_iterable(await asyncio.gather(*tasks)))
        except asyncio.CancelledError:
            self._told.interrupted()
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            rmtree(self._folder.seats, ignore_errors=True)

    def _is_whole(self, owed: Owed) -> bool:
        home = self._workplace.home if self._workplace else self._folder
        return home.warc(owed.service.id, owed.visit).exists()

    def _has_visited(self, service: str) -> None:
        self._visited += 1
        self._told.visited(service)

    def _made(self, owed: Owed, line: Mapping[str, Any] | None) -> None:
        if self._delivery:
            self._delivery.check()
            self._delivery.send(owed, line)
        else:
            self._told.made(line)

    def _report(self, ends: Sequence[Ended]) -> CrawlReport:
        for said in (end.said for end in ends):
            if said.get("error"):
                raise InputError(said["error"])
            if said.get("disk_error"):
                raise InputError(
                    f"Visite arrêtée, {self._folder.captures} n'accepte plus de captures ({said['disk_error']}) : "
                    "libérez de la place, puis reprenez cet audit."
                )
        return CrawlReport(
            visited=self._visited,
            crashes=sum(end.said.get("crashes", 0) for end in ends),
            requests=sum(end.said.get("requests", 0) for end in ends),
            is_finished=all(end.is_finished for end in ends),
        )
