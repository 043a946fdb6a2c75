"""Which judgement a name means, and how its lines are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.model.errors import InputError
from checks.model.judgement import find_judgement, shelved
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from checks.model.verdict import Verdict

FIRST, SECOND = "sha256:" + "1a2b" * 16, "sha256:" + "1a9c" * 16
STARTED = datetime(2026, 11, 23, 6, tzinfo=UTC)


def rules(version: int, status: str = "active") -> dict[str, object]:
    return {"https": {"version": version, "status": status}, "old": {"version": 1, "status": "retired"}}


def judge(folder: RunFolder, digest: str, version: int, services: tuple[str, ...] = ("b", "a")) -> None:
    """As the stage does: what others said is kept aside before ``run.json`` says which rules these are."""
    lines = [
        Verdict(
            run=folder.id,
            service=service,
            rule=rule,
            version=version,
            outcome=Outcome.PASSED,
            reason=f"v{version}",
            at="2026-11-23T06:00:00Z",
            ruleset=digest,
        ).to_line()
        for service in services
        for rule in ("https", "hsts")
    ]
    folder.keep_verdicts(digest)
    folder.verdicts.write_text("\n".join(lines) + "\n", "utf-8")
    folder.update({"ruleset": {"digest": digest, "rules": rules(version)}})


def run(runs: Path, minutes: int = 0, **state) -> RunFolder:
    folder = RunFolder.create(runs, STARTED + timedelta(minutes=minutes))
    folder.write_services([Service(id=name, name=name.upper()) for name in ("b", "stopped", "a")])
    folder.update({"id": folder.path.name, "started_at": (STARTED + timedelta(minutes=minutes)).isoformat(), **state})
    return folder


@pytest.fixture
def twice(tmp_path: Path) -> RunFolder:
    """A run judged by two sets of rules."""
    folder = run(tmp_path / "agents@ville")
    judge(folder, FIRST, 1)
    judge(folder, SECOND, 2)
    return folder


def said(judgement) -> dict[str, list[str]]:
    return {service.id: [verdict.reason for verdict in verdicts] for service, verdicts in judgement.services()}


@pytest.mark.parametrize(
    "name,reason",
    [("", "v2"), ("@1a2b", "v1"), ("@1a9c", "v2"), (f"@{FIRST}", "v1"), ("@1a2b1a2b1a2b", "v1")],
)
def test_a_run_or_one_of_its_judgements(twice: RunFolder, name: str, reason: str):
    runs = twice.path.parent

    found = find_judgement(f"{twice.id}{name}", runs)

    assert said(found) == {"b": [reason, reason], "stopped": [], "a": [reason, reason]}
    assert found.versions == {"https": int(reason[1:])}
    assert find_judgement(found.name, runs).path == found.path
    assert find_judgement(f"{twice.path}{name}", Path("elsewhere")).path == found.path


@pytest.mark.parametrize("digits", ["", "1a", "ff", "1a2c"])
def test_what_names_none_or_two_is_refused_with_those_there_are(twice: RunFolder, digits: str):
    with pytest.raises(InputError) as refused:
        find_judgement(f"{twice.id}@{digits}", twice.path.parent)

    assert f"{twice.id}@1a2b1a2b1a2b" in str(refused.value)
    assert f"{twice.id}@1a9c1a9c1a9c" in str(refused.value)
    assert ("plusieurs" in str(refused.value)) is (digits == "1a")


def test_the_latest_is_the_latest_healthy_one(tmp_path: Path):
    sound, sick, unjudged = run(tmp_path), run(tmp_path, 1, health={"is_healthy": False}), run(tmp_path, 2)
    judge(sound, FIRST, 1)
    judge(sick, FIRST, 1)

    assert find_judgement("latest", tmp_path).folder.id == sound.id
    assert find_judgement("latest@1a", tmp_path).folder.id == sound.id
    assert find_judgement(sick.id, tmp_path).folder.id == sick.id
    with pytest.raises(InputError, match="n'est pas jugé"):
        find_judgement(unjudged.id, tmp_path)


def test_where_none_is_healthy_they_are_named(tmp_path: Path):
    with pytest.raises(InputError, match="toise audit"):
        find_judgement("latest", tmp_path)
    sick = run(tmp_path, health={"is_healthy": False})
    judge(sick, FIRST, 1)
    with pytest.raises(InputError, match=sick.id):
        find_judgement("latest", tmp_path)


def test_verdicts_of_other_rules_than_the_run_says_are_refused(twice: RunFolder):
    twice.update({"ruleset": {"digest": FIRST}})

    with pytest.raises(InputError, match="toise judge"):
        find_judgement(twice.id, twice.path.parent)


def test_verdicts_in_another_order_are_refused(tmp_path: Path):
    folder = run(tmp_path)
    judge(folder, FIRST, 1, ("a", "b"))

    with pytest.raises(InputError, match="ordre"):
        list(find_judgement(folder.id, tmp_path).services())


def test_a_service_is_read_where_it_lies(twice: RunFolder):
    found = find_judgement(twice.id, twice.path.parent)
    with shelved(found) as shelf:
        taken = {name: shelf.take(name) for name in ("a", "stopped", "nobody", "b", "a")}
        alike = dict(zip(("b", "stopped", "a"), found.services(), strict=True))

    assert taken == {**alike, "nobody": None}
    assert "a" in alike


def test_a_line_that_cannot_be_read_is_said(twice: RunFolder):
    twice.verdicts.write_text(twice.verdicts.read_text("utf-8") + "{}\n", "utf-8")

    with pytest.raises(InputError, match=r"verdicts\.jsonl"), shelved(find_judgement(twice.id, twice.path.parent)):
        pass


def test_verdicts_whose_judgement_is_cut_short_are_found_again(tmp_path, monkeypatch):
    folder = run(tmp_path)
    judge(folder, FIRST, 1)
    moved = Path.replace

    def killed(path: Path, target: Path) -> Path:
        found = moved(path, target)
        if path == folder.verdicts:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        judge(folder, SECOND, 2)
    monkeypatch.setattr(Path, "replace", moved)
    judge(folder, SECOND, 2)
    assert find_judgement(f"{folder.id}@1a2b", tmp_path).versions == {"https": 1}
