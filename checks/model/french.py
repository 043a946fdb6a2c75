from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "œ": "oe", "æ": "ae", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip
_SPACES = re.compile(r"\s+")
_FOREIGN = re.compile(r"[^\0-\x7f]")


def fold(text: str) -> str:
    """The one form in which French is compared: NFKC, lower case, no accents, plain apostrophes and hyphens, single spaces.

    >>> fold("Accessibilite\\u0301\\u202f: NON\\u2011conforme")
    'accessibilite : non-conforme'
    """
    if text.isascii():
        return _SPACES.sub(" ", text.lower().replace("`", "'")).strip()
    # Letters are replaced before NFKC, which would turn an acute accent standing alone into a space and a mark.
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).casefold().translate(_SAME)
    bare = _FOREIGN.sub(_without_mark, unicodedata.normalize("NFD", plain))
    return _SPACES.sub(" ", bare).strip()


def _without_mark(char: re.Match[str]) -> str:
    return "" if unicodedata.combining(char[0]) else char[0]
