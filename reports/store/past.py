"""The runs that a run is read against: those loaded before it that audited the same services."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select

from reports.store.queries import runs
from reports.store.records import RunRecord
from reports.store.schema import ServiceRow

HALF = 0.5
"""The share of the services of a run that an earlier one must have audited too: an audit of a few of them is no past."""


def earlier_runs(engine: Engine, run: RunRecord) -> tuple[RunRecord, ...]:
    """The healthy runs that started before ``run`` and audited at least half of its services, the latest first."""
    earlier = [one for one in runs(engine) if (one.started_at, one.id) < (run.started_at, run.id) and one.is_healthy]
    with engine.connect() as connection:
        wanted = HALF * max(_shared(connection, run.id, run.id), 1)
        return tuple(one for one in earlier if _shared(connection, one.id, run.id) >= wanted)


def _shared(connection: Connection, one: str, other: str) -> int:
    """How many services two runs both list."""
    listed = select(ServiceRow.id).where(ServiceRow.run_id == other)
    query = select(func.count()).where(ServiceRow.run_id == one, ServiceRow.id.in_(listed))
    return connection.execute(query).scalar_one()
