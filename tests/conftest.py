from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from crawler.rendering.find import VARIABLE, find_browser
from tests.postgresql import PostgreSQL


class OutsideError(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test needs the network: a connection to anything but loopback fails it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            host = str(address[0])
            if host != "localhost" and not ip_address(host).is_loopback:
                raise OutsideError(f"a test connects to {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def browser() -> Path:
    """The browser of this machine. Where all must be tested (``TOISE_TEST_ALL``) a machine without one fails the test."""
    found = find_browser()
    if found is None and os.environ.get("TOISE_TEST_ALL"):
        pytest.fail(f"no browser: install Chromium, or name one in {VARIABLE}")
    return found or pytest.skip("no browser on this machine")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, of each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'toise.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    yield server.url(server.empty_database())
