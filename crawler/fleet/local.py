from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from checks.model.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """How a crawl went: services visited, exceptions of ours, requests sent, and whether it came to its end."""

    visited: int
    crashes: int
    requests: int
    is_finished: bool


def crawl(folder: RunFolder, on_visited: Callable[[str], None] = lambda _: None) -> CrawlReport:
    """Visits the services of a run that are not captured yet, in a process of its own: a reactor starts only once."""
    command = [sys.executable, "-m", "crawler.fleet.shard", str(folder.path)]
    visited, last = 0, {"crashes": 0, "requests": 0}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        for line in process.stdout or ():
            said = json.loads(line)
            if "service" in said:
                visited += 1
                on_visited(said["service"])
            else:
                last = said
    return CrawlReport(visited=visited, is_finished=process.returncode == 0, **last)
