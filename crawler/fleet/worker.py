"""A worker of a fleet: takes shards from the queue, has them visited by processes of its own, and puts what they made in the
folder of the run. It may die at any moment: what it was doing is done by another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from checks.model.errors import InputError
from checks.model.run_folder import RunFolder, is_run
from crawler.fleet.claims import Claim, Claims, TakenAwayError
from crawler.fleet.crew import Ended, Hand, Shard
from crawler.fleet.job import Job
from crawler.fleet.queue import HEARTBEAT, STALLED, QueueLostError
from crawler.fleet.workplace import Workplace
from crawler.places import place_of, refusal

FENCE = 10.0
"""Seconds without the queue after which a worker stops all that it does, so that nothing of it is alive when its shards are
given to others: before :data:`crawler.fleet.queue.STALLED`, the time that its processes take to end included."""

PAUSE = 2.0
"""Seconds between two tries to find the queue, and two looks at an empty one."""

LATER = 15.0
"""Seconds until a shard whose run could not be reached is tried again, or a machine whose processes die takes another."""

FAREWELL = 5.0
"""Seconds given to what is whole to reach its run, and to the queue to take back the rest, when a worker is stopped."""


class Worker:
    """One connection to the queue, and the processes that work for it, ``count`` at a time.

    ``command`` is that of a crawling process, without its arguments. ``folder`` is where visits are made.
    """

    def __init__(
        self, claims: Claims, command: Sequence[str], count: int, folder: Path, say: Callable[[str], None]
    ) -> None:
        self._claims = claims
        self._command = command
        self._count = count
        self._folder = folder
        self._say = say
        self._looking = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
        self._jobs: dict[int, Job] = {}
        self._places: dict[str, Workplace] = {}
        self._fault: InputError | None = None

    async def work(self) -> None:
        """Until it is cancelled. Raises :class:`QueueLostError`, and :class:`InputError` for what every process of this machine
        would refuse: a disk that is full, say."""
        for _ in range(self._count):
            self._start(None)
        self._do(self._care())
        try:
            while True:
                task = await self._ended.get()
                self._tasks.discard(task)
                task.result()
        finally:
            await self._leave()

    def _do(self, what: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._ended.put_nowait)
        return task

    async def _leave(self) -> None:
        """What is whole goes to its run; the rest goes back to the queue, if it can be reached, by the end of the claims."""
        tasks, jobs = set(self._tasks), list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _within(FAREWELL, *(job.output.end() for job in jobs))

    def _start(self, first: Job | None) -> None:
        self._do(self._handed(first))

    async def _handed(self, job: Job | None) -> None:
        """Processes for one run; a shard of another run starts others, while these come to their end."""
        job = job or await self._next_job()
        mine, first, passed_on = job.workplace, [job], False

        async def following() -> Shard | None:
            nonlocal passed_on
            job = first.pop() if first else await self._next_job()
            if job.workplace is mine:
                return job.shard
            passed_on = True
            self._start(job)
            return None

        given = str(mine.folder.path), str(next(mine.numbers)), str(self._count)
        ends = await Hand((*self._command, *given), following, on_ended=self._heard).work()
        for job in first:
            job.put_down()
        if self._fault:
            raise self._fault
        if not ends[-1].is_finished:
            self._say(f"Les processus de cette machine s'arrêtent sans un mot : nouvel essai dans {LATER:g} secondes.")
            await asyncio.sleep(LATER)
        if not passed_on:
            self._start(None)

    def _heard(self, end: Ended) -> None:
        self._fault = self._fault or _fault(end)

    async def _next_job(self) -> Job:
        """The next shard of the queue. One at a time looks for all, and takes no more than were asked for."""
        async with self._looking:
            while True:
                claim = await self._taken()
                job = await self._begun(claim) if claim else None
                if job:
                    return job
                if not claim:
                    await asyncio.sleep(PAUSE)

    async def _taken(self) -> Claim | None:
        try:
            return await self._claims.take()
        except _queue_errors():
            return None  # whether it is lost is for _care to say

    async def _begun(self, claim: Claim) -> Job | None:
        """None where the run of a shard cannot be reached from here; it is then left to others."""
        try:
            return await self._begun_or_left(claim)
        except asyncio.CancelledError:
            await _within(FAREWELL, self._claims.give_back(claim))
            raise

    async def _begun_or_left(self, claim: Claim) -> Job | None:
        try:
            workplace = await self._workplace(claim.run)
            owed = await asyncio.to_thread(workplace.still_owed, claim.owed) if claim.is_begun else claim.owed
        except Exception as error:  # noqa: BLE001 - whatever a store, a disk or a damaged file says
            await self._told(lambda: self._claims.give_back(claim, LATER))
            self._say(f"L'audit {claim.run} n'est pas accessible d'ici ({_why(error)}) : nouvel essai plus tard.")
            return None
        self._jobs[claim.id] = job = Job(claim, workplace, owed)
        self._do(self._seen_through(job))
        return job

    async def _workplace(self, run: str) -> Workplace:
        if run not in self._places:
            path = self._folder / f"run-{len(self._places)}"
            self._places[run] = await asyncio.to_thread(_opened, run, path)
        else:
            await asyncio.to_thread(_checked, self._places[run].home)
        return self._places[run]

    async def _seen_through(self, job: Job) -> None:
        """A shard is done once all that came of it is in the folder of its run."""
        await job.shard.is_over.wait()
        try:
            await job.end()
        except Exception as error:  # noqa: BLE001 - whatever a store or a disk says
            self._say(f"L'audit {job.claim.run} n'est pas accessible d'ici ({_why(error)}) : nouvel essai plus tard.")
            job.is_put_down = True
        if job.is_put_down or (job.missing and self._fault):
            await self._told(lambda: self._claims.give_back(job.claim, LATER))
        else:
            await self._told(lambda: (self._claims.fail if job.missing else self._claims.done)(job.claim))
            self._say(f"{job.workplace.home.id}, lot {job.claim.shard} : {job.made} visites, {job.missing} manquées.")
        del self._jobs[job.claim.id]

    async def _told(self, statement: Callable[[], Awaitable[None]]) -> None:
        """Once the queue has heard it; whether it is lost is for _care to say."""
        while True:
            try:
                return await statement()
            except _queue_errors():
                await asyncio.sleep(1)

    async def _care(self) -> None:
        """Says that this worker lives, and gives to others what a silent one left. Without an answer for too long, all is
        stopped."""
        answered = since = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._claims.live()
                    # After an outage, others may need a moment to be back: they are not silent for their own part.
                    count = await self._claims.rescue() if time.monotonic() - since > STALLED else 0
                answered = time.monotonic()
                if count:
                    self._say(f"Lots d'ouvriers disparus remis en file : {count}.")
            except TakenAwayError as error:
                raise QueueLostError(
                    "les lots de cet ouvrier, trop longtemps muet, ont été donnés à d'autres"
                ) from error
            except (TimeoutError, *_queue_errors()) as error:
                since = time.monotonic()
                if since - answered > FENCE:
                    raise QueueLostError("la file d'attente ne répond plus") from error
            await asyncio.sleep(HEARTBEAT if since <= answered else 1)


def _opened(run: str, path: Path) -> Workplace:
    return Workplace(_checked(RunFolder(place_of(run))), path)


def _checked(home: RunFolder) -> RunFolder:
    """Raises what keeps this machine from the folder of a run, before its sites are visited for nothing."""
    if not is_run(home.path):
        raise InputError("ce dossier ne contient pas de fichier run.json")
    return home


def _fault(end: Ended) -> InputError | None:
    """What a process said that all those of this machine would say."""
    if said := end.said.get("error"):
        return InputError(said)
    if said := end.said.get("disk_error"):
        return InputError(f"Le disque de cet ouvrier n'accepte plus de captures ({said}) : libérez de la place.")
    return None


def _why(error: Exception) -> str:
    return refusal(error) or (str(error) if isinstance(error, InputError) else type(error).__name__)


def _queue_errors() -> tuple[type[Exception], type[Exception], type[Exception]]:
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415 - an extra
    from psycopg import Error  # noqa: PLC0415
    from psycopg_pool import PoolTimeout  # noqa: PLC0415

    return ConnectorException, PoolTimeout, Error


async def _within(seconds: float, *these: Awaitable[None]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*these, return_exceptions=True), seconds)
