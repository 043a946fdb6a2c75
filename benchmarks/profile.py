"""Where the time of an audit goes: ``python -m benchmarks.profile crawl`` (visits and archives, one process) or ``judge``. Prints
the functions that take the most, by their own time, then with what they call. Profiling makes each call dearer: what is called
often looks worse than it is, and ``python -m benchmarks.whole`` is the measure.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import tempfile
from pathlib import Path

import click

from benchmarks.audits import registered, visited
from benchmarks.measured import measured
from benchmarks.web.serving import served
from checks.model.run_folder import RunFolder
from reports.cli.bench import Bench


def _judge(folder: RunFolder, to: Path) -> None:
    bench, services = Bench(folder), list(folder.read_services())
    bench.judge(services[0])
    profile = cProfile.Profile()
    profile.enable()
    for service in services:
        bench.judge(service)
    profile.dump_stats(to)


@click.command()
@click.argument("stage", type=click.Choice(["crawl", "judge"]))
@click.option("--hosts", default=100, show_default=True)
@click.option("--lines", default=40, show_default=True)
def main(stage: str, hosts: int, lines: int) -> None:
    with tempfile.TemporaryDirectory(prefix="toise-profile-") as name, served() as web:
        run = registered(Path(name) / "run", [web.url(number) for number in range(hosts)])
        to = Path(name) / "profile"
        if stage == "crawl":
            command = [
                sys.executable,
                "-P",
                "-m",
                "cProfile",
                "-o",
                str(to),
                "-m",
                "crawler.fleet.shard",
                str(run.path),
            ]
            measured(command, web.environment())
        else:
            _judge(visited(Path(name) / "visited", run, web.environment(), 2).folder, to)
        found = pstats.Stats(str(to))
        found.sort_stats("tottime").print_stats(lines)
        found.sort_stats("cumtime").print_stats(lines)


if __name__ == "__main__":
    main()
