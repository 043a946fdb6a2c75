from __future__ import annotations

from unicodedata import normalize

_ORDER = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
"""The signs in the order of the Unicode collation (CLDR, English); digits and letters follow."""

_RANKS: dict[int, int | None] = {ord(sign): rank for rank, sign in enumerate(_ORDER, 1)}
_RANKS |= dict.fromkeys((*range(9), *range(14, 32), 127))  # controls count for nothing
_OTHERS = len(_ORDER) + 1


def collation_key(text: str) -> tuple[str, str]:
    """Sorts lower-case texts as ``Intl.Collator("en")`` does.

    Exact for ASCII, which addresses are in; other letters stand beside their base letter, other signs before the digits.
    """
    if text.isascii():
        return text.translate(_RANKS), ""
    plain = normalize("NFKD", text.casefold())
    others = {ord(char): _rank(char) for char in set(plain) if not char.isascii()}
    return plain.translate(others).translate(_RANKS), plain


def _rank(char: str) -> str | int | None:
    if normalize("NFD", char) == char and not char.isprintable():
        return None
    if char.isalnum():
        return char
    return None if 0x300 <= ord(char) < 0x370 else _OTHERS  # noqa: PLR2004 - the combining marks
