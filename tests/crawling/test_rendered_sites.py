"""Sites that scripts write are judged as their twins, which a server writes: one crawl of both, with a real browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from checks.catalogue import BY_ID
from checks.judge import Trial, judge_service
from checks.model.capture import Capture, Role
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from crawler.archive import read_captures
from crawler.exchange_text import exchange_text
from crawler.fleet.local import crawl
from crawler.rendering.find import VARIABLE
from tests.crawling.applications import SITES
from tests.crawling.conftest import enter, run_of
from tests.crawling.local_web import LocalWeb, local_web, site

TRIAL = Trial(run="2026-11-23T0600Z", as_of=date(2026, 11, 23), started_at="2026-11-23T06:00:00Z")
RULES = [rule for rule in BY_ID.values() if rule.id.startswith("accessibility-") or rule.id.endswith("-page")]


def service(name: str) -> Service:
    return Service(id=name, name="Bac à voile", urls=(f"https://{name}.example/",))


NOT_SEEN = ("cantTell", "needs-rendering", None)


class Crawled:
    def __init__(self, folder: RunFolder, web: LocalWeb) -> None:
        self.folder, self.web = folder, web

    def captures(self, name: str) -> tuple[Capture, ...]:
        return read_captures(self.folder.warc(name))

    def renderings(self, name: str) -> Counter[str]:
        """How many times each address was shown to a browser."""
        return Counter(capture.url for capture in self.captures(name) if capture.rendering)

    def verdicts(self, name: str) -> dict[str, tuple[str, str, str | None]]:
        verdicts, crashes = judge_service(
            service(name), PhaseGroup.CONSTRUCTION, self.captures(name), TRIAL, rules=RULES
        )
        assert not crashes, crashes[0].error
        return {one.rule: (one.outcome.value, one.reason, one.value) for one in verdicts}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory, browser) -> Iterator[Crawled]:
    tmp_path = tmp_path_factory.mktemp("rendered")
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        for name, (pages, twin) in SITES.items():
            web.hosts[f"{name}.example"] = site(pages)
            web.hosts[f"{name}-twin.example"] = site(twin)
        enter(web, monkeypatch)
        names = [name for site_name in SITES for name in (site_name, f"{site_name}-twin")]
        folder = run_of(tmp_path, [service(name) for name in names], timeout=10)
        report = crawl(folder)
        assert (report.visited, report.crashes) == (len(names), 0), folder.log.read_text()
        yield Crawled(folder, web)


@pytest.mark.parametrize("name", SITES)
def test_a_site_is_judged_as_its_twin(crawled, name):
    assert crawled.verdicts(name) == crawled.verdicts(f"{name}-twin")


@pytest.mark.parametrize("name", [name for name in SITES if name != "bare"])
def test_the_twins_are_what_they_should_be(crawled, name):
    verdicts = crawled.verdicts(name)
    assert verdicts["accessibility-mention"] == ("passed", "level-not", "not")
    assert verdicts["accessibility-declaration"][:2] == ("passed", "declaration-found")
    assert verdicts["statistics-page"][:2] == ("failed", "none")


@pytest.mark.parametrize("name", ["looks-empty", "decided", *(f"{name}-twin" for name in SITES)])
def test_a_page_that_decides_by_itself_is_never_shown(crawled, name):
    assert not crawled.renderings(name)


@pytest.mark.parametrize("name", ["late-footer", "foot-on-sight", "components", "bare"])
def test_a_rich_page_without_foot_or_mention_is_shown_once(crawled, name):
    assert crawled.renderings(name) == {f"https://{name}.example/": 1}


def test_a_page_that_a_browser_saw_without_mention_has_none(crawled):
    assert crawled.verdicts("bare")["accessibility-mention"][:2] == ("failed", "no-mention")


@pytest.mark.parametrize("name", ["react", "vue", "next"])
def test_no_page_of_an_application_is_shown_twice(crawled, name):
    shown = crawled.renderings(name)
    assert set(shown.values()) == {1}
    assert f"https://{name}.example/accessibilite" in shown


def test_the_page_shown_is_evidence(crawled):
    [home] = [one for one in crawled.captures("react") if one.rendering and one.role in {Role.HOME, Role.HTTP}]
    raw = next(one for one in crawled.captures("react") if one.id == home.rendering.of)

    assert (raw.status, raw.url, raw.number) == (home.status, home.url, home.number)
    assert b"non conforme" in home.body
    assert b"non conforme" not in raw.body
    assert f"Page affichée par un navigateur, à partir de la capture {raw.id}" in exchange_text(home)


@pytest.mark.parametrize("name", [name for name in SITES if name != "routes"])  # a route is a page of its own
def test_no_page_is_asked_again_for_the_browser(crawled, name):
    asked = Counter(crawled.web.targets(f"{name}.example"))
    pages = [url for url in asked if "/api/" not in url]
    assert {asked[url] for url in pages} == {1}, asked


@pytest.fixture
def alone(tmp_path):
    """``alone(pages, robots)``: one site crawled by itself; its verdicts."""

    def crawled_alone(web: LocalWeb, pages, robots: str = "") -> Crawled:
        web.hosts["react.example"] = site(pages, robots)
        folder = run_of(tmp_path / "alone", [service("react")], timeout=10)
        report = crawl(folder)
        assert (report.visited, report.crashes) == (1, 0), folder.log.read_text()
        return Crawled(folder, web)

    return crawled_alone


def test_what_robots_may_not_ask_leaves_the_page_in_doubt(alone, web, browser):
    found = alone(web, SITES["react"][0], robots="User-agent: *\nDisallow: /api/")

    assert not [target for target in web.targets("react.example") if "/api/" in target]
    assert found.verdicts("react")["accessibility-mention"] == NOT_SEEN


def test_without_a_browser_a_shell_is_not_judged(alone, web, monkeypatch):
    for name in (VARIABLE, "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")

    found = alone(web, SITES["react"][0])

    assert not found.renderings("react")
    assert set(found.verdicts("react").values()) == {NOT_SEEN}


def test_a_browser_that_does_not_start_costs_its_pages_and_not_the_run(alone, web, monkeypatch, tmp_path):
    program = tmp_path / "navigateur"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(program))

    found = alone(web, SITES["react"][0])

    tries = [one.failure for one in found.captures("react") if one.rendering]
    assert tries
    assert all(tries)
    assert found.verdicts("react")["accessibility-mention"] == NOT_SEEN
