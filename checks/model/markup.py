"""The text of an HTML page, decoded as browsers do, and the largest page that is read.

Past any of the limits a page is ``too-large``: what it says is not known. They hold the time and the memory of one page,
whoever wrote it, and stand far above what is met: of the home pages of the web one in ten has over 1,700 elements
(HTTP Archive, Web Almanac 2022, "Markup"), and Lighthouse calls 1,400 excessive.
"""

from __future__ import annotations

import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from checks.model.capture import Capture

MAX_NODES = 30_000
"""Elements, texts and comments of one page, as the parser counts them: markup in a script or a comment is none."""

MAX_DEPTH = 2_000
"""Elements in one another. Below the 2,048th libxml2, which parses for the crawler, drops all in silence."""

MAX_ATTRIBUTES = 1_000
"""Attributes of one element. libxml2 compares each with all those before it."""

MAX_TEXT = 500_000
"""Characters of the texts, scripts and styles aside, and of what stands for them: a long novel."""

_OF_THE_WEB = re.compile(
    r"utf-(?:8|16(?:-[bl]e)?)|cp(?:125[0-8]|866|874|932|949)|iso8859-\d+|koi8-[ru]|mac-\w+|big5hkscs|euc_jp|iso2022_jp"
    r"|gb18030"
)
"""The encodings that browsers know (https://encoding.spec.whatwg.org/), by Python's names. Python has others, which a
server may name to harm: ``zip``, ``idna``, ``unicode_escape``."""

_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_BARE_UTF_16 = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def decoded(capture: Capture) -> tuple[str, str]:
    """The encoding of a page and its text: by its mark, its header, its own word, else UTF-8.

    Bytes that are no UTF-8 are read as Windows-1252: pages that declare nothing, or wrongly, or are put together of both.
    """
    body = capture.body
    mark_name, mark = read_bom(body)
    name = mark_name or _BARE_UTF_16.get(body[:2]) or _declared(capture)
    body = body[len(mark or b"") :]
    text = _utf_8(body) if name == "utf-8" else body.decode(name, "replace")
    return name, text.replace("\0", "")  # browsers skip null characters


def _declared(capture: Capture) -> str:
    header = http_content_type_encoding(capture.header("content-type")) or ""
    if _OF_THE_WEB.fullmatch(header):
        return "utf-16-le" if header == "utf-16" else header
    own = html_body_declared_encoding(capture.body) or ""
    # A page whose own word could be read as ASCII is not in UTF-16, whatever it says.
    return own if _OF_THE_WEB.fullmatch(own) and not own.startswith("utf-16") else "utf-8"


def _utf_8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "surrogateescape").translate(_STRAY)
