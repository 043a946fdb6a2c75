"""What readers see in another language than French: every text is translated, and says the same things."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from checks.catalogue import RULES
from reports.language import LANGUAGES, _, many, speaking, spoken
from reports.messages import catalogue, messages
from reports.render import words
from reports.render.rule_page import blocks, rule_sections, spoken_rule, spoken_sections

OTHERS = [language for language in LANGUAGES if language != "fr"]
BLANKS = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}(?!\})")
QUOTED = re.compile(r"«[^«»]*»|<span lang=\"fr\">.*?</span>|`[^`]*`")
"""Where French, or code, stays as it is."""
FRENCH_SPACE = re.compile(r"(?: |\xa0|&nbsp;)(?:[:;?!»]|%(?!\()|%%)|«(?: |\xa0|&nbsp;)")


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


def test_translations_are_punctuated_in_english(known):
    for message in filter(lambda message: message.id, known):  # the first is the head of the file
        for text in parts(message.string):
            assert not FRENCH_SPACE.search(QUOTED.sub("x", text)), text


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_of_a_rule_has_the_same_blocks(rule, language):
    _title, french = rule_sections(rule.page)
    with speaking(language):
        title, other = spoken_sections(rule.page)
        assert title
        assert spoken_rule(rule).title
    assert [shape(text) for _heading, text in other] == [shape(text) for _heading, text in french]


def shape(text):
    """Paragraphs and lists, how long each is, and what no translation changes: code and addresses, in any order."""
    return [
        (block.is_list, [sorted(span.text for span in item if span.kind != "text") for item in block.items])
        for block in blocks(text)
    ]


def parts(text):
    return (text,) if isinstance(text, str) else tuple(text)


def test_french_is_what_the_code_says():
    assert spoken() == "fr"
    assert _("Respecté") == "Respecté"
    assert [many("un", "plusieurs", number) for number in (0, 1, 2)] == ["un", "un", "plusieurs"]


def test_a_text_that_also_stands_alone_is_spoken_either_way():
    with speaking("en"):
        assert _("incubateur") == "incubator"
        assert [many("incubateur", "incubateurs", number) for number in (0, 1)] == ["incubators", "incubator"]


def test_a_language_is_spoken_within_its_block():
    with speaking("en"):
        assert spoken() == "en"
        assert words.day("2026-11-23") == "23\u00a0November 2026"
        assert _("a text that no catalogue has") == "a text that no catalogue has"
    assert words.day("2026-11-01") == "1er\u00a0novembre 2026"
