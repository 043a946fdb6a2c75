"""The crawl of a run by a fleet: its shards are enqueued, and their end is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from checks.model.place import is_local
from checks.model.run_folder import RunFolder
from crawler.fleet.addresses import addresses_of
from crawler.fleet.local import SHARD
from crawler.fleet.owed import Owed, shards, visits_owed
from crawler.fleet.queue import QueueLostError, enqueue, queue_at, tally_of

if TYPE_CHECKING:
    from procrastinate import App

LOOK = 1.0
"""Seconds between two looks at the queue."""


def crawl_by_fleet(folder: RunFolder, url: str, on_visited: Callable[[int], None], say: Callable[[str], None]) -> None:
    """Has the visits that a run is owed made by the workers of the queue at ``url``.

    ``on_visited`` is told how many more are over, ``say`` why nothing goes on. What an earlier command enqueued for the run is
    waited for first, so that nothing is enqueued twice; a queue that is lost is waited for too.
    """
    asyncio.run(_Campaign(folder, on_visited).over(url, say))


def address_of(folder: RunFolder) -> str:
    """The folder of a run as every worker finds it: by its URL, or by a path that is the same on all machines."""
    return str(folder.path.resolve()) if is_local(folder.path) else str(folder.path)


class _Campaign:
    def __init__(self, folder: RunFolder, on_visited: Callable[[int], None]) -> None:
        self._folder = folder
        self._run = address_of(folder)
        self._on_visited = on_visited
        self._is_enqueued = False
        self._visited: int | None = None

    async def over(self, url: str, say: Callable[[str], None]) -> None:
        while True:
            try:
                async with queue_at(url) as app:
                    await self._followed(app)
                    if not self._is_enqueued:
                        await enqueue(app, self._run, await asyncio.to_thread(self._shards))
                        self._is_enqueued = True
                        await self._followed(app)
                    return
            except QueueLostError as error:
                say(f"{str(error).capitalize()} : son retour est attendu.")
                await asyncio.sleep(LOOK)

    async def _followed(self, app: App) -> None:
        """Until the queue holds nothing more to do for the run."""
        while True:
            tally = await tally_of(app, self._run)
            visited = tally.visits.get("succeeded", 0)
            if self._visited is not None:
                self._on_visited(visited - self._visited)
            self._visited = visited
            if tally.is_over:
                return
            await asyncio.sleep(LOOK)

    def _shards(self) -> Sequence[Sequence[Owed]]:
        owed = list(visits_owed(self._folder))
        return shards(owed, SHARD, addresses_of(one.service for one in owed))
