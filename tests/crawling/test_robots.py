"""robots.txt as RFC 9309 reads it: its rules one by one, then what a crawl makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.settings import Settings

from checks.model.capture import FailureKind, Role
from crawler.fleet.local import CrawlReport
from crawler.middlewares.robots import MAX_READ, RobotsMiddleware, _rules
from crawler.pace import Pace
from tests.crawling.conftest import enter, run_of
from tests.crawling.crawled import Crawled, shard
from tests.crawling.difficult_hosts import service
from tests.crawling.local_web import local_web, page, site, to

OTHERS = "User-agent: *\nDisallow: /\n\n"


@pytest.mark.parametrize(
    "robots, path, is_allowed",
    [
        # whose group it is
        ("User-agent: *\nDisallow: /", "/", False),
        ("User-agent: toise\nDisallow: /", "/", False),
        ("User-agent: TOISE\nDisallow: /", "/", False),
        ("User-agent: Toise/1.0 # le robot\nDisallow: /", "/", False),
        ("User-agent: toisette\nDisallow: /", "/", True),
        ("User-agent: toi\nDisallow: /", "/", True),
        ("User-agent: *bot\nDisallow: /", "/", True),
        (f"{OTHERS}User-agent: Toise\nDisallow: /stats", "/", True),
        (f"{OTHERS}User-agent: Toise\nDisallow: /stats", "/stats", False),
        (f"{OTHERS}User-agent: Toise\nDisallow:", "/", True),
        (f"User-agent: Toise\nDisallow: /stats\n\n{OTHERS}", "/", True),
        (f"{OTHERS}User-agent: Googlebot\nUser-agent: toise\nDisallow: /stats", "/", True),
        (f"{OTHERS}User-agent: Googlebot\nUser-agent: toise\nDisallow: /stats", "/stats", False),
        (
            "User-agent: toise\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: toise\nDisallow: /b",
            "/b",
            False,
        ),
        (
            "User-agent: toise\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: toise\nDisallow: /b",
            "/c",
            True,
        ),
        ("Disallow: /", "/", True),
        # the longest path wins, and Allow where two are as long
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        # wildcards
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?page=1", True),
        ("User-agent: *\nDisallow: /a*/stats", "/a/b/stats/2026", False),
        ("User-agent: *\nDisallow: /?", "/?page=2", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        # percent-encoding
        ("User-agent: *\nDisallow: /a%C3%A9", "/aé", False),
        ("User-agent: *\nDisallow: /aé", "/a%c3%a9", False),
        ("User-agent: *\nDisallow: /%7Eport", "/~port", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        # how files are written
        ("\ufeffUser-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\rDisallow: /", "/", False),
        ("USER-AGENT:*\r\nDISALLOW:/stats # secret\r\n", "/stats", False),
        ("<html><body>User-agent: *<p>Disallow: /", "/", True),
        ("User-agent: *\nDisallow: /\x00\nDisallow: /stats", "/stats", False),
    ],
)
def test_rules(robots, path, is_allowed):
    assert _rules(robots.encode(), "Toise").can_fetch(f"https://a.example{path}", "Toise") is is_allowed


@pytest.mark.parametrize(
    "written, delay",
    [("2", 2), ("0.5", 0.5), ("86400", 86400), *[(one, None) for one in ("nan", "inf", "-5", "1,5", "10s", "")]],
)
def test_delays(written, delay):
    robots = f"User-agent: *\nCrawl-delay: 7\n\nUser-agent: toise\nCrawl-delay: {written}\nDisallow: /x"
    assert _rules(robots.encode(), "Toise").crawl_delay("Toise") == delay


def padded(length: int) -> str:
    lines = "".join(f"Disallow: /archives/{number}\n" for number in range(length // 20))
    return f"User-agent: *\n{lines[:length]}"


def test_the_rules_of_half_a_megabyte_are_read_and_none_is_cut():
    assert MAX_READ >= 500 * 1024
    far = f"{padded(300_000)}\nDisallow: /stats\n"
    assert not _rules(far.encode(), "Toise").can_fetch("https://a.example/stats", "Toise")
    cut = "User-agent: *\n#".ljust(MAX_READ - 12, "x") + "\nDisallow: /stats\n"
    assert cut[:MAX_READ].endswith("\nDisallow: /")
    assert _rules(cut.encode(), "Toise").can_fetch("https://a.example/", "Toise")


def test_thousands_of_names_times_thousands_of_rules_do_not_hold_up_the_crawl():
    names = "".join(f"User-agent: robot{number}\n" for number in range(8_000))
    rules = _rules(f"{names}{padded(250_000)}\nDisallow: /stats".encode(), "Toise")
    assert len(rules._user_agents) <= 3
    assert not rules.can_fetch("https://a.example/stats", "Toise")


def test_a_delay_holds_for_pages_and_what_a_browser_loads_together():
    downloader = SimpleNamespace(
        get_slot_key=lambda request: request.meta.get("download_slot", "a.example"), per_slot_settings={}, slots={}
    )
    crawler = SimpleNamespace(
        settings=Settings({"DOWNLOAD_DELAY": 0.5, "ROBOTSTXT_USER_AGENT": "Toise"}),
        engine=SimpleNamespace(downloader=downloader),
    )
    part = Request("https://a.example/application.js", meta={"download_slot": "a.example (browser)"})
    rules = _rules(b"User-agent: *\nCrawl-delay: 3", "Toise")

    RobotsMiddleware(crawler, Pace())._slow_down(part, rules)

    assert "download_slot" not in part.meta
    assert downloader.per_slot_settings == {"a.example": {"delay": 3.0}}


# A crawl.

HOSTS = {
    "hop": site({"/": to("/ici/"), "/ici/": "<p>Ici"}, robots="User-agent: *\nDisallow: /ici/"),
    "hop-elsewhere": site({"/": to("https://closed.example/")}),
    "closed": site({"/": "<p>Fermé"}, robots="User-agent: *\nDisallow: /"),
    "ours": site({"/": "<p>Oui"}, robots=f"{OTHERS}User-agent: toise\nDisallow: /stats"),
    "security": site({"/": "<p>Oui"}, robots="User-agent: *\nDisallow: /.well-known/"),
    "long": site({"/": "<a href='/stats'>Statistiques</a>"}, robots=f"{padded(150_000)}\nDisallow: /stats"),
    "moved": site({"/": "<p>Oui"}, robots=to("https://www.moved.example/robots.txt")),
    "www.moved": site({}, robots="User-agent: *\nDisallow: /stats"),
    "bomb": site({"/": "<p>Oui"}, robots=page(b"x" * (6 * 1024 * 1024))),
    "slow": site({"/": "<p>Oui"}, robots="User-agent: *\nCrawl-delay: 86400", http=True),
}
BRIEF = """
from crawler.middlewares import robots
robots.MAX_DELAY = 0.12
"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Iterator[Crawled]:
    tmp_path = tmp_path_factory.mktemp("robots")
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        web.hosts.update({f"{name}.example": handler for name, handler in HOSTS.items()})
        web.hosts["silent.example"] = lambda asked: web.silence(asked) if asked.target == "/robots.txt" else page()
        enter(web, monkeypatch)
        names = [name for name in HOSTS if name not in {"closed", "www.moved"}]
        folder = run_of(tmp_path, [*map(service, names), service("silent")], timeout=1, ceiling=20)
        with shard(folder, BRIEF) as process:
            said = [json.loads(line) for line in process.stdout]
        assert said[-1]["crashes"] == 0
        visited = sum("visited" in line for line in said)
        yield Crawled(folder, web, CrawlReport(visited=visited, crashes=0, requests=0, is_finished=True))


def test_every_service_is_visited(crawled):
    assert crawled.report.visited == len(HOSTS) - 1
    assert "Traceback" not in crawled.folder.log.read_text()


def test_every_hop_is_checked(crawled):
    assert "https:/ici/" not in crawled.asked("hop")
    assert crawled.home("hop").last.failure.kind is FailureKind.ROBOTS
    assert crawled.asked("closed") == ["https:/robots.txt"]
    assert [hop.status for hop in crawled.home("hop-elsewhere").hops][-1] is None
    assert crawled.home("hop-elsewhere").last.failure.kind is FailureKind.ROBOTS


def test_the_group_of_ours_is_obeyed_and_the_other_is_not(crawled):
    assert crawled.home("ours").last.status == 200
    assert "https:/stats" not in crawled.asked("ours")


def test_security_txt_is_a_page_like_any_other(crawled):
    assert not [target for target in crawled.asked("security") if ".well-known" in target]
    assert crawled.one("security", Role.SECURITY_TXT).last.failure.kind is FailureKind.ROBOTS
    assert "OPTIONS https:/" in crawled.asked("security")


def test_the_last_rule_of_a_long_file_is_obeyed(crawled):
    assert crawled.home("long").last.status == 200
    assert "https:/stats" not in crawled.asked("long")


def test_rules_are_those_of_the_end_of_the_redirects(crawled):
    assert crawled.home("moved").last.status == 200
    assert "https:/stats" not in crawled.asked("moved")
    assert crawled.web.targets("www.moved.example") == ["https:/robots.txt"]


def test_a_file_too_large_to_be_read_allows_nothing(crawled):
    assert set(crawled.asked("bomb")) <= {"https:/robots.txt", "http:/robots.txt"}
    assert crawled.home("bomb").last.failure.kind is FailureKind.TOO_LARGE


def test_silence_forbids_all(crawled):
    assert crawled.asked("silent") == ["https:/robots.txt", "http:/robots.txt"]


def test_a_delay_is_honoured_up_to_its_cap(crawled):
    _, *asked = [one.at for one in crawled.web.asked if one.host == "slow.example"]
    assert len(asked) > 5
    assert asked[-1] - asked[0] > 0.12 * (len(asked) - 1) - 0.1
