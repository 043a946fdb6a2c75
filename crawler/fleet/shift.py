"""A worker from its start to its end: it waits for a queue that is lost, and gives back what it has when it is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.fleet.claims import Claims
from crawler.fleet.crew import PATIENCE
from crawler.fleet.queue import QueueLostError, queue_at
from crawler.fleet.telling import Teller
from crawler.fleet.worker import FAREWELL, PAUSE, Worker
from crawler.forges.tokens import forge_tokens


class Shift:
    """Works for the queue at ``url``, with ``count`` processes of ``command`` at a time."""

    def __init__(self, url: str, command: Sequence[str], count: int, say: Callable[[str], None]) -> None:
        self._url = url
        self._command = command
        self._count = count
        self._say = say
        self._teller = Teller(say)
        self._former: int | None = None
        self._has_worked = False

    async def work(self) -> None:
        """Until a signal stops it. Raises :class:`InputError`, and :class:`QueueLostError` for a queue that refuses from the
        start; one that does not answer may be about to start too."""
        forge_tokens()
        stopping = asyncio.Event()
        for sent in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(sent, stopping.set)
        working, asked = asyncio.create_task(self._worked()), asyncio.create_task(stopping.wait())
        await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if not working.done():
            self._say(f"Arrêt demandé : les lots en cours sont rendus à la file, en {PATIENCE} secondes au plus.")
            working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    async def _worked(self) -> None:
        while True:
            try:
                await self._connected()
            except QueueLostError as error:
                if error.is_refused and not self._has_worked:
                    raise
                self._teller.tell(f"{error} : nouvel essai toutes les {PAUSE:g} secondes.")
            await asyncio.sleep(PAUSE)

    async def _connected(self) -> None:
        async with queue_at(self._url) as app:
            claims = await Claims.opened(app, self._former)
            self._former, self._has_worked = claims.worker, True
            self._teller.tell(f"Ouvrier prêt, {self._count} processus.")
            try:
                with TemporaryDirectory(prefix="toise-worker-", ignore_cleanup_errors=True) as folder:
                    await Worker(claims, self._command, self._count, Path(folder), self._say).work()
            finally:
                with suppress(Exception):  # it is then done by the next connection, or by others
                    await asyncio.wait_for(claims.close(), FAREWELL)
