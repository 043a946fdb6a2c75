"""A database of any earlier version is taken over with what it holds."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, select

from reports.store.migrating import migrations
from reports.store.schema import Base
from reports.store.session import open_store

REVISIONS = [script.revision for script in ScriptDirectory("reports/store/migrations").walk_revisions()]
_SERVICE = {"run_id": "2025", "service_id": "à \ufffd"}
ROWS = {
    "runs": {
        "id": "2025", "started_at": "2025", "as_of": "2025-01-01", "registry_digest": "a", "ruleset": "b",
        "state": {"ruleset": {"rules": {"z": 1, "a": [None, "é"]}}},
    },
    "services": {
        "run_id": "2025", "id": "à \ufffd", "name": "À", "url": None, "phase_group": "construction", "statistics_url": "s",
        "budget_url": None, "repository": None, "accessibility_status": None, "warnings": ["w"], "entry": {"id": "à"},
    },
    "service_incubators": {**_SERVICE, "position": 0, "incubator": "dinum"},
    "service_sponsors": {**_SERVICE, "position": 0, "sponsor": "anct"},
    "verdicts": {
        **_SERVICE, "rule": "https", "version": 1, "outcome": "cantTell", "reason": "r", "value": None, "at": "2025",
        "warnings": [], "facts": {"days": 12},
    },
    "evidence": {
        **_SERVICE, "rule": "https", "position": 0, "url": "u", "status": 200, "excerpt": "« é »", "locator": "", "capture": "c",
    },
    "overrides": {
        **_SERVICE, "rule": "https", "outcome": "passed", "reason": "r", "author": "a", "evidence": "e", "until": "2027-01-01",
    },
}  # fmt: skip


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    tables = inspect(connection).get_table_names()
    return {
        name: [tuple(row) for row in connection.execute(select(table))]
        for name, table in Base.metadata.tables.items()
        if name in tables
    }


def test_every_table_has_a_row():
    assert ROWS.keys() == Base.metadata.tables.keys()


@pytest.mark.parametrize("revision", sorted(REVISIONS))
def test_a_base_of_an_earlier_version_keeps_what_it_holds(database: str, revision: str):
    old = create_engine(database)
    with old.begin() as connection:
        command.upgrade(migrations(connection), revision)
        there = inspect(connection).get_table_names()
        for table in Base.metadata.sorted_tables:
            if table.name in there:
                known = {column["name"] for column in inspect(connection).get_columns(table.name)}
                connection.execute(table.insert(), [{k: v for k, v in ROWS[table.name].items() if k in known}])
        before = rows(connection)
    old.dispose()
    store = open_store(database)
    with store.connect() as connection:
        after = rows(connection)
    store.dispose()
    assert all(before.values())
    assert after == {name: before.get(name, []) for name in ROWS}
