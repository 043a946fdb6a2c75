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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urldefrag, urlsplit
from uuid import uuid4

from warcio.recordbuilder import RecordBuilder
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from checks.model.capture import Capture, FailureKind, FetchFailure, Role
from checks.model.errors import InputError
from checks.model.place import PART, Place, content, is_local
from crawler.capture_metadata import fields_of, metadata_of
from crawler.decoding import TooLargeError, decoded

MAX_BODY = 5 * 1024 * 1024
"""Bytes read of one body, decoded or not. The longest pages of real services are under 2 MB."""

LEVEL = 4
"""Of gzip: half the time of the highest, for 4 % more bytes; most bodies come compressed, and gain nothing by any."""

_VERSION = "WARC/1.1"
_BUILDER = RecordBuilder(warc_version=_VERSION)
_SECRET = {"authorization", "cookie", "proxy-authorization"}
_METADATA = "WARC-JSON-Metadata"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An HTTP exchange as it went over the wire: bodies still encoded, headers in the order they came.

    ``known`` is the earlier capture that a 304 says to be still the same: its record is copied before this one's.
    """

    capture: Capture
    request_headers: Sequence[tuple[str, str]] = ()
    raw_body: bytes = b""
    protocol: str = "HTTP/1.1"
    known: Capture | None = None


def new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def read_body(raw: bytes, headers: Sequence[tuple[str, str]]) -> tuple[bytes, FetchFailure | None]:
    """The decoded body, or the failure that stands for one over :data:`MAX_BODY`."""
    encodings = [value for name, value in headers if name.lower() == "content-encoding"]
    try:
        return decoded(raw, encodings, MAX_BODY), None
    except TooLargeError:
        return b"", FetchFailure(kind=FailureKind.TOO_LARGE, message=f"more than {MAX_BODY} bytes")


class _ReceivedHeaders(StatusAndHeaders):  # type: ignore[misc]
    """warcio percent-encodes what is not ASCII; evidence keeps the bytes, as ISO-8859-1 text stands for them."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_bytes(header_filter, "latin-1")


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
        self._append(_records(exchange))

    def complete(self) -> None:
        self._begin()  # a visit without a single exchange is still a visit made
        with self._opened() as file:
            os.fsync(file.fileno())
        self._part.replace(self.path)

    def _begin(self) -> None:
        if self._is_begun:
            return
        info = {"software": self._software, "format": "WARC File Format 1.1", "robots": "obey"}
        self._part.write_bytes(b"")
        self._append([_BUILDER.create_warcinfo_record(self.path.name, info)])
        self._is_begun = True

    def _append(self, records: Iterable[ArcWarcRecord]) -> None:
        # Opened each time: hundreds of visits go on together, and would use up the open files.
        with self._opened() as file:
            for record in records:
                file.write(_member(record))

    def _opened(self) -> IO[bytes]:
        """The unfinished file, at its end, which must be there."""
        return open(os.open(self._part, os.O_WRONLY | os.O_APPEND), "ab")  # noqa: PTH123 - of a descriptor


def _member(record: ArcWarcRecord) -> bytes:
    """A record as a gzip member of its own (ISO 28500, annex D)."""
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version=_VERSION).write_record(record)
    return zlib.compress(plain.getbuffer(), LEVEL, zlib.MAX_WBITS | 16)


def _records(exchange: Exchange) -> Iterator[ArcWarcRecord]:
    capture = exchange.capture
    if capture.status is None:
        yield _failure_record(capture)
    elif capture.rendering:
        yield _BUILDER.create_warc_record(
            urldefrag(capture.url).url,
            "resource",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            warc_content_type="text/html; charset=utf-8",
            warc_headers_dict={**_record_headers(capture), "WARC-Concurrent-To": capture.rendering.of},
        )
    else:
        known = exchange.known
        if known:
            yield _response_record(known, known.body, exchange.protocol)
        yield _response_record(capture, exchange.raw_body, exchange.protocol, known)
        yield _request_record(exchange)


def _record_headers(capture: Capture) -> dict[str, str]:
    return {"WARC-Record-ID": capture.id, "WARC-Date": _date(capture), _METADATA: metadata_of(capture)}


def _date(capture: Capture) -> str:
    return capture.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _failure_record(capture: Capture) -> ArcWarcRecord:
    failure = capture.failure or FetchFailure(kind=FailureKind.OTHER)
    text = f"failureKind: {failure.kind}\r\nfailureMessage: {_one_line(failure.message)}\r\n"
    text += f"failureStatus: {failure.status}\r\n" if failure.status else ""
    return _BUILDER.create_warc_record(
        urldefrag(capture.url).url,
        "metadata",
        payload=BytesIO(text.encode()),
        length=len(text.encode()),
        warc_content_type="application/warc-fields",
        warc_headers_dict=_record_headers(capture),
    )


def _response_record(capture: Capture, content: bytes, protocol: str, known: Capture | None = None) -> ArcWarcRecord:
    """A ``response``, or with ``known`` the ``revisit`` of one: ISO 28500 §6.7, profile "server not modified"."""
    headers = _record_headers(capture)
    if known:
        headers |= {
            "WARC-Profile": _NOT_MODIFIED,
            "WARC-Refers-To": known.id,
            "WARC-Refers-To-Target-URI": urldefrag(known.url).url,
            "WARC-Refers-To-Date": _date(known),
        }
    status = f"{capture.status} {responses.get(capture.status or 0, 'Unknown')}"
    # The body is stored as it was read, without its chunks: the header that announces them would be a lie.
    kept = [(name, value) for name, value in capture.headers if name.lower() != "transfer-encoding"]
    return _BUILDER.create_warc_record(
        urldefrag(capture.url).url,
        "revisit" if known else "response",
        payload=BytesIO(content),
        length=len(content),
        http_headers=_ReceivedHeaders(status, kept, protocol=protocol),
        warc_headers_dict=headers,
    )


def _request_record(exchange: Exchange) -> ArcWarcRecord:
    capture = exchange.capture
    url = urldefrag(capture.url).url
    parts = urlsplit(url)
    line = f"{capture.method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"
    sent = [(name, value) for name, value in exchange.request_headers if name.lower() not in _SECRET]
    return _BUILDER.create_warc_record(
        url,
        "request",
        http_headers=_ReceivedHeaders(line, [("Host", parts.netloc.rpartition("@")[2]), *sent], is_http_request=True),
        warc_headers_dict={"WARC-Concurrent-To": capture.id, "WARC-Date": _date(capture)},
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


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
    """Of the files that we write alone, which takes a third of the time of a reader of any WARC."""
    bodies: dict[str, bytes] = {}  # of what a 304 may refer to
    for plain in _members(packed):
        head, block = _parted(plain)
        if _METADATA in head:
            capture = _capture(head, block)
            if capture.role is Role.FORGE:
                bodies[capture.id] = capture.body
            known = head.get("WARC-Refers-To")
            yield replace(capture, body=bodies[known]) if known else capture


def _members(packed: bytes) -> Iterator[bytes]:
    """The records, as :func:`_member` was given them. Raises ``zlib.error`` or ``ValueError`` for what it did not write whole."""
    if not packed:
        raise ValueError("vide")
    while packed:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield member.decompress(packed)
        if not member.eof:
            raise ValueError("coupée")
        packed = member.unused_data


def _parted(record: bytes) -> tuple[Mapping[str, str], bytes]:
    """The header of a record, and its block (ISO 28500 §4)."""
    head, _, rest = record.partition(b"\r\n\r\n")
    version, *lines = head.decode().split("\r\n")
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(fields["Content-Length"])
    if version != _VERSION or rest[length:] != b"\r\n\r\n":
        raise ValueError("un enregistrement n'est pas entier")
    return fields, rest[:length]


def _capture(head: Mapping[str, str], block: bytes) -> Capture:
    kind, said = head["WARC-Type"], json.loads(head[_METADATA])
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
