"""Who works on a run, on this machine: the death of a process frees what it held."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from filelock import FileLock, Timeout

from checks.model.errors import InputError
from checks.model.place import Place, is_local

_SHARD = "shard-"


@contextmanager
def locked(folder: Place, name: str, patience: float = 0) -> Iterator[None]:
    """Raises :class:`InputError` where another process holds that name for more than ``patience`` seconds.

    For a run that is remote the lock is a file of this machine too, named after the digest of its address: it keeps no other
    machine away.
    """
    lock = FileLock(lock_of(folder, name), timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise InputError(
            f"L'audit {folder} est déjà en cours dans un autre processus ({name}) : attendez sa fin, ou arrêtez-le."
        ) from error
    try:
        yield
    finally:
        lock.release()


def shard(number: int) -> str:
    """The name that a process of a crawl holds."""
    return f"{_SHARD}{number}"


def wait_for_shards(folder: Place, patience: float) -> None:
    """Until the processes of a crawl that is gone are gone too. Those of a run that is remote work in a folder of their own."""
    if not is_local(folder):
        return
    for left in folder.glob(f".{_SHARD}*.lock"):
        with locked(folder, left.stem.removeprefix("."), patience):
            left.unlink(missing_ok=True)


def lock_of(folder: Place, what: str) -> Path:
    """The file whose lock keeps the processes of this machine apart; no file of a store can be locked."""
    if is_local(folder):
        return folder / f".{what}.lock"
    own = Path(gettempdir()) / f"toise-locks-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    with suppress(FileExistsError):
        own.mkdir(mode=0o700)
    return own / f"{sha256(str(folder).encode()).hexdigest()[:32]}.{what}.lock"
