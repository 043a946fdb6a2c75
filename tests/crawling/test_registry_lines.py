"""A malformed entry costs its own line, and says so; the rest is kept."""

from __future__ import annotations

import json
import re

import pytest

from crawler.registry import parse_registry

JSON = """{"links": {"data": [{"id": "leurre"}]},
 "data": [
  {"id": "bac"},
  %s,
  {"id": "seau"}
 ]
}"""


@pytest.mark.parametrize(
    "entry, sentence",
    [
        ("null", "« null » n'est pas un objet JSON"),
        ('"bac"', "« bac » n'est pas un objet JSON"),
        ("[]", r"« \[…\] » n'est pas un objet JSON"),
        ("{}", "n'a pas d'identifiant"),
        ('{"id": null, "attributes": {"name": "X"}}', "n'a pas d'identifiant"),
        ('{"id": "  "}', "n'a pas d'identifiant"),
        ('{"id": ["x"]}', "n'a pas d'identifiant"),
        ('{"id": true}', "n'a pas d'identifiant"),
        ('{"id": "a\\u0000b"}', "« a b » contient un caractère de contrôle"),
        ('{"id": "a\\ud800"}', "contient un caractère de contrôle"),
        ('{"id": "%s"}' % ("é" * 40), "est trop long"),
        ('{"id": "x", "attributes": []}', "« attributes » n'est pas un objet JSON"),
        ('{"id": "x", "type": "incubator"}', "de type « incubator », pas un service"),
        (
            '{"id": "bac", "attributes": {"name": "Autre"}}',
            "« bac » est déjà celui de la ligne 3 ; cette entrée est ignorée",
        ),
    ],
)
def test_an_entry_of_the_api_is_lost_alone(entry, sentence):
    registry = parse_registry((JSON % entry).encode(), "registre.json")

    assert [service.id for service in registry.services] == ["bac", "seau"]
    assert len(registry.warnings) == 1
    assert re.match(rf"registre\.json, ligne 4 : .*{sentence}.*\.$", registry.warnings[0])


@pytest.mark.parametrize(
    "attributes, code, sentence",
    [
        ({"link": "ftp://x.fr"}, "registry-value-unusable:url", "l'adresse « ftp://x.fr » est inutilisable"),
        ({"link": 12}, "registry-value-unusable:url", "l'adresse « 12 » est inutilisable .*pas un texte"),
        ({"link": "/accueil"}, "registry-value-unusable:url", "aucun nom de site"),
        ({"link": "https://"}, "registry-value-unusable:url", "aucun nom de site"),
        ({"stats_url": {"a": 1}}, "registry-value-unusable:statistics_url", "l'adresse des statistiques « {…} »"),
        ({"budget_url": "en cours"}, "registry-value-unusable:budget_url", "l'adresse du budget « en cours »"),
        ({"repository": ["a"]}, "registry-value-unusable:repository", r"l'adresse du code source « \[…\] »"),
        ({"name": ["a"]}, "registry-value-unusable:name", "le nom"),
        ({"sponsors": {"a": 1}}, "registry-value-unusable:sponsors", "pas une liste"),
        ({"sponsors": [["dgx"]]}, "registry-value-unusable:sponsors", "pas un texte"),
        ({"phases": "construction"}, "registry-value-unusable:phases", "pas une liste"),
        ({"phases": [{"start": "2024-01-01"}]}, "registry-value-unusable:phases", "elle n'a pas de nom"),
        ({"phases": [None]}, "registry-value-unusable:phases", "la phase « null »"),
        ({"phases": [{"name": "alumni", "start": "2023-02-30"}]}, "registry-value-unusable:phases", "n'existe pas"),
        ({"phases": [{"name": "alumni", "end": []}]}, "registry-value-unusable:phases", "pas une date"),
        ({"phases": [{"name": "jachère"}]}, "unknown-phase:jachère", "la phase « jachère » est inconnue ; le service"),
        ({"events": [{"date": "2024-01-01"}]}, "registry-value-unusable:events", "il n'a pas de nom"),
        ({"events": [{"name": "fast", "date": "janvier"}]}, "registry-value-unusable:events", "AAAA-MM-JJ"),
    ],
)
def test_a_value_of_the_api_is_lost_alone(attributes, code, sentence):
    entry = json.dumps({"id": "x", "attributes": attributes})
    registry = parse_registry((JSON % entry).encode(), "registre.json")

    assert [service.id for service in registry.services] == ["bac", "x", "seau"]
    assert registry.services[1].warnings == (code,)
    assert len(registry.warnings) == 1
    assert re.match(rf"registre\.json, ligne 4 : .*{sentence}.* \(service « x »\)\.$", registry.warnings[0])


def test_malformed_relationships_lose_the_incubator_only():
    registry = parse_registry(b'[{"id": "x", "relationships": "atelier"}, {"id": "y", "relationships": [1]}]', "r.json")

    assert [service.incubators for service in registry.services] == [("atelier",), ()]
    assert registry.services[1].warnings == ("registry-value-unusable:incubators",)


def test_an_unknown_phase_does_not_hide_the_known_ones():
    phases = [{"name": "construction", "start": "2022-01-01"}, {"name": "jachère", "start": "2023-01-01"}]
    service = parse_registry(json.dumps([{"id": "x", "phases": phases}]).encode(), "r.json").services[0]

    assert [phase.name for phase in service.phases] == ["construction", "jachère"]
    assert service.group().value == "unknown"


def test_a_phase_written_with_accents_is_recognised_and_said_to_be_repaired():
    service = parse_registry("url;phase\nbac.exemple.fr;Accélération\n".encode(), "r.csv").services[0]

    assert service.group().value == "acceleration"
    assert "registry-value-repaired:phases" in service.warnings


def test_a_password_is_removed_said_and_never_repeated():
    raw = b'[{"id": "x", "link": "https://jeanne:secret@bac.exemple.fr/"}]'
    registry = parse_registry(raw, "registre.json")
    service = registry.services[0]

    assert service.url == "https://bac.exemple.fr/"
    assert service.warnings == ("registry-value-repaired:url",)
    assert re.match("registre.json, ligne 1 : l'adresse portait un mot de passe, retiré", registry.warnings[0])
    assert "secret" not in registry.warnings[0]
    assert "jeanne" not in registry.warnings[0]


def test_entries_on_one_line_are_all_of_that_line():
    registry = parse_registry(b'\n\n{"data": [{"id": "x"}, 1, {"id": "x"}], "meta": {"a": [1, {}]}}', "registre.json")

    assert [warning[:25] for warning in registry.warnings] == ["registre.json, ligne 3 : "] * 2


@pytest.mark.parametrize(
    "line, number, sentence",
    [
        ("bac,Double,https://autre.fr", 3, "« bac » est déjà celui de la ligne 2"),
        (",Sans rien,", 3, "n'a ni identifiant ni adresse utilisable"),
        ("x,Bac, pelle,https://x.fr", 3, "4 cellules pour 3 colonnes"),
        ('x,"Sans fin,https://x.fr', 3, "guillemet"),
        ('x,"Mal" placé,https://x.fr', 3, "guillemet"),
        ('x,"Sur\ndeux lignes",https://x.fr\nbac,Double,', 5, "« bac » est déjà celui de la ligne 2"),
    ],
)
def test_a_line_of_a_table_is_lost_alone(line, number, sentence):
    raw = f"id,name,url\nbac,Bac,https://bac.exemple.fr\n{line}\nseau,Seau,https://seau.exemple.fr\n"
    registry = parse_registry(raw.encode(), "registre.csv")

    assert {"bac", "seau"} <= {service.id for service in registry.services}
    assert len(registry.warnings) == 1
    assert re.match(rf"registre\.csv, ligne {number} : .*{sentence}.*\.$", registry.warnings[0])


def test_an_unknown_column_is_said_once():
    registry = parse_registry(b"url,statistic_url\nhttps://a.fr,x\nhttps://b.fr,y\n", "registre.csv")

    assert len(registry.warnings) == 1
    assert re.match("registre.csv, ligne 1 : la colonne « statistic_url » est inconnue", registry.warnings[0])


def test_a_line_of_a_list_is_lost_alone():
    raw = b"https://a.exemple.fr\npas une adresse\nftp://b.exemple.fr\nA.exemple.fr/\nhttps://c.exemple.fr/,Nom\n"
    registry = parse_registry(raw, "sites.txt")

    assert [service.url for service in registry.services] == ["https://a.exemple.fr"]
    assert [re.sub(" : .*", "", warning) for warning in registry.warnings] == [
        f"sites.txt, ligne {number}" for number in (2, 3, 4, 5)
    ]
    assert "« a.exemple.fr » est déjà celui de la ligne 1" in registry.warnings[2]


@pytest.mark.parametrize(
    "page, line, sentence",
    [
        ("", 1, "aucun en-tête YAML"),
        ("# Titre\n\nTexte\n", 1, "aucun en-tête YAML"),
        ("---\ntitle: X\n", 1, "aucun en-tête YAML"),
        ("---\ntitle: X\nmission: a: b\n---\n", 3, "le YAML est illisible"),
        ("---\ntitle: X\n\x07\n---\n", 3, "le YAML est illisible"),
        ("---\n- a\n---\n", 2, "n'est pas une liste de champs"),
        ("---\n---\n", 2, "n'est pas une liste de champs"),
        (f"---\na: {'[' * 5000}\n---\n", 1, "le YAML est illisible"),
    ],
)
def test_a_page_is_lost_alone(page, line, sentence):
    raw = json.dumps({"content/x.md": page, "content/y.md": "---\ntitle: Y\n---\n"}).encode()
    registry = parse_registry(raw, "site")

    assert [service.id for service in registry.services] == ["y"]
    assert len(registry.warnings) == 1
    assert re.match(rf"site/content/x\.md, ligne {line} : .*{sentence}", registry.warnings[0])


def test_a_value_of_a_page_is_said_at_its_own_line():
    page = "---\ntitle: X\nphases:\n  - name: jachère\nlink: en cours\n---\n"
    registry = parse_registry(json.dumps({"x.md": page}).encode(), "site")

    assert registry.services[0].urls == ()
    assert re.match(r"site/x\.md, ligne 5 : l'adresse « en cours » est inutilisable", registry.warnings[0])
    assert re.match(r"site/x\.md, ligne 3 : la phase « jachère » est inconnue", registry.warnings[1])


def test_a_site_of_a_dashlord_file_is_lost_alone():
    raw = (
        b"title: T\nurls:\n  - url: https://a.fr\n  - [b]\n  - title: Sans adresse\n  - title: C\n    url: ftp://c.fr\n"
    )
    registry = parse_registry(raw, "dashlord.yml")

    assert [service.id for service in registry.services] == ["a.fr"]
    assert [re.sub(" : .*", "", warning) for warning in registry.warnings] == [
        f"dashlord.yml, ligne {number}" for number in (4, 5, 7, 6)
    ]


def test_yaml_aliases_cannot_fill_the_memory():
    layers = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    page = f"---\nl0: &l0 [x, x]\n{layers}\ntitle: *l29\nsponsors: *l29\nphases: *l29\n---\n"
    registry = parse_registry(json.dumps({"x.md": page}).encode(), "site")

    assert registry.services[0].name == "x"
    assert set(registry.services[0].warnings) == {
        f"registry-value-unusable:{name}" for name in ("name", "sponsors", "phases")
    }
