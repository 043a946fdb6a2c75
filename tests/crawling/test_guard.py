from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.resolver import dnscache
from twisted.internet import defer
from twisted.internet.base import ThreadedResolver
from twisted.internet.error import DNSLookupError

from checks.model.capture import FailureKind, Role
from checks.model.service import Service
from crawler.archive import read_captures
from crawler.failures import FetchFailedError
from crawler.fleet.local import crawl
from crawler.guard import GuardedResolver, PrivateAddressMiddleware, refusal_of
from crawler.private_addresses import is_private, proxy_hosts
from tests.crawling.conftest import enter
from tests.crawling.local_web import page, site

PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "127.0.0.1.",
    "0", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "[::1]", "::1", "[::]", "::ffff:127.0.0.1",
    "[::ffff:7f00:1]", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "[fe80::1%eth0]", "fc00::1", "fd12:3456::1", "ff02::1",
    "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1", "localhost", "LOCALHOST", "localhost.", "a.localhost", "%6cocalhost",
    "127.0.0.%31", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "127.0.0\u00ad.1", "local\u200bhost", "127.0.0.1\ufe0f", "0127.0.0.1", "010.0.0.1",
    "0300.0250.0.1", "192.168.000.001", "0192.168.0.1",
]  # fmt: skip
PUBLIC = [
    "beta.gouv.fr", "8.8.8.8", "134209416", "0x08080808", "172.15.0.1", "172.32.0.1", "2001:4860:4860::8888",
    "::ffff:8.8.8.8", "2002:808:808::", "localhost.gouv.fr", "mylocalhost", "127.0.0.1.nip.io", "10.fr", "préfecture.fr",
    "08.8.8.8.fr", "08.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses(host):
    assert is_private(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_and_names(host):
    assert not is_private(host)


@pytest.mark.parametrize("host", PRIVATE)
def test_no_request_leaves_for_a_private_address(host):
    url = f"http://{f'[{host}]' if ':' in host and '[' not in host else host}/stats"
    with pytest.raises(FetchFailedError) as refusal:
        PrivateAddressMiddleware(frozenset()).process_request(Request(url))
    assert refusal.value.failure.kind is FailureKind.UNSUPPORTED


@pytest.mark.parametrize("host", PUBLIC)
def test_requests_leave_for_public_addresses(host):
    url = f"https://{f'[{host}]' if ':' in host else host}/"
    PrivateAddressMiddleware(frozenset({"proxy.example"})).process_request(Request(url))
    with pytest.raises(FetchFailedError):
        PrivateAddressMiddleware(frozenset({"proxy.example"})).process_request(Request("http://proxy.example:3128/"))


@pytest.mark.parametrize(
    "variables, expected",
    [
        ({}, set()),
        ({"HTTPS_PROXY": "http://agent:secret@Proxy.example:3128/"}, {"proxy.example"}),
        ({"http_proxy": "10.0.0.1:3128", "https_proxy": "proxy.example"}, {"10.0.0.1", "proxy.example"}),
        ({"HTTP_PROXY": "http://[::1]:3128", "NO_PROXY": "localhost,10.0.0.0"}, {"::1"}),
    ],
)
def test_proxies_of_the_environment(monkeypatch, variables, expected):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_hosts() == expected


@pytest.fixture
def resolve(monkeypatch):
    """``resolve(address, allow_private=…)``: what the resolver gives for a name that the world puts there."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.interne:3128")
    dnscache.clear()

    def resolved(name: str, address: str, *, allow_private: bool = False) -> list:
        monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_: defer.succeed(address))
        resolver = GuardedResolver(SimpleNamespace(), 0, 1, allow_private=allow_private)
        results: list = []
        resolver.getHostByName(name).addBoth(results.append)
        return [getattr(result, "value", result) for result in results]

    return resolved


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1"])
def test_names_at_a_private_address_have_none(resolve, address):
    [error] = resolve("rebond.example", address)
    assert isinstance(error, DNSLookupError)
    assert refusal_of("rebond.example").message == f"rebond.example ({address}) is a private address: refused"


def test_names_at_a_public_address_keep_it(resolve):
    assert resolve("public.example", "8.8.8.8") == ["8.8.8.8"]
    assert refusal_of("public.example") is None


def test_a_name_that_changes_is_checked_each_time(monkeypatch):
    addresses = ["8.8.8.8", "127.0.0.1", "8.8.8.8"]
    monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_: defer.succeed(addresses.pop(0)))
    dnscache.clear()
    resolver, results = GuardedResolver(SimpleNamespace(), 0, 1, allow_private=False), []
    for _ in range(3):
        resolver.getHostByName("change.example").addBoth(lambda result: results.append(getattr(result, "type", result)))
    assert results == ["8.8.8.8", DNSLookupError, "8.8.8.8"]


def test_the_proxy_may_be_at_a_private_address_and_so_may_all_on_demand(resolve):
    assert resolve("proxy.interne", "10.0.0.1") == ["10.0.0.1"]
    assert resolve("interne.example", "10.0.0.1", allow_private=True) == ["10.0.0.1"]


def test_a_name_of_this_machine_is_refused_by_its_address(web, new_run, monkeypatch):
    name = socket.gethostname()
    enter(web, monkeypatch, NO_PROXY=name)
    web.hosts["direct"] = lambda _: page("<p>Secret")
    folder = new_run(Service(id="a", name="a", urls=(f"http://{name}:{web.port}/",)))
    crawl(folder)
    captures = read_captures(folder.warc("a"))
    assert web.asked == []
    assert captures
    assert {capture.failure.kind for capture in captures} <= {FailureKind.UNSUPPORTED, FailureKind.DNS}


def test_private_addresses_are_visited_on_demand(web, new_run, monkeypatch):
    enter(web, monkeypatch, NO_PROXY="127.0.0.1,localhost")
    web.hosts["direct"] = site({"/": "<p>Bonjour"}, http=True)
    addresses = {"littéral": "127.0.0.1", "nom": "localhost"}
    services = [Service(id=name, name=name, urls=(f"http://{host}:{web.port}/",)) for name, host in addresses.items()]
    folder = new_run(*services, allow_private=True)
    assert crawl(folder).visited == 2
    for name in addresses:
        pages = [capture for capture in read_captures(folder.warc(name)) if capture.role is Role.HTTP]
        assert [capture.body for capture in pages] == [b"<p>Bonjour"]
