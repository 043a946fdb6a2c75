"""What makes foreign text harmless, one function at a time; what they do together is in test_hostile_text.py."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.unseen import UNSEEN, json_text
from reports.render.csv_table import csv_lines
from reports.render.foreign import cell, shown

ACTING = st.text(st.sampled_from("=+-@＝﹣;,\t\r\n '\"a⟨U+27E8⟩\u202e\u200b\x1b\ud800"), max_size=12)
ROOT = Path(__file__).parent.parent.parent
FORMULA = "=+-@＝＋－＠"


CODE = re.search(r"```python\n(.*?)```", (ROOT / "docs/exports.md").read_text("utf-8"), re.DOTALL)[1]


def read_back(text):
    """What docs/exports.md tells to do."""
    names = {"re": re, "cell": text}
    exec(CODE, names)  # noqa: S102 - our own page
    return names["text"]


@pytest.mark.parametrize(
    "value, expected",
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("   =1", "'   =1"),
        ("\u00a0\u200b＝1", "'\u00a0\u200b＝1"),
        ("a;=1;b", "a;'=1;b"),
        ("a\n- b", "a\n'- b"),
        ("'=1", "''=1"),
        ("l'été", "l'été"),
        ('";"=1', '";\'"=1'),
        ("\n\n=1", "'\n\n'=1"),
        ("a=b; c-d", "a=b; c-d"),
        ("\u202ea\x1b", "⟨U+202E⟩a⟨U+001B⟩"),
        (-12, -12),
        (-0.5, -0.5),
        (None, None),
        (True, "true"),
        ({"a": "\x9b"}, '{"a": "\\u009b"}'),
    ],
)
def test_a_cell_is_never_a_formula_and_a_number_stays_one(value, expected):
    assert cell(value) == expected
    assert type(cell(value)) is type(expected)


@settings(max_examples=500)
@given(ACTING)
def test_a_cell_can_be_read_back(text):
    assert read_back(cell(text)) == text


@settings(max_examples=1_000)
@given(st.lists(ACTING, min_size=3, max_size=3), st.sampled_from(",;\t"))
def test_no_reader_finds_a_formula_whatever_it_takes_for_a_separator(texts, separator):
    """A French spreadsheet splits at semicolons, and so reads the quotes of a comma's table as it likes."""
    text = "".join(csv_lines(("run", "b", "c"), [{"run": "r", "b": texts[0], "c": "".join(texts[1:])}]))
    for line in csv.reader(StringIO(text, newline=""), delimiter=separator):
        assert not [one for one in line if one.lstrip(" '\u200b").startswith(tuple(FORMULA)) and one[0] != "'"]


@given(st.text(st.characters(codec=None), max_size=30))
def test_json_says_the_same_and_can_always_be_written(text):
    line = json_text({"a": text})
    assert json.loads(line) == json.loads(json.dumps({"a": text}))
    assert not UNSEEN.search(line)
    assert line.encode("utf-8")


def test_a_flood_of_marks_is_cut_and_writing_is_not():
    assert shown("a" + "\u0301" * 10_000 + "b") == "a" + "\u0301" * 8 + "⟨…⟩b"
    assert shown("a" + "\u0336\u200d" * 5_000) == "a" + "\u0336\u200d" * 4 + "⟨…⟩"
    for written in ("Việt Nam", "שָׁלוֹם", "ที่นี่", "हिन्दी", "བསྒྲུབས", "👩🏽‍❤️‍💋‍👨🏼", "ﷺ"):
        assert shown(written) == written
