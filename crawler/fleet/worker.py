"""A worker of a fleet: takes shards from the queue, has them visited by processes of its own, and puts what they made in the
folder of the run. It may die at any moment: what it was doing is done by another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from checks.model.place import is_local, replacing
from checks.model.run_folder import RunFolder
from checks.model.unseen import json_text
from crawler.fleet.crew import Hand, Shard
from crawler.fleet.local import AT_ONCE
from crawler.fleet.owed import Owed
from crawler.fleet.queue import HEARTBEAT, QUEUE, STALLED, TASK, QueueLostError, queue_at, rescue
from crawler.fleet.workplace import Delivery, Workplace
from crawler.places import place_of

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.worker import Worker as Lane

FENCE = 10.0
"""Seconds without the queue after which a worker stops all that it does, so that nothing of it is alive when its shards are
given to others: before :data:`crawler.fleet.queue.STALLED`, the time that its processes take to end included."""

PAUSE = 2.0
"""Seconds between two tries to find the queue, and two looks at an empty one."""


class UnfinishedError(Exception):
    """Some visits of a shard were not made: it is tried again."""


class Worker:
    """One connection to the queue, and the processes that work for it, ``count`` at a time.

    ``command`` is that of a crawling process, without its arguments.
    """

    def __init__(self, app: App, command: Sequence[str], count: int, say: Callable[[str], None]) -> None:
        self._app = app
        self._command = command
        self._count = count
        self._say = say
        self._asks: asyncio.Queue[asyncio.Future[_Job]] = asyncio.Queue()
        self._lanes: dict[asyncio.Task[None], Lane | None] = {}
        self._hands: set[asyncio.Task[None]] = set()
        self._places: dict[str, Workplace] = {}

    async def work(self, folder: Path) -> None:
        """Until it is cancelled, or the queue is lost. ``folder`` is where visits are made."""
        self._folder = folder
        self._app.task(name=TASK, queue=QUEUE, pass_context=True, retry=_retry())(self._visits)
        for _ in range(self._count):
            self._start(None)
        caring = asyncio.create_task(self._care())
        try:
            while True:
                done, _ = await asyncio.wait({caring, *self._hands}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    self._hands.discard(task)
                    task.result()
        finally:
            everything = [caring, *self._hands, *self._lanes]
            for task in everything:
                task.cancel()
            await asyncio.gather(*everything, return_exceptions=True)

    def _start(self, first: _Job | None) -> None:
        self._hands.add(asyncio.create_task(self._handed(first)))

    async def _handed(self, job: _Job | None) -> None:
        """Processes for one run; a shard of another run starts others, while these come to their end."""
        job = job or await self._next_job()
        mine, first = job.workplace, [job]

        async def following() -> Shard | None:
            job = first.pop() if first else await self._next_job()
            if job.workplace is mine:
                return job.shard
            self._start(job)
            return None

        hand = Hand((*self._command, str(mine.folder.path), str(next(mine.numbers)), str(self._count)), following)
        ends = await hand.work()
        if not ends[-1].is_finished:
            self._say(
                f"Un processus s'est arrêté : {ends[-1].said.get('error') or ends[-1].said.get('disk_error') or 'sans un mot'}."
            )
            await asyncio.sleep(PAUSE)
            self._start(None)

    async def _next_job(self) -> _Job:
        """The next shard of the queue. A lane of the engine runs one job: that many are held as were asked for, and no more."""
        ask: asyncio.Future[_Job] = asyncio.get_running_loop().create_future()
        self._asks.put_nowait(ask)
        lane = asyncio.create_task(self._lane())
        self._lanes[lane] = None
        lane.add_done_callback(self._forget)
        await asyncio.wait(set[asyncio.Future[Any]]((ask, lane)), return_when=asyncio.FIRST_COMPLETED)
        if not ask.done():
            raise QueueLostError("la file d'attente ne répond plus")
        return ask.result()

    def _forget(self, lane: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        if not lane.cancelled() and (error := lane.exception()):
            self._say(f"La file d'attente : {type(error).__name__}.")

    async def _lane(self) -> None:
        task = asyncio.current_task()
        assert task  # noqa: S101 - this runs in one

        async def once(call: Callable[[], Any], _: JobContext, lane: Lane) -> Any:
            self._lanes[task] = lane
            lane.stop()  # type: ignore[no-untyped-call] # after this job
            return await call()

        await self._app.run_worker_async(
            queues=[QUEUE],
            concurrency=1,
            install_signal_handlers=False,
            listen_notify=False,
            fetch_job_polling_interval=PAUSE,
            abort_job_polling_interval=60,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
            worker_middleware=[once],
        )

    async def _visits(self, context: JobContext, run: str, shard: str, owed: list[Mapping[str, Any]]) -> None:
        """One job: the shard is handed over to a process, and is done once all that came of it is in the folder of the run."""
        workplace = await self._workplace(run)
        attempt = context.job.attempts
        visits = tuple(map(Owed.from_json, owed))
        if attempt:
            visits = await asyncio.to_thread(workplace.still_owed, visits)
        output = _Output(workplace, f"{shard}-{context.job.id}-{attempt}")
        job = _Job(
            workplace, Shard(visits, output.take, is_alone=attempt > 0, at_once=AT_ONCE[min(attempt, len(AT_ONCE) - 1)])
        )
        self._asks.get_nowait().set_result(job)
        await job.shard.is_over.wait()
        await output.end()
        missing = len(job.shard.lost) + len(job.shard.missed)
        self._say(f"{workplace.home.id}, lot {shard} : {len(visits) - missing} visites, {missing} manquées.")
        if missing:
            raise UnfinishedError(f"{missing} visits")

    async def _workplace(self, run: str) -> Workplace:
        if run not in self._places:
            path = self._folder / f"run-{len(self._places)}"
            self._places[run] = await asyncio.to_thread(Workplace, RunFolder(place_of(run)), path)
        return self._places[run]

    async def _care(self) -> None:
        """Says that this worker lives, and gives back what others left. Without an answer for too long, all is stopped."""
        answered = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    for lane in list(self._lanes.values()):
                        if lane and lane.worker_id is not None:
                            await self._app.job_manager.update_heartbeat(lane.worker_id)
                    if count := await rescue(self._app):
                        self._say(f"{count} lots d'un ouvrier disparu sont remis en file.")
                answered = time.monotonic()
            except Exception as error:
                if time.monotonic() - answered > FENCE:
                    raise QueueLostError("la file d'attente ne répond plus") from error
            await asyncio.sleep(HEARTBEAT if time.monotonic() - answered < HEARTBEAT else 1)


class _Job:
    def __init__(self, workplace: Workplace, shard: Shard) -> None:
        self.workplace = workplace
        self.shard = shard


class _Output:
    """What came of one shard, put in the folder of the run: each archive once it is whole, the judgements at the end."""

    def __init__(self, workplace: Workplace, name: str) -> None:
        self._judged = workplace.home.judged
        self._name = name
        self._lines: list[Mapping[str, Any]] = []
        self._delivery = Delivery(workplace)

    def take(self, owed: Owed, line: Mapping[str, Any] | None) -> None:
        self._delivery.send(owed)
        if line:
            self._lines.append(line)

    async def end(self) -> None:
        await self._delivery.end()
        if self._lines:
            await asyncio.to_thread(self._write)

    def _write(self) -> None:
        if is_local(self._judged):
            self._judged.mkdir(exist_ok=True)
        with replacing(self._judged / f"{self._name}.jsonl") as file:
            file.writelines(json_text(line) + "\n" for line in self._lines)


def _retry() -> Any:
    from procrastinate import RetryStrategy  # noqa: PLC0415 - an extra

    return RetryStrategy(max_attempts=len(AT_ONCE) - 1)


async def work(url: str, command: Sequence[str], count: int, say: Callable[[str], None]) -> None:
    """Works for the queue at ``url`` until it is cancelled; where the queue is lost, tries again until it is back."""
    while True:
        try:
            async with queue_at(url) as app:
                say(f"Ouvrier prêt, {count} processus.")
                with TemporaryDirectory(prefix="toise-worker-", ignore_cleanup_errors=True) as folder:
                    await Worker(app, command, count, say).work(Path(folder))
        except QueueLostError as error:
            say(f"{str(error).capitalize()} : nouvel essai dans {PAUSE:g} secondes.")
        await asyncio.sleep(PAUSE)
