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
from twisted.internet.error import ConnectError, ConnectionClosed, ConnectionLost
from twisted.web.client import ResponseFailed

from checks.model.capture import FailureKind, FetchFailure

_KINDS: tuple[tuple[type[BaseException], FailureKind], ...] = (
    (TlsError, FailureKind.TLS),
    (VerificationError, FailureKind.TLS),
    (CannotResolveHostError, FailureKind.DNS),
    (DownloadConnectionRefusedError, FailureKind.REFUSED),
    (DownloadTimeoutError, FailureKind.TIMEOUT),
    (ResponseDataLossError, FailureKind.DATA_LOSS),
    (DownloadCancelledError, FailureKind.TOO_LARGE),
    (UnsupportedURLSchemeError, FailureKind.UNSUPPORTED),
    (ConnectionLost, FailureKind.RESET),
    (ConnectionClosed, FailureKind.RESET),
    (ConnectError, FailureKind.REFUSED),
    (TunnelError, FailureKind.REFUSED),
)
_CREDENTIALS = re.compile(r"//[^/@\s]+@")


class FetchFailedError(IgnoreRequest):
    """We ended a fetch ourselves; Scrapy drops the request quietly and the capture says why."""

    def __init__(self, failure: FetchFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def failure_of(error: BaseException) -> FetchFailure:
    """What an exception of the download says of the world. Never raises; credentials of addresses are left out."""
    for cause in _causes(error):
        if isinstance(cause, FetchFailedError):
            return cause.failure
        for known, kind in _KINDS:
            if isinstance(cause, known):
                return FetchFailure(kind=kind, message=_message(cause))
    return FetchFailure(kind=FailureKind.OTHER, message=_message(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The innermost causes first: a failed response wraps the TLS error that ended it."""
    if isinstance(error, ResponseFailed):
        for reason in error.reasons:
            yield from _causes(reason.value)
    if error.__cause__ is not None and error.__cause__ is not error:
        yield from _causes(error.__cause__)
    yield error


def _message(error: BaseException) -> str:
    if isinstance(error, TlsError) and error.args and isinstance(error.args[0], list):
        text = "; ".join(reason[-1] for reason in error.args[0] if reason)
    elif isinstance(error, TunnelError):
        text = "the proxy refused the tunnel " + str(error).partition("[")[2].rstrip("]")
    else:
        text = str(error) or type(error).__name__
    return " ".join(_CREDENTIALS.sub("//", text).split())[:300]
