"""How hosts are treated, counted where they stand: at the server."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from scrapy import Request

from checks.catalogue import BY_ID
from checks.judge import Trial, judge_service
from checks.model.capture import FailureKind, Role
from checks.model.service import PhaseGroup, Service
from crawler.archive import read_captures
from crawler.discovery.plan import DEFAULT_CEILING
from crawler.failures import CeilingError
from crawler.fleet.local import crawl
from crawler.middlewares.archive import MAX_PARTS, ArchiveMiddleware
from crawler.visit import Visit
from tests.crawling.conftest import enter, run_of
from tests.crawling.crawled import Crawled, shard
from tests.crawling.impatient_hosts import HOSTS, LIMITED, PAUSE, SERVICES
from tests.crawling.local_web import Asked, CutError, Handler, local_web, page, site

DELAY = 0.05
LINKED = "<a href='/accessibilite'>Accessibilité</a><a href='/stats'>Statistiques</a><a href='/budget'>Budget</a>"
WHOLE = site({"/": LINKED, "/accessibilite": "<p>Oui", "/stats": "<p>12", "/budget": "<p>3 €"})


def services(*names: str) -> list[Service]:
    return [Service(id=name, name=name, urls=(f"https://{name}.example/",)) for name in names]


def times(web, host: str) -> list[float]:
    return [asked.at for asked in web.asked if asked.host == host]


def is_spaced(times: list[float], delay: float) -> bool:
    return times[-1] - times[0] > delay * (len(times) - 1) - 0.1  # a busy machine may be late at either end


# Hosts that ask to wait: one crawl of them all.


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Iterator[Crawled]:
    tmp_path = tmp_path_factory.mktemp("polite")
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        web.hosts.update({f"{name}.example": handler for name, handler in HOSTS.items()})
        enter(web, monkeypatch)
        folder = run_of(tmp_path, SERVICES, delay=DELAY, longest_pause=2.5)
        yield Crawled(folder, web, crawl(folder))


def gaps(crawled: Crawled, name: str, target: str) -> list[float]:
    """Seconds between one request for a target and whatever the host is asked next."""
    asked = [one for one in crawled.web.asked if one.host == f"{name}.example"]
    return [later.at - sooner.at for sooner, later in pairwise(asked) if f"{sooner.scheme}:{sooner.target}" == target]


def test_the_crawl_of_impatient_hosts_comes_to_its_end(crawled):
    assert (crawled.report.visited, crawled.report.crashes, crawled.report.is_finished) == (len(SERVICES), 0, True)
    assert "Traceback" not in crawled.folder.log.read_text()
    assert max(crawled.web.busiest.values()) <= 2


@pytest.mark.parametrize("name", ["short", "short-503", "date", "moved"])
def test_a_host_that_asks_to_wait_is_asked_again_after_its_time(crawled, name):
    assert gaps(crawled, name, "http:/")[0] > PAUSE
    assert crawled.asked(name).count("http:/") == 2
    home = crawled.chains(name)[0]
    assert home.answer.status == 200
    assert len(home.hops) == (2 if name == "moved" else 1)
    assert "https:/stats" in crawled.asked(name)


@pytest.mark.parametrize("name, least", [("past", 0.0), ("no-header", 9 * DELAY), ("negative", 9 * DELAY)])
def test_a_host_that_does_not_say_how_long_has_a_short_rest(crawled, name, least):
    assert gaps(crawled, name, "http:/")[0] > least
    assert crawled.asked(name).count("http:/") == 2
    assert crawled.chains(name)[0].answer.status == 200


@pytest.mark.parametrize("name", ["long", "huge"])
def test_a_host_that_asks_for_long_is_left_alone(crawled, name):
    # Of two requests under way the second leaves before the answer to the first; here they go one by one.
    assert crawled.asked(name) == ["https:/robots.txt", "http:/"]
    failures = [chain.answer.failure for chain in crawled.chains(name)[1:]]
    assert failures
    assert {failure.kind for failure in failures} == {FailureKind.TOLD_TO_WAIT}
    assert "not asked" in failures[0].message


def test_a_redirect_to_a_host_to_be_left_alone_is_not_followed(crawled):
    assert {chain.last.failure.kind for chain in crawled.chains("late")} == {FailureKind.TOLD_TO_WAIT}
    assert [hop.status for hop in crawled.chains("late")[0].hops] == [302, None]


@pytest.mark.parametrize("name", ["insisting", "wall"])
def test_a_host_that_goes_on_refusing_is_asked_twice(crawled, name):
    assert crawled.asked(name) == ["https:/robots.txt", "http:/", "http:/"]


def test_the_api_of_a_forge_is_left_alone_with_its_pages(crawled):
    assert not [target for target in crawled.asked("forge") if "/api/" in target]
    [told] = [one for one in crawled.captures("forge") if one.role is Role.FORGE]
    assert told.failure.kind is FailureKind.TOLD_TO_WAIT


def test_a_host_of_several_services_is_left_alone_by_all_of_them(crawled):
    refused = [one for name in LIMITED for one in crawled.captures(name) if one.status == 429]
    assert 1 <= len(refused) <= 2  # as many as are under way at a time
    assert max(later - sooner for sooner, later in pairwise(times(crawled.web, "limit.example"))) > PAUSE
    assert crawled.asked("limit").count("https:/robots.txt") == 1
    assert all(chain.is_answered and chain.answer.status != 429 for name in LIMITED for chain in crawled.chains(name))
    assert is_spaced(times(crawled.web, "limit.example"), DELAY)


def test_others_do_not_wait_with_them(crawled):
    _, refused, again, *_ = times(crawled.web, "short.example")
    meanwhile = {asked.host for asked in crawled.web.asked if refused < asked.at < again}
    assert len(meanwhile) > 5


@pytest.mark.parametrize("name", ["long", "huge", "insisting", "wall", "robots-wall", "robots-long"])
def test_of_a_host_that_asks_to_wait_nothing_is_known(crawled, name):
    """Every verdict is undecided, for the reason that says so."""
    [service] = [one for one in SERVICES if one.id == name]
    trial = Trial(run="r", as_of=date(2026, 11, 23), started_at="2026-11-23T06:00:00Z")
    verdicts, crashes = judge_service(service, PhaseGroup.CONSTRUCTION, crawled.captures(name), trial)
    assert not crashes
    assert {one.outcome.value for one in verdicts} <= {"cantTell", "inapplicable", "untested"}
    assert {one.reason for one in verdicts if one.outcome.value == "cantTell"} == {"server-error"}
    assert len(verdicts) == len(BY_ID)


@pytest.mark.parametrize("name", ["robots-429", "robots-503"])
def test_robots_that_ask_to_wait_are_asked_again_and_obeyed(crawled, name):
    assert gaps(crawled, name, "https:/robots.txt")[0] > PAUSE
    assert crawled.asked(name).count("https:/robots.txt") == 2
    assert crawled.chains(name)[0].answer.status == 200
    assert "https:/stats" not in crawled.asked("robots-429")


@pytest.mark.parametrize("name, most", [("robots-wall", 2), ("robots-long", 1)])
def test_robots_that_go_on_asking_to_wait_forbid_all(crawled, name, most):
    assert crawled.asked(name) == ["https:/robots.txt"] * most


def test_robots_that_asked_to_wait_are_asked_anew_after_their_time(crawled):
    assert set(crawled.asked("refused-twice")) == {"https:/robots.txt"}
    assert crawled.asked("www.refused-twice") == ["https:/robots.txt"] * 3
    assert crawled.chains("refused-twice")[0].last.failure.status == 429
    last = crawled.chains("later")[0].last
    assert (last.url, last.failure.kind, last.failure.status) == (
        "https://refused-twice.example/",
        FailureKind.ROBOTS,
        None,
    )


def test_all_that_is_sent_counts_and_no_service_sends_more_than_its_ceiling(crawled):
    assert crawled.report.requests == len(crawled.web.asked)
    spent = [asked for asked in crawled.web.asked if asked.host.startswith("spender-")]
    assert DEFAULT_CEILING - 2 <= len(spent) <= DEFAULT_CEILING
    assert crawled.asked("spender-1").count("https:/") == 2
    alone = [name for name in HOSTS if name not in {"limit", "robots-429"}]
    assert max(len(crawled.asked(name)) for name in alone) <= DEFAULT_CEILING
    assert crawled.asked("cut").count("http:/") == 2


# The pace of a host.


def test_the_delay_of_the_run_is_kept_for_each_host(web, new_run):
    web.hosts |= {"a.example": WHOLE, "b.example": WHOLE}
    crawl(new_run(*services("a", "b"), delay=0.2))
    for host in ("a.example", "b.example"):
        assert len(times(web, host)) > 5
        assert "OPTIONS" in {asked.method for asked in web.asked if asked.host == host}
        assert is_spaced(times(web, host), 0.2)


def test_a_host_that_three_processes_ask_is_asked_no_faster_and_has_two_seats(web, new_run):
    names = [f"s{number}" for number in range(30)]
    web.hosts |= {f"{name}.example": site({"/": "<p>Bonjour"}) for name in names}
    dashboards = site({f"/{name}": f"<h1>Statistiques</h1><p>{name} 12" for name in names})

    def slow(asked: Asked) -> Iterable[bytes]:
        time.sleep(0.4)
        return dashboards(asked)

    web.hosts["tableau.example"] = slow
    shared = [
        Service(
            id=name, name=name, urls=(f"https://{name}.example/",), statistics_url=f"https://tableau.example/{name}"
        )
        for name in names
    ]
    folder = new_run(*shared, delay=0.1, ceiling=8)
    assert crawl(folder, processes=3).visited == len(names)
    assert not folder.seats.exists()
    assert web.targets("tableau.example").count("https:/robots.txt") == 3  # so many processes, that is
    asked = times(web, "tableau.example")
    assert len(asked) >= len(names)
    assert asked[-1] - asked[0] >= 0.1 * (len(asked) - 3)
    assert web.busiest["tableau.example"] <= 2


def test_ten_services_of_a_host_have_its_two_seats_in_all(web, new_run):
    """No run does without a delay either: Scrapy would forget the seats."""

    def slow(asked):
        time.sleep(0.15)
        return WHOLE(asked)

    web.hosts["a.example"] = slow
    shared = [Service(id=f"a{number}", name="a", urls=(f"https://a.example/{number}",)) for number in range(10)]
    crawl(new_run(*shared, delay=0, ceiling=4))
    assert len(web.asked) > 20
    assert web.busiest["a.example"] == 2
    assert web.targets("a.example").count("https:/robots.txt") == 1


def test_schemes_and_ports_of_a_host_share_its_seats(web, new_run):
    def slow(asked):
        time.sleep(0.1)
        return page("<p>Oui")

    places = ("https://a.example", "http://a.example", "https://a.example:8443")
    web.hosts |= {"a.example": slow, "a.example:8443": slow}
    urls = [f"{place}/{number}" for place in places for number in range(3)]
    crawl(new_run(*(Service(id=f"{rank}", name="a", urls=(url,)) for rank, url in enumerate(urls)), ceiling=4))
    assert {(asked.scheme, asked.host) for asked in web.asked} >= {("https", "a.example:8443"), ("http", "a.example")}
    assert web.most == 2


def test_a_delay_that_a_host_asks_for_is_kept(web, new_run):
    robots = "User-agent: *\nCrawl-delay: 10\n\nUser-agent: toise\nCrawl-delay: 0.3"
    web.hosts |= {"a.example": site({"/": "<p>Un", "/2": "<p>Deux"}, robots=robots), "b.example": WHOLE}
    crawl(new_run(*services("a", "b"), Service(id="a2", name="a2", urls=("https://a.example/2",)), ceiling=5))
    _, *asked = times(web, "a.example")
    assert len(asked) > 3
    assert is_spaced(asked, 0.3)
    others = times(web, "b.example")
    assert others[-1] - others[0] < 1


# Machines: many hosts at one address, reached without a proxy.

ON_ONE_MACHINE = """
import socket
socket.gethostbyname = lambda name: "127.0.0.1"
"""


def test_a_machine_of_many_hosts_has_eight_seats(web, new_run, monkeypatch):
    """Also when some of its hosts are silent, cut connections or send half of what they promise."""
    enter(web, monkeypatch, NO_PROXY="*")

    busy, most = Counter(), []

    def slow(asked):
        busy[asked.host] += 1
        most.append(busy.total())
        time.sleep(0.1)
        busy[asked.host] -= 1
        return page("<p>Oui")

    def cut(asked):
        time.sleep(0.05)
        raise CutError

    bad = [web.silence, cut, lambda _: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"])]
    web.hosts |= {f"h{number}.example": slow for number in range(30)}
    web.hosts |= {f"bad{number}.example": bad[number % 3] for number in range(12)}
    addresses = [(name.removesuffix(".example"), f"http://{name}:{web.port}/") for name in web.hosts]
    folder = new_run(
        *(Service(id=name, name=name, urls=(url,)) for name, url in reversed(addresses)),
        ceiling=4,
        timeout=1.5,  # a request that is given up on a busy machine is still being served, and counted
        allow_private=True,
    )
    with shard(folder, ON_ONE_MACHINE) as process:
        said = [json.loads(line) for line in process.stdout]
    assert folder.captured() == {name for name, _ in addresses}
    assert said[-1]["crashes"] == 0
    assert 4 < max(most) <= 8
    assert {one.status for number in range(30) for one in read_captures(folder.warc(f"h{number}"))} >= {200}


# What a browser loads of a page.

PARTS = 24
SHELL = (
    "<html><head><title>Bac</title></head><body><div id=root></div><script src=/application.js></script></body></html>"
)
PLAIN = f"<html><head><title>Bac</title></head><body><main>{'Le bac passe. ' * 30}</main><footer>Le port</footer></body></html>"
SCRIPT = f"""Promise.all([...Array({PARTS}).keys()].map((n) => fetch(`/api/${{n}}`).then((r) => r.text()))).then((all) => {{
  document.getElementById("root").innerHTML = `<h1>Bac</h1><p>${{all.join(" ")}}</p>`;
}});"""


def application(robots: str = "") -> Handler:
    pages = {"/": SHELL, "/application.js": page(SCRIPT, headers=("Content-Type: text/javascript",)), "/plain": PLAIN}
    open_site = site(pages, robots=robots, http=True)

    def handler(asked: Asked) -> Iterable[bytes]:
        time.sleep(0.1)
        if asked.target.startswith("/api/"):
            return page("mot")
        return open_site(replace(asked, target=asked.target.partition("?")[0]))

    return handler


def test_what_a_browser_loads_takes_the_seats_of_the_host(web, new_run, browser):
    """While other services are visited there."""
    web.hosts["a.example"] = application()
    others = [Service(id=f"a{number}", name="a", urls=(f"https://a.example/plain?{number}",)) for number in range(5)]
    folder = new_run(*services("a"), *others, timeout=10, ceiling=14)
    report = crawl(folder)
    loaded = [asked.at for asked in web.asked if asked.target.startswith("/api/")]
    pages = [asked.at for asked in web.asked if not asked.target.startswith("/a")]
    assert len(loaded) == PARTS
    assert pages[-1] > loaded[0]  # both at a time
    assert web.busiest["a.example"] == 2
    assert report.requests == len(web.asked)
    [shown] = [one for one in read_captures(folder.warc("a")) if one.rendering]
    assert (shown.rendering.missing, shown.body.count(b"mot")) == (0, PARTS)


HURRIED = """
from crawler.rendering import page
page._PATIENCE = 1.5
"""


def test_a_delay_that_a_host_asks_for_holds_for_what_a_browser_loads(web, new_run, browser):
    """A page that has not had all its parts in time proves nothing by what it lacks, and asks for no more of them."""
    web.hosts["a.example"] = application(robots="User-agent: *\nCrawl-delay: 0.4")
    folder = new_run(*services("a"), timeout=10, ceiling=4)
    with shard(folder, HURRIED) as process:
        assert json.loads(process.stdout.readline()) == {"visited": "a", "visit": 1}
        process.communicate()
    loaded = [asked.at for asked in web.asked if asked.target.startswith("/api/")]
    assert 1 < len(loaded) < 10
    assert is_spaced(loaded, 0.4)
    assert next(one.rendering.missing for one in read_captures(folder.warc("a")) if one.rendering) > PARTS / 2


def test_a_browser_loads_no_more_parts_than_a_service_may_cost():
    visit = Visit(service=services("a")[0], archive=None, ceiling=DEFAULT_CEILING)
    part = Request("https://a.example/api/1", meta={"visit": visit})
    for _ in range(MAX_PARTS):
        ArchiveMiddleware().process_request(part)
    with pytest.raises(CeilingError):
        ArchiveMiddleware().process_request(part)
    assert (visit.parts, visit.sent) == (MAX_PARTS, 0)
