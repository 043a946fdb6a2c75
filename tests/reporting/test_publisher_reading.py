"""The file of a publisher: whatever is wrong in it is said in one sentence, with its key and what to do."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.errors import InputError
from checks.parse.levels import Level
from reports.publisher import reading
from reports.publisher.publisher import Accessibility, Data, Editor, Host, Pages, Privacy, Publisher, Security
from reports.publisher.reading import LEVELS, parse_publisher, read_publisher, sample_publisher

TODAY = date(2026, 11, 28)
DOCS = Path(__file__).parents[2] / "docs" / "publishing.md"
SHORT = """\
site = "https://Toise.example/audits"
[publisher]
name = "Atelier"
director = "Anouk Le Bihan"
address = "3 rue du Mètre"
phone = "01"
email = "a@toise.example"
[host]
name = "Nuage"
address = "12 rue du Phare"
phone = "02"
"""
AUDIT = '[accessibility]\nlevel = "partiellement"\nrate = 72.5\nauditor = "Société Exemple"\naudited = 2026-10-01\n'


def parsed(text: str) -> Publisher:
    return parse_publisher(text.encode(), "p.toml", TODAY)


def refusal(text: str | bytes) -> str:
    """The sentence, which is one, on one line, and names the file."""
    with pytest.raises(InputError) as raised:
        parse_publisher(text if isinstance(text, bytes) else text.encode(), "p.toml", TODAY)
    sentence = str(raised.value)
    assert sentence.startswith("p.toml")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert sentence.isprintable()
    return sentence


def test_what_is_needed_is_enough():
    said = parsed(SHORT)
    assert said == Publisher(
        site="https://toise.example/audits/",
        editor=Editor(
            name="Atelier", director="Anouk Le Bihan", address="3 rue du Mètre", phone="01", email="a@toise.example"
        ),
        host=Host(name="Nuage", address="12 rue du Phare", phone="02"),
    )
    assert said.root == "/audits/"
    assert (said.accessibility, said.pages, said.privacy, said.data, said.security) == (
        Accessibility(), Pages(), Privacy(), Data(), None,
    )  # fmt: skip


def test_the_example_of_the_documentation_and_the_sample_use_every_key():
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    audited = {"rate", "auditor", "audited"}
    for text in (example, Path(reading.__file__).with_name("sample.toml").read_text("utf-8")):
        parsed(text)
        keys = {f"{table}.{key}" for table, said in tomllib.loads(text).items() if table != "site" for key in said}
        assert keys <= {
            f"{table}.{key}" for table, kind in reading._TABLES.items() for key in kind.__dataclass_fields__
        }
    keys = {f"{table}.{key}" for table, said in tomllib.loads(example).items() if table != "site" for key in said}
    owed = {f"{table}.{key}" for table, kind in reading._TABLES.items() for key in kind.__dataclass_fields__}
    assert owed - keys == {f"accessibility.{key}" for key in audited}, "an example without audit has all the rest"


def test_the_documentation_names_every_key():
    text = DOCS.read_text("utf-8")
    keys = {key for kind in reading._TABLES.values() for key in kind.__dataclass_fields__}
    assert {key for key in keys if f"`{key}`" not in text} == set()


@pytest.mark.parametrize("today", [date(2020, 1, 1), TODAY, date(2040, 5, 5)])
def test_the_sample_holds_on_any_day(today: date):
    assert sample_publisher(today).security.expires >= today


def test_a_contact_for_flaws_holds_for_less_than_a_year_unless_it_says_when():
    said = parsed(SHORT + '[security]\ncontact = "securite@toise.example"\n')
    assert said.security == Security(contact="mailto:securite@toise.example", expires=date(2027, 11, 27))
    said = parsed(SHORT + '[security]\ncontact = "https://toise.example/faille"\nexpires = 2027-01-31\n')
    assert said.security == Security(contact="https://toise.example/faille", expires=date(2027, 1, 31))


def test_an_audit_gives_a_level():
    said = parsed(SHORT + AUDIT).accessibility
    assert (said.level, said.rate, said.auditor) == ("partially", 72.5, "Société Exemple")


def test_levels_are_those_of_the_rules():
    assert set(LEVELS.values()) == {level.value for level in Level}


@pytest.mark.parametrize(
    "text, said",
    [
        (SHORT.replace("site =", "sites ="), "« sites » est inconnu, les parties sont site, publisher, host"),
        (SHORT.replace('site = "https://Toise.example/audits"\n', ""), "il manque « site »"),
        (SHORT.replace("https://T", "http://T"), "« site » vaut « http://Toise.example/audits », écrivez une adresse https"),
        (SHORT.replace("/audits", "/audits?x=1"), "« site » vaut"),
        (SHORT.replace("/audits", "/a;b{c}"), "« site » vaut"),
        (SHORT.replace("/audits", "/$host"), "« site » vaut"),
        (SHORT.replace("/audits", "/../audits"), "« site » vaut"),
        (SHORT.replace("/audits", "/audits/."), "« site » vaut"),
        (SHORT + '[security]\ncontact = "https://a.fr/sécurité"\n', "« security.contact » vaut « https://a.fr/sécurité », éc"),
        (SHORT + '[data]\naddress = "https://a.fr"\n', "[data] : « address » ne va pas sans « licence »"),
        (SHORT + '[accessibility]\npages = ["Accueil"]\n', "[accessibility] : « pages » ne va pas sans « tests » ni audit"),
        (SHORT.replace("https://T", "https://moi:secret@T"), "« site » contient un identifiant ou un mot de passe"),
        (SHORT[: SHORT.index("[host]")], "il manque la partie [host]"),
        (SHORT.replace('phone = "02"\n', ""), "[host] : il manque « phone », les clés sont name, address, phone"),
        (SHORT.replace('"Nuage"', "3"), "« host.name » n'est pas un texte"),
        (SHORT.replace('"Nuage"', '" "'), "« host.name » est vide"),
        (SHORT.replace("Nuage", "Nu\u202eage"), "« host.name » contient un caractère invisible (U+202E)"),
        (SHORT.replace("Nuage", "N" * 501), "« host.name » a 501 caractères, 500 au plus"),
        (SHORT.replace("a@toise", "a toise"), "« publisher.email » vaut « a toise.example », écrivez une adresse électro"),
        (SHORT + "[pages]\nbudgets = 1\n", "[pages] : la clé « budgets » est inconnue, les clés sont statistics, budget"),
        (SHORT + '[pages]\nbudget = "javascript:alert(1)"\n', "« pages.budget » vaut « javascript:alert(1) »"),
        ("pages = 3\n" + SHORT, "« pages » n'est pas une partie, écrivez ses clés sous une ligne [pages]"),
        (SHORT + '[accessibility]\ntests = "axe"\n', "« accessibility.tests » n'est pas une liste"),
        (SHORT + "[accessibility]\ntests = [3]\n", "« accessibility.tests » n'est pas un texte"),
        (SHORT + f"[accessibility]\ntests = {['x'] * 51}\n", "« accessibility.tests » a 51 lignes, 50 au plus"),
        (SHORT + '[accessibility]\ntests = ["axe"]\n', "[accessibility] : « tests » ne va pas sans « tested »"),
        (SHORT + '[accessibility]\nlevel = "bon"\n', "« accessibility.level » vaut « bon », écrivez totalement, partiel"),
        (SHORT + '[accessibility]\nlevel = "totalement"\n', "« accessibility.level » : sans audit, le niveau est « non »"),
        (SHORT + AUDIT.replace("72.5", "100"), "pour un taux de 100 %, le niveau est « totalement »"),
        (SHORT + AUDIT.replace("72.5", "49.9"), "pour un taux de 49.9 %, le niveau est « non »"),
        (SHORT + AUDIT.replace("72.5", "101"), "« accessibility.rate » n'est pas un taux"),
        (SHORT + AUDIT.replace("72.5", "nan"), "« accessibility.rate » n'est pas un taux"),
        (SHORT + AUDIT.replace("audited = 2026-10-01", ""), "« auditor » ne va pas sans « audited »"),
        (SHORT + AUDIT.replace("2026-10-01", "2026-12-01"), "« accessibility.audited » est à venir (2026-12-01)"),
        (SHORT + AUDIT.replace("2026-10-01", "2026-10-01T08:00:00"), "« accessibility.audited » n'est pas un jour"),
        (SHORT + '[accessibility]\nschema = "https://a.fr"\n', "« schema » ne va pas sans « schema_years »"),
        (
            SHORT + '[accessibility]\nschema = "https://a.fr"\nschema_years = "2026-2031"\n',
            "« accessibility.schema_years » vaut « 2026-2031 », écrivez par exemple « 2026-2028 », trois ans au plus",
        ),
        (SHORT + '[accessibility]\nplan = "https://a.fr"\nplan_year = "2026"\n', "« accessibility.plan_year » n'est pas"),
        (SHORT + "[security]\nexpires = 2027-01-01\n", "[security] : il manque « contact »"),
        (SHORT + '[security]\ncontact = "x@a.fr"\nexpires = 2026-11-28\n', "« security.expires » vaut 2026-11-28, choi"),
        (SHORT + '[security]\ncontact = "x@a.fr"\nexpires = 2027-11-29\n', "« security.expires » vaut 2027-11-29, choi"),
        (SHORT + '[security]\ncontact = "x@a.fr\\nContact: y"\n', "« security.contact » vaut"),
        (SHORT + '[security]\ncontact = "http://a.fr"\n', "« security.contact » vaut « http://a.fr »"),
        ("[publisher\n", "p.toml, ligne 1 : ce n'est pas du TOML lisible"),
        (b"site = '\xff'", "p.toml, ligne 1 : ce fichier n'est pas en UTF-8"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(text: str | bytes, said: str):
    assert said in refusal(text)


def test_a_file_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(InputError, match=r"editeur\.toml n'existe pas : vérifiez --publisher\.$"):
        read_publisher(tmp_path / "editeur.toml", TODAY)
    with pytest.raises(InputError, match="ne peut pas être lu"):
        read_publisher(tmp_path, TODAY)


VALUES = st.one_of(
    st.text(max_size=20), st.integers(), st.booleans(), st.dates(), st.floats(), st.lists(st.text(max_size=5), max_size=3)
)  # fmt: skip
KEYS = [f"{table}.{key}" for table, kind in reading._TABLES.items() for key in kind.__dataclass_fields__]


@given(key=st.sampled_from(KEYS), value=VALUES)
def test_any_value_is_taken_or_refused_by_name(key: str, value: object):
    table, _, name = key.partition(".")
    whole = tomllib.loads(SHORT)
    whole.setdefault(table, {})[name] = value
    refused = name
    try:
        reading._agree(reading._publisher(whole, TODAY), TODAY)
    except reading.WrongError as error:
        refused = str(error)
    assert name in refused or table in refused
