from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from checks.model.capture import FailureKind
from crawler.failures import CeilingError, CutError, FetchFailedError, failure_of
from crawler.guard import refusal_of
from crawler.heads import IDLE, HeadFactory
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
        self._contextFactory = VerifyingContextFactory.from_crawler(crawler)
        self._lenient = HTTP11DownloadHandler(crawler)
        self._lenient._contextFactory = _ScrapyClientContextFactory.from_crawler(crawler)  # noqa: SLF001
        self._lenient._contextFactory._verify_certificates = False  # noqa: SLF001
        for pool in (self._pool, self._lenient._pool):  # noqa: SLF001
            pool._factory = HeadFactory  # noqa: SLF001
            pool.retryAutomatically = False  # Twisted would ask again by itself, unseen and uncounted
            pool.cachedConnectionTimeout = IDLE

    async def download_request(self, request: Request) -> Response:
        with _counted(request):
            try:
                if request.meta.get(INSECURE):
                    return await self._lenient.download_request(request)
                return await super().download_request(request)
            except Exception as error:
                raise _ended(request, error) from error

    async def close(self) -> None:
        await self._lenient.close()
        await super().close()


def _counted(request: Request) -> AbstractContextManager[None]:
    """Counts the time of a request for its visit, which ends here if it is late: the time of the answer alone, and not of
    the delay kept before it. What a page asks for in a browser is counted with the page."""
    if "ticket" not in request.meta:
        return nullcontext()
    visit: Visit = request.meta["visit"]
    if late := visit.lateness():
        raise CeilingError(late)
    return visit.waiting()


def _ended(request: Request, error: Exception) -> FetchFailedError:
    if isinstance(error, CannotResolveHostError) and (refusal := refusal_of(urlsplit(request.url).hostname or "")):
        return FetchFailedError(refusal)
    failure = failure_of(error)
    return CutError(failure) if failure.kind in _CUT else FetchFailedError(failure)
