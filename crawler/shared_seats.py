"""The seats of a host that several processes of this machine may ask, forges and dashboards: as many for all of them together
as one process alone would have.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

LOOK = 0.1
"""Seconds between two looks for a seat that is free."""


class SharedSeats:
    """A seat is the lock of a file in ``folder``, which the death of a process frees."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count

    @asynccontextmanager
    async def one(self, host: str) -> AsyncIterator[None]:
        """Waits for a seat at a host, and keeps it meanwhile."""
        lock = await self._taken(host)
        try:
            yield
        finally:
            lock.release()

    async def _taken(self, host: str) -> FileLock:
        self._folder.mkdir(exist_ok=True)
        name = sha256(host.encode()).hexdigest()[:32]
        while True:
            for number in range(self._count):
                lock = FileLock(self._folder / f"{name}-{number}.lock", blocking=False)
                try:
                    lock.acquire()
                except Timeout:
                    continue
                return lock
            await asyncio.sleep(LOOK)
