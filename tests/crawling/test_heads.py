"""How connections end: nothing that a server goes on to say is taken."""

from __future__ import annotations

import pytest
import twisted.internet
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from crawler.heads import FAREWELL, IDLE, HeadFactory

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
REQUEST = Request(b"GET", b"/", Headers({b"Host": [b"a.example"]}), None, persistent=True)
ENDS = {
    "malformed": b"HTTP/1.1 000 Non\r\n",
    "closed": PAGE + b"Connection: close\r\n\r\nOui",
    "kept": PAGE + b"\r\nOui",
}


class Transport(StringTransport):
    is_aborted = False

    def abortConnection(self) -> None:  # noqa: N802 - Twisted's name
        self.is_aborted = True


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(twisted.internet, "reactor", clock, raising=False)
    return clock


@pytest.fixture
def answered(clock):
    """``answered(answer)``: a connection on which that came, and the protocol that reads it."""

    def connected(answer: bytes):
        transport, protocol = Transport(), HeadFactory(lambda _: None, repr).buildProtocol(None)
        protocol.makeConnection(transport)
        protocol.request(REQUEST).addErrback(lambda _: None)
        protocol.dataReceived(answer)
        return transport, protocol

    return connected


@pytest.mark.parametrize("end", ENDS)
def test_a_server_that_goes_on_is_cut_off(answered, end):
    transport, protocol = answered(ENDS[end])
    assert not transport.is_aborted
    protocol.dataReceived(b"et encore")
    assert transport.is_aborted


@pytest.mark.parametrize("end", ["malformed", "closed"])
def test_a_server_that_does_not_close_is_left(answered, clock, end):
    transport, _ = answered(ENDS[end])
    assert transport.disconnecting
    assert not transport.is_aborted
    clock.advance(FAREWELL)
    assert transport.is_aborted


def test_a_connection_that_may_serve_again_is_kept_for_a_while(answered, clock):
    transport, protocol = answered(ENDS["kept"])
    clock.advance(IDLE)
    assert not transport.is_aborted
    protocol.request(REQUEST).addErrback(lambda _: None)
    clock.advance(100)
    assert not transport.is_aborted
    protocol.dataReceived(ENDS["kept"])
    clock.advance(IDLE + FAREWELL)
    assert transport.is_aborted


def test_a_server_that_closes_is_not_waited_for(answered, clock):
    transport, protocol = answered(ENDS["closed"])
    protocol.connectionLost(Failure(ConnectionDone()))
    assert clock.getDelayedCalls() == []
    assert not transport.is_aborted
