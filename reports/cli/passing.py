"""What visits were judged in passing, by the processes that made them: one line a visit in the files of ``judged/``."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from typing import IO, Any, Self

from checks.catalogue import ruleset_digest
from checks.model.place import Place, content, fetched, is_local, names, replacing
from checks.model.run_folder import RunFolder
from checks.model.unseen import json_text

JUDGING = (sys.executable, "-P", "-m", "reports.cli.shard")
"""The command of a process that judges what it visits."""

_ENDING = ".jsonl"


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


def _digest(archive: Place) -> str:
    return f"sha256:{sha256(content(archive)).hexdigest()}"


class Passing:
    """The judgements of a run that were made in passing; of those that do not hold any more, nothing is said.

    A line holds for the rules of today and for the archive that is there; of one that is far only the name is looked at. Where a
    visit was judged twice, by two processes that did not know of each other, no line does. Only where each stands is held in
    memory. ``requests`` is what the visits took.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.requests = 0
        self._folder = folder
        self._files = ExitStack()
        self._places: dict[tuple[str, int], tuple[IO[bytes], int] | None] = {}
        self._known: set[str] = set()
        self.read()

    def read(self) -> None:
        """The files that have come since the last time."""
        for name in sorted(set(names(self._folder.judged)) - self._known):
            self._known.add(name)
            if name.endswith(_ENDING):
                self._read(self._files.enter_context(fetched(self._folder.judged / name)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def _read(self, file: IO[bytes]) -> None:
        for place, line in _lines(file):
            key = (line["service"], line["visit"])
            self.requests += line.get("sent", 0)
            if line.get("ruleset") == ruleset_digest():
                self._places[key] = None if key in self._places else (file, place)

    def has(self, service: str, visit: int) -> bool:
        """Whether anybody judged it by the rules of today."""
        return (service, visit) in self._places

    def of(self, service: str, visit: int) -> Mapping[str, Any] | None:
        """What one visit was judged, as :func:`passing_line` wrote it."""
        place = self._places.get((service, visit))
        if place is None:
            return None
        file, start = place
        file.seek(start)
        line: dict[str, Any] = json.loads(file.readline())
        return line if self._is_of(line["archive"], service, visit) else None

    def _is_of(self, digest: str, service: str, visit: int) -> bool:
        archive = self._folder.warc(service, visit)
        return not is_local(archive) or _digest(archive) == digest


def _lines(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Where each line begins, and what it says; not the last one of a process that was killed as it wrote."""
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
    # A file of its own for each process: the last line of one that was killed may have no end.
    place = folder.judged / f"{os.getpid()}-{time.time_ns()}{_ENDING}"
    with _appended(place) as file:

        def keep(line: Mapping[str, Any] | None) -> None:
            if line:
                file.write(json_text(line) + "\n")
                file.flush()

        yield keep


@contextmanager
def _appended(place: Place) -> Iterator[IO[str]]:
    """A file that is there from its first line; far from here, once it is whole."""
    if not is_local(place):
        with replacing(place) as file:
            yield file
        return
    place.parent.mkdir(exist_ok=True)
    with place.open("a", encoding="utf-8") as file:
        yield file


def forget_passing(folder: RunFolder) -> None:
    """Once the verdicts of a run are written, those made in passing are of no more use."""
    for name in names(folder.judged):
        (folder.judged / name).unlink(missing_ok=True)
    if is_local(folder.judged):
        shutil.rmtree(folder.judged, ignore_errors=True)
