"""Two strikes: what the network hid, and what would fall from passed to failed, is looked at again in the same run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from checks.catalogue import BY_ID
from checks.model.capture import Capture, FailureKind, FetchFailure, Rendering
from checks.model.doubt import NETWORK, Doubt, doubt, settled
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, SECOND_VISIT, Obstacle
from checks.model.run_folder import RunFolder
from checks.model.verdict import Verdict
from crawler.archive import read_captures
from crawler.fleet.local import crawl
from crawler.fleet.owed import visits_owed
from reports.cli import bench
from reports.cli.judging import doubt_stage, judge_stage
from reports.health.outcomes import Outcomes
from tests.crawling.conftest import new_run, web  # noqa: F401 - fixtures
from tests.crawling.local_web import Asked, LocalWeb, page, site
from tests.crawling.test_crawl_process import services

MENTION = "<title>Le service</title><p>Bonjour à tous<footer><a href='/accessibilite'>Accessibilité : non conforme</a></footer>"
BARE = "<title>Le service</title><p>Bonjour à tous, voici un service public numérique<footer><a href='/x'>Plan</a></footer>"

SHELL = "<!doctype html><title>Le service</title><div id='root'></div><script src='/app.js'></script>"


def verdict(rule: str, outcome: Outcome, reason: str = "any", service: str = "a") -> Verdict:
    return Verdict(
        run="r", service=service, rule=rule, version=1, outcome=outcome, reason=reason, at="2026-11-23T06:00:00Z"
    )


# What is doubted, and who decides.


@pytest.mark.parametrize(
    "outcome, reason, before, is_doubted",
    [
        (Outcome.CANT_TELL, "unreachable", None, True),
        (Outcome.CANT_TELL, "server-error", Outcome.FAILED, True),
        (Outcome.CANT_TELL, "forge-unavailable", Outcome.PASSED, True),
        (Outcome.CANT_TELL, "blocked", Outcome.PASSED, False),
        (Outcome.CANT_TELL, "robots-disallowed", Outcome.PASSED, False),
        (Outcome.FAILED, "absent", Outcome.PASSED, True),
        (Outcome.FAILED, "absent", Outcome.FAILED, False),
        (Outcome.FAILED, "absent", None, False),
        (Outcome.PASSED, "level-not", Outcome.FAILED, False),
        (Outcome.INAPPLICABLE, "phase", Outcome.PASSED, False),
    ],
)
def test_what_is_doubted(outcome, reason, before, is_doubted):
    known = {"accessibility-mention": before} if before else {}
    found = doubt("a", [verdict("accessibility-mention", outcome, reason), verdict("https", Outcome.PASSED)], known)
    assert found == (Doubt(service="a", rules=("accessibility-mention",)) if is_doubted else None)


def test_what_scripts_hide_is_doubted_where_the_browser_failed():
    hidden = [
        verdict("accessibility-mention", Outcome.CANT_TELL, Obstacle.NEEDS_RENDERING),
        verdict("https", Outcome.PASSED),
    ]
    assert doubt("a", hidden, {}) is None
    assert doubt("a", hidden, {}, is_unshown=True) == Doubt(service="a", rules=("accessibility-mention",))
    assert doubt("a", hidden[1:], {}, is_unshown=True) is None


def test_every_reason_of_the_network_is_a_reason_not_to_tell_of_some_rule():
    reasons = {**OBSTACLES, **{reason: outcome for rule in BY_ID.values() for reason, outcome in rule.outcomes.items()}}
    assert {reasons[reason] for reason in NETWORK} == {Outcome.CANT_TELL}


def test_the_second_visit_decides_of_what_was_doubted_and_of_nothing_else():
    first = [
        verdict("fell", Outcome.FAILED),
        verdict("hidden", Outcome.CANT_TELL, "unreachable"),
        verdict("failed", Outcome.FAILED),
        verdict("passed", Outcome.PASSED),
    ]
    second = [
        verdict("fell", Outcome.PASSED),
        verdict("hidden", Outcome.FAILED),
        verdict("failed", Outcome.PASSED),
        verdict("passed", Outcome.CANT_TELL, "unreachable"),
    ]
    got = list(settled(first, second, ["fell"]))
    assert [one.outcome for one in got] == [Outcome.PASSED, Outcome.FAILED, Outcome.FAILED, Outcome.PASSED]
    assert [one.warnings for one in got] == [(SECOND_VISIT,), (SECOND_VISIT,), (), ()]


def test_a_fall_that_the_second_visit_cannot_confirm_is_no_failure():
    second = verdict("fell", Outcome.CANT_TELL, "server-error")
    assert list(settled([verdict("fell", Outcome.FAILED)], [second], ["fell"])) == [
        replace(second, warnings=(SECOND_VISIT,))
    ]


# A run.


def changing(*faces: Iterable[bytes] | str):
    """A site whose home page is the next face each time that a visit begins."""
    turns = iter(faces)
    now: dict[str, Iterable[bytes] | str] = {}

    def handler(asked: Asked) -> Iterable[bytes]:
        if asked.target == "/robots.txt" and asked.scheme == "https":
            now["face"] = next(turns)
        pages = {"/": now["face"], "/accessibilite": "<h1>Déclaration d'accessibilité</h1><p>Ce site est non conforme."}
        return site(pages)(asked)

    return handler


def audited(folder: RunFolder, before: Outcomes) -> dict[str, Verdict]:
    """The mentions of the services, after as many visits as it takes."""
    folder.update({"started_at": "2026-11-23T06:00:00Z", "as_of": "2026-11-23"})
    crawl(folder)
    doubt_stage(folder, before)
    crawl(folder)
    assert not list(visits_owed(folder))
    judge_stage(folder)
    return {one.service: one for one in folder.read_verdicts() if one.rule == "accessibility-mention"}


@pytest.fixture
def mentions(web: LocalWeb, new_run) -> tuple[RunFolder, dict[str, Verdict]]:  # noqa: F811
    error = page("<h1>Erreur", 503)
    web.hosts |= {
        "steady.example": changing(MENTION),
        "fallen.example": changing(BARE, BARE),
        "flaky.example": changing(BARE, MENTION),
        "gone.example": changing(BARE, error),
        "late.example": changing(error, MENTION),
        "down.example": changing(error, error),
        "never.example": changing(BARE),
    }
    names = [host.removesuffix(".example") for host in web.hosts]
    folder = new_run(*services(*names), render="never")
    passed = set(names) - {"never"}
    before = Outcomes(
        verdict("accessibility-mention", Outcome.PASSED if name in passed else Outcome.FAILED, service=name)
        for name in names
    )
    return folder, audited(folder, before)


def test_two_strikes(mentions, web):  # noqa: F811
    folder, found = mentions
    assert {name: one.outcome.value for name, one in found.items()} == {
        "steady": "passed",
        "fallen": "failed",
        "flaky": "passed",
        "gone": "cantTell",
        "late": "passed",
        "down": "cantTell",
        "never": "failed",
    }
    twice = {"fallen", "flaky", "gone", "late", "down"}
    assert {name for name, one in found.items() if SECOND_VISIT in one.warnings} == twice
    assert folder.captured(2) == twice
    for name in twice:
        seen = {capture.id for capture in read_captures(folder.warc(name, 2))}
        assert {evidence.capture for evidence in found[name].evidence} <= seen
    visits = [asked.host for asked in web.asked if asked.target == "/robots.txt" and asked.scheme == "https"]
    assert {name: visits.count(f"{name}.example") for name in found} == {name: 1 + (name in twice) for name in found}

    lines = folder.verdicts.read_bytes()
    judge_stage(folder)  # from the captures alone, without what the first judgement had noted
    assert folder.verdicts.read_bytes() == lines
    assert not folder.judged.exists()


def test_a_service_that_a_fault_of_ours_left_unseen_is_judged_once_it_is_seen(web, new_run):  # noqa: F811
    web.hosts["a.example"] = changing(MENTION)
    folder = new_run(*services("a"), render="never")
    folder.update({"started_at": "2026-11-23T06:00:00Z", "as_of": "2026-11-23"})
    doubt_stage(folder, Outcomes())
    crawl(folder)
    judge_stage(folder)
    assert {one.outcome for one in folder.read_verdicts() if one.rule == "accessibility-mention"} == {Outcome.PASSED}


def test_a_host_that_asks_for_an_hour_is_not_asked_by_the_second_visit(web, new_run):  # noqa: F811
    wait = page("<p>Attendez", 429, headers=("Retry-After: 3600",))
    web.hosts["a.example"] = lambda _: wait
    web.hosts["b.example"] = changing(page("<h1>Erreur", 503), MENTION)
    folder = new_run(*services("a", "b"), render="never")
    found = audited(folder, Outcomes())
    assert {name: one.reason for name, one in found.items()} == {"a": "server-error", "b": "level-not"}
    assert folder.captured(2) == {"a", "b"}
    assert [asked.target for asked in web.asked if asked.host == "a.example"] == ["/robots.txt"]


def test_a_page_that_the_browser_did_not_show_is_looked_at_again(web, new_run, monkeypatch):  # noqa: F811
    web.hosts |= {"unshown.example": changing(SHELL), "unasked.example": changing(SHELL)}
    folder = new_run(*services("unshown", "unasked"), render="never")
    folder.update({"started_at": "2026-11-23T06:00:00Z", "as_of": "2026-11-23"})
    crawl(folder)

    def read(path: Path) -> tuple[Capture, ...]:
        known = read_captures(path)
        late = FetchFailure(kind=FailureKind.TIMEOUT, message="no page after 25 seconds of browser")
        unshown = replace(known[-1], id="<urn:uuid:0>", status=None, failure=late, rendering=Rendering(of=known[-1].id))
        return (*known, unshown) if "unshown" in path.name else known

    monkeypatch.setattr(bench, "read_captures", read)
    assert doubt_stage(folder, Outcomes()) == 1
    (found,) = folder.read_doubts()
    assert found.service == "unshown"
    assert "accessibility-mention" in found.rules
