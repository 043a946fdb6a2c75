from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


class Repeated(str):
    """The text of thousands of files of a site: where the disk allows it, they are one file under several names, which takes
    the place of one and a tenth of the time."""

    __slots__ = ()


class SiteFolder:
    """Where the files of a site are written, in folders that are made as they are named."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._top = f"{path}{os.sep}"  # a Path for each of a million files takes longer than what is done with it
        self._made: set[str] = set()
        self._first: dict[Repeated, str] = {}

    def write(self, path: str, content: str | bytes | Iterable[str]) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            (self.path / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        if isinstance(content, Repeated) and self._is_linked(path, content):
            return
        parts = (content,) if isinstance(content, bytes | str) else content
        with open(self._top + path, "wb") as opened:  # noqa: PTH123
            opened.writelines(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts)

    def _is_linked(self, path: str, content: Repeated) -> bool:
        """Whether the file is there, as another name of one that holds the same; else it is the one for those to come."""
        first = self._first.get(content)
        if first is not None:
            try:
                os.link(self._top + first, self._top + path)
            except OSError:  # a disk without links, or a file with all the names that it may have (65,000 on ext4)
                pass
            else:
                return True
        self._first[content] = path
        return False
