"""Costly patterns are tried only on texts that hold a word or a figure without which they match nothing: it is proven here."""

import re
from re import _constants as code
from re import _parser as parser

import pytest

from checks.model import foot
from checks.parse import french_text, levels
from checks.parse.commitments import words, years
from checks.parse.declaration import dates, statement
from checks.parse.legal import notice, privacy, terms
from checks.parse.transparency import amounts, budget
from crawler.discovery.tables import SIGNS

GROUPS = (*notice.GROUPS, *privacy.GROUPS, *terms.GROUPS)
_UNKNOWN = "\0"
_REPEATS = {code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT}
_FIGURE = (code.CATEGORY, code.CATEGORY_DIGIT)


def needs(pattern, needed):
    """Whether all that a pattern matches holds one of some words, where ``0`` stands for any figure."""
    return _needs(list(parser.parse(pattern.pattern, pattern.flags)), needed, "")


def _needs(items, words, said):
    """``said`` is what stands right before the items."""
    if any(word in said for word in words) or not items:
        return any(word in said for word in words)
    (kind, what), rest = items[0], items[1:]
    if kind is code.ASSERT and _needs(list(what[1]), words, ""):
        return True
    ways = _ways(kind, what)
    if ways is None:
        return _needs(rest, words, said + _letter(kind, what))
    return all(_needs([*way, *rest], words, said) for way in ways)


def _ways(kind, what):
    """What stands for a part of a pattern that is made of others; ``None`` for a single character."""
    if kind is code.BRANCH:
        return what[1]
    if kind is code.SUBPATTERN:
        return [what[-1]]
    if kind in _REPEATS and what[:2] == (0, 1):
        return [[], list(what[2])]
    if kind in _REPEATS:
        # Whatever may be there, or be repeated, parts what stands around it.
        return [[*(what[2] if what[0] else ()), (code.ANY, None)]]
    return [[]] if kind in {code.AT, code.ASSERT, code.ASSERT_NOT} else None


def _letter(kind, what):
    if kind is code.LITERAL:
        return chr(what)
    return "0" if kind is code.IN and all(one == _FIGURE for one in what) else _UNKNOWN


@pytest.mark.parametrize(
    "pattern, needed",
    [
        (foot._FOOT, foot._OF_A_FOOT),
        (levels._LEVEL_ALONE, levels._OF_A_LEVEL),
        (french_text.LOADING, french_text.OF_LOADING),
        (budget._COUNTED, budget._OF_A_COUNT),
        (budget._NUMBER, ("0",)),
        (amounts.MONEY, ("0",)),
        (amounts._FIGURE, ("0",)),
        (amounts._ALONE, ("0",)),
        (dates._DATE, ("00",)),
        (years._COVERED, ("20",)),
        (words.SCHEMA.name, words.SCHEMA.words),
        (words.PLAN.name, words.PLAN.words),
        (statement._NO_AUDIT, statement._OF_NO_AUDIT),
        (statement._AN_AUDIT, statement._OF_NO_AUDIT),
        (statement._STANDARD, statement._OF_A_STANDARD),
        (french_text.UNFILLED, french_text.OF_UNFILLED),
        *((group.said, group.words) for group in GROUPS),
    ],
    ids=[
        "foot",
        "level",
        "loading",
        "count",
        "number",
        "money",
        "figure",
        "alone",
        "date",
        "year",
        "schema",
        "plan",
        "no-audit",
        "an-audit",
        "standard",
        "unfilled",
        *(group.key for group in GROUPS),
    ],
)
def test_what_a_pattern_matches_holds_one_of_its_words(pattern, needed):
    assert needs(pattern, needed)


@pytest.mark.parametrize("topic", SIGNS)
def test_what_a_link_to_a_topic_says_holds_one_of_its_words(topic):
    signs = SIGNS[topic]
    patterns = [pattern for pattern, _ in (*signs.names, *signs.paths)]
    assert [pattern for pattern in patterns if not needs(pattern, signs.words)] == []


@pytest.mark.parametrize(
    "pattern, needed",
    [
        ("pieds?|bas", ("pied",)),
        ("(?:no)?footer?", ("footer",)),
        (r"\d.\d", ("00",)),
        ("(?:ab)*", ("ab",)),
        ("(?!ab)a", ("ab",)),
        ("ax?b", ("ab",)),
    ],
    ids=["another-branch", "cut-short", "apart", "not-at-all", "denied", "parted"],
)
def test_a_word_that_is_not_needed_is_seen(pattern, needed):
    assert not needs(re.compile(pattern), needed)
