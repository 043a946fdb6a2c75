"""The pages of services, written by several processes: the same bytes, the same errors, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from benchmarks.made_up_runs import make_runs, services_of
from checks.model.errors import InputError
from reports.cli import reporting
from reports.cli.reporting import report_stage
from reports.processes import worth
from reports.render import sharing
from reports.render.site import MARKER
from reports.store.queries import find_run
from reports.store.session import open_store

SERVICES = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    make_runs(folder, services_of(SERVICES), 2)
    return folder


def _files(site):
    return {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def alone(folder, tmp_path_factory):
    """The files of the site, as one process writes them."""
    engine = open_store(f"sqlite:///{folder / 'toise.db'}")
    output = tmp_path_factory.mktemp("alone") / "site"
    site = report_stage(find_run(engine, "latest"), engine, folder / "runs", output).parent
    engine.dispose()
    return _files(site)


@pytest.fixture
def build(folder, tmp_path, monkeypatch):
    """The site, with so many helpers."""
    engine = open_store(f"sqlite:///{folder / 'toise.db'}")

    def built(helpers):
        monkeypatch.setattr(reporting, "worth", lambda *_: helpers)
        return report_stage(find_run(engine, "latest"), engine, folder / "runs", tmp_path / "site").parent

    yield built
    assert not multiprocessing.active_children(), "they are gone, however it ended"
    engine.dispose()


def test_the_bytes_are_the_same_however_many_write(build, alone):
    assert _files(build(2)) == alone


def test_what_a_helper_writes_is_in_the_site(build, alone, monkeypatch):
    monkeypatch.setattr(sharing, "_write", lambda *_: None)  # here, and not where the helper is
    assert _files(build(1)) == alone


def test_an_error_of_a_helper_is_raised_and_leaves_the_previous_site(build, folder, tmp_path, monkeypatch):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MARKER).write_text("avant", "utf-8")
    monkeypatch.setattr(sharing, "_write", lambda *_: None)
    (archive, *_) = sorted(max((folder / "runs").iterdir()).glob("captures/*.warc.gz"))
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-20])
    try:
        with pytest.raises(InputError, match="reprenez la visite"):
            build(1)
    finally:
        archive.write_bytes(whole)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert [path.name for path in (tmp_path / "site").iterdir()] == [MARKER]


def test_a_helper_that_is_killed_is_said(build, tmp_path, monkeypatch):
    def killed(*_):
        for process in multiprocessing.active_children():
            os.kill(process.pid, signal.SIGKILL)

    monkeypatch.setattr(sharing, "_write", killed)
    with pytest.raises(RuntimeError, match="arrêté"):
        build(1)
    assert not any(tmp_path.iterdir())


def test_an_interruption_leaves_nothing(build, tmp_path, monkeypatch):
    monkeypatch.setattr(sharing, "_write", lambda *_: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        build(1)
    assert not any(tmp_path.iterdir())


def test_a_small_site_is_written_alone(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(4), raising=False)
    assert [worth(services, 100) for services in (0, 99, 100, 250, 10_000)] == [0, 0, 1, 2, 3]
