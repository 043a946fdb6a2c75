"""What building the site of a run costs: ``python -m benchmarks.site [--services 10000] [--runs 24]``.

Prints ratios: the build over copying the files it made, in seconds of one run; a service of a large run over one of 312, in
seconds and in memory (1.0 means that nothing grows); and building again after one verdict changed over building first.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import update

from benchmarks.made_up_runs import make_runs, services_of
from checks.model.outcome import Outcome
from reports.store.schema import VerdictRow
from reports.store.session import open_store

SMALL, SMALL_RUNS = 312, 24


@dataclass(frozen=True)
class Cost:
    """``seconds`` of the clock, ``processor`` of it, ``memory`` the peak in MB."""

    seconds: float
    processor: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.processor:.1f} s of processor), {self.memory:.0f} MB at most"


def built(folder: Path) -> Cost:
    """One ``toise report``, in a process of its own."""
    toise = str(Path(sys.executable).with_name("toise"))
    places = ("--runs", folder / "runs", "--database", f"sqlite:///{folder / 'toise.db'}", "--output", folder / "site")
    started = time.monotonic()
    child = os.posix_spawn(toise, [toise, "report", *map(str, places)], os.environ)
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit("toise report failed")
    return Cost(time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def change_one_verdict(folder: Path) -> None:
    engine = open_store(f"sqlite:///{folder / 'toise.db'}")
    with engine.begin() as connection:
        chosen = VerdictRow.service_id == "service-00007"
        connection.execute(update(VerdictRow).where(chosen).values(outcome=Outcome.FAILED))
    engine.dispose()


def copied(folder: Path) -> float:
    started = time.monotonic()
    shutil.copytree(folder / "site", folder / "copy")
    return time.monotonic() - started


def measured(folder: Path, services: int, runs: int) -> Cost:
    folder.mkdir()
    make_runs(folder, services_of(services), runs)
    first = built(folder)
    copy = copied(folder)
    change_one_verdict(folder)
    again = built(folder)
    files = sum(1 for path in (folder / "site").rglob("*") if path.is_file())
    click.echo(f"{services} services, {runs} runs: {files} files, {first}")
    click.echo(f"  building / copying the same files: {first.seconds / copy:.1f}")
    click.echo(f"  building again after one change / building: {again.processor / first.processor:.2f}")
    return first


@click.command()
@click.option("--services", default=10_000, show_default=True)
@click.option("--runs", default=3, show_default=True)
def main(services: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        small = measured(Path(name) / "small", SMALL, SMALL_RUNS)
        large = measured(Path(name) / "large", services, runs)
    grown = (large.processor / services) / (small.processor / SMALL)
    click.echo(f"a service of {services} / a service of {SMALL}: {grown:.2f} in seconds of processor")
    click.echo(f"peak memory of {services} / of {SMALL}: {large.memory / small.memory:.2f}")


if __name__ == "__main__":
    main()
