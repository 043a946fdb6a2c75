from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

from crawler.visit import service_visited

# Scrapy's own would fetch the Public Suffix List from the network at the first cookie, and block the crawl meanwhile.
cookies._split_domain = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)  # noqa: SLF001


class CookiesMiddleware(cookies.CookiesMiddleware):
    """A jar a service, for the time of its visit: what one was told is never repeated for another."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CookiesMiddleware:
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware._forget, signal=service_visited)  # noqa: SLF001
        return middleware

    def _forget(self, service: str) -> None:
        self.jars.pop(service, None)
