"""Captures as the records of a WARC file (ISO 28500), each a gzip member of its own (annex D)."""

from __future__ import annotations

import zlib
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from http.client import responses
from urllib.parse import urldefrag, urlsplit
from uuid import uuid4

from checks.model.capture import Capture, FailureKind, FetchFailure
from crawler.capture_metadata import metadata_of

LEVEL = 4
"""Of gzip: half the time of the highest, for 4 % more bytes; most bodies come compressed, and gain nothing by any."""

METADATA = "WARC-JSON-Metadata"
_VERSION = "WARC/1.1"
_AT_ONCE = 1 << 16  # bytes that are read: of what follows a member zlib makes a copy
_SECRET = {"authorization", "cookie", "proxy-authorization"}
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_FIELDS = "application/warc-fields"
_MESSAGE = "application/http; msgtype="
_WITHOUT_PAYLOAD = {"warcinfo", "revisit"}


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


def warcinfo(name: str, software: str) -> bytes:
    """The record that begins a file."""
    said = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": new_id(),
        "WARC-Filename": name,
        "WARC-Date": _date(datetime.now(UTC)),
    }
    text = f"software: {software}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\n"
    return _record(said, _FIELDS, text.encode())


def records(exchange: Exchange) -> Iterator[bytes]:
    capture = exchange.capture
    if capture.status is None:
        yield _record(_said(capture, "metadata"), _FIELDS, _failure(capture.failure).encode())
    elif capture.rendering:
        said = _said(capture, "resource") | {"WARC-Concurrent-To": capture.rendering.of}
        yield _record(said, "text/html; charset=utf-8", capture.body)
    else:
        known = exchange.known
        if known:
            yield _response(known, known.body, exchange.protocol)
        yield _revisit(exchange, known) if known else _response(capture, exchange.raw_body, exchange.protocol)
        yield _request(exchange)


def _said(capture: Capture, kind: str) -> dict[str, str]:
    return {
        "WARC-Record-ID": capture.id,
        "WARC-Date": _date(capture.at),
        METADATA: metadata_of(capture),
        "WARC-Type": kind,
        "WARC-Target-URI": urldefrag(capture.url).url,
    }


def _date(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _failure(known: FetchFailure | None) -> str:
    failure = known or FetchFailure(kind=FailureKind.OTHER)
    text = f"failureKind: {failure.kind}\r\nfailureMessage: {_one_line(failure.message)}\r\n"
    return text + (f"failureStatus: {failure.status}\r\n" if failure.status else "")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


def _response(capture: Capture, content: bytes, protocol: str) -> bytes:
    return _record(_said(capture, "response"), f"{_MESSAGE}response", content, _head_of(capture, protocol))


def _revisit(exchange: Exchange, known: Capture) -> bytes:
    """ISO 28500 §6.7, profile "server not modified": a head alone."""
    said = _said(exchange.capture, "revisit") | {
        "WARC-Profile": _NOT_MODIFIED,
        "WARC-Refers-To": known.id,
        "WARC-Refers-To-Target-URI": urldefrag(known.url).url,
        "WARC-Refers-To-Date": _date(known.at),
    }
    return _record(said, f"{_MESSAGE}response", b"", _head_of(exchange.capture, exchange.protocol))


def _request(exchange: Exchange) -> bytes:
    capture = exchange.capture
    url = urldefrag(capture.url).url
    parts = urlsplit(url)
    line = f"{capture.method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"
    sent = [(name, value) for name, value in exchange.request_headers if name.lower() not in _SECRET]
    said = {
        "WARC-Concurrent-To": capture.id,
        "WARC-Date": _date(capture.at),
        "WARC-Type": "request",
        "WARC-Record-ID": new_id(),
        "WARC-Target-URI": url,
    }
    head = _head(line, [("Host", parts.netloc.rpartition("@")[2]), *sent])
    return _record(said, f"{_MESSAGE}request", b"", head)


def _head_of(capture: Capture, protocol: str) -> bytes:
    line = f"{protocol} {capture.status} {responses.get(capture.status or 0, 'Unknown')}"
    # The body is stored as it was read, without its chunks: the header that announces them would be a lie.
    return _head(line, [(name, value) for name, value in capture.headers if name.lower() != "transfer-encoding"])


def _head(line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    # ISO-8859-1 stands for the bytes that were received: evidence keeps them.
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in headers), "\r\n"]).encode("latin-1")


def _record(said: Mapping[str, str], content_type: str, payload: bytes, head: bytes = b"") -> bytes:
    """``head`` is that of an HTTP message, which is no part of its payload."""
    block = head + payload
    headers = {
        **said,
        **({} if said["WARC-Type"] in _WITHOUT_PAYLOAD else {"WARC-Payload-Digest": _digest(payload)}),
        "WARC-Block-Digest": _digest(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    plain = b"".join((f"{_VERSION}\r\n{fields}\r\n".encode(), block, b"\r\n\r\n"))
    return zlib.compress(plain, LEVEL, zlib.MAX_WBITS | 16)


def _digest(content: bytes) -> str:
    return f"sha1:{b32encode(sha1(content, usedforsecurity=False).digest()).decode()}"


def read(packed: bytes) -> Iterator[tuple[Mapping[str, str], bytes]]:
    """The records of a file that was written here: the header of each, and its block.

    Raises ``zlib.error``, ``ValueError`` or ``KeyError`` for a file that is not whole.
    """
    if not packed:
        raise ValueError("vide")
    view, start = memoryview(packed), 0
    while start < len(view):
        member, parts = zlib.decompressobj(zlib.MAX_WBITS | 16), []
        while not member.eof:
            if start == len(view):
                raise ValueError("coupée")
            some = view[start : start + _AT_ONCE]
            parts.append(member.decompress(some))
            start += len(some) - len(member.unused_data)
        yield _parted(b"".join(parts))


def _parted(record: bytes) -> tuple[Mapping[str, str], bytes]:
    head, _, rest = record.partition(b"\r\n\r\n")
    version, *lines = head.decode().split("\r\n")
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(fields["Content-Length"])
    if version != _VERSION or rest[length:] != b"\r\n\r\n":
        raise ValueError("un enregistrement n'est pas entier")
    return fields, rest[:length]
