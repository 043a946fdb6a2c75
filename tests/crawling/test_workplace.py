"""Visits that are made elsewhere than where their run is, and their way home."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from checks.model.place import publish_new
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.fleet.owed import Owed
from crawler.fleet.workplace import Delivery, Workplace

OWED = Owed(service=Service(id="a", name="a"))
OTHER = Owed(service=Service(id="b", name="b"))


@pytest.fixture
def home(tmp_path: Path) -> RunFolder:
    home = RunFolder(tmp_path / "runs" / "run")
    home.captures.mkdir(parents=True)
    home.update({"id": "run", "settings": {"ceiling": 3}})
    return home


@pytest.fixture
def workplace(home: RunFolder, tmp_path: Path) -> Workplace:
    return Workplace(home, tmp_path / "work")


def delivered(workplace: Workplace, *visits: Owed) -> list[object]:
    kept: list[object] = []

    async def sent() -> None:
        delivery = Delivery(workplace, kept.append)
        for owed in visits:
            delivery.send(owed, {"service": owed.service.id})
        await delivery.end()

    asyncio.run(sent())
    return kept


def test_an_archive_goes_home_with_its_line(home, workplace):
    workplace.folder.warc("a").write_bytes(b"whole")
    assert delivered(workplace, OWED) == [{"service": "a"}]
    assert home.warc("a").read_bytes() == b"whole"
    assert not list(workplace.folder.captures.iterdir())
    assert workplace.still_owed([OWED, OTHER]) == (OTHER,)


def test_the_first_archive_stays_and_the_line_of_the_other_is_dropped(home, workplace):
    home.warc("a").write_bytes(b"first")
    workplace.folder.warc("a").write_bytes(b"late")
    assert delivered(workplace, OWED) == [None]
    assert home.warc("a").read_bytes() == b"first"
    assert [path.name for path in home.captures.iterdir()] == ["a.warc.gz"]


def test_what_keeps_one_from_its_home_is_told_once_the_others_are_there(home, workplace):
    workplace.folder.warc("b").write_bytes(b"whole")  # and none of a
    with pytest.raises(FileNotFoundError):
        delivered(workplace, OWED, OTHER)
    assert home.captured() == {"b"}


def test_a_disk_without_links_takes_the_first_one_too(tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refused)
    for content in (b"first", b"second"):
        (tmp_path / "local").write_bytes(content)
        assert publish_new(tmp_path / "local", tmp_path / "place") is (content == b"first")
    assert (tmp_path / "place").read_bytes() == b"first"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["local", "place"]


def test_a_workplace_knows_the_settings_of_its_run_and_where_the_runs_before_are(home, workplace):
    assert workplace.folder.state == {**home.state, "home": str(home.path)}
    assert "home" not in home.state
