"""What showing pages to a browser costs: ``python -m benchmarks.rendering [--sites 6]``.

The same sites are visited with ``render=never`` and ``render=always``, by one crawling process, and what the second costs is
printed as a multiple of the first. Their pages are those of ``benchmarks.web``, to which a script adds what it fetches.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import click
import psutil

from benchmarks.web.pages import write_site
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import read_captures
from crawler.fleet.local import crawl

SEED = 20261128
_LOOK = 0.05
_SCRIPT = """fetch('/donnees.json').then((answer) => answer.json()).then((words) => {
  const main = document.querySelector('main');
  for (const textContent of words) main.append(Object.assign(document.createElement('p'), {textContent}));
});"""


class Site(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        """``/stats`` is ``stats.html`` of the folder that the last number of the address names."""
        name = urlsplit(path).path.strip("/") or "index"
        folder = Path(self.directory) / self.connection.getsockname()[0].rpartition(".")[2]
        return str(folder / (name if "." in name else f"{name}.html"))

    def log_message(self, *_: object) -> None:
        pass


def serve(folder: Path, port: multiprocessing.SimpleQueue[int]) -> None:
    server = ThreadingHTTPServer(("0.0.0.0", 0), partial(Site, directory=str(folder)))  # noqa: S104 - hosts are 127.0.0.N
    port.put(server.server_port)
    server.serve_forever()


@contextmanager
def served(folder: Path, sites: int) -> Iterator[list[str]]:
    """The addresses of the sites, served by a process of its own, which is no part of what is measured."""
    for number in range(1, sites + 1):
        write_site(folder / str(number), number, SEED)
        (folder / str(number) / "app.js").write_text(_SCRIPT, "utf-8")
        (folder / str(number) / "donnees.json").write_text(json.dumps(["mot"] * 50), "utf-8")
    port: multiprocessing.SimpleQueue[int] = multiprocessing.SimpleQueue()
    server = multiprocessing.Process(target=serve, args=(folder, port), daemon=True)
    server.start()
    try:
        at = port.get()
        yield [f"http://127.0.0.{number}:{at}/" for number in range(1, sites + 1)]
    finally:
        server.terminate()
        server.join()


@dataclass
class Cost:
    """``seconds`` of the clock, ``processor`` of it by kind of process, ``memory`` of all at once, the peak in MB."""

    pages: int = 0
    shown: int = 0
    seconds: float = 0.0
    memory: float = 0.0
    _processor: dict[tuple[str, int], float] = field(default_factory=dict)

    @property
    def processor(self) -> Counter[str]:
        spent: Counter[str] = Counter()
        for (kind, _), seconds in self._processor.items():
            spent[kind] += seconds  # type: ignore[assignment]
        return spent

    def look(self, processes: list[psutil.Process]) -> None:
        memory = 0
        for process in processes:
            try:
                name, times = process.name(), process.cpu_times()
                memory += process.memory_full_info().uss
            except psutil.Error:
                continue
            kind = "crawl" if "python" in name else "driver" if name.startswith("node") else "browser"
            self._processor[kind, process.pid] = times.user + times.system
        self.memory = max(self.memory, memory / 2**20)


def visited(folder: Path, urls: list[str], render: str) -> Cost:
    run = RunFolder.create(folder / render, datetime.now(UTC))
    settings = {"delay": 0.02, "timeout": 10, "allow_private": True, "render": render}
    run.update({"id": run.path.name, "settings": settings})
    services = [Service(id=f"site-{at}", name="Site", urls=(url,)) for at, url in enumerate(urls)]
    run.write_services(services)
    before, cost, started = set(psutil.Process().children(recursive=True)), Cost(), time.monotonic()
    crawling = threading.Thread(target=crawl, args=(run,), kwargs={"processes": 1})
    crawling.start()
    while crawling.is_alive():
        cost.look([one for one in psutil.Process().children(recursive=True) if one not in before])
        crawling.join(_LOOK)
    cost.seconds = time.monotonic() - started
    for service in services:
        captures = read_captures(run.warc(service.id))
        cost.shown += sum(capture.rendering is not None and capture.failure is None for capture in captures)
        cost.pages += sum(capture.rendering is None for capture in captures)
    return cost


def say(cost: Cost, sites: int) -> None:
    spent = cost.processor
    kinds = ", ".join(f"{kind} {seconds:.2f}" for kind, seconds in sorted(spent.items()))
    click.echo(
        f"  {cost.pages} exchanges, {cost.shown} pages shown, {cost.seconds:.1f} s; processor: {spent.total() / sites:.2f} s "
        f"a site ({kinds} in all); {cost.memory:.0f} MB at most"
    )


@click.command()
@click.option("--sites", default=6, show_default=True)
def main(sites: int) -> None:
    with tempfile.TemporaryDirectory() as name, served(Path(name) / "sites", sites) as urls:
        never, always = (visited(Path(name), urls, render) for render in ("never", "always"))
    for render, cost in (("never", never), ("always", always)):
        click.echo(f"render={render}")
        say(cost, sites)
    if not always.shown:
        raise SystemExit("No page was shown: is there a browser? (python -m crawler.rendering.find)")
    more = always.processor.total() - never.processor.total()
    click.echo(f"a site shown / the same site not shown: {always.processor.total() / never.processor.total():.1f}")
    click.echo(
        f"a page shown: {1000 * more / always.shown:.0f} ms of processor, {always.shown / always.seconds:.2f} pages/s"
    )


if __name__ == "__main__":
    main()
