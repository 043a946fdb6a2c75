"""Heads of answers, as servers send them: longer than Twisted takes, and with names that it refuses."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import HEADER, ParseError
from twisted.web.http_headers import InvalidHeaderName

MAX_HEAD = 256 * 1024
"""Bytes of the head of one answer, what browsers take. Twisted stops at 16 KiB for a line, and nowhere for the head."""

IDLE = 5
"""Seconds that a connection is kept for the next request; those of hosts gone by would use up the open files."""

FAREWELL = 2
"""Seconds that a server has to close a connection that is over."""

_STATUS_LINE = re.compile(rb"\S+ [1-9]\d\d(?: |$)")
"""Three digits (RFC 9110 §15). Twisted takes any integer, and what answers 000 or -1 answers nothing."""


class HeadTooLargeError(Exception):
    """An answer whose head never ends."""


class _Parser(_LenientHTTPClientParser):
    """A name with a space before its colon is that name; one that can be no name is skipped, and so is the continuation of
    nothing: as browsers do."""

    MAX_LENGTH = MAX_HEAD
    _read = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self._read += len(line)
        if self._read > MAX_HEAD:
            raise HeadTooLargeError(f"headers of more than {MAX_HEAD} bytes")
        begun: Any = self._partialHeader
        if self.state == HEADER and begun is None and line.startswith((b" ", b"\t")):
            return
        super().lineReceived(line)

    def statusReceived(self, status: bytes) -> None:  # noqa: N802 - idem
        if not _STATUS_LINE.match(status):
            raise ParseError("no status of HTTP", status[:99])
        super().statusReceived(status)

    def lineLengthExceeded(self, _: bytes) -> None:  # noqa: N802 - idem
        raise HeadTooLargeError(f"a header of more than {MAX_HEAD} bytes")

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - idem
        with suppress(InvalidHeaderName):
            super().headerReceived(name.strip(), value)


class _Protocol(_LenientHTTP11ClientProtocol):
    """Leaves a server that has nothing more to say to us, or goes on: Twisted waits for its farewell, over TLS for ever, and
    takes what it sends meanwhile."""

    _farewell: Any = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - idem
        if self._parser is None:
            self.transport.abortConnection()
        else:
            super().dataReceived(data)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - idem
        self._leave_after(None)
        super().connectionLost(reason)

    def _giveUp(self, reason: Any) -> None:  # noqa: N802 - idem
        super()._giveUp(reason)
        self._leave_after(FAREWELL)

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802 - idem
        super()._finishResponse(rest)
        if self._farewell is None:  # the pool takes its leave after this time, if nothing else is asked
            self._leave_after(IDLE + FAREWELL)

    def _leave_after(self, seconds: float | None) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it, which Scrapy must do

        if self._farewell and self._farewell.active():
            self._farewell.cancel()
        self._farewell = seconds and reactor.callLater(seconds, self.transport.abortConnection)

    def request(self, request: Any) -> Any:
        self._leave_after(None)
        answered = super().request(request)
        self._parser.__class__ = _Parser  # as Scrapy does, for the same want of another way
        return answered


class HeadFactory(_LenientHTTP11ClientFactory):
    """Connections that read heads so; for the ``_factory`` of a pool of Twisted."""

    def buildProtocol(self, _: Any) -> _Protocol:  # noqa: N802 - idem
        return _Protocol(self._quiescentCallback)
