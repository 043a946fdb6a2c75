from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.http import Response
from tldextract import TLDExtract

from checks.model.service import Service
from crawler.visit import service_visited

# Scrapy's own would fetch the Public Suffix List from the network at the first cookie, and block the crawl meanwhile.
cookies._split_domain = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)  # noqa: SLF001


MAX_COOKIES = 180
"""Cookies that a jar holds, as many as Chromium keeps for a site; each request looks at all of them."""

MAX_COOKIE = 4096
"""Bytes of a cookie; browsers leave out those that are longer (RFC 6265bis §5.7)."""


class CookiesMiddleware(cookies.CookiesMiddleware):
    """A jar a service, for the time of its visit: what one was told is never repeated for another."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """As Scrapy's, from the cookies for which there is room; the response itself keeps them all."""
        sent = [cookie for cookie in response.headers.getlist("Set-Cookie") if len(cookie) <= MAX_COOKIE]
        if sent:
            room = max(MAX_COOKIES - len(self.jars[request.meta.get("cookiejar")]), 0)
            headers = {"Set-Cookie": sent[:room]}
            super().process_response(request, Response(response.url, headers=headers))
        return response

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CookiesMiddleware:
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware._forget, signal=service_visited)  # noqa: SLF001
        return middleware

    def _forget(self, service: Service) -> None:
        self.jars.pop(service.id, None)
