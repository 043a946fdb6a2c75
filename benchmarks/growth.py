"""(d) What a host costs as audits grow: ``python -m benchmarks.growth``. The whole audit, as a user runs it.

Prints seconds of processor a host, of the whole and against the smallest, the memory of the largest process, and bytes of
captures a host. 10,000 hosts take a quarter of an hour on two cores, and 2 GB of disk.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from benchmarks.audits import audit, size
from benchmarks.web.serving import served


@click.command()
@click.argument("hosts", nargs=-1, type=int)
def main(hosts: tuple[int, ...]) -> None:
    counts = hosts or (100, 1_000, 10_000)
    first = 0.0
    with tempfile.TemporaryDirectory(prefix="toise-growth-") as name, served() as web:
        for count in counts:
            done = audit(Path(name) / str(count), [web.url(number) for number in range(count)], web.environment())
            each = done.cost.cpu / count
            first = first or each
            print(  # noqa: T201 - its output
                f"{count:7} hosts {done.requests:7} requests {done.cost.wall:8.1f} s {1000 * each:7.1f} ms CPU a host"
                f" {each / first:5.2f} x {done.cost.peak:6.0f} MB {size(done.folder) / count / 1000:7.1f} kB of captures a host",
                flush=True,
            )


if __name__ == "__main__":
    main()
