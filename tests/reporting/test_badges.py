from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from checks.catalogue import BY_ID
from checks.model.outcome import Outcome
from reports.overrides.override import Override
from reports.render.badge import COLOURS, badge, badge_files, embedding
from reports.render.directory import Directory
from reports.render.names import file_names
from reports.render.words import OUTCOMES
from tests.reporting.test_exports import VERDICT, audited

SVG = "{http://www.w3.org/2000/svg}"
TITLES = sorted({rule.title for rule in BY_ID.values()})


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("outcome", Outcome)
def test_a_badge_says_what_it_shows(outcome):
    root = etree.fromstring(badge("Code source <public> & l'ouvert", outcome).encode())
    said = f"Code source <public> & l'ouvert : {OUTCOMES[outcome]}"
    assert (root.tag, root.get("role"), root.get("aria-label"), root[0].tag) == (
        f"{SVG}svg",
        "img",
        said,
        f"{SVG}title",
    )
    assert root[0].text == said
    title, found = root.iter(f"{SVG}text")
    assert title.text == "Code source <public> & l'ouvert"
    assert found.text.endswith(OUTCOMES[outcome]), "never by its colour alone"
    assert COLOURS[outcome] in {element.get("fill") for element in root.iter()}


def test_a_badge_is_told_from_another_by_its_words():
    assert len({re.sub(r'(fill|d|x|width|viewBox)="[^"]*"', "", badge("Règle", outcome)) for outcome in Outcome}) == 5


@pytest.mark.parametrize("colour", sorted({*COLOURS.values(), "#2b2f36"}))
def test_white_is_read_on_each_ground(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_an_edge_is_seen_on_light_and_dark_pages():
    edge = luminance(re.search(r'stroke="(#\w+)"', badge("Règle", Outcome.PASSED))[1])
    assert 1.05 / (edge + 0.05) >= 3
    assert (edge + 0.05) / (luminance("#161616") + 0.05) >= 3


@pytest.mark.parametrize("title", TITLES)
def test_its_texts_stand_beside_each_other(title):
    root = etree.fromstring(badge(title, Outcome.FAILED).encode())
    first, second = ((float(text.get("x")), float(text.get("textLength"))) for text in root.iter(f"{SVG}text"))
    assert first[0] + sum(first[1:]) < second[0] < sum(second) < float(root.get("width"))
    assert 5 < first[1] / len(title) < 8, "pixels a sign, at 11 pixels"


def test_a_badge_shows_what_counts():
    override = Override(
        service="a-just",
        rule="hsts",
        outcome=Outcome.PASSED,
        reason="<b>vu</b>",
        author="Léa",
        evidence="https://a.invalid/",
        until=date(2027, 5, 23),
    )
    hsts = replace(VERDICT, rule="hsts", outcome=Outcome.FAILED)
    services = (replace(audited(VERDICT, hsts), overrides=(override,)),)
    rules = {rule: BY_ID[rule] for rule in ("accessibility-mention", "hsts", "https", "legal-notice")}
    (listing,) = Directory(services, rules).listings
    found = dict(badge_files(listing, rules, file_names(rules)))
    assert list(found) == [f"badges/a-just/{rule}.svg" for rule in rules]
    assert found == {
        "badges/a-just/accessibility-mention.svg": badge("Mention d'accessibilité", Outcome.PASSED),
        "badges/a-just/hsts.svg": badge(BY_ID["hsts"].title, Outcome.PASSED),
        "badges/a-just/https.svg": badge(BY_ID["https"].title, Outcome.UNTESTED),
        "badges/a-just/legal-notice.svg": badge("Mentions légales (à l'essai)", Outcome.UNTESTED),
    }


def test_a_badge_is_drawn_once():
    assert badge("Règle", Outcome.PASSED) is badge("Règle", Outcome.PASSED)


def test_what_to_paste_shows_the_badge_and_leads_to_its_page():
    image, page = "https://toise.fr/badges/a%2520b/hsts.svg?a=1&b=2", "https://toise.fr/services/a%2520b.html"
    snippets = embedding(image, page, BY_ID["hsts"].title)
    for text in (snippets["HTML"], MarkdownIt().render(snippets["Markdown"])):
        (link,) = html.fragment_fromstring(text, create_parent="div").iter("a")
        assert (link.get("href"), link[0].get("src")) == (page, image)
        assert link[0].get("alt") == "Toise, Navigation forcée en https (HSTS)"
