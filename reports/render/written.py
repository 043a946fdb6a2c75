from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class SiteFolder:
    """Where the files of a site are written, in folders that are made as they are named."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._made: set[str] = set()

    def write(self, path: str, content: str | bytes | Iterable[str]) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            (self.path / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        with (self.path / path).open("wb") as opened:
            for part in (content,) if isinstance(content, bytes | str) else content:
                opened.write(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
