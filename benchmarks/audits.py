"""Audits of the benchmarks' web, measured."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measured import Measured, measured
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import read_captures

_CRAWL = """
import sys
from pathlib import Path
from checks.model.run_folder import RunFolder
from crawler.fleet.local import Told, crawl
from reports.cli.passing import JUDGING, keeping
folder = RunFolder(Path(sys.argv[1]))
with keeping(folder) as keep:
    print(crawl(folder, Told(made=keep), JUDGING, processes=int(sys.argv[2])).requests)
"""


_OPTIONS = ("--allow-private", "--render=never", "--second-visit=0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An audit that has ended: its run, what it cost, and the requests that it sent."""

    folder: RunFolder
    cost: Measured
    requests: int


def audit(folder: Path, urls: Sequence[str], environment: Mapping[str, str], *options: str) -> Audit:
    """The whole chain, as a user runs it, on all cores: visits, captures, verdicts, base and report."""
    folder.mkdir(parents=True)
    registry = folder / "registry.csv"
    lines = (f"s{rank:06},Service {rank},{url},acceleration,{url}stats" for rank, url in enumerate(urls))
    registry.write_text("\n".join(["id,name,url,phase,statistics_url", *lines]), "utf-8")
    command = [sys.executable, "-P", "-c", "from reports.cli import main; main()", "audit", str(registry)]
    places = [f"--runs={folder / 'runs'}", f"--database=sqlite:///{folder / 'toise.db'}", f"--report={folder / 'site'}"]
    cost = measured([*command, *places, *_OPTIONS, *options], environment)
    (run,) = RunFolder.all(folder / "runs")
    return Audit(folder=run, cost=cost, requests=run.state["counts"]["requests"])


def registered(path: Path, urls: Sequence[str]) -> RunFolder:
    """A run of these services whose visits are all owed."""
    (path / "captures").mkdir(parents=True)
    run = RunFolder(path)
    now = datetime.now(UTC)
    settings = {"allow_private": True, "render": "never", "phase_rule": "latest-start"}
    run.update(
        {"id": path.name, "started_at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "as_of": f"{now:%Y-%m-%d}", "settings": settings}
    )
    run.write_services(
        Service(id=f"s{rank:06}", name=f"Service {rank}", urls=(url,), statistics_url=f"{url}stats")
        for rank, url in enumerate(urls)
    )
    return run


def visited(path: Path, of: RunFolder, environment: Mapping[str, str], processes: int) -> Audit:
    """The visits of the services of a run, made anew and judged in passing by that many processes; no other stage."""
    (path / "captures").mkdir(parents=True)
    run = RunFolder(path)
    run.update(of.state)
    run.write_services(of.read_services())
    cost = measured([sys.executable, "-P", "-c", _CRAWL, str(path), str(processes)], environment)
    return Audit(folder=run, cost=cost, requests=int(cost.output))


def asked(folder: RunFolder) -> Iterator[str]:
    """Every request that a run sent and that was answered, ``METHOD URL``, the hosts mixed as they are in a crawl."""
    captures = [capture for path in sorted(folder.captures.glob("*.warc.gz")) for capture in read_captures(path)]
    for capture in sorted(captures, key=lambda one: one.at):
        if capture.status is not None:
            yield f"{capture.method} {capture.url}"


def size(folder: RunFolder) -> int:
    """Bytes of the captures."""
    return sum(path.stat().st_size for path in folder.captures.iterdir())
