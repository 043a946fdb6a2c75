"""Which run another is compared with: by its second visits, and by its health."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from checks.model.run_folder import RunFolder
from checks.model.service import Service
from reports.cli.health import before, health_stage
from reports.cli.judging import Sentence
from reports.cli.opening import Selection, Settings, open_run

WHOLE = [f"s{number}" for number in range(20)]


@pytest.fixture
def audited(tmp_path):
    """``audited(services, source)``: a run after those before it, judged, of a registry of twenty entries or so many."""
    days = iter(range(100))

    def create(services: Iterable[str], source: str = "registre.csv", entries: int = 20, **said) -> RunFolder:
        began = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=next(days))
        folder = RunFolder.create(tmp_path, began)
        folder.write_services(Service(id=name, name=name) for name in services)
        about = {"id": folder.path.name, "started_at": began.isoformat(), "as_of": "2026-11-28", "settings": {}}
        folder.update({**about, "registry": {"source": source, "entries": entries}, **said})
        folder.verdicts.write_text("", "utf-8")
        return folder

    return create


def before_of(folder: RunFolder) -> str | None:
    found = before(folder)
    return found.id if found else None


def test_a_run_of_a_few_services_does_not_hide_the_last_whole_one(audited):
    whole, _one, _half = audited(WHOLE), audited(WHOLE[:1]), audited(WHOLE[:12])
    assert before_of(audited(WHOLE)) == whole.id


def test_the_latest_run_that_holds_the_services_is_the_one_before(audited):
    audited(WHOLE)
    one = audited(WHOLE[:1])
    assert before_of(audited(WHOLE[:1])) == one.id


def test_where_none_holds_them_the_registry_says_which(audited):
    audited(WHOLE, source="autre.csv")
    few = audited(["a", "b"])
    assert before_of(audited(["c", "d", "e"])) == few.id
    assert before_of(audited(["x", "y"], source="encore.csv")) is None


def test_a_run_that_is_not_sound_is_no_measure(audited):
    sound = audited(WHOLE)
    audited(WHOLE, health={"is_healthy": False, "reasons": ["non"]})
    assert before_of(audited(WHOLE)) == sound.id


def test_two_registries_by_turns_are_compared_each_with_itself(audited):
    first, other = audited(WHOLE), audited(["x", "y"], source="autre.csv", entries=2)
    assert before_of(audited(WHOLE)) == first.id
    assert before_of(audited(["x", "y"], source="autre.csv", entries=2)) == other.id


def test_a_list_of_some_services_is_no_registry_that_has_shrunk(audited):
    audited(WHOLE)
    some = audited(WHOLE[:3], source="extrait.csv", entries=3)
    shrunk = audited(WHOLE[:3], entries=3)
    for folder in (some, shrunk):
        health_stage(folder, Sentence(counts={}, crashes=()))
    assert some.is_healthy
    assert shrunk.state["health"]["reasons"] == [
        f"le registre n'a plus que 3 fiches, contre 20 à l'audit {before(shrunk).id}"
    ]


def test_a_run_is_no_sound_one_until_its_health_is_measured(tmp_path):
    (tmp_path / "liste.csv").write_text("id,name,url\nun,Un,https://un.invalid\n", "utf-8")
    asked = Settings(selection=Selection(), phase_rule="latest-start", as_of=None)
    folder = open_run(str(tmp_path / "liste.csv"), tmp_path / "runs", asked)
    folder.warc("un").touch()
    folder.verdicts.write_text("", "utf-8")
    assert not folder.is_healthy
    assert health_stage(folder, Sentence(counts={}, crashes=()))
    assert folder.is_healthy


@pytest.mark.parametrize("began", ["2026-11-28T03:00:00", "hier", 5, None])
def test_a_run_of_others_beside_does_not_keep_one_from_beginning(tmp_path, began):
    (tmp_path / "liste.csv").write_text("id,name,url\nun,Un,https://un.invalid\n", "utf-8")
    RunFolder.create(tmp_path / "runs", datetime(2026, 11, 1, tzinfo=UTC)).update({"started_at": began})
    asked = Settings(selection=Selection(), phase_rule="latest-start", as_of=None)
    assert open_run(str(tmp_path / "liste.csv"), tmp_path / "runs", asked).state["counts"] == {"services": 1}
