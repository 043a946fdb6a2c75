"""Audits of the benchmarks' web, measured."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measured import Measured, measured
from checks.model.run_folder import RunFolder
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
    places = [
        "--runs",
        str(folder / "runs"),
        "--database",
        f"sqlite:///{folder / 'toise.db'}",
        "--report",
        str(folder / "site"),
    ]
    cost = measured(
        [*command, *places, "--allow-private", "--render", "never", "--second-visit", "0", *options], environment
    )
    (run,) = RunFolder.all(folder / "runs")
    return Audit(folder=run, cost=cost, requests=run.state["counts"]["requests"])


def visited(folder: Path, audited: RunFolder, environment: Mapping[str, str], processes: int, **settings: Any) -> Audit:
    """The visits of the services of another run, judged in passing, by that many processes; no other stage."""
    path = folder / "run"
    (path / "captures").mkdir(parents=True)
    state = audited.state
    run = RunFolder(path)
    run.update({**{key: state[key] for key in ("id", "started_at", "as_of")}, "settings": state["settings"] | settings})
    run.write_services(audited.read_services())
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
