from __future__ import annotations

import gzip
import tracemalloc
import zlib
from functools import partial

import brotli
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crawler.decoding import TooLargeError, decoded

TEXT = "Accessibilité : non conforme".encode() * 20
LIMIT = 100_000


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-zlib.MAX_WBITS)


def is_brotli(body: bytes) -> bool:
    try:
        brotli.decompress(body)
    except brotli.error:
        return False
    return True


packed = partial(gzip.compress, mtime=0)
"""The same bytes every second: they name tests, which every process must call the same."""

ENCODERS = {"gzip": packed, "x-gzip": packed, "deflate": zlib.compress, "br": brotli.compress}


@pytest.mark.parametrize(
    "body, encodings",
    [
        (TEXT, []),
        (TEXT, ["identity"]),
        (TEXT, ["zstd"]),
        (packed(TEXT), ["gzip"]),
        (packed(TEXT), [" GZip "]),
        (packed(TEXT), ["x-gzip"]),
        (zlib.compress(TEXT), ["deflate"]),
        (raw_deflate(TEXT), ["deflate"]),
        (brotli.compress(TEXT), ["br"]),
        (brotli.compress(packed(TEXT)), ["gzip, br"]),
        (brotli.compress(packed(TEXT)), ["gzip", "br"]),
        (packed(packed(TEXT)), ["gzip,,gzip"]),
        (packed(TEXT[:99]) + packed(TEXT[99:]), ["gzip"]),
        (packed(TEXT) + b"\0\0\0", ["gzip"]),
    ],
)
def test_encodings(body, encodings):
    assert decoded(body, encodings, LIMIT) == TEXT


@given(st.sampled_from(sorted(ENCODERS)), st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
@example("br", "33")
def test_a_text_that_denies_its_encoding_stays_what_it_is(encoding, text):
    assume(encoding != "br" or not is_brotli(text.encode()))  # brotli has no signature: "3" is its empty stream
    assert decoded(text.encode(), [encoding], LIMIT) == text.encode()


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_body_that_was_cut_keeps_its_beginning_or_stays_encoded(encoding):
    body = bytes(range(256)) * 40
    cut = ENCODERS[encoding](body)[:-9]
    found = decoded(cut, [encoding], LIMIT)
    assert found == cut or (found and body.startswith(found) and "gzip" in encoding)


@given(st.binary(max_size=500), st.lists(st.sampled_from(sorted(ENCODERS)), max_size=3))
def test_what_was_encoded_is_decoded(body, encodings):
    encoded = body
    for encoding in encodings:
        encoded = ENCODERS[encoding](encoded)
    assert decoded(encoded, [", ".join(encodings)], LIMIT) == body


@given(st.binary(max_size=100), st.lists(st.sampled_from([*ENCODERS, "zstd", ""]), max_size=3))
def test_no_bytes_crash_it(body, encodings):
    assert isinstance(decoded(body, encodings, LIMIT), bytes)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_exactly_the_limit_is_allowed(encoding):
    encode = ENCODERS[encoding]
    assert len(decoded(encode(bytes(LIMIT)), [encoding], LIMIT)) == LIMIT
    with pytest.raises(TooLargeError):
        decoded(encode(bytes(LIMIT + 1)), [encoding], LIMIT)


def test_a_plain_body_has_the_same_limit():
    assert decoded(b"12", [], 2) == b"12"
    with pytest.raises(TooLargeError):
        decoded(b"123", [], 2)


BOMB = bytes(50_000_000)
BOMBS = {
    "gzip": packed(BOMB),
    "gzip, gzip": packed(packed(BOMB)),
    "deflate": zlib.compress(BOMB),
    "br": brotli.compress(BOMB, quality=5),
    "gzip of many": packed(bytes(LIMIT)) * 500,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stops_at_the_limit(name):
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        decoded(BOMBS[name], [name.removesuffix(" of many")], LIMIT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * LIMIT


def test_a_thousand_streams_cost_no_more_than_a_hundred():
    assert decoded(packed(b"a") * 1000, ["gzip"], LIMIT) == b"a" * 100
