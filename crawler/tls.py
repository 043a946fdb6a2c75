from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

INSECURE = "insecure"
"""The key of ``Request.meta`` that asks for a page in spite of its certificate."""


class CheckingDownloadHandler(HTTP11DownloadHandler):
    """Certificates are checked, except where a request says that this one is known to be bad.

    Scrapy has one switch for the whole crawl (``DOWNLOAD_VERIFY_CERTIFICATES``), so the exception is a second
    handler with a pool of its own: no connection that was not checked serves a request that must be.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lenient = HTTP11DownloadHandler(crawler)
        self._lenient._contextFactory = _ScrapyClientContextFactory.from_crawler(crawler)  # noqa: SLF001
        self._lenient._contextFactory._verify_certificates = False  # noqa: SLF001

    async def download_request(self, request: Request) -> Response:
        if request.meta.get(INSECURE):
            return await self._lenient.download_request(request)
        return await super().download_request(request)

    async def close(self) -> None:
        await self._lenient.close()
        await super().close()
