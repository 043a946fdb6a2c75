"""What a judgement makes of archives and of faults of ours that do not come every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from checks.catalogue import RULES
from checks.model.canary import Canary
from checks.model.capture import Capture, Role
from checks.model.doubt import Doubt
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import Archive
from crawler.warc import Exchange, new_id
from reports.cli import bench
from reports.cli import health as measuring
from reports.cli.bench import Bench
from reports.cli.judging import Sentence

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SERVICE = Service(id="a", name="a", urls=("https://a.example/",))


def answer(
    body: str = "<title>Le service</title><p>Bonjour à tous, bienvenue", role: Role = Role.HOME, **said
) -> Capture:
    head = (("Content-Type", "text/html; charset=utf-8"),)
    about = {"id": new_id(), "service": "a", "number": 1, "role": role, "url": SERVICE.urls[0], "at": NOON}
    return Capture(**{**about, "status": 200, "headers": head, "body": body.encode(), **said})


def archived(folder: RunFolder, visit: int, *exchanges: Exchange) -> None:
    archive = Archive(folder.warc("a", visit), "tests")
    for exchange in exchanges:
        archive.write(exchange)
    archive.complete()


def page(capture: Capture) -> Exchange:
    return Exchange(capture=capture, raw_body=capture.body)


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    folder = RunFolder.create(tmp_path, NOON)
    folder.write_services([SERVICE])
    folder.update({"id": folder.path.name, "started_at": "2026-11-28T12:00:00Z", "as_of": "2026-11-28", "settings": {}})
    return folder


def test_what_a_forge_said_of_an_earlier_run_does_not_turn_the_clock_back(folder):
    known = answer("{}", Role.FORGE, url="https://api.github.com/repos/a/a", at=NOON - timedelta(days=1))
    same = replace(known, id=new_id(), at=NOON + timedelta(seconds=1), status=304)
    archived(folder, 1, page(answer()), Exchange(capture=same, known=known))
    assert not Bench(folder).judge(SERVICE).is_clock_back
    archived(folder, 1, page(answer(at=NOON - timedelta(seconds=1))))
    assert Bench(folder).judge(SERVICE).is_clock_back


@pytest.fixture
def fault(monkeypatch):
    """``fault(rule)``: the rule fails by our fault on pages that say « seconde »."""

    def on(name: str) -> None:
        broken = [replace(one, judge=None) if one.id == name else one for one in RULES]
        judge_service = bench.judge_service

        def judge(service, group, captures, trial):
            is_met = any(b"seconde" in capture.body for capture in captures)
            return judge_service(service, group, captures, trial, broken if is_met else RULES)

        monkeypatch.setattr(bench, "judge_service", judge)

    return on


def test_a_fall_that_no_second_visit_confirms_is_no_failure(folder, fault):
    archived(folder, 1, page(answer()))
    doubted = Doubt(service="a", rules=("accessibility-mention",))
    first = {one.rule: one.outcome for one in Bench(folder).judge(SERVICE).verdicts}
    assert first["accessibility-mention"] is Outcome.FAILED
    owed = Bench(folder).judge(SERVICE, doubted)
    assert {one.rule for one in owed.verdicts} == first.keys() - {"accessibility-mention"}
    archived(folder, 2, page(answer("<p>Bonjour à tous, seconde")))
    fault("accessibility-mention")
    judged = Bench(folder).judge(SERVICE, doubted)
    assert "accessibility-mention" not in {one.rule for one in judged.verdicts}
    assert [(one.service, one.rule) for one in judged.crashes] == [("a", "accessibility-mention")]
    assert len(judged.verdicts) == len(first) - 1


def test_a_canary_on_which_a_rule_failed_by_our_fault_is_not_as_expected(folder, fault):
    archived(folder, 1, page(answer("<p>Bonjour à tous, seconde")))
    canary = Canary(service=SERVICE, expected={"accessibility-mention": "failed"})
    folder.canaries.write_text(canary.to_line() + "\n", "utf-8")
    folder.verdicts.write_text("", "utf-8")
    nothing = Sentence(counts={}, crashes=())
    assert measuring.health_stage(folder, nothing)
    fault("accessibility-mention")
    assert not measuring.health_stage(folder, nothing)
    (reason,) = folder.state["health"]["reasons"]
    assert reason == "site témoin : a, accessibility-mention : aucun verdict, par notre faute, au lieu de failed"
