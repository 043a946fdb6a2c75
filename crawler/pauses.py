from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex


class Pauses:
    """The pauses that hosts asked for, kept in the folder of a run: the processes that crawl beside this one, the second visits,
    and the crawl that goes on with one that was cut short are nobody else for a host.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._name = token_hex(8)

    def add(self, host: str, seconds: float) -> None:
        """Raises ``OSError``."""
        line = json.dumps({"host": host, "seconds": seconds, "at": time.time(), "by": self._name})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def news(self) -> Iterator[tuple[str, float]]:
        """The hosts that are still to be left in peace, and for how many seconds, but for what was said here or told before."""
        try:
            if self._path.stat().st_size <= self._read:
                return
        except FileNotFoundError:
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            lines = file.read().splitlines(keepends=True)
        for line in lines:
            if not line.endswith(b"\n"):  # another process is writing it, or was cut short
                break
            self._read += len(line)
            if told := self._told(line):
                yield told

    def _told(self, line: bytes) -> tuple[str, float] | None:
        now = time.time()
        try:
            told = json.loads(line)
            host, asked = str(told["host"]), float(told["seconds"])
            seconds = min(told["at"] + asked - now, asked)  # no longer, if our clock went back
            is_news = seconds > 0 and told.get("by") != self._name
        except (ValueError, TypeError, KeyError):  # a line that was cut short
            return None
        return (host, seconds) if is_news else None
