from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path


class Pauses:
    """The pauses that hosts asked for, kept in the folder of a run: its second visits, and the crawl that goes on with one
    that was cut short, are processes of their own, which hosts do not tell apart.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, host: str, seconds: float) -> None:
        """Raises ``OSError``."""
        line = json.dumps({"host": host, "seconds": seconds, "at": time.time()})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def left(self) -> Iterator[tuple[str, float]]:
        """The hosts that are still to be left in peace, and for how many seconds."""
        if not self._path.exists():
            return
        now = time.time()
        for line in self._path.read_text("utf-8").splitlines():
            try:
                told = json.loads(line)
                host, asked = str(told["host"]), float(told["seconds"])
                seconds = min(told["at"] + asked - now, asked)  # no longer, if our clock went back
            except (ValueError, TypeError, KeyError):  # a line that was cut short
                continue
            if seconds > 0:
                yield host, seconds
