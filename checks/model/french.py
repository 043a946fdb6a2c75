from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from checks.model.memory import remembered

_SAME = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "œ": "oe", "æ": "ae", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip
_FOREIGN = re.compile("[^\0-\x7f](?:(?<=[\u00c6\u1d2d\U00010783])[^\0-\x7f]+)?")
"""What is not ASCII, each character by itself; but an Æ takes the accent behind it before it is replaced. As one branch, which
begins with a set, it is looked for and not tried."""


@remembered(4_096)
def fold(text: str) -> str:
    """The one form in which French is compared: NFKC, lower case, no accents, plain apostrophes and hyphens, single spaces.

    >>> fold("Accessibilite\\u0301\\u202f: NON\\u2011conforme")
    'accessibilite : non-conforme'
    """
    plain = text if text.isascii() else _FOREIGN.sub(_plain, text)
    return " ".join(plain.replace("`", "'").casefold().split())


def _plain(found: re.Match[str]) -> str:
    return _of_one(found[0]) if len(found[0]) == 1 else _bare(found[0])


def _bare(text: str) -> str:
    # Letters are replaced before NFKC, which would turn an acute accent standing alone into a space and a mark.
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).casefold().translate(_SAME)
    return "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))


@lru_cache(maxsize=4_096)
def _of_one(char: str) -> str:
    """One character, whatever stands beside it: the marks that would join it to another are dropped."""
    return _bare(char)
