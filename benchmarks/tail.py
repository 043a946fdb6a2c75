"""(f) How long dead and slow hosts keep an audit: ``python -m benchmarks.tail``.

Of the hosts, one in twenty is dead (takes a request and never answers) and one in twenty slow (takes ten seconds for each page).
Prints the wall time of the visits of all against that of one dead and one slow host alone, at the limits of a real audit: a
request may take 20 seconds, and a visit 300 in all.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from benchmarks.audits import registered, visited
from benchmarks.web.serving import Web, served
from benchmarks.web.tiresome import Manner

_EVERY = 20


def _urls(web: Web, hosts: int) -> list[str]:
    manners = {0: Manner.DEAD, 1: Manner.SLOW}
    return [web.url(number, manners.get(number % _EVERY)) for number in range(hosts)]


@click.command()
@click.option("--hosts", default=400, show_default=True)
@click.option("--processes", default=2, show_default=True)
def main(hosts: int, processes: int) -> None:
    with tempfile.TemporaryDirectory(prefix="toise-tail-") as name, served() as web:
        folder, urls = Path(name), _urls(web, hosts)
        costs = {}
        for label, some in (("one dead, one slow, alone", urls[:2]), (f"{hosts} hosts, 5 % dead, 5 % slow", urls)):
            run = registered(folder / label, some)
            costs[label] = visited(folder / f"{label}, visited", run, web.environment(), processes).cost
    alone, *_ = costs.values()
    for label, cost in costs.items():
        print(f"{label:36}{cost.wall:8.1f} s{cost.wall / alone.wall:8.2f} x")  # noqa: T201 - its output


if __name__ == "__main__":
    main()
