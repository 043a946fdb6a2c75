"""The shards that one worker has taken from the queue, and what it says of them.

The engine's own worker is not used: it runs a shard to its end whoever has it by then, and counts one that is given back as an
attempt. Here each change is one statement, which does nothing to a shard that another has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.fleet.owed import Owed
from crawler.fleet.queue import ATTEMPTS, QUEUE, STALLED, TASK

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job


class TakenAwayError(Exception):
    """A shard of ours was given to another worker: we were silent for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One shard that is ours; ``attempt`` counts from zero. ``is_begun``: some of its visits may have been made."""

    id: int
    run: str
    shard: str
    owed: tuple[Owed, ...]
    attempt: int
    is_begun: bool


# What was begun comes first: a run is not held up at its end by what went wrong at its beginning.
_BACK = "status = 'todo', worker_id = NULL, priority = 1, scheduled_at = now() + make_interval(secs => %(delay)s)"
_DONE = """
UPDATE procrastinate_jobs SET status = 'succeeded', attempts = attempts + 1
WHERE id = %(job)s AND worker_id = %(worker)s AND status = 'doing'
"""
_FAILED = """
attempts = attempts + 1, worker_id = NULL, priority = 1, scheduled_at = now(),
status = (CASE WHEN attempts + 1 < %(attempts)s THEN 'todo' ELSE 'failed' END)::procrastinate_job_status
"""
_FAIL = f"UPDATE procrastinate_jobs SET {_FAILED} WHERE id = %(job)s AND worker_id = %(worker)s AND status = 'doing'"  # noqa: S608 - ours
_GIVE_BACK = f"""
UPDATE procrastinate_jobs SET {_BACK} WHERE id = ANY(%(jobs)s) AND worker_id = %(worker)s AND status = 'doing'
"""  # noqa: S608 - idem
_LIVE = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker)s RETURNING id"
_MINE = "SELECT id FROM procrastinate_jobs WHERE worker_id = %(worker)s AND status = 'doing'"
_RESCUE = f"""
WITH lost AS (
    SELECT job.id FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.task_name = %(task)s AND job.status = 'doing'
        AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(stalled)s))
    FOR UPDATE OF job SKIP LOCKED
)
UPDATE procrastinate_jobs SET {_FAILED} WHERE id IN (SELECT id FROM lost) RETURNING id
"""  # noqa: S608 - idem


def _claim(number: int, job: Job) -> Claim | None:
    """None for what another version of ours enqueued, and means nothing to this one."""
    given: dict[str, Any] = dict(job.task_kwargs)
    try:
        return Claim(
            id=number,
            run=given["run"],
            shard=given["shard"],
            owed=tuple(map(Owed.from_json, given["owed"])),
            attempt=job.attempts,
            is_begun=job.attempts > 0 or job.priority > 0,
        )
    except (KeyError, TypeError, ValueError):
        return None


class Claims:
    """What a worker has taken; one statement at a time, so that what it holds is what the queue says that it does."""

    def __init__(self, app: App, worker: int) -> None:
        self.worker = worker
        self._app = app
        self._held: set[int] = set()
        self._lock = asyncio.Lock()

    @classmethod
    async def opened(cls, app: App, former: int | None) -> Claims:
        """Those of a new worker. ``former`` is the one that it was before it lost the queue, and nothing of which is alive."""
        worker = await app.job_manager.register_worker()
        if former is not None:
            await cls(app, former).close()
        return cls(app, worker)

    async def take(self) -> Claim | None:
        async with self._lock:
            job = await self._app.job_manager.fetch_job(queues=[QUEUE], worker_id=self.worker)
            if job is None or job.id is None:
                return None
            self._held.add(job.id)
            claim = _claim(job.id, job)
            if claim is None:
                await self._said(_FAIL, job=job.id, attempts=ATTEMPTS)
                self._held.discard(job.id)
            return claim

    async def done(self, claim: Claim) -> None:
        await self._ended(_DONE, claim)

    async def fail(self, claim: Claim) -> None:
        """It is tried again, or given up after :data:`crawler.fleet.queue.ATTEMPTS`."""
        await self._ended(_FAIL, claim, attempts=ATTEMPTS)

    async def give_back(self, claim: Claim, delay: float = 0) -> None:
        """For others, as if it had never been taken, in ``delay`` seconds."""
        async with self._lock:
            await self._given_back({claim.id}, delay)

    async def close(self) -> None:
        """Gives all back, and is a worker no more."""
        async with self._lock:
            await self._given_back(await self._mine(), 0)
            await self._app.job_manager.unregister_worker(self.worker)

    async def live(self) -> None:
        """Says that this worker lives. What is ours but was never heard of, since we were cancelled as we took it, is given back.

        Raises :class:`TakenAwayError`.
        """
        async with self._lock:
            known = await self._app.connector.execute_query_all_async(_LIVE, worker=self.worker)
            mine = await self._mine()
            if not known or self._held - mine:
                raise TakenAwayError
            if stray := mine - self._held:
                await self._given_back(stray, 0)

    async def rescue(self) -> int:
        """Gives the shards of workers that are silent for :data:`crawler.fleet.queue.STALLED` seconds to others. Returns how
        many."""
        connector, manager = self._app.connector, self._app.job_manager
        found = await connector.execute_query_all_async(_RESCUE, task=TASK, stalled=STALLED, attempts=ATTEMPTS)
        await manager.prune_stalled_workers(STALLED)
        return len(found)

    async def _ended(self, statement: str, claim: Claim, **given: int) -> None:
        async with self._lock:
            await self._said(statement, job=claim.id, **given)
            self._held.discard(claim.id)

    async def _given_back(self, jobs: Collection[int], delay: float) -> None:
        await self._said(_GIVE_BACK, jobs=list(jobs), delay=delay)
        self._held.difference_update(jobs)

    async def _mine(self) -> set[int]:
        rows = await self._app.connector.execute_query_all_async(_MINE, worker=self.worker)
        return {row["id"] for row in rows}

    async def _said(self, statement: str, **given: Any) -> None:
        await self._app.connector.execute_query_async(statement, worker=self.worker, **given)
