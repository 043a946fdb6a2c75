"""Text written by others (names, excerpts, addresses) made safe to read, on a page, in a terminal or in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from checks.model.unseen import UNSEEN, json_text
from reports.language import _

_PILE = 8
"""Marks kept on one letter: no script piles more, and a flood of them covers the lines around."""
_JOINERS = "\u00ad\u200b-\u200d\u2060\ufeff"
_NOT_IN_A_LINK = re.compile(rf"[\s\"<>\\{_JOINERS}]")
_ESCAPED = re.compile(rf"{UNSEEN.pattern}|⟨(?=U\+)")
_BEFORE = rf"(?:[^\S\t\r\n]|['\"{_JOINERS}])*"
_SIGNS = "=+\\-@＝＋－＠﹢﹣﹦﹫"
_FORMULA = re.compile(rf"\A(?={_BEFORE}[{_SIGNS}\t\r\n])|(?<=[;\t\r\n])(?={_BEFORE}[{_SIGNS}])")
_GUARD = re.compile(rf"\A'(?={_BEFORE}[{_SIGNS}\t\r\n])|(?<=[;\t\r\n])'(?={_BEFORE}[{_SIGNS}])")
_NAME = re.compile(r"⟨U\+([0-9A-F]{4})⟩")


def shown(text: str) -> str:
    """The text with its invisible controls made visible: a terminal escape or a change of direction cannot act.

    Of the marks that pile up on one letter, the first few are kept.

    >>> shown("gouv\\u202efr")
    'gouv⟨U+202E⟩fr'
    """
    if text.isascii() and text.isprintable():
        return text
    if not _suspect().search(text):  # nearly always: one look at each character, and no more
        return text
    text = _flood().sub(lambda found: f"{found[0][:_PILE]}⟨…⟩", text)
    return visible(text)


def visible(text: str) -> str:
    """The text with its invisible controls named, and nothing else changed."""
    return UNSEEN.sub(_named, text)


def one_line(text: str) -> str:
    return shown(" ".join(text.split()))


def cut(text: str, length: int = 120) -> str:
    """A name short enough for a heading or a table, never empty: a link must say something."""
    line = one_line(text) or _("(sans nom)")
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def web_address(url: str) -> str | None:
    """The address if a link may lead there: http or https, with a host, and reading as what it is.

    Browsers read a backslash as a slash, and people read ``https://a.gouv.fr@b.fr/`` as an address of a.gouv.fr.
    """
    if shown(url) != url or _NOT_IN_A_LINK.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_one = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if is_one else None


def cell(value: Any) -> Any:
    """What a spreadsheet may hold of a value, in CSV as in XLSX: numbers as they are, text that is never a formula.

    Text gets an apostrophe before what a spreadsheet would run (OWASP, "CSV Injection"), where it begins and after what
    some take for the end of a cell: a semicolon, a tab, an end of line; quotes in between are lost on them. Invisible
    controls are shown as ``⟨U+202E⟩``. Both can be undone: see docs/exports.md.

    >>> cell("=1+1"), cell(-1), cell(True)
    ("'=1+1", -1, 'true')
    """
    if isinstance(value, str):
        return _inert(value)
    return _inert(json_text(value)) if isinstance(value, bool | Mapping | list | tuple) else value


@lru_cache(maxsize=4096)
def _inert(text: str) -> str:
    """Most cells of a table say what those above them say."""
    return _FORMULA.sub("'", _ESCAPED.sub(_named, text))


def uncell(text: str) -> str:
    """The text that :func:`cell` was given.

    >>> uncell(cell("=1+1")), uncell("⟨U+202E⟩")
    ('=1+1', '\\u202e')
    """
    return _NAME.sub(lambda found: chr(int(found[1], 16)), _GUARD.sub("", text))


def _named(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


@lru_cache(maxsize=1)
def _suspect() -> re.Pattern[str]:
    """What :func:`shown` may have to change: one unseen character, or one mark."""
    return re.compile(f"{UNSEEN.pattern}|[{_marks()}]")


@lru_cache(maxsize=1)
def _flood() -> re.Pattern[str]:
    """More marks over or under a letter than any has, whatever joins them; those of living scripts, in the first plane."""
    return re.compile(f"[{_marks()}]{{{_PILE + 1},}}")


def _marks() -> str:
    marks = (chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Me"})
    return "".join(marks) + _JOINERS
