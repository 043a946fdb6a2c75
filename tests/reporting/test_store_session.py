from __future__ import annotations

import logging
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from checks.model.errors import InputError
from reports.store.engine import BUSY_SECONDS
from reports.store.migrating import migrations
from reports.store.schema import REVISION, Base
from reports.store.session import open_store


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'toise.db'}"


@pytest.fixture
def engine(database):
    store = open_store(database)
    yield store
    store.dispose()


def tables(engine):
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def refusal(url):
    with pytest.raises(InputError) as raised:
        open_store(url)
    message = str(raised.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_the_revision_of_the_schema_is_that_of_the_last_migration(engine):
    with engine.begin() as connection:
        assert ScriptDirectory.from_config(migrations(connection)).get_current_head() == REVISION


def test_the_migrated_schema_is_the_declared_one(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_every_key_of_the_declared_schema_is_in_the_migrated_one(engine):
    with engine.connect() as connection:
        inspector = inspect(connection)
        for table in Base.metadata.sorted_tables:
            key = inspector.get_pk_constraint(table.name)
            assert key["constrained_columns"] == [column.name for column in table.primary_key], table.name
            assert key["name"] == f"pk_{table.name}"
            names = {foreign["name"] for foreign in inspector.get_foreign_keys(table.name)}
            assert names == {foreign.name for foreign in table.foreign_key_constraints}, table.name


def test_a_store_can_be_undone_and_made_again(database, engine):
    assert Base.metadata.tables.keys() < tables(engine)
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "base")
    assert tables(engine) == {"alembic_version"}
    again = open_store(database)
    assert Base.metadata.tables.keys() < tables(again)
    again.dispose()


def test_opening_leaves_logging_as_it_was(database):
    root, alembic = logging.getLogger(), logging.getLogger("alembic")
    before = root.level, list(root.handlers), alembic.level, alembic.disabled, list(alembic.handlers)
    open_store(database).dispose()
    assert (root.level, list(root.handlers), alembic.level, alembic.disabled, list(alembic.handlers)) == before


def test_sqlite_keeps_foreign_keys_waits_for_others_and_writes_ahead(url):
    engine = open_store(url)
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "busy_timeout", "journal_mode")
        }
    assert settings == {"foreign_keys": 1, "busy_timeout": 1000 * BUSY_SECONDS, "journal_mode": "wal"}
    orphan = text("INSERT INTO service_sponsors VALUES ('no run', 'no service', 0, 'anct')")
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(orphan)
    engine.dispose()


def test_a_store_up_to_date_can_be_read_where_nothing_can_be_written(tmp_path, url):
    open_store(url).dispose()
    store = open_store(f"sqlite:///file:{tmp_path / 'toise.db'}?mode=ro&uri=true")
    assert "runs" in tables(store)
    store.dispose()


@pytest.mark.parametrize(
    "url, said",
    [
        ("", "illisible"),
        ("toise.db", "illisible"),
        ("postgresql://toise:s3cret@server:port/base", "illisible"),
        ("oracool://toise:s3cret@server/base", "« oracool »"),
        ("sqlite://toise:s3cret@server/base", "ne désigne pas une base de données"),
        ("postgresql+pg8000://toise:s3cret@server/base?password=s3cret", "« pg8000 »"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(url, said):
    message = refusal(url)
    assert said in message
    assert "s3cret" not in message


def test_a_file_that_is_not_a_database_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Ceci n'est pas une base de données. " * 100)
    message = refusal(f"sqlite:///{path}")
    assert str(path) in message
    assert "file is not a database" in message
    assert path.read_text().startswith("Ceci")


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    assert str(tmp_path / "nowhere") in refusal(f"sqlite:///{tmp_path / 'nowhere' / 'toise.db'}")


def test_a_database_that_cannot_be_written_is_refused(tmp_path):
    # A folder's permissions do not stop root: SQLite's own read-only mode does.
    path = tmp_path / "old.db"
    other = create_engine(f"sqlite:///{path}")
    with other.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 1")
    other.dispose()
    assert "readonly database" in refusal(f"sqlite:///file:{path}?mode=ro&uri=true")


def test_a_database_of_a_later_version_is_refused_and_left_alone(database, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "version plus récente de Toise" in refusal(database)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def test_a_database_whose_tables_are_not_ours_is_refused_and_left_alone(database):
    other = create_engine(database)
    with other.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE services (port INTEGER)")
    assert "« services »" in refusal(database)
    assert tables(other) == {"services"}
    other.dispose()


def test_the_tables_of_another_program_may_share_the_database(database):
    other = create_engine(database)
    with other.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE queue (job INTEGER)")
    store = open_store(database)
    assert {"queue", "runs"} < tables(store)
    other.dispose()
    store.dispose()


def test_the_migrations_are_found_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///toise.db")
    assert Path("toise.db").is_file()
    store.dispose()
