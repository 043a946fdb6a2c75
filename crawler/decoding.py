from __future__ import annotations

import zlib
from collections.abc import Iterable

import brotli


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
        return _inflated(body, zlib.MAX_WBITS | 16, limit)
    if encoding == "deflate":
        # Half the servers send a bare deflate stream where RFC 9110 asks for zlib.
        wrapped = _inflated(body, zlib.MAX_WBITS, limit)
        return _inflated(body, -zlib.MAX_WBITS, limit) if wrapped is body else wrapped
    if encoding == "br":
        return _unbrotlied(body, limit)
    return body


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    try:
        plain = zlib.decompressobj(window).decompress(body, limit + 1)
    except zlib.error:
        return body
    if len(plain) > limit:
        raise TooLargeError
    return plain


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
    return plain
