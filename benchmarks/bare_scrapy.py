"""The reference: Scrapy alone, as fast as one process of it goes, over the addresses of a file. Prints how many answered."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

LINES = Path(sys.argv[1]).read_text("utf-8").splitlines()


class Bare(Spider):
    name = "bare"
    answered = 0

    async def start(self) -> AsyncIterator[Any]:
        for line in LINES:
            method, _, url = line.partition(" ")
            yield Request(url, method=method, dont_filter=True)

    def parse(self, _: Response) -> None:
        Bare.answered += 1


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 256,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "RETRY_ENABLED": False,
            "HTTPERROR_ALLOW_ALL": True,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "WARNING",
        }
    )
    process.crawl(Bare)
    process.start()
    print(Bare.answered)  # noqa: T201 - its output
