"""The table of a review as spreadsheets save it: what was decided is read, and every fault has its line and its column."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from reports.overrides.fields import OUTCOMES
from reports.overrides.override import Override
from reports.overrides.reading import parse_overrides
from reports.overrides.writing import as_toml
from reports.render.foreign import cell, uncell
from reports.review.decisions import FIELDS, is_table, is_workbook, read_decisions

TODAY = date(2026, 11, 23)
COLUMNS = ("rank", "service", "rule", "outcome", "run", *list(FIELDS)[2:])
LINE = {
    "rank": "1",
    "service": "a-just",
    "rule": "https",
    "outcome": "failed",
    "run": "2026-11-23T0600Z",
    "decision": "passed",
    "decision_reason": "Vu : « l'œuvre » – à 3 €.",
    "decision_author": "prénom.nom",
    "decision_evidence": "https://a-just.fr/vu?x=1;y=2",
    "decision_until": "2027-05-23",
}
DECIDED = Override(
    service="a-just",
    rule="https",
    outcome=Outcome.PASSED,
    reason="Vu : « l'œuvre » – à 3 €.",
    author="prénom.nom",
    evidence="https://a-just.fr/vu?x=1;y=2",
    until=date(2027, 5, 23),
)


def table(*lines, columns=COLUMNS, **dialect):
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, extrasaction="ignore", **dialect)
    writer.writeheader()
    writer.writerows({**LINE, **line} for line in lines)
    return file.getvalue()


def read(text, encoding="utf-8"):
    return read_decisions(text.encode(encoding), "d.csv", BY_ID, TODAY)


def refusal(text):
    with pytest.raises(InputError) as raised:
        read(text)
    sentence = str(raised.value).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence.startswith("d.csv")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert sentence.isprintable()
    return sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(
    "dialect",
    [
        {},
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"delimiter": ";", "quoting": csv.QUOTE_ALL},
        {"lineterminator": "\n"},
        {"lineterminator": "\r"},
    ],
    ids=str,
)
def test_a_table_is_read_as_spreadsheets_save_it(encoding, dialect):
    text = table({}, **dialect)
    assert is_table(text.encode(encoding))
    (one,) = read(text, encoding).made
    assert (one.override, one.run, one.looked_at) == (DECIDED, "2026-11-23T0600Z", "failed")


@pytest.mark.parametrize(
    "said, until",
    [
        ("2027-05-23", date(2027, 5, 23)),
        (" 23/05/2027 ", date(2027, 5, 23)),
        ("3/5/2027", date(2027, 5, 3)),
        ("23.05.2027", date(2027, 5, 23)),
        ("23/05/27", date(2027, 5, 23)),
        ("2027-05-23 00:00:00", date(2027, 5, 23)),
        ("2027-05-23T00:00", date(2027, 5, 23)),
    ],
)
def test_a_day_is_read_as_it_is_written_in_france(said, until):
    (one,) = read(table({"decision_until": said})).made
    assert one.override.until == until


@pytest.mark.parametrize("said", ["05/23/2027", "31/02/2027", "demain", "2027", "45435", "2027-05-23 12:00", "23/05"])
def test_what_is_not_a_day_is_refused(said):
    assert "ligne 2, colonne decision_until : « decision_until » vaut" in refusal(table({"decision_until": said}))


@pytest.mark.parametrize(
    "said, outcome", [("PASSED", Outcome.PASSED), ("Canttell", Outcome.CANT_TELL), (" failed ", Outcome.FAILED)]
)
def test_capitals_and_spaces_decide_nothing(said, outcome):
    (one,) = read(table({"decision": said})).made
    assert one.override.outcome is outcome


def test_a_line_without_a_decision_is_passed_over_and_said_where_it_was_begun():
    empty = {column: "" for column in FIELDS if column.startswith("decision")}
    found = read(table(empty, {}, {**empty, "decision_reason": "À revoir."}, {**empty, "rule": "inconnue"}))
    assert [one.override for one in found.made] == [DECIDED]
    assert found.unfinished == (4,)
    assert read(table()).made == ()
    assert read(table({}) + ",,,\r\n\r\n").made != ()


def test_the_mark_of_utf_8_is_no_part_of_a_column():
    text = table({}, columns=[*FIELDS])
    (one,) = read(text, "utf-8-sig").made
    assert one.override == DECIDED


def test_columns_may_be_moved_added_or_left_out():
    columns = ["Note", *reversed([*FIELDS])]
    columns[1] = " DECISION_UNTIL "
    text = table({" DECISION_UNTIL ": "2027-05-23", "Note": "à moi"}, columns=columns)
    (one,) = read(text).made
    assert (one.override, one.run, one.looked_at) == (DECIDED, "", "")


@pytest.mark.parametrize(
    "change, said",
    [
        ({"decision": "oui"}, "colonne decision : « decision » vaut « oui », écrivez passed, failed, cantTell ou inapplicable"),
        ({"decision": "untested"}, "colonne decision : "),
        ({"decision_reason": " "}, "colonne decision_reason : « decision_reason » est vide"),
        ({"decision_reason": "x" * 1001}, "colonne decision_reason : « decision_reason » a 1001 caractères, 1000 au plus"),
        ({"decision_author": "a\u202eb"}, "colonne decision_author : « decision_author » contient un caractère invisible"),
        ({"decision_evidence": "javascript:1"}, "colonne decision_evidence : "),
        ({"decision_evidence": "https://a:b@c.fr/"}, "identifiant ou un mot de passe"),
        ({"decision_evidence": ""}, "colonne decision_evidence : « decision_evidence » est vide"),
        ({"decision_until": ""}, "colonne decision_until : « decision_until » est vide"),
        ({"decision_until": "2028-11-25"}, "colonne decision_until : elle vaudrait jusqu'au 2028-11-25, soit plus de deux ans"),
        ({"rule": "beaute"}, "colonne rule : aucune règle « beaute »"),
        ({"service": ""}, "colonne service : « service » est vide"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_its_column(change, said):
    assert "d.csv, ligne 3, " in refusal(table({}, {"service": "autre", **change}))
    assert said in refusal(table({}, {"service": "autre", **change}))


def test_every_fault_is_told_at_once():
    lines = [{"service": f"s{number}", "decision": "non", "decision_until": "x"} for number in range(12)]
    sentence = refusal(table(*lines))
    assert "ligne 2, colonne decision : " in sentence
    assert "et 23 autres fautes, lignes 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 et suivantes." in sentence


def test_a_service_and_a_rule_are_decided_once():
    sentence = refusal(table({}, {"rule": "hsts"}, {"decision": "failed"}))
    assert "ligne 4, colonne decision : la ligne 2 décide déjà de ce service et de cette règle" in sentence


def test_a_column_that_is_missing_is_named():
    assert "ligne 1 : il manque la colonne decision_author" in refusal(
        table({}, columns=[column for column in COLUMNS if column != "decision_author"])
    )


@pytest.mark.parametrize("column", ["service", "decision", "outcome"])
def test_a_column_that_is_there_twice_is_not_chosen_for_the_person(column):
    head, line = table({}).splitlines()

    assert f"ligne 1 : la colonne {column} est là deux fois" in refusal(f"{head},{column}\n{line},passed\n")


def test_a_line_with_more_cells_than_the_first_is_not_guessed_at():
    head, line = table({}).splitlines()

    assert "ligne 3 : elle a plus de cellules" in refusal(f"{head}\n{line},,\n{line},x\n")


def test_a_table_that_breaks_off_says_after_which_line():
    assert "d.csv, après la ligne 2 : ce n'est pas du CSV lisible" in refusal(table({}) + '"jamais fermé')


@pytest.mark.parametrize(
    "raw", [b"", b"[[override]]\n", b"service;nom\n", b"\x81\x00\xff", b'"service', b"override = []"]
)
def test_what_is_no_such_table_is_known(raw):
    assert not is_table(raw)
    assert not is_workbook(raw)


def test_workbooks_are_known():
    assert is_workbook(b"PK\x03\x04...")
    assert is_workbook(b"\xd0\xcf\x11\xe0...")


def test_names_that_were_guarded_are_the_same_again():
    names = ["=1+1", "'=1+1", "a;=1", "⟨U+202E⟩", "-a", "é\u00a0è"]
    found = read(table(*({"service": cell(name), "decision_reason": cell(name)} for name in names)))
    assert [one.override.service for one in found.made] == names
    assert [one.override.reason for one in found.made] == names


@given(st.text())
def test_a_cell_gives_back_its_text(text):
    assert uncell(cell(text)) == text


words = (
    # But for a space, what is not seen is refused; one of another script is.
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=100
    )
    .map(str.strip)
    .filter(bool)
)


@given(
    st.lists(
        st.builds(
            Override,
            service=words,
            rule=words,
            outcome=st.sampled_from(OUTCOMES),
            reason=st.tuples(words, words).map("\n\t".join),
            author=words,
            evidence=st.just("https://a.fr/?x=\\"),
            until=st.dates(date(1000, 1, 1)),
        ),
        max_size=3,
        unique_by=lambda one: one.key,
    )
)
def test_what_is_written_in_toml_is_read_the_same(overrides):
    assert parse_overrides(as_toml(overrides).encode(), "o.toml") == tuple(overrides)
