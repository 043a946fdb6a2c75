from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from checks.model.service import Service
from crawler.fleet.lines import say

WAITING = 128
"""Visits whose judgement may be behind before others begin. They stand on the disk, and take as long to judge as a visit takes
for the delays of its host: there is something to judge while those under way wait, and in the end while the last ones do.
Without a limit, a process that visits faster than it judges would end with all of its judging still to do."""

_A_MOMENT = 0.05


class Aside:
    """Makes something of each visit that is whole, one after the other, in a thread: the reactor goes on meanwhile, since a
    page that takes seconds must not pass for a server that does. Says to the parent that a service is visited, then what
    was made of it.
    """

    def __init__(self, made: Callable[[Service, int], Mapping[str, Any]] | None) -> None:
        self._made = made
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: set[Future[None]] = set()

    def take(self, service: Service, visit: int, sent: int) -> None:
        say({"visited": service.id, "visit": visit})
        task = self._thread.submit(self._make, service, visit, sent)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    def miss(self, service: Service, visit: int) -> None:
        say({"missed": service.id, "visit": visit})

    async def has_room(self) -> None:
        """Waits until little is left behind."""
        while len(self._waiting) >= WAITING:  # noqa: ASYNC110 - the thread that makes room has no loop to set an event in
            await asyncio.sleep(_A_MOMENT)

    def end(self, *, is_hurried: bool = False) -> None:
        """Waits for all that is left; hurried, for what is under way: the stage that follows makes the rest."""
        self._thread.shutdown(wait=True, cancel_futures=is_hurried)

    def _make(self, service: Service, visit: int, sent: int) -> None:
        try:
            told = self._made(service, visit) if self._made else None
        except Exception:  # noqa: BLE001 - what could not be made here is made, and its fault told, by the stage that follows
            told = None
        say({"judged": service.id, "visit": visit, "line": {**told, "sent": sent} if told else None})
