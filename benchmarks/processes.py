"""(e) One crawling process that judges in passing against two: ``python -m benchmarks.processes``. The web is nginx, in a
process of its own, so on a machine of two cores it takes a little of what is measured.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from benchmarks.audits import registered, visited
from benchmarks.web.serving import served


@click.command()
@click.option("--hosts", default=400, show_default=True)
@click.option("--tls", is_flag=True, help="Over https, with a certificate a host.")
def main(*, hosts: int, tls: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="toise-processes-") as name, served(hosts if tls else 0) as web:
        folder = Path(name)
        run = registered(folder / "run", [web.url(number) for number in range(hosts)])
        costs = {count: visited(folder / f"by-{count}", run, web.environment(), count).cost for count in (1, 2)}
    for count, cost in costs.items():
        print(  # noqa: T201 - its output
            f"{count} process(es): {hosts / cost.wall:6.1f} hosts/s {1000 * cost.cpu / hosts:6.0f} ms CPU a host"
            f" {cost.peak:5.0f} MB {costs[1].wall / cost.wall:5.2f} x"
        )


if __name__ == "__main__":
    main()
