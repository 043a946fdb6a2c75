"""What earlier runs said of each service of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, select

from checks.model.outcome import Outcome
from reports.store.records import RunRecord
from reports.store.schema import OverrideRow, ServiceRow, VerdictRow

BATCH = 100
"""Services read at once; with 24 runs of 24 rules, some 60,000 outcomes."""

Past = Mapping[str, tuple[Outcome | None, ...]]
"""For each rule the outcome that counted in each earlier run, in their order; ``None`` where it gave none."""


class History:
    """Asked for one service after the other, in the order of their ids, it reads them by batches."""

    def __init__(self, engine: Engine, run: str, earlier: Sequence[RunRecord], last: str | None = None) -> None:
        """``last``: of the services that it is asked for."""
        self._engine = engine
        self._last = last
        self._run = run
        self._earlier = tuple(one.id for one in earlier)
        self._batch: dict[str, Past] = {}

    def of(self, service: str) -> Past:
        """``{}`` for a service that no earlier run judged."""
        if not self._earlier:
            return {}
        if service not in self._batch:
            self._batch = self._read(service)
        return self._batch[service]

    def _read(self, service: str) -> dict[str, Past]:
        following = select(ServiceRow.id).where(ServiceRow.run_id == self._run, ServiceRow.id >= service)
        if self._last is not None:
            following = following.where(ServiceRow.id <= self._last)
        with self._engine.connect() as connection:
            ids = connection.execute(following.order_by(ServiceRow.id).limit(BATCH)).scalars().all()
            runs = [_outcomes(connection, run, ids[0], ids[-1]) for run in self._earlier]
        return {one: _by_rule([known.get(one, {}) for known in runs]) for one in ids}


def _outcomes(connection: Connection, run: str, first: str, last: str) -> Mapping[str, dict[str, Outcome]]:
    """By service then rule; what a person said stands in place of what the machine found."""
    found: defaultdict[str, dict[str, Outcome]] = defaultdict(dict)
    for table in (VerdictRow, OverrideRow):
        columns = select(table.service_id, table.rule, table.outcome)
        wanted = columns.where(table.run_id == run, table.service_id.between(first, last))
        for service, rule, outcome in connection.execute(wanted.order_by(table.service_id, table.rule)):
            found[service][rule] = outcome
    return found


def _by_rule(runs: Sequence[Mapping[str, Outcome]]) -> Past:
    rules = dict.fromkeys(rule for run in runs for rule in run)
    return {rule: tuple(run.get(rule) for run in runs) for rule in rules}
