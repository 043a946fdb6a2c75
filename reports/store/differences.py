"""What the database knows to differ between two runs, so that only those services are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Select, and_, or_, select
from sqlalchemy.orm import aliased

from reports.store.schema import IncubatorRow, OverrideRow, ServiceRow, VerdictRow


def changed_services(engine: Engine, old: str, new: str) -> tuple[str, ...]:
    """The services of which two runs do not give the same: the outcome of a rule, by the machine or by a person, the phase
    group, or their being there. In the order of their ids."""
    sides = ((old, new), (new, old))  # what one side alone has is seen from that side
    queries = (query for one, other in sides for query in (_services(one, other), *_outcomes(one, other)))
    first, *others = queries
    differing = first.union(*others).subquery()
    with engine.connect() as connection:
        return tuple(connection.execute(select(differing.c.id).order_by(differing.c.id)).scalars())


def _services(one: str, other: str) -> Select[Any]:
    there = aliased(ServiceRow)
    same = and_(there.run_id == other, there.id == ServiceRow.id)
    differs = or_(there.id.is_(None), there.phase_group != ServiceRow.phase_group)
    return select(ServiceRow.id.label("id")).outerjoin(there, same).where(ServiceRow.run_id == one, differs)


def _outcomes(one: str, other: str) -> Iterator[Select[Any]]:
    tables: tuple[type[VerdictRow | OverrideRow], ...] = (VerdictRow, OverrideRow)
    for table in tables:
        there = aliased(table)
        same = and_(there.run_id == other, there.service_id == table.service_id, there.rule == table.rule)
        differs = or_(there.outcome.is_(None), there.outcome != table.outcome)
        yield select(table.service_id.label("id")).outerjoin(there, same).where(table.run_id == one, differs)


def service_ids(engine: Engine, run: str) -> tuple[str, ...]:
    query = select(ServiceRow.id).where(ServiceRow.run_id == run).order_by(ServiceRow.id)
    with engine.connect() as connection:
        return tuple(connection.execute(query).scalars())


def incubators(engine: Engine, *runs: str) -> tuple[str, ...]:
    """Those that these runs know, in the order of their ids."""
    query = select(IncubatorRow.incubator).where(IncubatorRow.run_id.in_(runs)).distinct()
    with engine.connect() as connection:
        return tuple(sorted(connection.execute(query).scalars()))
