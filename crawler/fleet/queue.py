"""The queue of a fleet: shards of visits in a PostgreSQL database, kept by procrastinate (see decision 35)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from checks.model.errors import InputError
from crawler.fleet.owed import Owed

if TYPE_CHECKING:
    from procrastinate import App

TASK = "toise.visits"
QUEUE = "toise"

ATTEMPTS = 3
"""Times that a shard is tried; what is not visited then is said to be our fault (``scanner-error``)."""

HEARTBEAT = 5.0
"""Seconds between two signs of life of a worker."""

STALLED = 25.0
"""Seconds without any after which its shards are given to others."""

KEPT_HOURS = 24 * 30
"""How long the queue remembers what is over."""

_AT_ONCE = 200  # shards that one statement enqueues, of some 30 kB each


class QueueLostError(Exception):
    """The database of the queue does not answer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The shards of a run and their visits, by state: ``todo``, ``doing``, ``succeeded``, ``failed``, …"""

    run: str
    shards: Mapping[str, int]
    visits: Mapping[str, int]

    @property
    def is_over(self) -> bool:
        return not self.shards.get("todo") and not self.shards.get("doing")


@asynccontextmanager
async def queue_at(url: str) -> AsyncIterator[App]:
    """The queue in a database (``postgresql://user@host/base``), its tables made if they are not there.

    Raises :class:`InputError` where the address is not one, or nobody answers there; passwords are not repeated.
    """
    try:
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415 - an extra
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415
        from psycopg import Error  # noqa: PLC0415
        from psycopg_pool import PoolTimeout  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            f"Une flotte demande le module Python « {error.name} », qui n'est pas installé : installez « toise[fleet] »."
        ) from error
    where = _shown(url)
    await _check(url, where)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=8, timeout=HEARTBEAT))
    try:
        async with app.open_async():
            await _prepare(app)
            yield app
    except (ConnectorException, PoolTimeout, Error) as error:
        raise QueueLostError(f"la file d'attente {where} ne répond plus") from error


async def _check(url: str, where: str) -> None:
    """A pool tries again for ever, whatever the reason: one connection says it."""
    import psycopg  # noqa: PLC0415 - idem

    try:
        connection = await psycopg.AsyncConnection.connect(url, connect_timeout=10)
    except psycopg.ProgrammingError as error:
        raise InputError(
            "L'adresse de la flotte est illisible : écrivez postgresql://utilisateur@serveur/base."
        ) from error
    except psycopg.OperationalError as error:
        raise QueueLostError(f"la file d'attente {where} ne répond pas") from error
    await connection.close()


def _shown(url: str) -> str:
    """The server and the base of an address, and nothing that may be a secret."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - idem
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        said = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise InputError(
            "L'adresse de la flotte est illisible : écrivez postgresql://utilisateur@serveur/base."
        ) from error
    return f"{said.get('host') or 'localhost'}/{said.get('dbname') or ''}"


async def _prepare(app: App) -> None:
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415 - idem

    if not await _is_prepared(app):
        try:
            await app.schema_manager.apply_schema_async()
        except ConnectorException:
            if not await _is_prepared(app):  # not by another worker that started at the same moment
                raise


async def _is_prepared(app: App) -> bool:
    found = await app.connector.execute_query_one_async("SELECT to_regclass('procrastinate_workers') AS name")
    return found["name"] is not None


async def enqueue(app: App, run: str, shards: Sequence[Sequence[Owed]]) -> None:
    """Enqueues the shards of a run, whose folder is at the address ``run`` for every worker."""
    task = app.configure_task(TASK, queue=QUEUE)
    for start in range(0, len(shards), _AT_ONCE):
        some = shards[start : start + _AT_ONCE]
        args: list[dict[str, Any]] = [
            {"run": run, "shard": f"{start + rank:05}", "owed": [owed.to_json() for owed in shard]}
            for rank, shard in enumerate(some)
        ]
        await task.batch_defer_async(*args)
    # Without, the planner takes the table for empty: 20 shards are fetched a second, and 480 with.
    await app.connector.execute_query_async("ANALYZE procrastinate_jobs")
    await app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, queue=QUEUE, include_failed=True, include_cancelled=True, include_aborted=True
    )


_TALLY = """
SELECT args->>'run' AS run, status::text AS status, count(*) AS shards, sum(jsonb_array_length(args->'owed'))::bigint AS visits
FROM procrastinate_jobs WHERE task_name = %(task)s GROUP BY 1, 2 ORDER BY 1, 2
"""


async def tallies(app: App) -> list[Tally]:
    """What the queue holds of each run, the oldest first."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in await app.connector.execute_query_all_async(_TALLY, task=TASK):
        found.setdefault(row["run"], {})[row["status"]] = (row["shards"], row["visits"])
    return [
        Tally(
            run=run,
            shards={state: shards for state, (shards, _) in states.items()},
            visits={state: visits for state, (_, visits) in states.items()},
        )
        for run, states in found.items()
    ]


async def tally_of(app: App, run: str) -> Tally:
    known = {tally.run: tally for tally in await tallies(app)}
    return known.get(run, Tally(run=run, shards={}, visits={}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """The shards that workers say they work on, and those of them whose worker is silent for too long."""

    busy: int
    silent: int


_WORKERS = """
SELECT count(*) AS busy, count(*) FILTER (WHERE last_heartbeat < now() - make_interval(secs => %(stalled)s)) AS silent
FROM procrastinate_jobs JOIN procrastinate_workers ON procrastinate_workers.id = worker_id
WHERE task_name = %(task)s AND status = 'doing'
"""


async def workers_of(app: App) -> Workers:
    row = await app.connector.execute_query_one_async(_WORKERS, task=TASK, stalled=STALLED)
    return Workers(busy=row["busy"], silent=row["silent"])


async def rescue(app: App) -> int:
    """Gives the shards of workers that are silent for :data:`STALLED` seconds back to the queue, or gives them up after
    :data:`ATTEMPTS`. Returns how many."""
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415 - an extra
    from procrastinate.jobs import Status  # noqa: PLC0415

    jobs = list(await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED))
    for job in jobs:
        try:
            if job.attempts + 1 < ATTEMPTS:
                await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
            else:
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        except ConnectorException:
            # Another worker was quicker.
            continue
    return len(jobs)
