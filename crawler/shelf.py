from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import IO

from checks.model.capture import Capture

LONG = 128 * 1024
"""Bytes from which a body is put away: thirty that are shorter, all that a visit may ask for, are 4 MB."""

AT_ONCE = 40 * 1024 * 1024
"""Bytes of long bodies that are read back together, in the order of the plan: a page twice as long as any real one may stand
at ten addresses of a site. Of those beyond, the plan sees that they answered, and nothing else."""


class Shelf:
    """The long bodies of the captures of one visit, on the disk while nothing is made of them: hundreds of visits go on
    together. Beside the captures: a folder of temporary files is often memory itself. Raises ``OSError``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._places: dict[str, tuple[int, int]] = {}

    def put(self, capture: Capture) -> Capture:
        """The capture as it is kept in memory."""
        if len(capture.body) < LONG:
            return capture
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the visit
        start = self._file.seek(0, 2)
        self._file.write(capture.body)
        self._file.flush()  # a disk that is full says so here
        self._places[capture.id] = (start, len(capture.body))
        return replace(capture, body=b"")

    def take(self, capture: Capture) -> Capture:
        """The capture as it was made."""
        if capture.id not in self._places:
            return capture
        assert self._file is not None  # noqa: S101 - there is no place without it
        start, size = self._places[capture.id]
        self._file.seek(start)
        return replace(capture, body=self._file.read(size))

    def take_all(self, captures: Iterable[Capture]) -> Iterator[Capture]:
        """The captures as they were made, as far as :data:`AT_ONCE` goes."""
        left = AT_ONCE
        for capture in sorted(captures, key=attrgetter("number", "at")):
            left -= self._places.get(capture.id, (0, 0))[1]
            yield self.take(capture) if left >= 0 else capture

    def clear(self) -> None:
        if self._file:
            self._file.close()
        self._file = None
        self._places.clear()
