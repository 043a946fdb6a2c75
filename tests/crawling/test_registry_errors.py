"""What is no registry at all stops the command, with one sentence."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.model.errors import InputError
from crawler.registry import parse_registry, read_registry


@pytest.mark.parametrize(
    "raw, sentence",
    [
        (b"", r"^r est vide ; donnez un registre"),
        (b"\xef\xbb\xbf \r\n\t", r"^r est vide"),
        (b"# que des commentaires\n\n", r"^r n'a la forme d'aucun registre connu"),
        (b"<!doctype html>\n<html>", r"^r est une page HTML, pas un registre"),
        (b"\n<HTML><body>404", r"^r est une page HTML, pas un registre"),
        (b"<?xml version='1.0'?><urlset/>", r"^r est un document XML, pas un registre"),
        (b"PK\x03\x04...", r"^r est un classeur ou une archive ; enregistrez la feuille au format CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", r"^r est un fichier binaire"),
        (b'{"data": [\n  {"id": "a"},\n  {"id', r"^r, ligne 3, colonne 4 : le JSON est invalide ou tronqué"),
        (b'{"data": [{"id": "a"}', r"^r, ligne 1, colonne 22 : le JSON est invalide ou tronqué"),
        (b'{"data": [{"id": "\xe9t\xe9"}]}', r"^r, ligne 1 : ce texte n'est pas en UTF-8"),
        (b"urls:\n- url: https://a.fr\n  title: \xe9t\xe9\n", r"^r, ligne 3 : ce texte n'est pas en UTF-8"),
        (b"\xff\xfea", r"^r est un texte UTF-16 tronqué"),
        (b"url\na.fr\n\x81.fr\n", r"^r, ligne 3 : ce texte n'est ni en UTF-8 ni en Windows-1252"),
        (b"{}", r"^r est un JSON sans liste « data »"),
        (b'{"message": "Not Found"}', r"^r est un JSON sans liste « data »"),
        (b'{"data": {"id": "a"}}', r"^r est un JSON sans liste « data »"),
        (b"[" * 100_000, r"^r est un JSON démesuré"),
        (b'{"data": [' + b"9" * 5000 + b"]}", r"^r est un JSON démesuré"),
        (b"[]", r"^r ne contient aucun service utilisable\.$"),
        (b'{"data": [{}, 1]}', r"^r ne contient aucun service utilisable ; la première cause : r, ligne 1 : .*identif"),
        (b"urls: oui\n", r"^r n'a pas de liste sous « urls: »"),
        (b"urls:\n", r"^r n'a pas de liste sous « urls: »"),
        (b"title: T\nurls:\n  - url: a: b\n", r"^r, ligne 3 : le YAML est illisible"),
        (b"urls: []\n", r"^r ne contient aucun service utilisable\.$"),
        (b"id,name\nbac,Bac\n", r"^r, ligne 1 : l'en-tête n'a pas de colonne « url »"),
        (b"\nurl;nom;URL\na.fr;A;b.fr\n", r"^r, ligne 2 : la colonne « url » y est deux fois"),
        (b"id,name,url\n", r"^r ne contient aucun service utilisable\.$"),
        (b'id,name,"url\n', r"^r n'a pas d'en-tête lisible"),
        ("bac;Bac à sable;https://bac.exemple.fr\n".encode(), r"^r n'a la forme d'aucun registre connu"),
        (b"title: Un titre\n", r"^r n'a la forme d'aucun registre connu"),
        (b"Bonjour, voici nos sites.\n", r"^r n'a la forme d'aucun registre connu"),
    ],
)
def test_a_document_that_is_no_registry(raw, sentence):
    with pytest.raises(InputError) as caught:
        parse_registry(raw, "r")

    assert re.search(sentence, str(caught.value))
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_path_that_does_not_exist():
    with pytest.raises(InputError, match=r"^nulle/part\.json est introuvable : donnez un fichier"):
        read_registry("nulle/part.json")


def test_a_path_that_cannot_be_a_path():
    with pytest.raises(InputError, match=r"ne peut pas être lu : vérifiez ce chemin"):
        read_registry("a" * 5000)


def test_an_address_of_another_kind():
    with pytest.raises(InputError, match=r"^ftp://exemple\.fr/r\.json n'est ni un fichier ni une adresse http"):
        read_registry("ftp://jeanne:secret@exemple.fr/r.json")


def test_a_folder_without_pages(tmp_path):
    (tmp_path / "registre.csv").write_text("url\na.fr\n")
    with pytest.raises(InputError, match=r"ne contient aucun fichier \.md : donnez le dossier content/_startups"):
        read_registry(str(tmp_path))


def test_a_folder_of_other_pages(tmp_path):
    (tmp_path / "README.md").write_text("# Lisez-moi\n")
    with pytest.raises(InputError, match=r"aucun service utilisable ; la première cause : .*/README\.md, ligne 1"):
        read_registry(str(tmp_path))


def test_pages_that_are_not_text_cost_themselves_only(tmp_path):
    (tmp_path / "a.md").write_bytes(b"---\ntitle: \x00\x81\n---\n")
    (tmp_path / "b.md").write_bytes("---\ntitle: Forêt\n---\n".encode("cp1252"))
    registry = read_registry(str(tmp_path))

    assert [service.name for service in registry.services] == ["Forêt"]
    assert "a.md, ligne 2 : le YAML est illisible" in registry.warnings[0]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ODDITIES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
PHASES = st.fixed_dictionaries({}, optional={"name": ODDITIES, "start": ODDITIES, "end": ODDITIES})
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "link": ODDITIES,
        "stats_url": ODDITIES,
        "stats": ODDITIES,
        "phases": ODDITIES | st.lists(PHASES | ODDITIES, max_size=3),
        "events": ODDITIES | st.lists(PHASES | ODDITIES, max_size=3),
        "sponsors": ODDITIES,
        "incubator": ODDITIES,
    },
)
ENTRIES = ODDITIES | st.fixed_dictionaries(
    {"id": ODDITIES | st.sampled_from("abc")},
    optional={"type": ODDITIES, "attributes": ODDITIES | FIELDS, "relationships": ODDITIES},
)
DOCUMENTS = ODDITIES | st.lists(ENTRIES) | st.fixed_dictionaries({"data": ODDITIES | st.lists(ENTRIES)})
HEADS = st.sampled_from(
    [b"", b"url\n", b"id;name;url\n", b"urls:\n- ", b"urls:\n- url: ", b"---\n", b"https://a.fr\n", b"{", b"["]
)


def read_or_refused(raw):
    try:
        registry = parse_registry(raw, "r")
    except InputError as error:
        services, sentences = (), (str(error),)
    else:
        services, sentences = registry.services, registry.warnings
        assert services
    assert all("\n" not in sentence for sentence in sentences)
    assert len({service.id for service in services}) == len(services)
    assert all(url.startswith(("http://", "https://")) for service in services for url in service.urls)
    for service in services:
        json.dumps(service.to_json(), ensure_ascii=False).encode()  # what the run folder writes


@given(HEADS, st.binary())
def test_any_bytes_are_read_or_refused(head, rest):
    read_or_refused(head + rest)


@given(HEADS, st.text())
def test_any_text_is_read_or_refused(head, rest):
    read_or_refused(head + rest.encode("utf-8", "surrogatepass"))


@given(DOCUMENTS)
@example([{"id": "a", "type": []}])
def test_any_json_is_read_or_refused(document):
    read_or_refused(json.dumps(document).encode())


@given(st.dictionaries(st.text().map("{}.md".format), st.text() | st.text().map("---\n{}\n---\n".format)))
def test_any_folder_is_read_or_refused(pages):
    read_or_refused(json.dumps(pages).encode())
