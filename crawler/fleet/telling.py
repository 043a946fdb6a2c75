from __future__ import annotations

from collections.abc import Callable


class Teller:
    """Says sentences to the user, not the same again and again; each begins with a capital."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said = ""

    def tell(self, sentence: str) -> None:
        if sentence != self._said:
            self._say(f"{sentence[:1].upper()}{sentence[1:]}")
        self._said = sentence
