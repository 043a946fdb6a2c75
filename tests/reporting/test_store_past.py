from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.store.load import load_run
from reports.store.past import earlier_runs, past_verdicts
from reports.store.session import open_store

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def add(tmp_path, database):
    store = open_store(database)

    def add_run(name, day, services, *, is_healthy=True, outcome=Outcome.PASSED, version=1):
        started = START + timedelta(days=day)
        folder = RunFolder.create(tmp_path / "runs", started)
        folder.update(
            {
                "id": name,
                "started_at": started.isoformat(),
                "as_of": started.date().isoformat(),
                "registry": {"source": "a", "kind": "csv", "digest": "sha256:1", "warnings": []},
                "ruleset": {"digest": "sha256:2", "rules": {}},
                "health": {"is_healthy": is_healthy, "reasons": []},
            }
        )
        folder.write_services(Service(id=one, name=one) for one in services)
        lines = (verdict(name, one, outcome, version).to_line() for one in services)
        folder.verdicts.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return load_run(store, folder)

    add_run.engine = store
    yield add_run
    store.dispose()


def verdict(run, service, outcome, version):
    about = {"reason": "a", "at": START.isoformat()}
    return Verdict(run=run, service=service, rule="https", version=version, outcome=outcome, **about)


def names(add, run):
    return [one.id for one in earlier_runs(add.engine, run)]


def test_the_runs_before_come_the_latest_first(add):
    add("one", 1, "abcd")
    add("two", 2, "abcd")
    run = add("three", 3, "abcd")
    add("four", 4, "abcd")
    assert names(add, run) == ["two", "one"]


def test_a_run_that_is_not_sound_is_no_past(add):
    add("one", 1, "abcd")
    add("two", 2, "abcd", is_healthy=False)
    assert names(add, add("three", 3, "abcd")) == ["one"]


def test_half_of_the_services_must_have_been_audited(add):
    add("half", 1, "abxyz")
    add("few", 2, "a")
    add("other", 3, "wxyz")
    assert names(add, add("all", 4, "abcd")) == ["half"]


def test_a_run_of_one_service_has_the_past_of_the_whole(add):
    add("all", 1, "abcd")
    assert names(add, add("one", 2, "a")) == ["all"]


def test_a_run_without_services_has_no_past(add):
    add("all", 1, "abcd")
    assert names(add, add("none", 2, "")) == []


def test_what_the_runs_before_said_comes_the_latest_first_and_of_the_services_asked_for(add):
    add("a", 1, "ab", outcome=Outcome.FAILED, version=2)
    add("z", 2, "bc", outcome=Outcome.CANT_TELL)
    add("m", 3, "ab")
    run = add("last", 4, "abc")
    found = past_verdicts(add.engine, earlier_runs(add.engine, run), ["a", "b", "nobody"])
    assert found.keys() == {"a", "b"}
    told = [(one.run, one.as_of, one.version, one.outcome) for one in found["b"]["https"]]
    assert told == [
        ("m", "2026-01-04", 1, Outcome.PASSED),
        ("z", "2026-01-03", 1, Outcome.CANT_TELL),
        ("a", "2026-01-02", 2, Outcome.FAILED),
    ]
    assert [one.run for one in found["a"]["https"]] == ["m", "a"]
    assert past_verdicts(add.engine, (), ["a"]) == {}
