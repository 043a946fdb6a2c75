"""The visits of a run in parts: those that one process must make stay together."""

from __future__ import annotations

import pytest

from checks.model.service import Service
from crawler.fleet import addresses
from crawler.fleet.addresses import addresses_of
from crawler.fleet.owed import Owed, shards


def owed(*hosts: str) -> list[Owed]:
    return [
        Owed(service=Service(id=f"{number}-{host}", name=host, urls=(f"https://{host}/",) if host else ()))
        for number, host in enumerate(hosts)
    ]


def hosts(parts: list[tuple[Owed, ...]]) -> list[str]:
    return [" ".join(one.service.id.partition("-")[2] for one in part) for part in parts]


@pytest.mark.parametrize(
    "given, size, known, expected",
    [
        ("", 2, {}, []),
        ("a b c", 2, {}, ["a b", "c"]),
        ("a b a c a", 2, {}, ["a a a", "b c"]),
        ("a b a", 2, {}, ["a a", "b"]),
        ("a b c d", 2, {"a": "1", "d": "1"}, ["a d", "b c"]),
        ("a b c d", 3, {"b": "1", "c": "1", "d": "1"}, ["a", "b c d"]),
        ("a b c d", 2, dict.fromkeys("abcd", "1"), ["a b c d"]),
    ],
)
def test_hosts_of_one_address_are_in_one_shard(given, size, known, expected):
    assert hosts(shards(owed(*given.split()), size, known)) == expected


def test_services_without_a_host_are_no_group():
    assert [len(part) for part in shards(owed("", "", ""), 2, {})] == [2, 1]


def test_each_visit_is_in_one_shard():
    given = owed(*(f"h{number % 17}" for number in range(200)))
    parts = shards(given, 40, {f"h{number}": str(number % 5) for number in range(17)})
    assert sorted(one.service.id for part in parts for one in part) == sorted(one.service.id for one in given)
    placed = {}
    for rank, part in enumerate(parts):
        for one in part:
            address = int(one.service.id.partition("-h")[2]) % 5
            assert placed.setdefault(address, rank) == rank


def test_addresses_are_those_of_the_resolver(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    known = {"a.example": "192.0.2.1", "b.example": "192.0.2.1", "c.example": "192.0.2.2"}

    def resolved(host):
        if host not in known:
            raise OSError
        return known[host]

    monkeypatch.setattr(addresses.socket, "gethostbyname", resolved)
    services = [one.service for one in owed("a.example", "b.example", "c.example", "absent.example", "")]
    assert addresses_of(services) == known
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert addresses_of(services) == {}


def test_a_resolver_that_says_nothing_is_not_waited_for(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(addresses, "LONGEST", 0.1)
    monkeypatch.setattr(addresses.socket, "gethostbyname", lambda host: "192.0.2.1" if host[0] == "a" else slow())

    def slow():
        import time  # noqa: PLC0415

        time.sleep(1)
        return "192.0.2.2"

    assert addresses_of([one.service for one in owed("a.example", "b.example")]) == {"a.example": "192.0.2.1"}
