from __future__ import annotations

import pytest
from OpenSSL.SSL import Error as TlsError
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity.exceptions import VerificationError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, NoRouteError, TCPTimedOutError
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from checks.model.capture import FailureKind
from crawler.failures import failure_of


def caused(error: Exception, *causes: Exception) -> Exception:
    """As Scrapy wraps what Twisted wraps."""
    error.__cause__ = ResponseFailed([Failure(cause) for cause in causes])
    return error


@pytest.mark.parametrize(
    "error, kind",
    [
        (CannotResolveHostError("a.example"), FailureKind.DNS),
        (DownloadConnectionRefusedError("refused"), FailureKind.REFUSED),
        (NoRouteError(), FailureKind.REFUSED),
        (ConnectError(), FailureKind.REFUSED),
        (TunnelError("Could not open CONNECT tunnel with proxy p:1 [{'status': 502}]"), FailureKind.REFUSED),
        (DownloadTimeoutError("late"), FailureKind.TIMEOUT),
        (TCPTimedOutError(), FailureKind.TIMEOUT),
        (UnsupportedURLSchemeError("gopher"), FailureKind.UNSUPPORTED),
        (DownloadCancelledError("big"), FailureKind.TOO_LARGE),
        (VerificationError([]), FailureKind.TLS),
        (caused(DownloadFailedError(), TlsError([("SSL routines", "", "certificate verify failed")])), FailureKind.TLS),
        (caused(DownloadFailedError(), ConnectionLost()), FailureKind.RESET),
        (caused(DownloadFailedError(), ConnectionDone()), FailureKind.RESET),
        (caused(ResponseDataLossError(), ConnectionLost()), FailureKind.DATA_LOSS),
        (caused(DownloadFailedError(), ParseError("wrong number of parts", b"SSH-2.0")), FailureKind.OTHER),
        (ValueError("odd"), FailureKind.OTHER),
        (OSError(24, "Too many open files"), FailureKind.OTHER),
    ],
)
def test_kinds(error, kind):
    failure = failure_of(error)
    assert failure.kind is kind
    assert failure.message


@pytest.mark.parametrize(
    "error, message",
    [
        (TlsError([("a", "b", "certificate has expired"), ("a", "", "bad")]), "certificate has expired; bad"),
        (
            TunnelError("Could not open CONNECT tunnel with proxy p:1 [{'status': 502}]"),
            "the proxy refused the tunnel 502",
        ),
        (
            TunnelError("Could not open CONNECT tunnel with proxy p:1 [{'status': 502, 'reason': b'Bad Gateway'}]"),
            "the proxy refused the tunnel 502 Bad Gateway",
        ),
        (TunnelError("Could not open CONNECT tunnel with proxy p:1"), "the proxy refused the tunnel"),
        (
            DownloadTimeoutError("Getting http://agent:S3CRET@a.example/ took\n too long"),
            "Getting http://a.example/ took too long",
        ),
        (ValueError(), "ValueError"),
        (ValueError("a" * 999), "a" * 300),
        (
            caused(DownloadFailedError("[<Failure>]"), ParseError("wrong number of parts", b"x")),
            "('wrong number of parts', b'x')",
        ),
    ],
)
def test_messages(error, message):
    assert failure_of(error).message == message
