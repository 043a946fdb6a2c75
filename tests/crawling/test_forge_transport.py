"""How forges are reached: to the address that was checked, under the name that was asked."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import trustme

from checks.model.capture import FailureKind
from crawler.failures import FetchFailedError
from crawler.forges.transport import GuardedTransport, fetch
from tests.crawling.conftest import enter
from tests.crawling.local_web import page


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def asked(url: str, *, allow_private: bool = False, patience: float = 2.0) -> tuple[int, bytes]:
    transport = GuardedTransport(allow_private=allow_private)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        _, response, body = await fetch(client, url, {}, patience)
        return response.status_code, body


def failure(url: str, **how) -> FailureKind:
    with pytest.raises(FetchFailedError) as error:
        asyncio.run(asked(url, **how))
    return error.value.failure.kind


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://localhost/x",
        "http://2130706433/x",
        "http://[::1]/x",
        "http://169.254.169.254/latest",
    ],
)
def test_private_addresses_are_refused_as_written(url):
    assert failure(url) is FailureKind.UNSUPPORTED


@pytest.mark.parametrize(
    "url", [f"https://{'a' * 70}.example/x", "https://a\u0378b.example/x", "https://a..b.example/x"]
)
def test_names_that_are_none(url):
    assert failure(url) in {FailureKind.UNSUPPORTED, FailureKind.DNS}


def test_private_addresses_are_refused_behind_a_name(monkeypatch):
    resolve(monkeypatch, "10.0.0.1")
    assert failure("https://forge.example/x") is FailureKind.UNSUPPORTED


def test_a_name_that_nobody_knows(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "inconnu")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert failure("https://forge.example/x") is FailureKind.DNS


def resolve(monkeypatch, address: str) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]
    )


@asynccontextmanager
async def forge(name: str, authority: trustme.CA) -> AsyncIterator[tuple[int, list[str]]]:
    """A forge over TLS on loopback, certified as ``name``: its port, and the hosts that it was asked for."""
    context, hosts = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    authority.issue_cert(name).configure_cert(context)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        hosts.append(next(line[6:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"host: ")))
        writer.writelines(page('{"message": "ok"}'))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], hosts


@pytest.mark.parametrize("certified", ["forge.example", "autre.example"])
def test_the_certificate_is_that_of_the_name(monkeypatch, tmp_path, certified):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    resolve(monkeypatch, "127.0.0.1")

    async def told() -> tuple[int, bytes] | FailureKind:
        async with forge(certified, authority) as (port, hosts):
            try:
                answer = await asked(f"https://forge.example:{port}/api", allow_private=True)
            except FetchFailedError as error:
                return error.failure.kind
            assert hosts == [f"forge.example:{port}"]
            return answer

    expected = (200, b'{"message": "ok"}') if certified == "forge.example" else FailureKind.TLS
    assert asyncio.run(told()) == expected


def test_the_proxy_of_the_crawl_is_used(web, monkeypatch):
    web.hosts["forge.example"] = lambda _: page('{"a": 1}')
    enter(web, monkeypatch)

    assert asyncio.run(asked("https://forge.example/api")) == (200, b'{"a": 1}')
    assert failure(f"http://127.0.0.1:{web.port}/x") is FailureKind.UNSUPPORTED  # the proxy itself is no forge
    assert failure("https://inconnu.example/x") is FailureKind.REFUSED


def test_bodies_without_end_are_given_up(web, monkeypatch):
    web.hosts["forge.example"] = lambda _: page(b" " * (6 * 1024 * 1024))
    enter(web, monkeypatch)

    assert failure("https://forge.example/api") is FailureKind.TOO_LARGE


def test_silence_is_given_up(web, monkeypatch):
    web.hosts["forge.example"] = web.silence
    enter(web, monkeypatch)

    assert failure("https://forge.example/api", patience=0.3) is FailureKind.TIMEOUT


def test_each_connection_goes_to_the_address_that_was_checked_for_it(monkeypatch):
    """A name that is public when it is checked and private the next time: it is looked up once a connection."""
    answers, connected = ["93.184.215.14", "127.0.0.1", "93.184.215.14"], []

    def looked_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), 443))]

    def refusing(_: socket.socket, address: tuple[str, int]) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket.socket, "connect", refusing)
    kinds = [failure("https://forge.example/x") for _ in range(3)]
    assert kinds == [FailureKind.REFUSED, FailureKind.UNSUPPORTED, FailureKind.REFUSED]
    assert connected == [("93.184.215.14", 443)] * 2
