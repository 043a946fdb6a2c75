"""(c) Judging alone, in one process: ``python -m benchmarks.judging``. Prints captures a second, and what judging costs against
``BeautifulSoup(text, "lxml").get_text()`` of the same pages, in the same minutes.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click
from bs4 import BeautifulSoup

from benchmarks.audits import registered, visited
from benchmarks.web.serving import served
from checks.model.capture import Capture
from checks.model.run_folder import RunFolder
from crawler.archive import read_captures
from reports.cli.bench import Bench


def _text(captures: list[Capture]) -> None:
    for capture in captures:
        if "html" in capture.media_type:
            BeautifulSoup(capture.body.decode("utf-8", "replace"), "lxml").get_text()


def _seconds(folder: RunFolder) -> tuple[int, float, float]:
    """Captures, and seconds of processor to judge them and to have their text."""
    bench, services = Bench(folder), list(folder.read_services())
    bench.judge(services[0])
    started = time.process_time()
    for service in services:
        bench.judge(service)
    judged = time.process_time() - started
    captures = [capture for service in services for capture in read_captures(folder.warc(service.id))]
    started = time.process_time()
    _text(captures)
    return len(captures), judged, time.process_time() - started


@click.command()
@click.option("--hosts", default=200, show_default=True)
def main(hosts: int) -> None:
    with tempfile.TemporaryDirectory(prefix="toise-judging-") as name, served() as web:
        run = registered(Path(name) / "run", [web.url(number) for number in range(hosts)])
        done = visited(Path(name) / "visited", run, web.environment(), 2)
        count, judged, text = _seconds(done.folder)
    print(  # noqa: T201 - its output
        f"{count} captures: {count / judged:.0f} a second and a core, {1000 * judged / hosts:.1f} ms a host,"
        f" {judged / text:.2f} x the plain text of the same pages"
    )


if __name__ == "__main__":
    main()
