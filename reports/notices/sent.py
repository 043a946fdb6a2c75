"""What was sent of a run, kept in its folder: nobody is told the same twice by mistake."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from checks.model.errors import InputError
from checks.model.locks import lock_of
from checks.model.place import Place, content, is_local, replacing
from checks.model.run_folder import RunFolder
from checks.model.unseen import json_text
from reports.notices.recipients import Address
from reports.render.notice import Notice

FILE = "notices.jsonl"
"""One line a message that was taken: ``incubator``, ``list`` (whose address it is), ``to`` (the address without any secret, nor
the mailbox of a person), ``mark`` (which address it is, in too few bits to tell a secret), ``digest`` of what was told and
``at``."""

_KEY = ("incubator", "list", "mark", "digest")


class Sent:
    def __init__(self, path: Place) -> None:
        self._path = path
        self._known = set(_read(path))

    def holds(self, notice: Notice, address: Address) -> bool:
        return _key(notice, address) in self._known

    def add(self, notice: Notice, address: Address, at: str) -> None:
        key = _key(notice, address)
        line = json_text({**dict(zip(_KEY, key, strict=True)), "to": address.name, "at": at})
        self._append(line)
        self._known.add(key)

    def _append(self, line: str) -> None:
        if not is_local(self._path):  # nothing can be added to an object
            before = content(self._path).decode("utf-8", "replace") if self._path.exists() else ""
            with replacing(self._path) as whole:
                whole.write("".join(f"{one}\n" for one in [*before.splitlines(), line]))
            return
        with self._path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
            cut_short = file.read() not in {b"", b"\n"}  # a process that was killed while it wrote
            file.write((b"\n" if cut_short else b"") + f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())


def _key(notice: Notice, address: Address) -> tuple[str, ...]:
    return notice.incubator, address.owner, address.mark, notice.digest


def read_sent(folder: RunFolder) -> Sent:
    return Sent(folder.path / FILE)


@contextmanager
def sending(folder: RunFolder) -> Iterator[Sent]:
    """What was sent, while no other process of this machine sends. Raises :class:`InputError` where one does."""
    lock = FileLock(lock_of(folder.path, "notices"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise InputError(
            f"Un autre processus envoie déjà les messages de l'audit {folder.id} : attendez sa fin."
        ) from error
    try:
        yield read_sent(folder)
    finally:
        lock.release()


def _read(path: Place) -> Iterator[tuple[str, ...]]:
    """A line that cannot be read was cut short: at worst its message is sent once more."""
    if not path.exists():
        return
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            known = json.loads(line)
            yield tuple(known[name] for name in _KEY)
        except (ValueError, TypeError, KeyError):
            continue
