"""Text written by others (names, excerpts, addresses) made safe to read, on a page as in a terminal."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Controls that move the cursor or the reading direction, line separators, halves of characters, non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SPACE_OR_QUOTE = re.compile(r"[\s\"<>]")


def shown(text: str) -> str:
    """The text with its invisible controls made visible: a terminal escape or a change of direction cannot act.

    >>> shown("gouv\\u202efr")
    'gouv⟨U+202E⟩fr'
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def one_line(text: str) -> str:
    return shown(" ".join(text.split()))


def cut(text: str, length: int = 120) -> str:
    """A name short enough for a heading or a table, never empty: a link must say something."""
    line = one_line(text) or "(sans nom)"
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def harmless(cell: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe (OWASP, "CSV Injection")."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def web_address(url: str) -> str | None:
    """The address if a link may lead there: http or https, with a host, and reading as what it is."""
    if shown(url) != url or _SPACE_OR_QUOTE.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
