"""What JavaScript, in which the reference is written, does otherwise than Python to the same text."""

from __future__ import annotations

import re

_BLANKS = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
BLANK = "".join(
    chr(code)
    for code in (
        *range(9, 14),
        32,
        0xA0,
        0x1680,
        *range(0x2000, 0x200B),
        0x2028,
        0x2029,
        0x202F,
        0x205F,
        0x3000,
        0xFEFF,
    )
)
"""White space and line ends (ECMA-262 §12.2, §12.3): neither those of ``str.strip`` nor of ``str.split``."""

_BLANK_RUN = re.compile(f"[{_BLANKS}]+")
_NUMBER = re.compile(r"([+-]?)([0-9]+)")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def words(text: str) -> list[str]:
    """``text.trim().split(/\\s+/)``, but nothing where that gives one empty word."""
    return [word for word in _BLANK_RUN.split(text) if word]


def whole_number(text: str) -> int | None:
    """``parseInt(text, 10)``: the digits that the text begins with; ``None`` for NaN."""
    found = _NUMBER.match(text.lstrip(BLANK))
    if found is None:
        return None
    digits = found[2].lstrip("0")[:400] or "0"  # beyond, a number is too large whatever its last digits
    return -int(digits) if found[1] == "-" else int(digits)


def unescaped(text: str) -> str:
    """``decodeURIComponent(text)``. Raises ``ValueError`` for an escape that is cut or is no UTF-8."""
    if "%" not in text:
        return text
    plain = _ESCAPES.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(), text)
    if "%" in _ESCAPES.sub("", text):
        raise ValueError("a lone %")
    return plain
