from __future__ import annotations

from sqlalchemy import Engine, and_, select

from reports.store.schema import OverrideRow, VerdictRow


def needless_overrides(engine: Engine, run_id: str) -> tuple[tuple[str, str], ...]:
    """(service, rule) of the overrides of a run that say what the machine says."""
    of_verdict = (VerdictRow.service_id == OverrideRow.service_id, VerdictRow.rule == OverrideRow.rule)
    query = (
        select(OverrideRow.service_id, OverrideRow.rule)
        .join(VerdictRow, and_(VerdictRow.run_id == OverrideRow.run_id, *of_verdict))
        .where(OverrideRow.run_id == run_id, VerdictRow.outcome == OverrideRow.outcome)
        .order_by(OverrideRow.service_id, OverrideRow.rule)
    )
    with engine.connect() as connection:
        return tuple((row.service_id, row.rule) for row in connection.execute(query))
