from __future__ import annotations

import pytest

from reports.render import words
from reports.render.foreign import cut, one_line, shown, web_address
from reports.render.names import archive_name, file_names
from reports.render.rule_page import Span, anchor, blocks, rule_sections

PAGE = """La page d'accueil affiche le niveau
de conformité au RGAA.

Un mot avant les titres.

Pourquoi c'est important
------------------------
La loi l'exige.

Elle le dit deux fois.

Comment corriger
----------------
Ajoutez :
- le lien `Accessibilité : non conforme`,
  dans le pied de page ;
- une déclaration (https://example.gouv.fr/aide).
"""


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Café – l’été\n", "Café – l’été\n"),
        ("gpj\u202eexe", "gpj⟨U+202E⟩exe"),
        ("\x1b[31m\x9b", "⟨U+001B⟩[31m⟨U+009B⟩"),
        ("nul\x00\ud800", "nul⟨U+0000⟩⟨U+D800⟩"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_only_unseen_controls_are_shown(text, expected):
    assert shown(text) == expected


def test_names_are_cut_to_one_line():
    assert one_line(" a\n\tb\u2028c ") == "a b c"
    assert cut("mot " * 100, 10) == "mot mot m…"
    assert cut("court", 10) == "court"
    assert cut(" \n") == "(sans nom)"


@pytest.mark.parametrize(
    "url, is_link",
    [
        ("https://a.gouv.fr/stats?x=1#y", True),
        ("http://[2001:db8::1]/", True),
        ("HTTPS://A.GOUV.FR/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<b>", False),
        ("//a.gouv.fr/", False),
        ("/stats", False),
        ("https:///chemin", False),
        ("http://[mauvais", False),
        ("https://a.gouv.fr/\u202efr", False),
        ("https://gou\u200bv.fr/", False),
        ("https://a.gouv.fr@b.fr/", False),
        ("https://agent:secret@b.fr/", False),
        ("https://b.fr\\.gouv.fr/", False),
        ("https://a.gouv.fr/@moi", True),
        ("java\nscript:alert(1)", False),
        ('https://a.gouv.fr/" onclick="x', False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url, is_link):
    assert web_address(url) == (url if is_link else None)


@pytest.mark.parametrize(
    "key, name",
    [
        ("a-just", "a-just"),
        ("1000.jours", "1000.jours"),
        ("../../etc", "%2E.%2F..%2Fetc"),
        (".htaccess", "%2Ehtaccess"),
        ("Aux.eaux", "%41ux.eaux"),
        ("auxiliaire", "auxiliaire"),
        ("a b", "a%20b"),
        ("été", "%C3%A9t%C3%A9"),
        ("\ud800", "%ED%A0%80"),
    ],
)
def test_file_names_cannot_leave_their_folder(key, name):
    assert file_names([key]) == {key: name}


def test_file_names_differ_even_where_case_is_ignored():
    keys = ["Carte", "carte", "CARTE", "index", "", "%", "x" * 5000, "x" * 5000 + "y"]
    names = file_names(keys)
    assert set(names) == set(keys)
    assert len({name.lower() for name in names.values()}) == len(keys)
    assert "index" not in names.values()
    assert max(map(len, names.values())) < 200
    assert names["CARTE"] == "CARTE"
    assert file_names(reversed(keys)) == names


def test_archives_are_named_after_their_record():
    assert archive_name("<urn:uuid:0B6F3B4E-0000-4000-8000-000000000001>") == "0b6f3b4e-0000-4000-8000-000000000001.txt"
    assert archive_name("<urn:uuid:../../etc/passwd>") is None
    assert archive_name("") is None


def test_rule_page_is_split_by_its_underlined_headings():
    title, sections = rule_sections(PAGE)
    assert title == "La page d'accueil affiche le niveau de conformité au RGAA."
    assert [heading for heading, _ in sections] == ["", "Pourquoi c'est important", "Comment corriger"]
    assert sections[1][1] == "La loi l'exige.\n\nElle le dit deux fois."
    assert rule_sections("Une phrase seule.") == ("Une phrase seule.", ())


def test_rule_text_has_paragraphs_lists_code_and_links():
    introduction, points = blocks(rule_sections(PAGE)[1][2][1])
    assert not introduction.is_list
    assert points.is_list
    assert points.items == (
        (
            Span(kind="text", text="le lien "),
            Span(kind="code", text="Accessibilité : non conforme"),
            Span(kind="text", text=", dans le pied de page ;"),
        ),
        (
            Span(kind="text", text="une déclaration ("),
            Span(kind="link", text="https://example.gouv.fr/aide"),
            Span(kind="text", text=")."),
        ),
    )
    assert anchor("Pourquoi c'est important") == "pourquoi-c-est-important"


@pytest.mark.parametrize(
    "told, expected",
    [
        (words.counted(0, "service"), "0\xa0service"),
        (words.counted(1, "non testé", "non testés"), "1\xa0non testé"),
        (words.counted(2, "service"), "2\xa0services"),
        (words.day("2026-11-01"), "1er\xa0novembre 2026"),
        (words.day("hier"), "hier"),
        (words.time("2026-11-23T07:02:11+01:00"), "23\xa0novembre 2026 à 6\xa0h\xa002 (UTC)"),
        (words.time(""), ""),
        (words.spaced("« Non » : 3 %"), "«\xa0Non\xa0»\xa0: 3\xa0%"),
        (
            words.registry_warning("registry-value-repaired:budget_url"),
            "Le registre contient une valeur mal écrite, que nous avons réparée (page de budget).",
        ),
        (words.registry_warning("inconnu:x"), "inconnu:x"),
    ],
)
def test_words(told, expected):
    assert told == expected


def test_every_name_of_the_code_has_a_word():
    assert set(words.OUTCOMES) == set(words.SYMBOLS) == set(words.HEADINGS) == set(words.Outcome)
    assert set(words.PHASE_GROUPS) == set(words.PhaseGroup)
    assert set(words.STATUSES) == set(words.Status)
