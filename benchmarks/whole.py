"""(a), (b) The whole audit of static pages against bare fetches of the same addresses: ``python -m benchmarks.whole``.

Prints pages a second of the whole command (visits, captures, verdicts, base, report), then of its visits and verdicts alone, and
their ratios to Scrapy alone and to asyncio with httpx, in the same minutes. The audit uses all cores; what it costs a page in
seconds of processor is printed beside, which no number of cores changes.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path

import click

from benchmarks.audits import asked, audit
from benchmarks.measured import Measured, measured
from benchmarks.web.serving import served
from checks.model.run_folder import RunFolder

BARE = ("benchmarks.bare_scrapy", "benchmarks.bare_httpx")


def _row(name: str, pages: int, wall: float, cpu: float | None, reference: float) -> str:
    rate = pages / wall
    cost = f"{1000 * cpu / pages:8.1f} ms" if cpu else " " * 11
    return f"{name:34}{rate:8.0f} pages/s{cost}{rate / reference:9.2f} x"


def _until_judged(run: RunFolder) -> float:
    """Seconds from the opening of the run to its last verdict."""
    state = run.state
    ends = datetime.fromisoformat(state["stages"]["judge"]["at"])
    return (ends - datetime.fromisoformat(state["started_at"])).total_seconds()


@click.command()
@click.option("--hosts", default=1000, show_default=True)
@click.option("--tls", is_flag=True, help="Over https, with a certificate a host.")
@click.option("--light", is_flag=True, help="Pages of 3 to 5 kB, in place of pages as long as real ones.")
def main(*, hosts: int, tls: bool, light: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="toise-whole-") as name, served(hosts if tls else 0, is_light=light) as web:
        folder = Path(name)
        audited = audit(folder / "audit", [web.url(number) for number in range(hosts)], web.environment())
        urls = list(asked(audited.folder))
        (folder / "urls").write_text("\n".join(urls), "utf-8")
        bare = {kind: measured([sys.executable, "-m", kind, str(folder / "urls")], web.environment()) for kind in BARE}
        _print(audited.folder, audited.cost, len(urls), bare)


def _print(run: RunFolder, cost: Measured, pages: int, bare: dict[str, Measured]) -> None:
    for kind, reference in bare.items():
        assert int(reference.output) == pages, f"{kind} had {reference.output} answers of {pages}"  # noqa: S101
    scrapy, httpx = (pages / reference.wall for reference in bare.values())
    lines = [
        f"{pages} pages; against Scrapy alone:",
        _row("Scrapy alone, one process", pages, bare[BARE[0]].wall, bare[BARE[0]].cpu, scrapy),
        _row("(a) whole audit, all cores", pages, cost.wall, cost.cpu, scrapy),
        _row("    its visits and verdicts", pages, _until_judged(run), None, scrapy),
        "against asyncio and httpx:",
        _row("httpx alone, one process", pages, bare[BARE[1]].wall, bare[BARE[1]].cpu, httpx),
        _row("(b) whole audit, all cores", pages, cost.wall, cost.cpu, httpx),
    ]
    print("\n".join(lines))  # noqa: T201 - its output


if __name__ == "__main__":
    main()
