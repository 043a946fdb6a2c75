from __future__ import annotations

import zlib
from collections.abc import Iterable

import brotli

_MAX_STREAMS = 100
"""gzip streams read of one body: each costs a copy of what follows, and thousands of empty ones would take hours."""


class TooLargeError(Exception):
    """A body grows past the limit when it is decoded."""


def decoded(body: bytes, encodings: Iterable[str], limit: int) -> bytes:
    """A body without its content encodings (RFC 9110 §8.4), of at most ``limit`` bytes.

    An encoding that is unknown or that the bytes contradict leaves the body as it is: servers announce gzip and send
    plain text. Raises :class:`TooLargeError` before more than ``limit`` bytes are held.
    """
    names = [name.strip().lower() for value in encodings for name in value.split(",")]
    for name in reversed(names):
        body = _decoded_once(body, name, limit)
    if len(body) > limit:
        raise TooLargeError
    return body


def _decoded_once(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding in {"gzip", "x-gzip"}:
        return _gunzipped(body, limit)
    if encoding == "deflate":
        # Half the servers send a bare deflate stream where RFC 9110 asks for zlib.
        wrapped = _inflated(body, zlib.MAX_WBITS, limit)
        return _inflated(body, -zlib.MAX_WBITS, limit) if wrapped is body else wrapped
    if encoding == "br":
        return _unbrotlied(body, limit)
    return body


def _gunzipped(body: bytes, limit: int) -> bytes:
    """Of one gzip stream or several (RFC 1952 §2.2); of one that was cut, what came."""
    plain, rest, is_whole = b"", body, False
    for _ in range(_MAX_STREAMS):
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            plain += stream.decompress(rest, limit + 1 - len(plain))
        except zlib.error:
            break
        rest, is_whole = stream.unused_data, is_whole or stream.eof
        if not rest or len(plain) > limit:
            break
    if len(plain) > limit:
        raise TooLargeError
    return plain if plain or is_whole else body


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    stream = zlib.decompressobj(window)
    try:
        plain = stream.decompress(body, limit + 1)
    except zlib.error:
        return body
    if len(plain) > limit:
        raise TooLargeError
    # Next to no signature: what does not end like such a stream is something else.
    return plain if stream.eof else body


def _unbrotlied(body: bytes, limit: int) -> bytes:
    decompressor = brotli.Decompressor()
    try:
        plain: bytes = decompressor.process(body, output_buffer_limit=limit + 1)
        while len(plain) <= limit and not decompressor.can_accept_more_data() and not decompressor.is_finished():
            plain += decompressor.process(b"", output_buffer_limit=limit + 1 - len(plain))
    except brotli.error:
        return body
    if len(plain) > limit:
        raise TooLargeError
    return plain if decompressor.is_finished() else body
