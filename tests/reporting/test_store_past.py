from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.model.run_folder import RunFolder
from checks.model.service import Service
from reports.store.load import load_run
from reports.store.past import earlier_runs
from reports.store.session import open_store

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def add(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'toise.db'}")

    def add_run(name, day, services, *, is_healthy=True):
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
        folder.verdicts.write_text("", "utf-8")
        return load_run(store, folder)

    add_run.engine = store
    yield add_run
    store.dispose()


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
