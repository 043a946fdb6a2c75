"""Judged on all cores, the visits of a run give the verdicts that one process gives."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from checks.model.capture import Capture, Role
from checks.model.doubt import Doubt
from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import Archive
from crawler.warc import Exchange, new_id
from reports.cli import ahead
from reports.cli.ahead import judge_ahead
from reports.cli.bench import Bench
from reports.cli.judging import judge_stage
from reports.cli.passing import Passing

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SERVICES = [Service(id=f"s{number}", name="Un service", urls=(f"https://s{number}.example/",)) for number in range(6)]
DOUBT = Doubt(service="s3", rules=("accessibility-mention",))


def _visit(folder: RunFolder, service: Service, visit: int, text: str) -> None:
    archive = Archive(folder.warc(service.id, visit), "tests")
    body = f"<title>Le service</title><h1>Bonjour à tous</h1><p>{text}".encode()
    head = (("Content-Type", "text/html; charset=utf-8"),)
    about = {"service": service.id, "number": 1, "role": Role.HOME, "url": service.urls[0], "at": NOON}
    archive.write(Exchange(capture=Capture(id=new_id(), status=200, headers=head, body=body, **about), raw_body=body))
    archive.complete()


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    """Five services that were visited, one of them twice, and one that was not."""
    folder = RunFolder.create(tmp_path, NOON)
    folder.write_services(SERVICES)
    folder.update({"id": folder.path.name, "started_at": "2026-11-28T12:00:00Z", "as_of": "2026-11-28", "settings": {}})
    for service in SERVICES[:5]:
        _visit(folder, service, 1, f"Service {service.id}")
    _visit(folder, SERVICES[3], 2, "Accessibilité : non conforme")
    folder.doubts.write_text(DOUBT.to_line() + "\n", "utf-8")
    return folder


@pytest.fixture
def cores(monkeypatch):
    monkeypatch.setattr(ahead, "WORTH_ONE", 3)
    return lambda count: monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(count), raising=False)


def test_the_verdicts_are_those_of_one_process(folder, cores, monkeypatch):
    cores(1)
    judge_stage(folder)
    alone = folder.verdicts.read_bytes()
    folder.verdicts.unlink()
    cores(3)
    read = []
    known = Passing.of
    monkeypatch.setattr(Passing, "of", lambda self, *visit: read.append(known(self, *visit)) or read[-1])
    judge_stage(folder)
    assert folder.verdicts.read_bytes() == alone
    assert len(read) == 6
    assert all(read), "none was judged again"
    assert not folder.judged.exists()


def test_what_one_judged_before_it_was_killed_is_not_judged_again(folder, cores):
    doubts = {DOUBT.service: DOUBT}
    every = list(Bench(folder).unjudged(SERVICES, doubts))
    assert [(service.id, visit) for service, visit in every] == [
        *((f"s{number}", 1) for number in range(4)),
        ("s3", 2),
        ("s4", 1),
    ]
    cores(2)
    assert judge_ahead(folder, every[:4], "Jugement")
    with Passing(folder) as passing:
        assert list(Bench(folder, passing).unjudged(SERVICES, doubts)) == every[4:]
        assert not judge_ahead(folder, every[4:], "Jugement"), "too few"


def test_an_archive_that_a_helper_cannot_read_is_said(folder, cores, monkeypatch):
    cores(2)
    monkeypatch.setattr(ahead, "_told", lambda *_: ())  # here, and not where the helper is
    folder.warc("s1").write_bytes(b"")
    with pytest.raises(InputError, match=r"s1.*reprenez la visite"):
        judge_ahead(folder, [(service, 1) for service in SERVICES[:4]], "Jugement")
