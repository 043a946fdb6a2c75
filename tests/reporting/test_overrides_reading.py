"""The file that people write: whatever is wrong in it is said in one sentence, with its place and what to do."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from reports.overrides.fields import OUTCOMES
from reports.overrides.override import Override
from reports.overrides.reading import check_new, parse_overrides, read_file

GOOD = """\
# Revue du 23 novembre
[[override]]
service = "a-just"
rule = "accessibility-mention"
outcome = "passed"
reason = "La mention est dans une image."
author = "prenom.nom"
evidence = "https://a-just.beta.gouv.fr/pied?x=1#y"
until = 2027-05-23
"""
A_JUST = Override(
    service="a-just",
    rule="accessibility-mention",
    outcome=Outcome.PASSED,
    reason="La mention est dans une image.",
    author="prenom.nom",
    evidence="https://a-just.beta.gouv.fr/pied?x=1#y",
    until=date(2027, 5, 23),
)


def parsed(text):
    return parse_overrides(text.encode(), "o.toml")


def refusal(text):
    """The sentence, which is one, on one line, and names the file."""
    with pytest.raises(InputError) as raised:
        parse_overrides(text if isinstance(text, bytes) else text.encode(), "o.toml")
    sentence = str(raised.value)
    assert sentence.startswith("o.toml")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert sentence.replace("⟨", "").replace("⟩", "").isprintable()
    return sentence


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace('"a-', '"  a-')])
def test_an_override_is_read_whole(text):
    assert parsed(text) == (A_JUST,)


@pytest.mark.parametrize("text", ["", "# rien pour l'instant\n", "override = []\n"])
def test_a_file_without_overrides_withdraws_them_all(text):
    assert parsed(text) == ()


def test_overrides_keep_their_order_and_survive_json():
    two = parsed(GOOD + GOOD.replace("a-just", "zéro").replace("passed", "cantTell"))
    assert [(one.service, one.outcome) for one in two] == [("a-just", Outcome.PASSED), ("zéro", Outcome.CANT_TELL)]
    assert tuple(Override.from_json(one.to_json()) for one in two) == two


@pytest.mark.parametrize(
    "line, said",
    [
        (
            'outcom = "passed"',
            "correction 1 (a-just, accessibility-mention) : la clé « outcom » est inconnue, les clés",
        ),
        ('"\\u001b[31m" = 1', "la clé « ⟨U+001B⟩[31m » est inconnue"),
        ("service = 3", "correction 1 (accessibility-mention) : « service » n'est pas un texte"),
        ('service = " "', "« service » est vide"),
        ('reason = ""', "« reason » est vide"),
        ('reason = """\n  \n"""', "« reason » est vide"),
        ('author = "\\t"', "« author » est vide"),
        ("author = true", "« author » n'est pas un texte"),
        (f'reason = "{"a" * 1001}"', "« reason » a 1001 caractères, 1000 au plus"),
        ('reason = "vu \\u202E uv"', "« reason » contient un caractère invisible (U+202E)"),
        ('reason = "vu \\u2028 vu"', "« reason » contient un caractère invisible (U+2028)"),
        ('author = "a\\u001fb"', "« author » contient un caractère invisible (U+001F)"),
        ('rule = "http\\u0000s"', "« rule » contient un caractère invisible (U+0000)"),
        ('outcome = "untested"', "« outcome » vaut « untested », écrivez passed, failed, cantTell ou inapplicable"),
        ('outcome = "Passed"', "« outcome » vaut « Passed »"),
        ("outcome = []", "« outcome » vaut autre chose qu'un texte"),
        ('evidence = "ftp://a.fr/preuve"', "« evidence » vaut « ftp://a.fr/preuve », écrivez une adresse http://"),
        ('evidence = "javascript:alert(1)"', "« evidence » vaut « javascript:alert(1) »"),
        ('evidence = "/stats"', "« evidence » vaut « /stats »"),
        ('evidence = "https:///chemin"', "« evidence » vaut"),
        ('evidence = "https://a.fr/ b"', "« evidence » vaut"),
        ('evidence = "https://a.fr/<b>"', "« evidence » vaut"),
        ('evidence = "https://a.fr:port/"', "« evidence » vaut"),
        (
            'until = "2027-05-23"',
            "« until » n'est pas un jour, écrivez par exemple until = 2027-05-23, sans guillemets",
        ),
        ("until = 2027-05-23T00:00:00", "« until » n'est pas un jour"),
        ("until = 20270523", "« until » n'est pas un jour"),
        ("until = 2027-02-30", "ligne 9"),
    ],
)
def test_a_wrong_value_is_named(line, said):
    key = re.escape(line.partition(" =")[0])
    changed, times = re.subn(rf"^{key} = .*$", lambda _: line, GOOD, flags=re.MULTILINE)
    assert said in refusal(changed if times else GOOD + line)


@pytest.mark.parametrize("key", tomllib.loads(GOOD)["override"][0])
def test_every_key_is_asked_for(key):
    without = re.sub(rf"^{key} = .*\n", "", GOOD, flags=re.MULTILINE)
    assert f"il manque « {key} », les clés sont service, rule," in refusal(without)


@pytest.mark.parametrize(
    "url", ["https://agent:secret@a.fr/", "https://secret@a.fr/", "https://a.fr/?suite=https://agent:secret@b.fr/"]
)
def test_credentials_are_refused_and_not_repeated(url):
    sentence = refusal(GOOD.replace("https://a-just.beta.gouv.fr/pied?x=1#y", url))
    assert "mot de passe" in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize(
    "text, said",
    [
        (GOOD + "\n[[override]]\nservice = \n", "o.toml, ligne 12 : ce n'est pas du TOML lisible"),
        (GOOD + 'reason = "encore"', "o.toml, ligne 10 : ce n'est pas du TOML lisible"),
        ("a = " + "[" * 5000, "ce n'est pas du TOML lisible"),
        ("a = 1" + "0" * 5000, "ce n'est pas du TOML lisible"),
        (b"# un\n# caf\xe9\n" + GOOD.encode(), "o.toml, ligne 2 : ce fichier n'est pas en UTF-8"),
        (GOOD.replace("[[override]]", "[override]"), "écrivez [[override]], entre doubles crochets"),
        (GOOD.replace("[[override]]", "[[overrides]]"), "« overrides » est inconnu, chaque correction commence par"),
        (GOOD.replace("[[override]]\n", ""), "« author » est inconnu, chaque correction commence par"),
        ("override = [1]", "correction 1 : écrivez ses clés sous une ligne [[override]]"),
        (GOOD + GOOD, "correction 2 (a-just, accessibility-mention) : la correction 1 porte déjà sur ce service"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text, said):
    assert said in refusal(text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"absent\.toml n'existe pas"):
        read_file(tmp_path / "absent.toml")
    with pytest.raises(InputError, match="ne peut pas être lu"):
        read_file(tmp_path)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"rule": "beaute"}, "correction 1 (a-just, beaute) : aucune règle « beaute »"),
        ({"until": date(2028, 11, 24)}, "plus de deux ans"),
        ({"until": date.max}, "plus de deux ans"),
        ({"until": date(2028, 11, 23)}, ""),
        ({"until": date(2001, 1, 1)}, ""),
    ],
)
def test_a_file_that_is_given_names_rules_of_today_for_two_years_at_most(changes, said):
    given = Override.from_json(A_JUST.to_json() | {key: str(value) for key, value in changes.items()})
    if not said:
        check_new([given], "o.toml", {"accessibility-mention"}, date(2026, 11, 23))
        return
    with pytest.raises(InputError) as raised:
        check_new([given], "o.toml", {"accessibility-mention"}, date(2026, 11, 23))
    assert said in str(raised.value)


@given(st.binary(max_size=60) | st.text(alphabet='[]override=." \n\t#0-', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(raw):
    with suppress(InputError):
        assert parse_overrides(raw, "o.toml") == ()


def test_the_documented_example_is_accepted_and_its_keys_are_those():
    page = (Path(__file__).parents[2] / "docs" / "overrides.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (one,) = parsed(example)
    check_new([one], "o.toml", BY_ID, date(2026, 11, 28))
    assert re.findall(r"^\| `(\w+)`", page, re.MULTILINE) == list(one.to_json())
    assert [outcome for outcome in Outcome if f"`{outcome}`" in page] == list(OUTCOMES)
