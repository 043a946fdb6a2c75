"""One crawling process: ``python -m crawler.fleet.shard RUN`` makes all the visits that a run owes; one of several,
``… RUN NUMBER PROCESSES``, those that its parent hands over (see ``crawler.fleet.feed``).

It says each service that is visited, then how the crawl went. It lives as long as its standard input: nobody reads what a
process without a parent says.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings

from checks.model.errors import InputError
from checks.model.locks import locked, shard
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.fleet.aside import Aside
from crawler.fleet.feed import Feed
from crawler.fleet.lines import FAREWELL, say
from crawler.guard import ALLOW_PRIVATE
from crawler.pace import pace_of
from crawler.spiders.services import ServicesSpider
from crawler.visit import service_missed, service_visited

Made = Callable[[Service, int], Mapping[str, Any]]
"""What is made of a visit as soon as its captures are whole: for the parent, as JSON."""


def main(args: Sequence[str], of: Callable[[RunFolder], Made] | None = None) -> int:
    """``of`` gives what is made of each visit; without it a visit is only said."""
    run, *numbers = args[0], *map(int, args[1:])
    folder = RunFolder(Path(run))
    try:
        with _held(folder, numbers):
            return _Shard(folder, of(folder) if of else None, numbers[1] if numbers else 0).crawled()
    except InputError as error:
        say({"error": str(error)})
        return 1


def _held(folder: RunFolder, numbers: Sequence[int]) -> AbstractContextManager[None]:
    return locked(folder.path, shard(numbers[0])) if numbers else folder.held("crawl", patience=2 * FAREWELL)


class _Shard:
    def __init__(self, folder: RunFolder, made: Made | None, processes: int) -> None:
        self._folder = folder
        self._processes = processes
        self._aside = Aside(made)
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.set("LOG_FILE", str(folder.log), priority="cmdline")
        # The resolver reads the settings of the process, not those of the spider.
        settings.set(ALLOW_PRIVATE, bool(folder.state.get("settings", {}).get("allow_private")), priority="cmdline")
        self._process = CrawlerProcess(settings)
        # Scrapy makes a record of every message, and only then asks whether its level is kept.
        logging.getLogger("scrapy").setLevel(settings["LOG_LEVEL"])

    def crawled(self) -> int:
        crawler = self._process.create_crawler(ServicesSpider)
        crawler.signals.connect(self._aside.take, signal=service_visited)
        crawler.signals.connect(self._aside.miss, signal=service_missed)
        feed = Feed(self._leave) if self._processes else None
        shared = {"feed": feed, "backlog": self._aside, "processes": self._processes or 1}
        self._process.crawl(crawler, run=str(self._folder.path), **shared)
        if feed is None:
            threading.Thread(target=self._live_with_parent, daemon=True).start()
        self._process.start()
        is_finished = _reason(crawler) == "finished"
        self._aside.end(is_hurried=not is_finished)
        _report(crawler)
        return 0 if is_finished else 1

    def _live_with_parent(self) -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        self._leave()

    def _leave(self) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it, which Scrapy must do

        reactor.callFromThread(self._process.stop)
        time.sleep(FAREWELL)
        os._exit(1)


def _reason(crawler: Crawler) -> str | None:
    return crawler.stats.get_value("finish_reason") if crawler.stats else None


def _report(crawler: Crawler) -> None:
    spider = crawler.spider
    assert isinstance(spider, ServicesSpider)  # noqa: S101
    say(
        {
            "crashes": spider.crashes,
            "requests": pace_of(crawler).sent,
            "disk_error": str(spider.disk_error) if spider.disk_error else None,
        }
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
