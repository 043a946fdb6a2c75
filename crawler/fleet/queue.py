"""The queue of a fleet: shards of visits in a PostgreSQL database, kept by procrastinate (see decision 35)."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
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

PREPARING = 0x746F697365
"""The advisory lock of who makes the tables: two commands that begin at once would both make them."""

_AT_ONCE = 200  # shards that one statement enqueues, of some 30 kB each


_UNREADABLE = "L'adresse de la flotte est illisible : écrivez postgresql://utilisateur@serveur/base."


class QueueLostError(Exception):
    """The database of the queue does not answer, or not any more.

    ``is_refused``: its server did, and does not let us in.
    """

    def __init__(self, message: str, *, is_refused: bool = False) -> None:
        super().__init__(message)
        self.is_refused = is_refused


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
    _silence()
    where = _shown(url)
    await _check(url, where)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=8, timeout=HEARTBEAT))
    try:
        async with app.open_async():
            await _prepare(app, where)
            yield app
    except (ConnectorException, PoolTimeout, Error) as error:
        raise QueueLostError(f"la file d'attente {where} ne répond plus") from error


def _silence() -> None:
    """What these log of an expected loss is said in our own words."""
    for name in ("procrastinate", "psycopg"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False


async def _check(url: str, where: str) -> None:
    """A pool tries again for ever, whatever the reason: one connection says it."""
    import psycopg  # noqa: PLC0415 - idem

    try:
        connection = await psycopg.AsyncConnection.connect(url, connect_timeout=10)
    except psycopg.ProgrammingError as error:
        raise InputError(_UNREADABLE) from error
    except psycopg.OperationalError as error:
        said = str(error).rpartition("FATAL:")[2].strip().partition("\n")[0] if "FATAL:" in str(error) else ""
        what = f"n'est pas ouverte ({said})" if said else "ne répond pas"
        raise QueueLostError(f"la file d'attente {where} {what}", is_refused=bool(said)) from error
    await connection.close()


def _shown(url: str) -> str:
    """The server and the base of an address, and nothing that may be a secret."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - idem
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        said = conninfo_to_dict(url)
        int(said.get("port") or 0)
    except (ProgrammingError, ValueError) as error:
        raise InputError(_UNREADABLE) from error
    return f"{said.get('host') or 'localhost'}/{said.get('dbname') or ''}"


async def _prepare(app: App, where: str) -> None:
    """Makes the tables that are not there. Raises :class:`InputError` for those of another version of the engine."""
    from procrastinate import PsycopgConnector  # noqa: PLC0415 - idem
    from procrastinate.schema import SchemaManager  # noqa: PLC0415
    from psycopg.errors import InsufficientPrivilege, InvalidSchemaName  # noqa: PLC0415

    assert isinstance(app.connector, PsycopgConnector)  # noqa: S101 - ours
    try:
        async with app.connector.pool.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (PREPARING,))
            found = await (await connection.execute(_FOUND, {"needed": _needed()})).fetchone()
            has_tables, lacking = found or (False, 0)
            if not has_tables:
                await connection.execute(SchemaManager.get_schema())
    except (InsufficientPrivilege, InvalidSchemaName) as error:
        raise InputError(
            f"La file d'attente {where} ne laisse pas cet utilisateur créer ses tables : donnez-lui ce droit."
        ) from error
    if has_tables and lacking:
        raise InputError(
            f"La file d'attente {where} a été faite par une autre version de procrastinate : mettez-la à niveau, ou donnez une "
            "base qui n'en a pas."
        )


_FOUND = """
SELECT to_regclass('procrastinate_jobs') IS NOT NULL, count(*) FILTER (WHERE to_regproc(name) IS NULL)
FROM unnest(%(needed)s::text[]) AS name
"""


def _needed() -> list[str]:
    """The functions of the database that the engine calls for us: their names change with what they do."""
    from procrastinate import sql  # noqa: PLC0415 - idem

    ours = (sql.queries[name] for name in ("defer_jobs", "fetch_job", "register_worker", "unregister_worker"))
    return sorted({name for query in ours for name in re.findall(r"procrastinate_\w+_v\d+(?=\()", query)})


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


async def last_shard(app: App) -> int:
    """The number of the latest shard that was enqueued."""
    row = await app.connector.execute_query_one_async("SELECT coalesce(max(id), 0) AS id FROM procrastinate_jobs")
    return int(row["id"])


_GIVEN_UP = """
SELECT owed->'service'->>'id' AS service, (owed->>'visit')::int AS visit
FROM procrastinate_jobs, jsonb_array_elements(args->'owed') AS owed
WHERE task_name = %(task)s AND args->>'run' = %(run)s AND status IN ('failed', 'cancelled', 'aborted')
    AND procrastinate_jobs.id > %(first)s
"""


async def given_up(app: App, run: str, first: int) -> set[tuple[str, int]]:
    """The visits of the shards of a run, enqueued after the ``first``, that nobody will try again: service, and which visit."""
    rows = await app.connector.execute_query_all_async(_GIVEN_UP, task=TASK, run=run, first=first)
    return {(row["service"], row["visit"]) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """The workers that gave a sign of life lately, the shards that they have, and those of workers that did not."""

    alive: int
    busy: int
    silent: int


_WORKERS = """
WITH known AS (
    SELECT id, last_heartbeat >= now() - make_interval(secs => %(stalled)s) AS is_alive FROM procrastinate_workers
), doing AS (
    SELECT coalesce(known.is_alive, false) AS is_alive
    FROM procrastinate_jobs LEFT JOIN known ON known.id = worker_id WHERE task_name = %(task)s AND status = 'doing'
)
SELECT (SELECT count(*) FROM known WHERE is_alive) AS alive,
    (SELECT count(*) FROM doing) AS busy, (SELECT count(*) FROM doing WHERE NOT is_alive) AS silent
"""


async def workers_of(app: App) -> Workers:
    row = await app.connector.execute_query_one_async(_WORKERS, task=TASK, stalled=STALLED)
    return Workers(alive=row["alive"], busy=row["busy"], silent=row["silent"])
