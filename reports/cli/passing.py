"""What visits were judged in passing, by the processes that made them: one line a visit in the files of ``judged/``."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from checks.catalogue import ruleset_digest
from checks.model.run_folder import RunFolder
from checks.model.unseen import json_text


def passing_line(folder: RunFolder, service: str, visit: int, judged: Mapping[str, Any]) -> dict[str, Any]:
    """``judged`` with what tells whether it still holds: the rules, and the archive that it was made of."""
    archive = folder.warc(service, visit)
    return {
        "service": service,
        "visit": visit,
        "ruleset": ruleset_digest(),
        "archive": _digest(archive),
        **judged,
    }


def _digest(archive: Path) -> str:
    return f"sha256:{sha256(archive.read_bytes()).hexdigest()}"


class Passing:
    """The judgements of a run that were made in passing; of those that do not hold any more, nothing is said.

    A line holds for the rules of today and for the archive that is there. Where a visit was judged twice, by two processes that
    did not know of each other, none does. Only where each line stands is held in memory.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._places: dict[tuple[str, int], tuple[Path, int] | None] = {}
        for path in sorted(folder.judged.glob("*.jsonl")) if folder.judged.exists() else ():
            for place, line in _lines(path):
                key = (line["service"], line["visit"])
                self._places[key] = None if key in self._places else (path, place)

    def of(self, service: str, visit: int) -> Mapping[str, Any] | None:
        """What one visit was judged, as :func:`passing_line` wrote it."""
        place = self._places.get((service, visit))
        if place is None:
            return None
        with place[0].open("rb") as file:
            file.seek(place[1])
            line: dict[str, Any] = json.loads(file.readline())
        holds = line["ruleset"] == ruleset_digest() and line["archive"] == _digest(self._folder.warc(service, visit))
        return line if holds else None


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Where each line begins, and what it says; not the last one of a process that was killed as it wrote."""
    with path.open("rb") as file:
        place = 0
        for line in file:
            try:
                said = json.loads(line)
            except ValueError:
                said = None
            if isinstance(said, dict):
                yield place, said
            place += len(line)


@contextmanager
def keeping(folder: RunFolder) -> Iterator[Callable[[Mapping[str, Any] | None], None]]:
    """Gives what to call with each line to keep; ``None`` and an empty one are not."""
    folder.judged.mkdir(exist_ok=True)
    # A file of its own for each process: the last line of one that was killed may have no end.
    with (folder.judged / f"{os.getpid()}-{time.time_ns()}.jsonl").open("a", encoding="utf-8") as file:

        def keep(line: Mapping[str, Any] | None) -> None:
            if line:
                file.write(json_text(line) + "\n")
                file.flush()

        yield keep


def forget_passing(folder: RunFolder) -> None:
    """Once the verdicts of a run are written, those made in passing are of no more use."""
    shutil.rmtree(folder.judged, ignore_errors=True)
