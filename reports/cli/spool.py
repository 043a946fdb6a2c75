from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import Self

from reports.figures.changes import Cause, Change

MEMORY = 4 * 1024 * 1024
"""Bytes of changes of one cause kept in memory; what is more waits in a file without a name."""


class Spool:
    """The changes found, by cause and in the order in which they came, whatever their number."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._files = {cause: self._opened() for cause in Cause}

    def _opened(self) -> SpooledTemporaryFile[str]:
        return self._stack.enter_context(SpooledTemporaryFile(MEMORY, "w+", encoding="utf-8", newline="\n"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, change: Change) -> None:
        self._files[change.cause].write(json.dumps(change.to_json()) + "\n")

    def of(self, cause: Cause) -> Iterator[Change]:
        file = self._files[cause]
        file.seek(0)
        return (Change.from_json(json.loads(line)) for line in file)
