"""Captures as WARC files (ISO 28500): one file a service, ``request`` and ``response`` records for an exchange, a
``metadata`` record for a failure, a ``resource`` record for a page as a browser showed it. What only we know of a capture
(role, rank, candidates) stands in the header ``WARC-JSON-Metadata`` of its record, so that one pass over the file gives
the captures back.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from checks.model.capture import Capture, FailureKind, FetchFailure, Role
from checks.model.errors import InputError
from checks.model.place import PART, Place, content, is_local
from crawler.capture_metadata import fields_of
from crawler.decoding import TooLargeError, decoded
from crawler.warc import METADATA, Exchange, read, records, warcinfo

MAX_BODY = 5 * 1024 * 1024
"""Bytes read of one body, decoded or not. The longest pages of real services are under 2 MB."""


def read_body(raw: bytes, headers: Sequence[tuple[str, str]]) -> tuple[bytes, FetchFailure | None]:
    """The decoded body, or the failure that stands for one over :data:`MAX_BODY`."""
    encodings = [value for name, value in headers if name.lower() == "content-encoding"]
    try:
        return decoded(raw, encodings, MAX_BODY), None
    except TooLargeError:
        return b"", FetchFailure(kind=FailureKind.TOO_LARGE, message=f"more than {MAX_BODY} bytes")


class Archive:
    """The WARC file of one service while it is visited; takes its name when the visit is complete.

    Every method raises ``OSError`` when the disk refuses, or when somebody took the unfinished file away: another
    process that begins the same visit anew, and must not find the remains of this one in its own.

    ``home`` is where it will stand beside those of the runs before, if that is elsewhere.
    """

    def __init__(self, path: Path, software: str, home: Path | None = None) -> None:
        self.path = path
        self.home = home or path
        self._part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
        self._software = software
        self._is_begun = False

    def write(self, exchange: Exchange) -> None:
        """Appends the records of one exchange."""
        self._begin()
        self._append(records(exchange))

    def complete(self) -> None:
        self._begin()  # a visit without a single exchange is still a visit made
        with self._opened() as file:
            os.fsync(file.fileno())
        self._part.replace(self.path)

    def _begin(self) -> None:
        if self._is_begun:
            return
        self._part.write_bytes(b"")
        self._append([warcinfo(self.path.name, self._software)])
        self._is_begun = True

    def _append(self, records: Iterable[bytes]) -> None:
        # Opened each time: hundreds of visits go on together, and would use up the open files.
        with self._opened() as file:
            file.write(b"".join(records))

    def _opened(self) -> IO[bytes]:
        """The unfinished file, at its end, which must be there."""
        return open(os.open(self._part, os.O_WRONLY | os.O_APPEND), "ab")  # noqa: PTH123 - of a descriptor


def read_captures(path: Place) -> tuple[Capture, ...]:
    """The captures of one WARC file, as they were made. Raises :class:`InputError` if the file is damaged."""
    try:
        packed = content(path)
        return tuple(_captures(packed))
    except FileNotFoundError as error:
        raise InputError(f"{path} manque : reprenez la visite.") from error
    except (OSError, zlib.error, ValueError, KeyError, IndexError) as error:
        if isinstance(error, OSError) and not is_local(path):
            raise  # what a store refuses says nothing of the file
        raise InputError(f"{path} n'est pas une archive WARC lisible ({error}) : reprenez la visite.") from error


def _captures(packed: bytes) -> Iterator[Capture]:
    bodies: dict[str, bytes] = {}  # of what a 304 may refer to
    for head, block in read(packed):
        if METADATA in head:
            capture = _capture(head, block)
            if capture.role is Role.FORGE:
                bodies[capture.id] = capture.body
            known = head.get("WARC-Refers-To")
            yield replace(capture, body=bodies[known]) if known else capture


def _capture(head: Mapping[str, str], block: bytes) -> Capture:
    kind, said = head["WARC-Type"], json.loads(head[METADATA])
    failure, status, body = None, None, b""
    headers: tuple[tuple[str, str], ...] = ()
    if kind == "metadata":
        fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line)
        failure = FetchFailure(
            kind=FailureKind(fields["failureKind"]),
            message=fields.get("failureMessage", ""),
            status=int(fields["failureStatus"]) if "failureStatus" in fields else None,
        )
    elif kind == "resource":
        body, status = block, said["status"]
        headers = (("Content-Type", head["Content-Type"]),)
    else:
        start, _, raw_body = block.partition(b"\r\n\r\n")
        status_line, *lines = start.decode("latin-1").split("\r\n")
        status = int(status_line.split(" ")[1])
        headers = tuple((name, value.removeprefix(" ")) for name, _, value in (line.partition(":") for line in lines))
        body, failure = read_body(raw_body, headers)
        status = None if failure else status
    return Capture(
        id=head["WARC-Record-ID"],
        at=datetime.fromisoformat(head["WARC-Date"]),
        status=status,
        headers=headers,
        body=body,
        failure=failure,
        **fields_of(said),
    )
