"""Heads of answers, as servers send them: longer than Twisted takes, and with names that it refuses."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import HEADER
from twisted.web.http_headers import InvalidHeaderName

MAX_HEAD = 256 * 1024
"""Bytes of the head of one answer, what browsers take. Twisted stops at 16 KiB for a line, and nowhere for the head."""


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

    def lineLengthExceeded(self, _: bytes) -> None:  # noqa: N802 - idem
        raise HeadTooLargeError(f"a header of more than {MAX_HEAD} bytes")

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - idem
        with suppress(InvalidHeaderName):
            super().headerReceived(name.strip(), value)


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answered = super().request(request)
        self._parser.__class__ = _Parser  # as Scrapy does, for the same want of another way
        return answered


class HeadFactory(_LenientHTTP11ClientFactory):
    """Connections that read heads so; for the ``_factory`` of a pool of Twisted."""

    def buildProtocol(self, _: Any) -> _Protocol:  # noqa: N802 - idem
        return _Protocol(self._quiescentCallback)
