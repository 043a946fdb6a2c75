"""Where the files of runs are: in a folder of this machine, or at an address that somebody else opened.

A file of this machine takes its name once it is whole and on the disk; an object of a store is put whole, or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeAlias, cast

from checks.model.errors import InputError

PART = ".part"
"""The end of the name of a file that is not whole yet; the name is hidden too."""

Place: TypeAlias = Path
"""A ``pathlib.Path``, or a ``upath.UPath`` of what is remote: it joins, is named, opens, exists and is deleted alike.

What the latter does not do, or for too many round trips (to rename, to list, to read whole), goes through this module.
"""

_BEGUN = ".begun"


def is_address(run: str) -> bool:
    return "://" in run


def places_of(run: str, runs: Place, place_of: Callable[[str], Place]) -> tuple[Place, ...]:
    """Where the run of an id, a path or an address may be, the likeliest first."""
    return (place_of(run),) if is_address(run) else (runs / run, Path(run))


def is_local(place: Place) -> bool:
    return isinstance(place, Path)


def names(folder: Place) -> list[str]:
    """What a folder holds, by one listing; nothing where it is not there."""
    try:
        if is_local(folder):
            return [path.name for path in folder.iterdir()]
        listed = _system(folder).ls(_key(folder), detail=False)
    except (FileNotFoundError, NotADirectoryError):
        return []
    own = _key(folder).strip("/")  # which some stores list too
    return [name.rstrip("/").rpartition("/")[2] for name in listed if name.strip("/") != own]


class Listing:
    """Which names a folder holds: a disk is asked each time, what is remote is listed once."""

    def __init__(self, folder: Place) -> None:
        self._folder = folder
        self._names: frozenset[str] | None = None

    def __contains__(self, name: str) -> bool:
        if is_local(self._folder):
            return (self._folder / name).exists()
        if self._names is None:
            self._names = frozenset(names(self._folder))
        return name in self._names


def content(place: Place) -> bytes:
    """The bytes of a file, by one request. Raises ``FileNotFoundError``."""
    return place.read_bytes() if is_local(place) else bytes(_system(place).cat_file(_key(place)))


def lines(path: Place) -> Iterator[tuple[str, str]]:
    """The lines that hold something, each with where it stands. Raises :class:`InputError` where the file is missing."""
    try:
        with path.open("r", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}, ligne {number}", line
    except FileNotFoundError as error:
        raise InputError(f"{path} manque : cette étape de l'audit n'a pas été faite.") from error


@contextmanager
def fetched(place: Place) -> Iterator[IO[bytes]]:
    """A file to read from here and there; one that is remote is copied first. Raises ``FileNotFoundError``."""
    if is_local(place):
        with place.open("rb") as file:
            yield file
        return
    with TemporaryDirectory(prefix="toise-") as folder:
        copy = Path(folder) / "copy"
        _system(place).get_file(_key(place), str(copy))
        with copy.open("rb") as file:
            yield file


def begin(folder: Place, inner: str) -> None:
    """Makes a folder that was not there, with one in it. Raises ``FileExistsError``.

    A store has no folders: an object is created for it, which fails where another machine did (``If-None-Match``); a store
    that does not know this header keeps only those apart that do not begin at the very same moment.
    """
    if is_local(folder):
        (folder / inner).mkdir(parents=True)
    elif names(folder):
        raise FileExistsError(str(folder))
    else:
        _system(folder).pipe_file(_key(folder / _BEGUN), b"", mode="create")


def make(folder: Place) -> None:
    """A folder in one that is there, unless it is there too; a store has none to make."""
    if is_local(folder):
        folder.mkdir(exist_ok=True)


def publish(local: Path, place: Place) -> None:
    """Puts a file of this machine at a place, in one step for those who look: it is the former one, or the whole new one."""
    if not is_local(place):
        _system(place).put_file(str(local), _key(place))
        return
    with _part_of(place) as part:
        shutil.copyfile(local, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(place)


def publish_new(local: Path, place: Place) -> bool:
    """As :func:`publish`, where nothing has that name yet. Returns whether it is ours that is there.

    A store that does not know ``If-None-Match`` takes the last one.
    """
    try:
        if is_local(place):
            _linked(local, place)
        else:
            _system(place).put_file(str(local), _key(place), mode="create")
    except FileExistsError:
        return False
    return True


def _linked(local: Path, place: Path) -> None:
    """Raises ``FileExistsError``."""
    with _part_of(place) as part:
        shutil.copyfile(local, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        try:
            place.hardlink_to(part)
        except FileExistsError:
            raise
        except OSError as error:  # a file system without links
            if place.exists():
                raise FileExistsError(str(place)) from error
            part.replace(place)


@contextmanager
def replacing(place: Place) -> Iterator[IO[str]]:
    """A text file that takes its name only once it is whole, on the disk or in the store."""
    if is_local(place):
        with _part_of(place) as part:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        return
    with TemporaryDirectory(prefix="toise-") as folder:
        local = Path(folder) / place.name
        with local.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        publish(local, place)


@contextmanager
def _part_of(place: Path) -> Iterator[Path]:
    # In containers many a process of many a machine has the same number.
    part = place.with_name(f".{place.name}.{os.getpid()}-{token_hex(4)}{PART}")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def rename(place: Place, name: str) -> None:
    """Gives a file another name in its folder, in the place of what has that name.

    In a store it is copied, then deleted: it may be seen under both names, never under none.
    """
    if is_local(place):
        place.replace(place.with_name(name))
    else:
        _system(place).cp_file(_key(place), _key(place.with_name(name)))
        _system(place).rm_file(_key(place))


def forget_parts(folder: Place) -> None:
    """Deletes what a process that died left unfinished; in a store nothing is ever seen unfinished."""
    if is_local(folder):
        for part in folder.glob(f".*{PART}"):
            part.unlink(missing_ok=True)


def _system(place: Place) -> Any:
    """The ``fsspec.AbstractFileSystem`` of what is remote."""
    return cast("Any", place).fs


def _key(place: Place) -> str:
    """The path of what is remote, as its file system knows it."""
    return str(cast("Any", place).path)
