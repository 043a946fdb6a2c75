"""The crawl of a run by a fleet: its shards are enqueued, and their end is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from checks.model.place import is_local
from checks.model.run_folder import RunFolder
from crawler.fleet.addresses import addresses_of
from crawler.fleet.local import SHARD
from crawler.fleet.owed import Owed, shards
from crawler.fleet.queue import QueueLostError, enqueue, given_up, last_shard, queue_at, workers_of
from crawler.fleet.tally import Tallies
from crawler.fleet.telling import Teller

if TYPE_CHECKING:
    from procrastinate import App

LOOK = 1.0
"""Seconds between two looks at the queue."""


ROUNDS = 2
"""Times that visits are enqueued by one command: once, and again those of which the queue, made anew, knows nothing."""


def crawl_by_fleet(
    folder: RunFolder, url: str, owed: Iterable[Owed], on_visited: Callable[[int], None], say: Callable[[str], None]
) -> None:
    """Has the visits that a run is ``owed`` made by the workers of the queue at ``url``.

    ``on_visited`` is told how many more are over, ``say`` why nothing goes on. What an earlier command enqueued for the run is
    waited for first, so that nothing is enqueued twice; a queue that is lost is waited for too.
    """
    asyncio.run(_Campaign(folder, owed, on_visited, say).over(url))


def address_of(folder: RunFolder) -> str:
    """The folder of a run as every worker finds it: by its URL, or by a path that is the same on all machines."""
    return str(folder.path.resolve()) if is_local(folder.path) else str(folder.path)


class _Campaign:
    def __init__(
        self, folder: RunFolder, owed: Iterable[Owed], on_visited: Callable[[int], None], say: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._owed = tuple(owed)
        self._run = address_of(folder)
        self._on_visited = on_visited
        self._teller = Teller(say)
        self._tallies = Tallies()
        self._rounds = 0
        self._first: int | None = None
        self._visited: int | None = None

    async def over(self, url: str) -> None:
        while True:
            try:
                async with queue_at(url) as app:
                    return await self._led(app)
            except QueueLostError as error:
                self._teller.tell(f"{error} : son retour est attendu.")
                await asyncio.sleep(LOOK)

    async def _led(self, app: App) -> None:
        if self._first is None:
            self._first = await last_shard(app)
        await self._followed(app)
        while self._rounds < ROUNDS:
            known = await given_up(app, self._run, self._first)
            parts = await asyncio.to_thread(self._shards, known)
            if not parts:
                return
            await enqueue(app, self._run, parts)
            self._rounds += 1
            await self._followed(app)

    async def _followed(self, app: App) -> None:
        """Until the queue holds nothing more to do for the run."""
        while True:
            tally = await self._tallies.of(app, self._run)
            visited = tally.visits.get("succeeded", 0)
            if self._visited is not None:
                self._on_visited(visited - self._visited)
            self._visited = visited
            if tally.is_over:
                return
            if not (await workers_of(app)).alive:
                self._teller.tell("Aucun ouvrier n'est là : « toise worker » en démarre un.")
            await asyncio.sleep(LOOK)

    def _shards(self, known: Collection[tuple[str, int]]) -> Sequence[Sequence[Owed]]:
        """What is still not made, by those who were waited for either; but what is ``known`` to be given up."""
        whole = {visit: self._folder.captured(visit) for visit in (1, 2)}
        left = (one for one in self._owed if one.service.id not in whole[one.visit])
        owed = [one for one in left if (one.service.id, one.visit) not in known]
        return shards(owed, SHARD, addresses_of(one.service for one in owed))
