"""One crawling process: ``python -m crawler.fleet.shard RUN``. Prints one JSON line a service as it is visited."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings

from checks.model.run_folder import RunFolder
from crawler.guard import ALLOW_PRIVATE
from crawler.spiders.services import ServicesSpider, service_visited


def main(run: str) -> int:
    folder = RunFolder(Path(run))
    chosen = folder.state.get("settings", {})
    settings = get_project_settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("LOG_FILE", str(folder.log), priority="cmdline")
    settings.set(ALLOW_PRIVATE, bool(chosen.get("allow_private")), priority="cmdline")
    if "timeout" in chosen:
        settings.set("DOWNLOAD_TIMEOUT", chosen["timeout"], priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(ServicesSpider)
    crawler.signals.connect(_said, signal=service_visited)
    process.crawl(crawler, run=run)
    process.start()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    crashes = sum(value for name, value in stats.items() if name == "spider_exceptions/count")
    _print({"crashes": crashes, "requests": stats.get("downloader/request_count", 0)})
    return 0 if stats.get("finish_reason") == "finished" else 1


def _said(service: str) -> None:
    _print({"service": service})


def _print(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
