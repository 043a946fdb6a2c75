from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.abstract import isIPAddress, isIPv6Address

from checks.model.address import host_of
from checks.model.capture import FailureKind
from crawler.failures import CeilingError, CutError, FetchFailedError, failure_of
from crawler.guard import refusal_of
from crawler.heads import IDLE, HeadFactory
from crawler.pace import SENT_AT, pace_of
from crawler.verification import VerifyingContextFactory
from crawler.visit import Visit

INSECURE = "insecure"
"""The key of ``Request.meta`` that asks for a page in spite of its certificate."""

_CUT = {FailureKind.RESET, FailureKind.DATA_LOSS}


class DownloadHandler(HTTP11DownloadHandler):
    """Whatever ends a download is the world's doing, and leaves here as :class:`FetchFailedError`; other errors are ours.

    Certificates are checked, except where a request says that this one is known to be bad. Scrapy has one switch for
    the whole crawl (``DOWNLOAD_VERIFY_CERTIFICATES``), so the exception is a second handler with a pool of its own: no
    connection that was not checked serves a request that must be.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pace = pace_of(crawler)
        self._contextFactory = VerifyingContextFactory.from_crawler(crawler)
        self._lenient = HTTP11DownloadHandler(crawler)
        self._lenient._contextFactory = _ScrapyClientContextFactory.from_crawler(crawler)  # noqa: SLF001
        self._lenient._contextFactory._verify_certificates = False  # noqa: SLF001
        for pool in (self._pool, self._lenient._pool):  # noqa: SLF001
            pool._factory = HeadFactory  # noqa: SLF001
            pool.retryAutomatically = False  # Twisted would ask again by itself, unseen and uncounted
            pool.cachedConnectionTimeout = IDLE

    async def download_request(self, request: Request) -> Response:
        """In its turn, for which a request waits outside the time that it is given."""
        slot = request.meta["download_slot"]
        assert self._crawler.engine is not None  # noqa: S101 - a handler works for an engine
        delay = self._crawler.engine.downloader.slots[slot].delay
        _check_patience(request)
        try:
            address = await _address(request)
            async with self._pace.turn(host_of(request.url), line=slot, delay=delay, address=address) as sent_at:
                request.meta[SENT_AT] = sent_at
                with _counted(request):
                    return await self._downloaded(request)
        except FetchFailedError:
            raise
        except Exception as error:
            raise _ended(request, error) from error

    async def _downloaded(self, request: Request) -> Response:
        if request.meta.get(INSECURE):
            return await self._lenient.download_request(request)
        return await super().download_request(request)

    async def close(self) -> None:
        await self._lenient.close()
        await super().close()


async def _address(request: Request) -> str | None:
    """Where the request goes, from the resolver that the connection asks too; ``None`` behind a proxy, which alone knows."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it, which Scrapy must do

    host = urlsplit(request.url).hostname or ""
    if request.meta.get("proxy"):
        return None
    if isIPAddress(host) or isIPv6Address(host):
        return host
    with wrap_twisted_exceptions():
        return str(await maybe_deferred_to_future(reactor.resolve(host)))


def _check_patience(request: Request) -> None:
    """A visit that waited too long ends here. What a page asks for in a browser is counted with the page."""
    visit: Visit = request.meta["visit"]
    if "ticket" in request.meta and (late := visit.lateness()):
        raise CeilingError(late)


def _counted(request: Request) -> AbstractContextManager[None]:
    """Counts the time of a request for its visit: the time of the answer alone, and not of its turn."""
    _check_patience(request)
    visit: Visit = request.meta["visit"]
    return visit.waiting() if "ticket" in request.meta else nullcontext()


def _ended(request: Request, error: Exception) -> FetchFailedError:
    if isinstance(error, CannotResolveHostError) and (refusal := refusal_of(urlsplit(request.url).hostname or "")):
        return FetchFailedError(refusal)
    failure = failure_of(error)
    return CutError(failure) if failure.kind in _CUT else FetchFailedError(failure)
