"""What only a server can do to a load, and what both engines must do alike: wait, sort, refuse."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select, text

from checks.model.run_folder import RunFolder
from reports.cli import main
from reports.store import load
from reports.store.differences import changed_services, incubators, service_ids
from reports.store.history import History
from reports.store.load import load_run
from reports.store.past import past_verdicts
from reports.store.queries import audited_services, outcomes, runs, some_services
from reports.store.schema import Base, ServiceRow, VerdictRow
from reports.store.session import open_store
from tests.reporting.loaded_runs import Runs, service

ROOT = Path(__file__).parent.parent.parent
NAMES = ("Zéro", "a-b", "a_b", "ab", "aB", "à", "e", "é", "É", "œuf", "z", "10", "9", "-", " ", "\U0001f6b2", "\uffee")
SAYS = {"https": "passed", "statistics-page": "failed"}


@pytest.fixture
def made(tmp_path, database):
    made = Runs(tmp_path, database)
    yield made
    made.engine.dispose()


@pytest.fixture
def server(postgresql):
    """The server of the tests, which runs again afterwards."""
    yield postgresql
    postgresql.start()


@pytest.fixture
def base(server):
    """The URL of an empty database."""
    return server.url(server.empty_database())


@pytest.fixture
def remote(base, tmp_path):
    """A run loaded in PostgreSQL."""
    made = Runs(tmp_path, base)
    made.add("one", 1, {service(name): SAYS for name in "ab"})
    yield made
    made.engine.dispose()


def sizes(engine):
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in Base.metadata.sorted_tables
        }


def refused(capsys, *args):
    """What a command says that ends with code 2: one sentence on one line."""
    with pytest.raises(SystemExit) as ended:
        main(args)
    said = capsys.readouterr().err.strip()
    assert ended.value.code == 2, said
    assert said.startswith("Erreur : ")
    assert said.count("\n") == 0
    assert said.endswith(".")
    return said


def test_names_come_in_the_order_of_their_characters(made, monkeypatch):
    monkeypatch.setattr("reports.store.queries.BATCH", 3)
    made.add("old", 1, {service("b"): SAYS})
    made.add("new", 2, {service(name, incubators=(name,)): SAYS for name in NAMES})
    expected = tuple(sorted(NAMES))
    assert tuple(one.service.id for one in audited_services(made.engine, "new")) == expected
    assert tuple(one.id for one in outcomes(made.engine, "new", SAYS)) == expected
    assert service_ids(made.engine, "new") == expected
    assert incubators(made.engine, "new") == expected
    assert changed_services(made.engine, "old", "new") == tuple(sorted((*NAMES, "b")))


def test_what_is_not_read_by_a_key_comes_in_the_same_order(remote):
    """A server reads a table as it likes: here as it was written, since the keys are not to be used."""
    keyless = "?options=-cenable_indexscan%3Doff%20-cenable_bitmapscan%3Doff%20-cenable_indexonlyscan%3Doff"
    last = remote.add("two", 2, {service(name): dict(reversed(SAYS.items())) for name in "ba"})
    store = open_store(remote.database + keyless)
    found = {one.id: list(one.outcomes) for one in outcomes(store, "two", SAYS)}
    assert found == {"a": sorted(SAYS), "b": sorted(SAYS)}
    assert service_ids(store, "two") == ("a", "b")
    assert [one.rule for one in some_services(store, "two", ["a", "b"])["a"].verdicts] == sorted(SAYS)
    assert list(History(store, "one", [last]).of("a")) == sorted(SAYS)
    assert list(past_verdicts(store, [last], ["a", "b"])) == ["a", "b"]
    store.dispose()


def test_no_column_that_is_sorted_follows_the_language_of_the_server(remote):
    columns = text(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE data_type = 'text'"
    )
    with remote.engine.connect() as connection:
        found = [row for row in connection.execute(columns) if row.table_name in Base.metadata.tables]
    assert len(found) > 30
    assert {row.collation_name for row in found} == {"C"}


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_two_loads_of_one_run_at_once_leave_one_whole_run(made, outcome):
    said = {service(f"s{number:03}"): {**SAYS, "https": outcome} for number in range(200)}
    made.add("one", 1, said)
    expected = sizes(made.engine)
    folder = RunFolder(made.folder / "runs" / "one")
    stores = [open_store(made.database) for _ in range(2)]
    together = Barrier(2, timeout=30)

    def again(store):
        together.wait()
        load_run(store, folder)

    with ThreadPoolExecutor() as pool:
        list(pool.map(again, stores))
    for store in stores:
        store.dispose()
    assert sizes(made.engine) == expected
    assert len(list(audited_services(made.engine, "one"))) == 200


def test_two_runs_are_loaded_at_once_and_readers_do_not_wait(remote, monkeypatch):
    monkeypatch.setattr("reports.store.engine.BUSY_SECONDS", 0)
    read = []

    def in_between(connection, record, *rest):
        if record.id == "one":
            read.append(len(list(audited_services(remote.engine, "one"))))
            remote.add("two", 2, {service("c"): SAYS})
        whole(connection, record, *rest)

    whole = load._load_verdicts
    monkeypatch.setattr(load, "_load_verdicts", in_between)
    remote.add("one", 1, {service(name): SAYS for name in "abc"})
    assert read == [2], "the run as it was before"
    assert [run.id for run in runs(remote.engine)] == ["two", "one"]
    assert len(list(audited_services(remote.engine, "one"))) == 3


def test_two_commands_may_create_the_tables_at_once(base):
    opening = "import sys; from reports.store.session import open_store; open_store(sys.argv[1]).dispose()"
    commands = [subprocess.Popen([sys.executable, "-c", opening, base], cwd=ROOT) for _ in range(3)]
    assert [command.wait(60) for command in commands] == [0, 0, 0]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_goes_away_in_the_middle_leaves_nothing_half_loaded(remote, server, monkeypatch, capsys, mode):
    before = sizes(remote.engine)
    whole = load._load_verdicts

    def in_the_middle(connection, *rest):
        assert connection.execute(select(func.count()).select_from(ServiceRow)).scalar() == 2, "the services are there"
        assert connection.execute(select(func.count()).select_from(VerdictRow)).scalar() == 0
        server.stop(mode)
        whole(connection, *rest)

    command = ("load", "one", "--runs", str(remote.folder / "runs"), "--database", remote.database)
    monkeypatch.setattr(load, "_load_verdicts", in_the_middle)
    said = refused(capsys, *command)
    assert "L'audit one n'a pas pu être chargé dans postgresql+psycopg://toise:***@" in said
    assert "vérifiez que le serveur répond" in said
    assert "ne peut pas être ouverte" in refused(capsys, *command), "it is still away"

    server.start()
    assert sizes(remote.engine) == before
    monkeypatch.setattr(load, "_load_verdicts", whole)
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    assert sizes(remote.engine) == before


def test_a_server_that_goes_away_while_a_run_is_read_is_said(remote, server, monkeypatch, capsys):
    def away(engine, run, *rest, **more):
        server.stop()
        return runs(engine)

    monkeypatch.setattr("reports.cli.export.audited_services", away)
    said = refused(capsys, "export", "one", "--database", remote.database)
    assert "la base de données n'est plus là" in said


def test_a_base_opened_hours_ago_is_loaded_though_its_connections_were_cut(remote, server):
    server.stop()
    server.start()
    load_run(remote.engine, RunFolder(remote.folder / "runs" / "one"))
    assert len(runs(remote.engine)) == 1


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda _, base: base.replace("s3cret", "wr0ng"), "password authentication failed"),
        (lambda server, _: server.url("nulle_part"), 'database "nulle_part" does not exist'),
        (lambda server, base: base.replace(f":{server.port}/", ":1/"), "onnection refused"),
        (lambda _, base: base.replace("127.0.0.1", "nulle-part.invalid"), "nulle-part.invalid"),
    ],
    ids=["password", "database", "port", "host"],
)
def test_what_a_server_refuses_is_said_without_the_password(server, base, capsys, change, said):
    url = change(server, base)
    sentence = refused(capsys, "summary", "--database", url)
    assert said in sentence
    assert "vérifiez que le serveur répond, et que la base, l'utilisateur et le mot de passe sont les bons" in sentence
    assert not any(word in sentence for word in ("wr0ng", "s3cret"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_reached_by_psycopg_3(base, scheme):
    """Whatever driver SQLAlchemy takes for a bare name: psycopg2 before its version 2.1."""
    store = open_store(base.replace("postgresql+psycopg", scheme))
    assert store.driver == "psycopg"
    store.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_without_psycopg_the_message_says_what_to_install(monkeypatch, capsys, scheme):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = refused(capsys, "summary", "--database", f"{scheme}://toise:s3cret@127.0.0.1/base")
    assert "pip install 'toise[postgresql]'" in said
    assert "s3cret" not in said
