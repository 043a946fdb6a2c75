"""Every hostile scenario at once, beside sites that are not: the verdicts on each, and what they cost together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest
from lxml import etree

from checks.model.capture import FailureKind, Role
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import MAX_BODY, read_captures
from crawler.middlewares.cookies import MAX_COOKIES
from reports.cli.pipeline import load_stage
from reports.cli.reporting import report_stage
from reports.store.session import open_store
from tests.crawling.conftest import enter, run_of
from tests.crawling.crawled import Crawled
from tests.crawling.hostile_answers import HOME, home, largest, prepare
from tests.crawling.hostile_scenarios import ENDLESS, NAMED, OTHERS, SCENARIOS, SLOW, Scenario
from tests.crawling.local_web import LocalWeb, local_web, page
from tests.crawling.measured import Measured

MEGABYTES = 400
TIMEOUT, PATIENCE = 4, 18
QUIET = [
    Service(id=f"quiet-{number}", name="Le bac", urls=(f"https://quiet-{number}.example/",)) for number in range(5)
]
JUDGE = """
import sys
from pathlib import Path
from checks.model.capture import FailureKind, Role
from checks.model.run_folder import RunFolder
from reports.cli.judging import judge_stage
assert not judge_stage(RunFolder(Path(sys.argv[1]))).crashes
"""


class Hostile(Crawled):
    """A run crawled and judged, and the megabytes that each stage took."""

    def __init__(self, folder: RunFolder, web: LocalWeb, crawling: Measured) -> None:
        lines, self.crawl_peak = crawling.ended()
        super().__init__(folder, web, json.loads(lines[-1]))
        self._judging = Measured("-c", JUDGE, folder.path)

    @cached_property
    def judge_peak(self) -> int:
        return self._judging.ended()[1]

    @cached_property
    def reasons(self) -> dict[str, dict[str, str]]:
        assert self.judge_peak
        reasons: dict[str, dict[str, str]] = {}
        for verdict in self.folder.read_verdicts():
            reasons.setdefault(verdict.service, {})[verdict.rule] = verdict.reason
        return reasons


def started(folder: RunFolder) -> Measured:
    return Measured("-m", "crawler.fleet.shard", folder.path)


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Iterator[Mapping[str, Hostile]]:
    """Two crawls side by side, so that the patience that slow sites want is no hurry for the others."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    prepare()
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        web.hosts |= {scenario.host: scenario.handler for scenario in SCENARIOS} | OTHERS
        web.hosts |= {f"{service.id}.example": home(page(HOME)) for service in QUIET}
        web.tunnels |= {scenario.host: scenario.tunnel for scenario in SCENARIOS if scenario.tunnel}
        web.faults |= {scenario.host: scenario.fault for scenario in SCENARIOS if scenario.fault}
        enter(web, monkeypatch)
        slow = [*(scenario.service for scenario in SLOW), *QUIET]
        others = [*(scenario.service for scenario in SCENARIOS if scenario not in SLOW), *NAMED]
        folders = {
            "slow": folder_of(tmp_path / "slow", slow, timeout=TIMEOUT, patience=PATIENCE),
            "others": folder_of(tmp_path / "others", others, timeout=60),
        }
        crawls = {name: started(folder) for name, folder in folders.items()}
        yield {name: Hostile(folders[name], web, crawl) for name, crawl in crawls.items()}


def folder_of(path, services, **settings) -> RunFolder:
    folder = run_of(path, services, render="never", **settings)
    told = {"as_of": "2026-11-23", "started_at": "2026-11-23T06:00:00Z", "registry": {"digest": "sha256:0"}}
    folder.update(told)
    return folder


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_hostile_site_costs_its_own_verdicts(runs, scenario: Scenario):
    run = runs["slow" if scenario in SLOW else "others"]
    reasons, failure = run.reasons[scenario.name], run.home(scenario.name).last.failure
    assert (reasons["accessibility-mention"], reasons["https"]) == scenario.reasons, failure
    assert (failure.kind if failure else None) == scenario.failure, failure
    assert len(run.asked(scenario.name)) <= scenario.most
    if scenario.statistics:
        assert reasons["statistics-page"] == scenario.statistics


@pytest.mark.parametrize(
    "name, tries", [("reset-at-once", 2), ("reset-head", 2), ("reset-body", 2), ("length-too-long", 2), ("100-mb", 1)]
)
def test_a_connection_that_is_cut_is_tried_once_more(runs, name, tries):
    assert runs["others"].asked(name).count("https:/") == tries


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS if scenario.reasons[0] == "redirect-loop"])
def test_a_redirect_out_of_the_web_is_not_followed(runs, name):
    schemes = {urlsplit(capture.url).scheme for capture in runs["others"].captures(name)}
    assert schemes <= {"http", "https"}


@pytest.mark.parametrize("name", ["cookies-thousands", "cookies-along"])
def test_no_more_cookies_are_kept_than_a_browser_keeps(runs, name):
    run = runs["others"]
    sent = [asked.headers.get("cookie", "") for asked in run.web.asked if asked.host == f"{name}.example"]
    assert max(cookies.count("=") for cookies in sent) == MAX_COOKIES


@pytest.mark.parametrize("scenario", ENDLESS, ids=lambda scenario: scenario.name)
def test_what_has_no_end_is_cut_off_at_the_limit(runs, scenario: Scenario):
    """Three answers at the limit, and what the two ends of each had put by."""
    assert runs["others"].web.sent[scenario.host] < 8 * MAX_BODY


def test_each_scenario_has_a_name_of_its_own():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("name", ["slow", "others"])
def test_a_hostile_run_is_whole_and_small(runs, name):
    run = runs[name]
    assert run.report["crashes"] == 0
    assert run.folder.captured() == {service.id for service in run.folder.read_services()}
    assert "Traceback" not in run.folder.log.read_text()
    assert (run.crawl_peak < MEGABYTES, run.judge_peak < MEGABYTES) == (True, True), (run.crawl_peak, run.judge_peak)


@pytest.fixture(scope="module")
def report(runs, tmp_path_factory) -> Path:
    assert runs["others"].judge_peak
    folder, engine = runs["others"].folder, open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'toise.db'}")
    output = tmp_path_factory.mktemp("report") / "site"
    return report_stage(load_stage(folder, engine), engine, folder.path.parent, output).parent


def test_no_name_leads_out_of_the_run_or_the_report(runs, report):
    run = runs["others"]
    assert {run.reasons[service.id]["accessibility-mention"] for service in NAMED} == {"level-not"}
    assert {path.name for path in report.parent.iterdir()} == {"site"}
    assert {path.name for path in run.folder.path.parents[1].iterdir()} == {"others", "slow", "ca.pem"}
    assert all(path.parent == run.folder.captures for path in run.folder.captures.rglob("*"))


def test_nothing_that_a_site_says_acts_in_the_report(report):
    pages = [lxml.html.parse(path).getroot() for path in report.rglob("*.html")]
    assert len(pages) > len(NAMED)
    tags = [tag for one in pages for tag in one.iter(etree.Element)]
    assert {tag.tag for tag in tags}.isdisjoint({"iframe", "object", "embed", "img", "base", "form"})
    scripts = {(tag.get("src").rpartition("/")[2], tag.text) for tag in tags if tag.tag == "script"}
    assert scripts == {("toise.js", None)}, "our own alone"
    assert not [name for tag in tags for name in tag.attrib if name.startswith("on")]
    refreshes = [tag for tag in tags if tag.tag == "meta" and tag.get("http-equiv")]
    assert [tag for tag in refreshes if tag.get("http-equiv").lower() == "refresh"] == []
    links = {urlsplit(tag.get("href", "")).scheme for tag in tags}
    assert links <= {"", "http", "https"}
    said = "".join(one.text_content() for one in pages)
    assert "alert(1)" in said
    assert "=HYPERLINK(" in said
    assert "\u202e" not in said


@pytest.mark.parametrize("service", QUIET, ids=lambda service: service.id)
def test_the_neighbours_of_slow_sites_are_seen_whole(runs, service: Service):
    run = runs["slow"]
    assert [capture.failure for capture in run.captures(service.id) if capture.failure] == []
    reasons = run.reasons[service.id]
    assert (reasons["accessibility-mention"], reasons["statistics-page"]) == ("level-not", "none")
    theirs = max(asked.at for asked in run.web.asked if asked.host == f"{service.id}.example")
    slow = max(asked.at for asked in run.web.asked if asked.host in {one.host for one in SLOW})
    assert theirs < slow


def test_a_service_has_so_much_time_and_no_more(runs):
    failures = [capture.failure for capture in runs["slow"].captures("drip-everything") if capture.failure]
    late = [failure for failure in failures if failure.message.endswith("that one service may take are over")]
    assert late
    assert {failure.kind for failure in late} == {FailureKind.OTHER}
    times = [asked.at for asked in runs["slow"].web.asked if asked.host == "drip-everything.example"]
    assert max(times) - min(times) < PATIENCE
    assert 1 < len(failures) - len(late) <= PATIENCE / TIMEOUT + 2  # a host is asked two things at a time


def test_twenty_sites_as_large_as_may_be_are_visited_together(tmp_path, monkeypatch):
    """Bodies at the limit as they come and once unpacked, from all at the same time."""
    services = [Service(id=f"s{n}", name="Le bac", urls=(f"http://s{n}.example/",)) for n in range(20)]
    with local_web(tmp_path) as web:
        web.hosts |= {f"{service.id}.example": largest for service in services}
        enter(web, monkeypatch)
        folder = folder_of(tmp_path / "runs", services, timeout=60, ceiling=4)
        _, peak = started(folder).ended()
    pages = [capture for service in services for capture in read_captures(folder.warc(service.id)) if capture.body]
    assert len(pages) >= 2 * len(services)
    assert min(len(capture.body) for capture in pages if capture.role is not Role.ROBOTS) > 0.99 * MAX_BODY
    assert peak < MEGABYTES
