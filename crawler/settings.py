"""Scrapy's settings, polite first. What a run may change is in its ``run.json`` (see ``crawler.fleet.shard``)."""

from __future__ import annotations

import os
from importlib.metadata import version

BOT_NAME = "toise"
SOFTWARE = f"Toise/{version('toise')}"
CONTACT = os.environ.get("TOISE_CONTACT", "https://beta.gouv.fr; contact@beta.gouv.fr")
USER_AGENT = f"{SOFTWARE} (+{CONTACT})"
ROBOTSTXT_USER_AGENT = "Toise"

SPIDER_MODULES = ["crawler.spiders"]

# Per host: two requests at a time, half a second apart. Scrapy keeps the first only where the second is above 0, and for
# one kind of request at a time: crawler.pace keeps it for all.
CONCURRENT_REQUESTS = 256  # most of them wait for the delay of their host
CONCURRENT_REQUESTS_PER_DOMAIN = 2
CONCURRENT_REQUESTS_PER_MACHINE = (
    8  # an address where many hosts may live; Scrapy's own limit would take the place of a host's
)
LONGEST_PAUSE = 30  # seconds; the longest pause that is waited for when a host asks for one
DOWNLOAD_DELAY = 0.5
MIN_DELAY = 0.02  # seconds; the least that a run may choose
DOWNLOAD_DELAY_JITTER = 0.0  # a delay that a host asks for is never shortened
DOWNLOAD_TIMEOUT = 20  # for the whole answer, and not between two bytes
CONCURRENT_ITEMS = 1  # there is none: what Scrapy makes ready for each answer would only take time
DNS_TIMEOUT = 10
REACTOR_THREADPOOL_MAXSIZE = 50

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0

DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "crawler.downloading.DownloadHandler",
    "https": "crawler.downloading.DownloadHandler",
    # Nothing but the web is read, whatever a page or a redirect says.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# What nobody here uses costs time at each answer, or at the start of a process.
EXTENSIONS = {
    "crawler.pace.Pace": 0,
    "scrapy.extensions.closespider.CloseSpider": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
}
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    # Bodies are kept as they came, and decoded by crawler.decoding, within a limit.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "crawler.middlewares.rendering.RenderingMiddleware": 80,
    "crawler.middlewares.forges.ForgesMiddleware": 85,
    "crawler.guard.PrivateAddressMiddleware": 90,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirect.RedirectMiddleware": 600,
    "crawler.middlewares.retry_after.RetryAfterMiddleware": 650,  # before a redirect that asks to wait is followed
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.cookies.CookiesMiddleware": 700,
    "crawler.middlewares.archive.ArchiveMiddleware": 999,
}
SPIDER_MIDDLEWARES = {
    # A request that it drops ends nowhere, and its visit would wait for it for ever.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    # Every status is an answer, no Referer is sent, and a visit knows where it stands.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
WARN_ON_GENERATOR_RETURN_VALUE = False  # Scrapy would parse the source of the spider's methods at each answer
REDIRECT_MAX_TIMES = 8  # with those of robots.txt, no more than one service may cost

# A connection that was cut is tried once more; everything else is said at once.
RETRY_TIMES = 1
RETRY_HTTP_CODES: list[int] = []
RETRY_EXCEPTIONS = ["crawler.failures.CutError"]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

LOG_LEVEL = "INFO"
