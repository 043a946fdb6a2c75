from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Seats:
    """So many at a time. A seat that is left goes to a page of the same service, for which there is a tab already, else to a
    service that has none, so that its pages follow one another, else to the first that came. A service has few pages, and
    holds up nobody for long.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._seated: list[str] = []
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken(self, service: str) -> AsyncIterator[None]:
        if self._free:
            self._free -= 1
            self._seated.append(service)
        else:
            await self._turn(service)
        try:
            yield
        finally:
            self._hand_on(service)

    async def _turn(self, service: str) -> None:
        waiting = service, asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            await waiting[1]
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            else:  # its turn had come
                self._hand_on(service)
            raise

    def _hand_on(self, service: str) -> None:
        self._seated.remove(service)
        if not self._waiting:
            self._free += 1
            return
        chosen = min(self._waiting, key=lambda one: (one[0] != service, one[0] in self._seated))
        self._waiting.remove(chosen)
        self._seated.append(chosen[0])
        if not chosen[1].done():  # else it was given up just now, and hands its seat on
            chosen[1].set_result(None)
