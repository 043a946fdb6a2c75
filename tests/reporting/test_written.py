from __future__ import annotations

import errno
import os

import pytest

from reports.render.written import Repeated, SiteFolder


@pytest.fixture
def site(tmp_path):
    return SiteFolder(tmp_path)


def test_a_text_may_be_whole_in_parts_or_bytes(site):
    for path, content in (("a", "é"), ("b/c/d", ["é", "t", "é"]), ("b/e", b"\xff")):
        site.write(path, content)
    assert [(site.path / name).read_bytes() for name in ("a", "b/c/d", "b/e")] == [
        "é".encode(),
        "été".encode(),
        b"\xff",
    ]


def test_what_is_repeated_is_one_file_and_nothing_else_is(site):
    for number in range(3):
        site.write(f"{number}/same", Repeated("é"))
        site.write(f"{number}/other", Repeated("è"))
        site.write(f"{number}/alike", "é")
    files = {path: path.stat() for path in site.path.rglob("*") if path.is_file()}
    assert {path.read_text("utf-8") for path in files if path.name != "other"} == {"é"}
    assert {path.read_text("utf-8") for path in files if path.name == "other"} == {"è"}
    assert {path.name: one.st_nlink for path, one in files.items()} == {"same": 3, "other": 3, "alike": 1}


@pytest.mark.parametrize("refusal", [errno.EPERM, errno.EMLINK])
def test_where_the_disk_gives_no_further_name_it_is_written_again(site, monkeypatch, refusal):
    def refuse(*_):
        raise OSError(refusal, os.strerror(refusal))

    site.write("a", Repeated("é"))
    with monkeypatch.context() as disk:
        disk.setattr(os, "link", refuse)
        site.write("b", Repeated("é"))
    site.write("c", Repeated("é"))
    found = [(site.path / name).stat() for name in "abc"]
    assert [one.st_nlink for one in found] == [1, 2, 2]
    assert [(site.path / name).read_text("utf-8") for name in "abc"] == ["é"] * 3
