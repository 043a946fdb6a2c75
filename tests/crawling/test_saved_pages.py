from __future__ import annotations

import re

import pytest

from checks.model.capture import Capture, FailureKind, Role
from checks.model.chain import chains, home_chain
from checks.model.errors import InputError
from checks.model.service import Service
from crawler.archive import MAX_BODY
from crawler.discovery.sight import ORIGIN
from crawler.saved_pages import read_pages, visit_saved

URL = "https://a.example/"


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("page.html", "a=b.html", "é t é.html", "dossier.pdf"):
        (tmp_path / name).write_text("<p>Bonjour", "utf-8")
    (tmp_path / "vide").mkdir()


@pytest.mark.parametrize(
    "url, pair, key, file",
    [
        (URL, "/=page.html", "a.example", "page.html"),
        (URL, "=page.html", "a.example", "page.html"),
        (URL, "/accessibilite=page.html", "a.example/accessibilite", "page.html"),
        (URL, "accessibilite/=page.html", "a.example/accessibilite", "page.html"),
        (URL, "/accessibilité=é t é.html", "a.example/accessibilité", "é t é.html"),
        (URL, "/stats#usage=page.html", "a.example/stats", "page.html"),
        ("https://a.example/app/", "stats=page.html", "a.example/app/stats", "page.html"),
        ("https://a.example/app", "stats=page.html", "a.example/stats", "page.html"),
        ("https://a.example/app/", "/stats=page.html", "a.example/stats", "page.html"),
        (URL, "?p=stats=page.html", "a.example?p=stats", "page.html"),
        (URL, "/?p=1&q=2=a=b.html", "a.example?p=1&q=2", "a=b.html"),
        (URL, "/stats=a=b.html", "a.example/stats", "a=b.html"),
        (URL, f"/?p={'x' * 9000}=page.html", f"a.example?p={'x' * 9000}", "page.html"),
        (URL, "https://stats.b.example/d/1?x=y=page.html", "stats.b.example/d/1?x=y", "page.html"),
        (URL, "//b.example/=page.html", "b.example", "page.html"),
        ("http://localhost:8000/", "/stats=page.html", "localhost:8000/stats", "page.html"),
    ],
)
def test_pairs(url, pair, key, file):
    assert {name: path.name for name, path in read_pages(url, [pair]).items()} == {key: file}


@pytest.mark.parametrize(
    "pair, message",
    [
        ("page.html", "écrivez CHEMIN=FICHIER, par exemple /accessibilite=page.html."),
        ("", "écrivez CHEMIN=FICHIER"),
        ("/accessibilite=", "écrivez CHEMIN=FICHIER"),
        ("/=absent.html", "le fichier absent.html n'existe pas."),
        ("/=vide", "le fichier vide n'existe pas."),
        ("/?p=1=absent.html", "le fichier absent.html n'existe pas."),
        ("/=\0", "le fichier \0 n'existe pas."),
        ("http://[=page.html", "« http://[ » n'est pas une adresse"),
        ("mailto:a@a.example=page.html", "« mailto:a@a.example » n'est pas une adresse"),
    ],
)
def test_pairs_that_cannot_be_used(pair, message):
    with pytest.raises(InputError, match=rf"^--page {re.escape(pair)} : {re.escape(message)}"):
        read_pages(URL, [pair])


def test_a_file_that_no_crawl_would_read(tmp_path):
    (tmp_path / "grand.html").write_bytes(bytes(MAX_BODY + 1))
    with pytest.raises(InputError, match=r"grand\.html dépasse 5 Mio"):
        read_pages(URL, ["/=grand.html"])


def visited(*pairs: str, url: str = URL, **fields) -> dict[str, Capture]:
    service = Service(id="a", name="A", urls=(url,), **fields)
    captures = visit_saved(service, read_pages(url, pairs))
    return {capture.url: capture for capture in captures if capture.role is not Role.PREFLIGHT}


def test_pages_are_read_where_the_plan_leads(tmp_path):
    (tmp_path / "page.html").write_text("<a href='/docs/rgaa'>Accessibilité : non conforme</a>", "utf-8")
    captures = visited("/=page.html", "/docs/rgaa=é t é.html", "/stats=dossier.pdf")
    assert captures[URL].status == 200
    assert captures[f"{URL}docs/rgaa"].body == b"<p>Bonjour"
    assert captures[f"{URL}stats"].media_type == "application/pdf"
    assert captures[f"{URL}budget"].status == 404


def test_the_routes_of_an_application_are_in_its_page(tmp_path):
    (tmp_path / "page.html").write_text("<a href='#/accessibilite'>Accessibilité : non conforme</a>", "utf-8")
    captures = visited("/=page.html")
    assert captures[f"{URL}#/accessibilite"].status == 200


def test_other_sites_are_not_captured(tmp_path):
    (tmp_path / "page.html").write_text("<a href='https://b.example/stats'>Statistiques</a>", "utf-8")
    captures = visited("/=page.html", "https://c.example/x=dossier.pdf", budget_url="https://c.example/autre")
    assert captures["https://b.example/stats"].failure.kind is FailureKind.OTHER
    assert captures["https://c.example/autre"].status == 404


@pytest.mark.parametrize("url", [URL, "https://www.a.example/", "http://a.example/app/?x=1", "https://a.example:8443/"])
def test_a_site_of_which_one_inner_page_is_given(url):
    service = Service(id="a", name="A", urls=(url,))
    captures = visit_saved(service, read_pages(url, ["/accessibilite=page.html"]))
    home = home_chain(url, chains(captures))
    assert (home.last.url, home.last.status) == (url, 404)


def test_saved_pages_say_nothing_of_security_unless_they_are_given(tmp_path):
    service = Service(id="a", name="A", urls=(URL,))
    captures = visit_saved(service, read_pages(URL, ["/=page.html"]))
    asked = {one.role: one for one in captures if one.role in {Role.PREFLIGHT, Role.SECURITY_TXT}}
    assert {role: one.failure.message for role, one in asked.items()} == dict.fromkeys(asked, "not captured")
    assert (asked[Role.PREFLIGHT].method, asked[Role.PREFLIGHT].origin) == ("OPTIONS", ORIGIN)

    (tmp_path / "contact").write_text("Contact: mailto:a@a.example\n", "utf-8")
    captures = visit_saved(service, read_pages(URL, ["/=page.html", "/.well-known/security.txt=contact"]))
    [given] = [one for one in captures if one.role is Role.SECURITY_TXT]
    assert (given.status, given.media_type, given.body) == (200, "text/plain", b"Contact: mailto:a@a.example\n")


def test_saved_pages_say_nothing_of_plain_http():
    assert visited("/=page.html")["http://a.example/"].failure.message == "not captured"
    only_http = visited("/=page.html", url="http://a.example/")
    assert (only_http["http://a.example/"].role, only_http["http://a.example/"].status) == (Role.HTTP, 200)
