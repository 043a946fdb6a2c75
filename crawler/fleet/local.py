from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from crawler.forges.tokens import forge_tokens

PATIENCE = 10
"""Seconds given to a crawl that is told to stop; whole captures are safe at any time, so it may then be killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """How a crawl went: services visited, errors of ours, requests sent, and whether it came to its end.

    A service that such an error met is not among the visited: it has no captures, and the next crawl visits it anew.
    """

    visited: int
    crashes: int
    requests: int
    is_finished: bool


def crawl(
    folder: RunFolder,
    on_visited: Callable[[str], None] = lambda _: None,
    on_interrupted: Callable[[], None] = lambda: None,
) -> CrawlReport:
    """Makes the visits that a run is owed, in a process of its own: a reactor starts only once. Interrupted, it takes up
    to :data:`PATIENCE` seconds to end.

    Raises :class:`InputError` when the disk refuses the captures, when another process visits for the same run, and for
    tokens of forges that are none.
    """
    forge_tokens()
    # -P: a folder named "crawler" where the user stands is not ours.
    command = [sys.executable, "-P", "-m", "crawler.fleet.shard", str(folder.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            visited, last = _followed(process, on_visited)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                on_interrupted()
            _stop(process)
            raise
    if last.get("error"):
        raise InputError(last["error"])
    if last.get("disk_error"):
        raise InputError(
            f"Visite arrêtée, {folder.captures} n'accepte plus de captures ({last['disk_error']}) : "
            "libérez de la place, puis reprenez cet audit."
        )
    return CrawlReport(
        visited=visited,
        crashes=last.get("crashes", 0),
        requests=last.get("requests", 0),
        is_finished=process.returncode == 0,
    )


def _followed(process: subprocess.Popen[str], on_visited: Callable[[str], None]) -> tuple[int, dict[str, Any]]:
    """The number of services visited, and what the process said last."""
    visited, last = 0, dict[str, Any]()
    for line in process.stdout or ():
        said = json.loads(line)
        if "service" in said:
            visited += 1
            on_visited(said["service"])
        else:
            last = said
    return visited, last


def _stop(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
