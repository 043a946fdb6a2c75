"""One crawl of a web of difficult hosts, each a service; what was kept of it, and what the hosts saw."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from checks.model.capture import FailureKind, Role
from checks.model.run_folder import RunFolder
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.fleet.local import CrawlReport, crawl
from crawler.settings import USER_AGENT
from tests.crawling.certificates import Fault
from tests.crawling.conftest import enter, run_of
from tests.crawling.crawled import Crawled
from tests.crawling.difficult_hosts import HOSTS, SERVICES
from tests.crawling.local_web import local_web, site, to


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Iterator[Crawled]:
    tmp_path = tmp_path_factory.mktemp("crawl")
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        web.hosts.update({f"{name}.example": handler for name, handler in HOSTS.items()})
        web.hosts["silent.example"] = web.silence
        web.hosts["un.gouv.fr"] = site({"/": to("https://deux.gouv.fr/", "Set-Cookie: a=1; Domain=gouv.fr")})
        web.hosts["deux.gouv.fr"] = site({"/": "<p>Bonjour"})
        web.faults["stranger.example"] = Fault.UNKNOWN
        enter(web, monkeypatch, **web.environment(user="agent:S3CRET@"))
        folder = run_of(tmp_path, SERVICES, timeout=4)
        yield Crawled(folder, web, crawl(folder))


def test_every_service_is_visited_to_its_end(crawled):
    expected = {service.id for service in SERVICES} - {"stopped", "nothing"}
    assert crawled.folder.captured() == expected
    assert (crawled.report.visited, crawled.report.crashes, crawled.report.is_finished) == (len(expected), 0, True)
    assert sorted(crawled.folder.captures.iterdir()) == sorted(map(crawled.folder.warc, expected))
    assert "Traceback" not in crawled.folder.log.read_text()


def test_redirects_are_kept_hop_by_hop(crawled):
    [home, *_] = crawled.chains("redirects")
    assert [(hop.url, hop.status) for hop in home.hops] == [
        ("http://redirects.example/", 301),
        ("https://redirects.example/", 302),
        ("https://www.redirects.example/", 308),
        ("https://www.redirects.example/fr/#contenu", 200),
    ]
    assert [hop.previous for hop in home.hops] == [None, *(hop.id for hop in home.hops[:-1])]
    assert sorted(home.hops, key=lambda hop: hop.at) == list(home.hops)
    assert {(hop.role, hop.number) for hop in home.hops} == {(Role.HTTP, home.first.number)}


def test_cookies_are_kept_along_a_redirect_and_for_one_service(crawled):
    for name in ("cookies", "cookies-too"):
        assert crawled.home(name).last.body == b"<p>session=1"
        first = next(asked for asked in crawled.web.asked if asked.host == f"{name}.example")
        assert "cookie" not in first.headers
    assert all("cookie" not in asked.headers for asked in crawled.web.asked if not asked.host.startswith("cookies"))


def test_a_cookie_for_a_whole_suffix_is_for_nobody_and_the_list_of_suffixes_is_our_own(crawled):
    assert "https:/" in crawled.web.targets("deux.gouv.fr")
    assert all("cookie" not in asked.headers for asked in crawled.web.asked if asked.host.endswith("gouv.fr"))
    assert {name for name in crawled.web.unknown if not name.endswith((".example", ".gouv.fr"))} == set()


@pytest.mark.parametrize(
    "name, kind",
    [
        ("silent", FailureKind.TIMEOUT),
        ("dead", FailureKind.REFUSED),
        ("disallowed", FailureKind.ROBOTS),
        ("marked", FailureKind.ROBOTS),
        ("robots-503", FailureKind.ROBOTS),
        ("robots-moved", FailureKind.ROBOTS),
    ],
)
def test_failures(crawled, name, kind):
    failure = crawled.home(name).last.failure
    assert failure.kind is kind
    assert failure.message
    assert failure.status == (503 if name == "robots-503" else None)
    assert all(capture.status is None for capture in crawled.captures(name) if capture.failure)


def test_hosts_that_do_not_answer_are_not_knocked_at_again(crawled):
    assert crawled.asked("silent") == ["https:/robots.txt", "http:/robots.txt"]
    assert crawled.asked("dead") == ["http:/robots.txt"]


@pytest.mark.parametrize("name", ["gzip", "deflate", "brotli", "lie"])
def test_bodies_come_decoded(crawled, name):
    assert crawled.home(name).last.body == b"<p>Bonjour"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_refusals_and_errors_are_answers(crawled, status):
    last = crawled.home(f"status-{status}").last
    assert (last.status, last.failure, last.body) == (status, None, b"<p>Voici")


def test_a_bad_certificate_is_said_then_looked_past(crawled):
    home, *_ = [chain for chain in crawled.chains("stranger") if chain.role is Role.HOME]
    assert crawled.chains("stranger")[0].last.failure.kind is FailureKind.TLS
    assert (home.last.status, home.last.is_insecure) == (200, True)
    [stats] = [chain.last for chain in crawled.chains("stranger") if chain.last.url.endswith("/stats")][:1]
    assert stats.failure.kind is FailureKind.ROBOTS


@pytest.mark.parametrize("name", ["others-disallowed", "robots-page", "robots-401", "robots-loop", "plain"])
def test_robots_that_forbid_nothing(crawled, name):
    assert crawled.home(name).last.body == b"<p>Bonjour"


@pytest.mark.parametrize("name", ["disallowed", "marked", "robots-503", "robots-moved"])
def test_what_robots_forbid_is_not_asked(crawled, name):
    assert set(crawled.asked(name)) == {"https:/robots.txt"}


def test_a_host_of_several_services_is_asked_once_what_it_forbids(crawled):
    assert crawled.asked("shared").count("https:/robots.txt") == 1
    assert not any(target.endswith("/stats") for target in crawled.asked("shared"))
    assert [crawled.chains(f"shared/{name}")[0].last.body for name in ("un", "deux", "trois")] == [
        b"<p>Un", b"<p>Deux", b"<p>Bonjour",
    ]  # fmt: skip


def test_no_service_costs_more_than_the_ceiling(crawled):
    alone = set(HOSTS) - {"shared", "disallowed"}  # several services share these
    assert max(len(crawled.asked(name)) for name in alone) <= DEFAULT_CEILING
    assert sum(len(crawled.asked(name)) for name in HOSTS if name.startswith("greedy")) == DEFAULT_CEILING


def test_links_that_cannot_be_asked_do_not_hold_a_visit_up(crawled):
    failures = {chain.last.url: chain.last.failure for chain in crawled.chains("linked")}
    assert failures["http://127.0.0.1/budget"].kind is FailureKind.UNSUPPORTED
    assert crawled.web.targets("127.0.0.1") == []


def test_hosts_are_not_pressed(crawled):
    assert max(crawled.web.busiest.values()) <= 2


def test_we_say_who_we_are(crawled):
    assert USER_AGENT.startswith("Toise/")
    assert "+http" in USER_AGENT
    assert {asked.headers["user-agent"] for asked in crawled.web.asked} == {USER_AGENT}
    assert all("referer" not in asked.headers for asked in crawled.web.asked)


def test_what_opens_the_proxy_is_told_to_nobody_and_written_nowhere(crawled):
    assert any("proxy-authorization" in asked.headers for asked in crawled.web.asked if asked.scheme == "http")
    assert all("proxy-authorization" not in asked.headers for asked in crawled.web.asked if asked.scheme == "https")
    written = [crawled.folder.log.read_bytes(), *map(gzip.decompress, map(bytes, _contents(crawled.folder)))]
    for secret in (b"S3CRET", b"YWdlbnQ6UzNDUkVU", b"roxy-Authorization", b"\r\nCookie:"):
        assert not any(secret in text for text in written)


def _contents(folder: RunFolder) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.captures.iterdir())


def test_a_crawl_that_is_done_asks_nothing_more(crawled):
    before = len(crawled.web.asked)
    assert crawl(crawled.folder) == CrawlReport(visited=0, crashes=0, requests=0, is_finished=True)
    assert len(crawled.web.asked) == before
