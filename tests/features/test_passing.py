"""What visits were judged in passing is taken while it holds, and as long as nobody else judged the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checks.model.run_folder import RunFolder
from reports.cli import passing
from reports.cli.passing import Passing, forget_passing, keeping, passing_line


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "run")
    folder.captures.mkdir(parents=True)
    for name in ("a", "b"):
        folder.warc(name).write_bytes(name.encode())
    return folder


def kept(folder: RunFolder, *services: str, sent: int = 3) -> None:
    with keeping(folder) as keep:
        for service in services:
            keep(passing_line(folder, service, 1, {"verdicts": [], "of": service, "sent": sent}))


def known(folder: RunFolder, service: str, visit: int = 1) -> Any:
    with Passing(folder) as found:
        line = found.of(service, visit)
        return line and line["of"]


def test_a_line_that_holds_is_taken(folder):
    kept(folder, "a")
    kept(folder, "b")
    assert (known(folder, "a"), known(folder, "b"), known(folder, "c"), known(folder, "a", 2)) == ("a", "b", None, None)
    with Passing(folder) as found:
        assert found.requests == 6


def test_what_was_made_of_nothing_is_not_kept(folder):
    with keeping(folder) as keep:
        keep(None)
        keep({})
    assert known(folder, "a") is None


def test_another_archive_is_judged_anew(folder):
    kept(folder, "a", "b")
    folder.warc("a").write_bytes(b"visited again")
    assert (known(folder, "a"), known(folder, "b")) == (None, "b")


def test_other_rules_judge_anew(folder, monkeypatch):
    kept(folder, "a")
    monkeypatch.setattr(passing, "ruleset_digest", lambda: "sha256:other")
    assert known(folder, "a") is None


def test_what_two_processes_judged_is_judged_anew(folder):
    kept(folder, "a", "b")
    kept(folder, "a")
    assert (known(folder, "a"), known(folder, "b")) == (None, "b")


def test_the_last_line_of_a_process_that_was_killed_is_none(folder):
    kept(folder, "a", "b")
    (file,) = folder.judged.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert (known(folder, "a"), known(folder, "b")) == ("a", None)
    with file.open("ab") as more:
        more.write(b"\n[1]\n" + json.dumps({"service": "c", "visit": 1, "of": "c"}).encode() + b"\n")
    with Passing(folder) as found:
        assert found.requests == 3


def test_they_are_forgotten_whole(folder):
    kept(folder, "a")
    forget_passing(folder)
    assert not folder.judged.exists()
    assert known(folder, "a") is None
