"""One crawling process: ``python -m crawler.fleet.shard RUN``. Prints one JSON line a service as it is visited, then
one about the crawl. It lives as long as its standard input: nobody reads what a process without a parent says. Where the
process of a command that was killed is still there, its end is waited for: two would visit the same services.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings

from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from crawler.guard import ALLOW_PRIVATE
from crawler.pace import pace_of
from crawler.spiders.services import ServicesSpider
from crawler.visit import service_visited

FAREWELL = 10
"""Seconds that a process whose parent is gone gives to the exchanges under way: whole captures are safe at any time."""


def main(run: str) -> int:
    folder = RunFolder(Path(run))
    try:
        with folder.held("crawl", patience=2 * FAREWELL):
            return _crawled(folder, run)
    except InputError as error:
        _print({"error": str(error)})
        return 1


def _crawled(folder: RunFolder, run: str) -> int:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("LOG_FILE", str(folder.log), priority="cmdline")
    # The resolver reads the settings of the process, not those of the spider.
    settings.set(ALLOW_PRIVATE, bool(folder.state.get("settings", {}).get("allow_private")), priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(ServicesSpider)
    crawler.signals.connect(_said, signal=service_visited)
    process.crawl(crawler, run=run)
    threading.Thread(target=_stop_with_parent, args=(process,), daemon=True).start()
    process.start()
    return _report(crawler)


def _stop_with_parent(process: CrawlerProcess) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it, which Scrapy must do

    reactor.callFromThread(process.stop)
    time.sleep(FAREWELL)
    os._exit(1)


def _report(crawler: Crawler) -> int:
    stats = crawler.stats.get_stats() if crawler.stats else {}
    spider = crawler.spider
    assert isinstance(spider, ServicesSpider)  # noqa: S101
    _print(
        {
            "crashes": spider.crashes,
            "requests": pace_of(crawler).sent,
            "disk_error": str(spider.disk_error) if spider.disk_error else None,
        }
    )
    return 0 if stats.get("finish_reason") == "finished" else 1


def _said(service: str) -> None:
    _print({"service": service})


def _print(line: dict[str, object]) -> None:
    with suppress(BrokenPipeError):  # the parent is gone, and so will we be
        os.write(sys.stdout.fileno(), f"{json.dumps(line)}\n".encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
