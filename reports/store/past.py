"""The runs that a run is read against: those loaded before it that audited the same services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from checks.model.outcome import Outcome
from reports.store.queries import runs
from reports.store.records import RunRecord
from reports.store.schema import ServiceRow, VerdictRow

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """What an earlier run said; ``as_of`` is its day."""

    run: str
    as_of: str
    version: int
    outcome: Outcome


def past_verdicts(
    engine: Engine, earlier: Sequence[RunRecord], services: Collection[str]
) -> Mapping[str, Mapping[str, Sequence[PastVerdict]]]:
    """By service and by rule, what ``earlier`` runs said of some services, in the order of those runs."""
    days = {run.id: run.as_of for run in earlier}
    columns = (VerdictRow.run_id, VerdictRow.service_id, VerdictRow.rule, VerdictRow.version, VerdictRow.outcome)
    query = (
        select(*columns).where(VerdictRow.run_id.in_(days), VerdictRow.service_id.in_(services)).order_by(*columns[:3])
    )
    found: dict[str, dict[str, list[PastVerdict]]] = defaultdict(lambda: defaultdict(list))
    with engine.connect() as connection:
        rows = connection.execute(query).all() if days else ()
    ranks = {run: rank for rank, run in enumerate(days)}
    for row in sorted(rows, key=lambda row: ranks[row.run_id]):
        past = PastVerdict(run=row.run_id, as_of=days[row.run_id], version=row.version, outcome=row.outcome)
        found[row.service_id][row.rule].append(past)
    return found
