from __future__ import annotations

import re
from collections.abc import Iterator

from OpenSSL.SSL import Error as TlsError
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity.exceptions import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed, ConnectionLost, TCPTimedOutError
from twisted.web.client import ResponseFailed

from checks.model.address import without_credentials
from checks.model.capture import FailureKind, FetchFailure
from crawler.heads import HeadTooLargeError
from crawler.verification import BadCertificateError

_KINDS: tuple[tuple[type[BaseException], FailureKind], ...] = (
    (BadCertificateError, FailureKind.TLS),
    (TlsError, FailureKind.TLS),
    (VerificationError, FailureKind.TLS),
    (CannotResolveHostError, FailureKind.DNS),
    (DownloadConnectionRefusedError, FailureKind.REFUSED),
    (DownloadTimeoutError, FailureKind.TIMEOUT),
    (ResponseDataLossError, FailureKind.DATA_LOSS),
    (DownloadCancelledError, FailureKind.TOO_LARGE),
    (HeadTooLargeError, FailureKind.TOO_LARGE),
    (UnsupportedURLSchemeError, FailureKind.UNSUPPORTED),
    (ConnectionLost, FailureKind.RESET),
    (ConnectionClosed, FailureKind.RESET),
    (TCPTimedOutError, FailureKind.TIMEOUT),
    (ConnectError, FailureKind.REFUSED),
    (TunnelError, FailureKind.REFUSED),
)


_REFUSAL = re.compile(r"'status': (\d+)(?:, 'reason': b?['\"]([^'\"]*))?")
"""What Scrapy prints of the answer of a proxy: ``{'status': 502, 'reason': b'Bad Gateway'}``."""


class FetchFailedError(IgnoreRequest):
    """A fetch ended without an answer; Scrapy drops the request quietly and the capture says why."""

    def __init__(self, failure: FetchFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class CutError(FetchFailedError):
    """The connection was cut: one more try may do better."""


class CeilingError(FetchFailedError):
    """The service has had all that it may cost, in requests or in time: nothing was asked, and nothing is known of the host."""


def failure_of(error: BaseException) -> FetchFailure:
    """What an exception of the download says of the world. Never raises; credentials of addresses are left out."""
    causes = list(_causes(error))
    for cause in causes:
        for known, kind in _KINDS:
            if isinstance(cause, known):
                return FetchFailure(kind=kind, message=_message(cause))
    return FetchFailure(kind=FailureKind.OTHER, message=_message(causes[-1]))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The outermost first: what Scrapy makes of an error, then what Twisted says, then what OpenSSL does."""
    yield error
    if isinstance(error, ResponseFailed):
        for reason in error.reasons:
            yield from _causes(reason.value)
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)


def _message(error: BaseException) -> str:
    if isinstance(error, TlsError) and error.args and isinstance(error.args[0], list):
        text = "; ".join(reason[-1] for reason in error.args[0] if reason)
    elif isinstance(error, TunnelError):
        said = _REFUSAL.search(str(error))
        text = " ".join(["the proxy refused the tunnel", *filter(None, said.groups() if said else ())])
    else:
        text = str(error) or type(error).__name__
    return " ".join(without_credentials(text).split())[:300]
