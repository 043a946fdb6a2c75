"""No request reaches an address that is not public, by any way in, under any form: a server counts those that do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from checks.model.capture import FailureKind
from crawler.archive import read_captures
from crawler.failures import FetchFailedError
from crawler.rendering.browser import Browser
from crawler.rendering.page import Ask
from tests.crawling.browser_tricks import LEAVING, STAYING, page_that
from tests.crawling.conftest import enter, run_of
from tests.crawling.hostile_answers import as_bytes
from tests.crawling.local_web import Asked, LocalWeb, local_web, page, to
from tests.crawling.small_internet import PUBLIC, Counter, counter
from tests.crawling.test_browser import capture as html_capture
from tests.crawling.test_crawl_process import shard
from tests.crawling.test_guard import PRIVATE
from tests.crawling.ways_in import Way, https_ways, linked, ways

NAMES = {
    "a-127": [["127.0.0.1"]],
    "a-10": [["10.0.0.1"]],
    "a-172": [["172.16.0.1"]],
    "a-192": [["192.168.0.1"]],
    "a-169": [["169.254.169.254"]],
    "a-0": [["0.0.0.0"]],  # noqa: S104
    "private-first": [["127.0.0.1", PUBLIC]],
}
SEEN = {"public-first": [[PUBLIC, "127.0.0.1"]], "rebinding": [[PUBLIC], ["127.0.0.1"]]}
"""Names at a public address, and at a private one too: the address that was checked is the one to which all connect."""
FORGES = {  # these are looked up with IPv6 addresses too
    "forge-0": [["0.0.0.0"]],  # noqa: S104
    "forge-4": [["10.0.0.1"]],
    "forge-6": [["fc00::1"]],
    "forge-mapped": [["::ffff:127.0.0.1"]],
    "forge-1": [["::1"]],
}


def url_of(form: str, port: int) -> str:
    return f"http://{f'[{form}]' if ':' in form and '[' not in form else form}:{port}"


def forms(port: int) -> tuple[Way, ...]:
    """A redirect to each form of a private address, and a link to every fourth."""
    urls = [f"{url_of(form, port)}/" for form in PRIVATE]
    redirects = (Way(name=f"form-{number}", pages={"/": to(as_bytes(url))}) for number, url in enumerate(urls))
    links = (Way(name=f"linked-{number}", pages={"/": linked(url)}) for number, url in enumerate(urls[::4]))
    return (*redirects, *links)


def named(port: int) -> tuple[Way, ...]:
    """By a name: as the site itself, and by a link to it."""
    return (
        *(Way(name=name, url=f"http://{name}.public.example:{port}/") for name in NAMES),
        *(Way(name=f"to-{name}", pages={"/": linked(f"http://{name}.public.example:{port}/stats")}) for name in NAMES),
        *(Way(name=name, pages={"/": linked("/stats"), "/stats": "<p>1 200 usagers"}, is_tried=False) for name in SEEN),
        *(
            Way(name=f"of-{name}", declared={"repository": f"https://{name}.public.example/port/bac"})
            for name in FORGES
        ),
    )


class Crawl:
    def __init__(self, tmp_path, web: LocalWeb, counted: Counter, given: tuple[Way, ...], scheme: str, **settings):
        self.web, self.counted = web, counted
        self._pages = {way.host: way.pages for way in given}
        web.hosts["direct"] = lambda asked: self._answer(asked, asked.headers["host"])
        for host in (*self._pages, "relay.public.example"):
            web.hosts[host] = lambda asked: self._answer(asked, asked.host)
        web.hosts["gitlab.com"] = lambda _: to(f"http://127.0.0.1:{counted.port}/forge")
        web.hosts["api.github.com"] = lambda _: page(self._told(), headers=("Content-Type: application/json",))
        names = {f"{name}.public.example": found for name, found in {**NAMES, **SEEN, **FORGES}.items()}
        names = {**{host: [[PUBLIC]] for host in (*self._pages, "relay.public.example")}, **names}
        self.folder = run_of(tmp_path / "runs", [way.service(scheme) for way in given], **settings)
        prelude = f"from tests.crawling.small_internet import install; install({web.port}, {counted.port}, {names!r})"
        with shard(self.folder, prelude) as process:
            said = [json.loads(line) for line in process.stdout]
            assert process.stderr.read() == ""
        assert said[-1]["crashes"] == 0, self.folder.log.read_text()

    def _answer(self, asked: Asked, host: str):
        if host == "relay.public.example" and asked.target != "/robots.txt":
            return to(urlsplit(asked.target).query or "/")
        key = asked.method if asked.method == "OPTIONS" else asked.target
        found = self._pages.get(host, {}).get(key, page("", 404))
        return page(found) if isinstance(found, str) else found

    def _told(self) -> str:
        private = f"http://127.0.0.1:{self.counted.port}/forge"
        keys = ("url", "html_url", "clone_url", "license_url", "contents_url", "homepage", "mirror_url")
        return json.dumps({"private": False, "full_name": "port/bac", **dict.fromkeys(keys, private)})

    def refusals(self, way: Way) -> list[str]:
        captures = read_captures(self.folder.warc(way.name))
        return [one.url for one in captures if one.failure and one.failure.kind is FailureKind.UNSUPPORTED]


@pytest.fixture(scope="module", params=["directly", "behind a proxy"])
def crawled(request, tmp_path_factory) -> Iterator[tuple[Crawl, tuple[Way, ...]]]:
    tmp_path, is_direct = tmp_path_factory.mktemp("private"), request.param == "directly"
    with local_web(tmp_path) as web, counter() as counted, pytest.MonkeyPatch.context() as monkeypatch:
        enter(web, monkeypatch, NO_PROXY="*" if is_direct else "")
        private, scheme = f"http://127.0.0.1:{counted.port}", "http" if is_direct else "https"
        # The one page for a browser among them is shown directly only: it takes seconds.
        settings = {"ceiling": 7} if is_direct else {"ceiling": 16, "render": "never"}
        more = named(counted.port) if is_direct else https_ways(private)
        given = (*ways(private, scheme), *forms(counted.port), *more)
        yield Crawl(tmp_path, web, counted, given, scheme, **settings), given


def test_nothing_arrives(crawled):
    crawl, _ = crawled
    assert crawl.counted.heard == []
    hosts = {asked.headers["host"] if asked.host == "direct" else asked.host for asked in crawl.web.asked}
    hosts |= crawl.web.unknown
    assert len(hosts) > 40
    assert [host for host in hosts if not host.endswith((".example", "gitlab.com", "github.com"))] == []


def test_each_way_was_tried_and_refused(crawled):
    crawl, given = crawled
    untried = [way.name for way in given if way.is_tried and not crawl.refusals(way)]
    assert untried == []


def test_names_of_two_addresses_are_asked_at_the_one_that_was_checked(crawled):
    crawl, given = crawled
    hosts = {way.host for way in given if way.name in SEEN}  # behind a proxy names are its own business
    asked = [one.headers["host"] for one in crawl.web.asked if one.target == "/stats"]
    assert sorted(set(asked) & hosts) == sorted(hosts)


def test_all_that_is_tried_arrives_on_demand(tmp_path, monkeypatch):
    """What the counter would have heard: it is not deaf, and --allow-private means what it says."""
    with local_web(tmp_path) as web, counter() as counted:
        enter(web, monkeypatch, NO_PROXY="*")
        given = ways(f"http://127.0.0.1:{counted.port}", "http")
        Crawl(tmp_path, web, counted, given, "http", allow_private=True, ceiling=7, render="never")
    heard = {line.split(" ")[1].strip("/") for line in counted.heard if line.startswith("GET ")}
    assert {way.name for way in given if way.is_tried} <= heard


def test_a_page_in_the_browser_reaches_nobody(browser):
    """Whatever its scripts try; what it asks for by leaving is asked of us, and comes to the guard."""
    asked: list[str] = []

    async def refusing(ask: Ask) -> None:
        asked.append(ask.url)

    async def shown(pages: list[str]) -> list[object]:
        one = Browser(browser)
        try:
            showing = (one.show(html_capture(html), refusing) for html in pages)
            return await asyncio.gather(*showing, return_exceptions=True)
        finally:
            await one.close()

    with counter() as counted:
        places = [f"{host}:{counted.port}" for host in ("127.0.0.1", "[::1]", "localhost")]
        pages = [page_that(STAYING, *places), *(page_that({name: LEAVING[name]}, places[0]) for name in LEAVING)]
        stayed, *left = asyncio.run(shown(pages))
    assert counted.heard == []
    assert "Le bac" in stayed.html
    assert [type(one) for one in left] == [FetchFailedError] * len(LEAVING)
    assert set(asked) == {f"http://{places[0]}/{name}" for name in LEAVING}
