from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Thread

from crawler.fleet.lines import say
from crawler.fleet.owed import Owed


class Feed:
    """The visits that the parent process hands over on standard input, one at a time, as each is asked for.

    A parent that has no more says so; one that is gone says nothing, and its process is told by ``on_orphaned``.
    """

    def __init__(self, on_orphaned: Callable[[], None]) -> None:
        self._on_orphaned = on_orphaned
        self._lines: asyncio.Queue[Owed | None] = asyncio.Queue()

    async def __aiter__(self) -> AsyncIterator[Owed]:
        Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True).start()
        while True:
            say({"wants": 1})
            if (owed := await self._lines.get()) is None:
                return
            yield owed

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        for line in _lines(sys.stdin.fileno()):
            said = json.loads(line)
            loop.call_soon_threadsafe(self._lines.put_nowait, None if said.get("end") else Owed.from_json(said))
        self._on_orphaned()


def _lines(descriptor: int) -> Iterator[bytes]:
    """Read without the buffer of ``sys.stdin``, whose lock a thread would still hold when the interpreter ends."""
    rest = b""
    while read := os.read(descriptor, 65536):
        *lines, rest = (rest + read).split(b"\n")
        yield from lines
