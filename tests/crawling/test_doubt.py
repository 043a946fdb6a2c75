"""Which pages are shown to a browser; and that the judge never waits for one that the crawl did not think of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.model.capture import Capture, Role
from checks.parse.html import Page
from checks.parse.levels import mention
from checks.parse.looks import awaits_script, is_shell
from crawler.discovery.doubt import is_in_doubt
from tests.crawling.applications import SITES

SERVICES = Path(__file__).parents[1] / "services"
TEXT = (
    "<p>Le bac traverse l’estuaire toutes les vingt minutes, de six heures à minuit, et porte trente voitures.</p>" * 3
)
MENTION = "<p>Accessibilité : non conforme</p>"
APP = "<script src=/app.js></script>"
INLINE = f"<script>{'lancer();' * 40}</script>"
LINKS = "<a href=/a>A</a><a href=/b>B</a><a href=/c>C</a>"


def capture(html: str | bytes, role: Role = Role.HOME, url: str = "https://bac.example/", **more) -> Capture:
    return Capture(
        id="<urn:uuid:1>",
        service="bac",
        number=1,
        role=role,
        url=url,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        body=html if isinstance(html, bytes) else html.encode(),
        **{"status": 200, "headers": (("Content-Type", "text/html; charset=utf-8"),), **more},
    )


@pytest.mark.parametrize(
    "html",
    [
        f"<div id=root></div>{APP}",
        f"<body><noscript>Activez JavaScript</noscript><app-root></app-root>{INLINE}",
        f"<div id=app><p>Chargement…</p></div>{APP}",
        f"<div hidden>{TEXT}</div><div style='display: none'>{TEXT}</div><div id=root></div>{APP}",
        f"<template>{TEXT}{MENTION}</template><style>{TEXT}</style><div id=root></div>{APP}",
        f"<!-- {MENTION} --><div id=root></div>{APP}",
        '<meta http-equiv="Refresh" content="0; URL=/accueil">',
        "<frameset><frame src=/menu><frame src=/corps></frameset>",
        f"<main>{TEXT}</main>{APP}",
        f"<main>{TEXT}<article><footer>Publié hier</footer></article><div class=card-footer>Lire</div></main>{APP}",
        f"<html style='display:none'><body><main>{TEXT}</main>{APP}",
    ],
)
def test_a_home_page_in_doubt(html):
    assert is_in_doubt(capture(html))


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Bonjour",
        f"<main>{TEXT}</main>",
        f"<main>{TEXT}</main><footer>{LINKS}</footer>{APP}",
        f"<main>{TEXT}</main><div class='fr-footer' role=contentinfo></div>{APP}",
        f"<main>{TEXT}</main><div id=footer>{LINKS}</div>{APP}",
        f"<main>{TEXT}</main>{MENTION}{APP}",
        f"<form><input name=port></form>{MENTION}{APP}",
        f"<form><input name=port></form><footer>{LINKS}</footer>{APP}",
        f"<main>{TEXT}</main><script>mesurer()</script>",
    ],
)
def test_a_home_page_that_decides_by_itself(html):
    assert not is_in_doubt(capture(html))


@pytest.mark.parametrize(
    "html, expected",
    [
        (f"<main>{TEXT}</main>{APP}", False),  # the foot of a page inside the site decides nothing
        (f"<div id=root></div>{APP}", True),
        (f"<main>{TEXT}<p>Chargement des graphiques…</p></main><footer>{LINKS}</footer>{APP}", True),
    ],
)
def test_a_page_inside_the_site(html, expected):
    assert is_in_doubt(capture(html, Role.CANDIDATE, "https://bac.example/stats")) is expected


@pytest.mark.parametrize(
    "more", [{"status": 404}, {"status": 503}, {"headers": (("Content-Type", "application/pdf"),)}], ids=str
)
def test_what_is_no_page_is_not_shown(more):
    assert not is_in_doubt(capture(f"<div id=root></div>{APP}", **more))


def test_a_path_behind_the_hash_is_another_page():
    page = f"<main>{TEXT}</main><footer>{LINKS}</footer>{APP}"
    assert is_in_doubt(capture(page, Role.CANDIDATE, "https://bac.example/#/accessibilite"))
    assert not is_in_doubt(capture(page, Role.CANDIDATE, "https://bac.example/legal#accessibilite"))


PAGES = {
    **{str(path.relative_to(SERVICES)): path.read_bytes() for path in sorted(SERVICES.glob("*/*.html"))},
    **{
        f"{name} {path}": body
        for name, (site, _) in SITES.items()
        for path, body in site.items()
        if isinstance(body, str)
    },
}


@pytest.mark.parametrize("name", PAGES)
def test_the_judge_waits_for_no_page_that_was_not_in_doubt(name):
    home = capture(PAGES[name])
    page = Page(home)
    if is_shell(page) or (awaits_script(page) and mention(page) is None):
        assert is_in_doubt(home)
