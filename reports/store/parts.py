"""The services of a run, a part at a time: in this process, or in another one, which opens the database for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from reports.store.engine import engine_of
from reports.store.history import History, Past
from reports.store.queries import audited_services
from reports.store.records import AuditedService, RunRecord
from reports.store.schema import ServiceRow


class Part(NamedTuple):
    """Services in the order of their ids, and what earlier runs said of each, to be asked for in the same order."""

    services: Iterable[AuditedService]
    history: Callable[[str], Past]


class Parts:
    """Pickled, it says where the database is: a connection, and what its file holds locked, belong to one process."""

    def __init__(self, engine: Engine, run: str, earlier: Sequence[RunRecord]) -> None:
        self._engine, self._run, self._earlier = engine, run, earlier

    def __call__(self, first: str, last: str) -> Part:
        """From a service to another, both included."""
        services = audited_services(self._engine, self._run, between=(first, last))
        return Part(services, History(self._engine, self._run, self._earlier, last).of)

    def __reduce__(self) -> tuple[Callable[..., Parts], tuple[str, str, Sequence[RunRecord]]]:
        return _reopened, (self._engine.url.render_as_string(hide_password=False), self._run, self._earlier)


def _reopened(url: str, run: str, earlier: Sequence[RunRecord]) -> Parts:
    return Parts(engine_of(url), run, earlier)


def can_be_reopened(engine: Engine) -> bool:
    """Not a database that lives in the memory of this process."""
    return engine.dialect.name != "sqlite" or engine.url.database not in {None, "", ":memory:"}


def count_services(engine: Engine, run_id: str) -> int:
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(ServiceRow).where(ServiceRow.run_id == run_id))
        return int(found.scalar_one())
