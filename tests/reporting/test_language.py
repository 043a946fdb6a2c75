"""What readers see in another language than French: every text is translated, and says the same things."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from reports.language import LANGUAGES, _, many, speaking, spoken
from reports.messages import catalogue, messages
from reports.render import words

OTHERS = [language for language in LANGUAGES if language != "fr"]
BLANKS = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}(?!\})")


@pytest.fixture(params=OTHERS)
def known(request):
    with catalogue(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


def keys(found):
    return {message[0] if isinstance(message, tuple) else message for message in found}


def test_catalogues_hold_the_texts_of_today(known):
    assert keys(message.id for message in known if message.id) == keys(messages()), "make messages"


def test_every_text_is_translated(known):
    missing = [message.id for message in known if message.id and not all(parts(message.string))]
    assert not missing, f"{len(missing)} texts wait in the catalogue, the first: {missing[:3]}"


def test_translations_fill_the_same_blanks(known):
    for message in known:
        wanted = set(BLANKS.findall(" ".join(parts(message.id))))
        assert all(set(BLANKS.findall(text)) <= wanted for text in parts(message.string)), message.id
        assert wanted <= set(BLANKS.findall(" ".join(parts(message.string)))), message.id


def parts(text):
    return (text,) if isinstance(text, str) else tuple(text)


def test_french_is_what_the_code_says():
    assert spoken() == "fr"
    assert _("Respecté") == "Respecté"
    assert [many("un", "plusieurs", number) for number in (0, 1, 2)] == ["un", "un", "plusieurs"]


def test_a_language_is_spoken_within_its_block():
    with speaking("en"):
        assert spoken() == "en"
        assert words.day("2026-11-23") == "23\u00a0November 2026"
        assert _("a text that no catalogue has") == "a text that no catalogue has"
    assert words.day("2026-11-01") == "1er\u00a0novembre 2026"
