"""What becomes of the overrides of a run: kept in its folder, judged on its day, stored beside verdicts left as they are."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine, func, select

from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, Service
from checks.model.verdict import Verdict
from reports.overrides.kept import FILE, keep, kept
from reports.overrides.override import Override
from reports.overrides.standing import Standing
from reports.store import queries
from reports.store.load import load_run
from reports.store.migrating import migrations
from reports.store.needless import needless_overrides
from reports.store.queries import audited_services, find_run, outcomes
from reports.store.schema import Base, OverrideRow, VerdictRow
from reports.store.session import open_store

DAY = date(2026, 11, 23)
RULES = ("https", "budget-page")
BUILDING = (Phase(name="construction"),)
SERVICES = tuple(Service(id=name, name=name, phases=BUILDING) for name in ("un", "deux", "trois"))


def override(service="un", rule="https", outcome=Outcome.PASSED, until=DAY, **more):
    about = {"reason": "Vu à la main.", "author": "prenom.nom", "evidence": "https://un.fr/"} | more
    return Override(service=service, rule=rule, outcome=outcome, until=until, **about)


def written(*overrides):
    lines = []
    for one in overrides:
        values = {key: json.dumps(value, ensure_ascii=False) for key, value in one.to_json().items()}
        values["until"] = one.until.isoformat()
        lines += ["[[override]]", *(f"{key} = {value}" for key, value in values.items()), ""]
    return "\r\n".join(["# é", *lines]).encode()


@pytest.fixture
def engine(database):
    store = open_store(database)
    yield store
    store.dispose()


@pytest.fixture
def folder(tmp_path):
    run = RunFolder.create(tmp_path / "runs", datetime(2026, 11, 23, 6, tzinfo=UTC))
    rules = {rule: {"version": 1, "status": "active"} for rule in RULES}
    run.update(
        {
            "id": run.id,
            "started_at": "2026-11-23T06:00:00Z",
            "as_of": DAY.isoformat(),
            "registry": {"digest": "sha256:11"},
            "ruleset": {"digest": "sha256:22", "rules": rules},
        }
    )
    run.write_services(SERVICES)
    lines = [
        Verdict(run=run.id, service=name, rule="https", version=1, outcome=Outcome.FAILED, reason="none", at="2026")
        for name in ("un", "deux")
    ]
    run.verdicts.write_text("".join(line.to_line() + "\n" for line in lines), "utf-8")
    return run


def stored(engine, run):
    return {one for audited in audited_services(engine, run) for one in audited.overrides}


@pytest.mark.parametrize(
    "days, places",
    [
        (-1, {"expired"}),
        (0, {"applied", "ending"}),
        (1, {"applied", "ending"}),
        (30, {"applied", "ending"}),
        (31, {"applied"}),
        (400, {"applied"}),
    ],
)
def test_an_override_holds_until_its_last_day_and_is_announced_thirty_days_before(days, places):
    one = override(until=DAY + timedelta(days=days))
    standing = Standing.of([one], DAY, {"un"}, RULES)
    assert {name for name in ("applied", "ending", "expired") if getattr(standing, name)} == places
    assert one.is_ending_on(DAY) == ("ending" in places)


def test_what_a_run_does_not_hold_is_set_aside():
    later = DAY + timedelta(days=90)
    gone, unknown = override("parti", until=later), override(rule="beaute", until=later)
    both = override("parti", until=DAY - timedelta(days=1))
    standing = Standing.of([gone, unknown, both], DAY, {"un"}, RULES)
    assert standing == Standing(without_service=(gone,), without_rule=(unknown,), expired=(both,))
    assert Standing.from_json(json.loads(json.dumps(standing.to_json()))) == standing


def test_the_copy_of_a_run_is_exactly_what_was_read(folder):
    assert kept(folder) == (None, ())
    raw = b"\xef\xbb\xbf" + written(override())
    keep(folder, raw)
    assert (folder.path / FILE).read_bytes() == raw
    digest, overrides = kept(folder)
    assert digest.startswith("sha256:")
    assert overrides == (override(),)
    keep(folder, b"")
    assert kept(folder)[1] == ()


def test_those_in_force_are_stored_and_the_verdicts_stay(engine, folder):
    load_run(engine, folder)
    with engine.connect() as connection:
        before = connection.execute(select(VerdictRow.__table__)).all()
    in_force = {
        override(),
        override("deux", outcome=Outcome.CANT_TELL, until=date(2027, 5, 1)),
        override("trois", rule="budget-page", reason="« <b> »\n", until=date(2027, 5, 1)),
    }
    ignored = [override("parti"), override("un", "budget-page", until=date(2026, 11, 22))]
    keep(folder, written(*in_force, *ignored))
    record = load_run(engine, folder)
    assert {one.key for one in stored(engine, record.id)} == {one.key for one in in_force}
    assert {one for one in stored(engine, record.id) if one.service != "trois"} < in_force
    with engine.connect() as connection:
        assert connection.execute(select(VerdictRow.__table__)).all() == before
    part = record.state["overrides"]
    assert (part["applied"], [one["service"] for one in part["ending"]]) == (3, ["un"])
    assert [one["rule"] for one in part["expired"]] == ["budget-page"]
    assert [one["service"] for one in part["without_service"]] == ["parti"]
    assert find_run(engine, record.id) == record


def test_counting_reads_the_machine_and_the_overrides_apart(engine, folder):
    keep(folder, written(override(), override("un", "budget-page"), override("trois", rule="budget-page")))
    run = load_run(engine, folder).id
    _, trois, un = outcomes(engine, run, {"https"})
    assert (un.outcomes, un.overrides) == ({"https": Outcome.FAILED}, {"https": Outcome.PASSED})
    assert un.corrected.outcomes == {"https": Outcome.PASSED}
    assert (trois.overrides, trois.corrected) == ({}, trois)


def test_loading_again_gives_the_same_and_a_withdrawn_copy_takes_its_overrides_away(engine, folder):
    keep(folder, written(override(), override("deux")))
    first = load_run(engine, folder)
    assert load_run(engine, folder) == first
    assert len(stored(engine, first.id)) == 2
    keep(folder, written(override("deux")))
    assert {one.service for one in stored(engine, load_run(engine, folder).id)} == {"deux"}
    folder.update({"overrides": first.state["overrides"]})
    (folder.path / FILE).unlink()
    record = load_run(engine, folder)
    assert stored(engine, record.id) == set()
    assert record.state["overrides"] == {
        "digest": None, "applied": 0, "expired": [], "ending": [], "without_service": [], "without_rule": [],
    }  # fmt: skip


def test_a_copy_that_was_damaged_leaves_what_was_loaded(engine, folder):
    keep(folder, written(override()))
    run = load_run(engine, folder)
    (folder.path / FILE).write_text("[[override]]\n", "utf-8")
    with pytest.raises(InputError, match=r"overrides\.toml, correction 1 : il manque « service »"):
        load_run(engine, folder)
    assert stored(engine, run.id) == {override()}
    assert find_run(engine, run.id) == run


def test_a_day_that_is_none_is_named(engine, folder):
    folder.update({"as_of": "hier"})
    with pytest.raises(InputError, match="« as_of » n'est pas un jour ISO"):
        load_run(engine, folder)


def test_an_override_that_says_what_the_machine_says_is_needless(engine, folder):
    keep(folder, written(override(outcome=Outcome.FAILED), override("deux"), override("trois", outcome=Outcome.FAILED)))
    assert needless_overrides(engine, load_run(engine, folder).id) == (("un", "https"),)


@pytest.mark.parametrize("size", [1, 2])
def test_the_size_of_the_batches_changes_nothing(engine, folder, monkeypatch, size):
    keep(folder, written(*(override(service.id) for service in SERVICES)))
    run = load_run(engine, folder).id
    monkeypatch.setattr(queries, "BATCH", size)
    assert [audited.overrides for audited in audited_services(engine, run)] == [
        (override(name),) for name in ("deux", "trois", "un")
    ]


def test_a_base_of_the_first_version_keeps_its_runs(database, folder):
    old = create_engine(database)
    with old.begin() as connection:
        command.upgrade(migrations(connection), "0001")
        assert not old.dialect.has_table(connection, "overrides")
        values = {"id": "2025", "started_at": "2025", "as_of": "2025-01-01", "registry_digest": "a", "ruleset": "b"}
        connection.execute(Base.metadata.tables["runs"].insert(), [{**values, "state": {"ruleset": {"rules": {}}}}])
    old.dispose()
    store = open_store(database)
    assert find_run(store, "2025").registry_digest == "a"
    keep(folder, written(override()))
    load_run(store, folder)
    with store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(OverrideRow)).scalar() == 1
    with store.begin() as connection:
        command.downgrade(migrations(connection), "0001")
        assert not store.dialect.has_table(connection, "overrides")
    store.dispose()
