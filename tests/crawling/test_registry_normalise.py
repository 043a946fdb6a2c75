from __future__ import annotations

import pytest

from crawler.registry.normalise import (
    UnusableValueError,
    iso_date,
    quoted,
    repaired_url,
    site_id,
    unescaped,
    without_credentials,
)

SITE = "https://bac.exemple.fr/app/"


@pytest.mark.parametrize(
    "value",
    [
        "https://bac.exemple.fr",
        "http://bac.exemple.fr:8080/app",
        "https://bac.exemple.fr/?utm_source=annuaire&mtm_campaign=a#/stats",
        "https://bac.exemple.fr/budget?view#",
        "https://bac.exemple.fr/?",
        "https://élève.exemple.fr/été",
        "https://[::1]:8000/",
        "https://archive.exemple.fr/web/2020/https://bac.exemple.fr/",
        "https://bac.exemple.fr/a?x=1&copy=2",
    ],
)
def test_a_sound_address_is_left_alone(value):
    assert repaired_url(value) == value


@pytest.mark.parametrize(
    "value, expected",
    [
        (" https://bac.exemple.fr/ ", "https://bac.exemple.fr/"),
        ("https:&#x2F;&#x2F;bac.exemple.fr&#x2F;stats", "https://bac.exemple.fr/stats"),
        ("https://bac.exemple.fr/?a=1&amp;b=2", "https://bac.exemple.fr/?a=1&b=2"),
        ("https://forge.exemple.fr/org/depot;", "https://forge.exemple.fr/org/depot"),
        ("https://bac.exemple.fr//stats", "https://bac.exemple.fr/stats"),
        ("https://bac.exemple.fr//stats?next=//a#//b", "https://bac.exemple.fr/stats?next=//a#//b"),
        ("bac.exemple.fr/stats", "https://bac.exemple.fr/stats"),
        ("bac.exemple.fr:8443", "https://bac.exemple.fr:8443"),
        ("localhost:8000/a", "https://localhost:8000/a"),
        ("//bac.exemple.fr/stats", "https://bac.exemple.fr/stats"),
        ("HTTPS://bac.exemple.fr", "https://bac.exemple.fr"),
        ("https://jeanne:secret@bac.exemple.fr/", "https://bac.exemple.fr/"),
        ("git@forge.exemple.fr:org/depot.git", "https://forge.exemple.fr/org/depot.git"),
        ("https://bac.exemple.fr/un document", "https://bac.exemple.fr/un%20document"),
        ("\u200bhttps://bac.exemple.fr", "https://bac.exemple.fr"),
    ],
)
def test_known_dirt_is_repaired(value, expected):
    assert repaired_url(value) == expected
    assert repaired_url(expected) == expected


@pytest.mark.parametrize(
    "value, reason",
    [
        ("en cours", "adresse http"),
        ("n/a", "adresse http"),
        ("stats", "adresse http"),
        ("jeanne@exemple.fr", "adresse http"),
        ("mailto:jeanne@exemple.fr", "adresse http"),
        ("javascript:alert(1)", "adresse http"),
        ("ftp://exemple.fr/a", "« ftp:// »"),
        ("https://", "nom de site"),
        ("https:///stats", "nom de site"),
        ("https://bac exemple.fr/", "nom de site"),
        ("https://bac..exemple.fr/", "bien formée"),
        ("https://[::1/", "bien formée"),
        ("https://bac.exemple.fr:port/", "bien formée"),
        ("https://bac.exemple.fr:99999/", "bien formée"),
        (f"https://{'a' * 64}.exemple.fr/", "bien formée"),
        ("https://bac.exemple.fr/\nstats", "contrôle"),
        ("https://bac.exemple.fr/\ud800", "contrôle"),
    ],
)
def test_what_no_repair_can_save_says_why(value, reason):
    with pytest.raises(UnusableValueError, match=reason):
        repaired_url(value)


def test_a_bare_path_is_completed_by_the_site_and_kept_without_one():
    assert repaired_url("/stats", SITE) == "https://bac.exemple.fr/stats"
    assert repaired_url("/stats") == "/stats"


@pytest.mark.parametrize(
    "text, expected",
    [("L&#39;appli", "L'appli"), ("Eau &amp; sel", "Eau & sel"), ("?a=1&copy=2", "?a=1&copy=2"), ("R&D;", "R&D;")],
)
def test_only_whole_character_references_are_unescaped(text, expected):
    assert unescaped(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-2-9", "2024-02-09"),
        ("2024-02-29T10:00:00Z", "2024-02-29"),
        ("2024-02-29 00:00:00 +0100", "2024-02-29"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_dates_become_iso(text, expected):
    assert iso_date(text) == expected


@pytest.mark.parametrize(
    "text, reason", [("2023-02-29", "n'existe pas"), ("31/13/2023", "n'existe pas"), ("mars 2023", "AAAA-MM-JJ")]
)
def test_impossible_dates_say_why(text, reason):
    with pytest.raises(UnusableValueError, match=reason):
        iso_date(text)


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://Bac.exemple.fr/", "bac.exemple.fr"),
        ("https://guichet.exemple.fr/simulateur/eau/", "guichet.exemple.fr-simulateur-eau"),
        ("http://localhost:8000", "localhost-8000"),
    ],
)
def test_an_address_gives_an_id(url, expected):
    assert site_id(url) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        ("ftp://jeanne:secret@exemple.fr", "« ftp://exemple.fr »"),
        ("jeanne:secret@exemple.fr", "« exemple.fr »"),
        ("a\x00\nb", "« a b »"),
        (None, "« null »"),
        (True, "« true »"),
        (["a"], "« […] »"),
        ({"a": 1}, "« {…} »"),
    ],
)
def test_a_quoted_value_is_one_line_without_secrets(value, expected):
    assert quoted(value) == expected


def test_a_long_value_is_quoted_in_part():
    assert quoted("x" * 500) == f"« {'x' * 79}… »"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("https://agent:secret@a.fr/@moi", "https://a.fr/@moi"),
        ("« agent@secret@a.fr", "« a.fr"),
        ("@a.fr", "@a.fr"),
        ("mot" * 200_000, "mot" * 200_000),  # in no time, where the square of its length would take an hour
    ],
    ids=lambda text: text[:20],
)
def test_credentials_are_not_shown(text, expected):
    assert without_credentials(text) == expected
