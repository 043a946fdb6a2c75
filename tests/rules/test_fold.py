"""Folding character by character says what folding the whole text says."""

from __future__ import annotations

import re
import unicodedata

from checks.model import french
from checks.model.memory import SHORT

_LETTERS = [chr(number) for number in range(0x3000)]


def whole(text):
    plain = unicodedata.normalize("NFKC", text.translate(french._SAME)).casefold().translate(french._SAME)
    bare = "".join(
        one for one in unicodedata.normalize("NFD", plain) if one.isascii() or not unicodedata.combining(one)
    )
    return re.sub(r"\s+", " ", bare).strip()


def test_every_character_folds_as_it_does_in_a_text():
    texts = [f"a{letter}B" for letter in _LETTERS]
    assert [french.fold(one) for one in texts] == [whole(one) for one in texts]


def test_every_character_folds_alike_composed_or_not():
    texts = [f"A{unicodedata.normalize(form, letter)}\u0301b\u0345" for letter in _LETTERS for form in ("NFD", "NFKD")]
    assert [french.fold(one) for one in texts] == [whole(one) for one in texts]


def test_a_long_text_folds_as_a_short_one():
    text = "L’Œuvre\u202f: ÆTHER \u00c6\u0301 non\u2011conforme ` 71 % Straße\n"
    assert french.fold(text * 20) == whole(text * 20)
    assert len(text * 20) > SHORT > len(text)
