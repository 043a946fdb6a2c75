"""The index of a page's elements says what BeautifulSoup's own searches say, and parsing warns nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from checks.parse.tree import Elements, holder, parsed

SERVICES = Path(__file__).parents[1] / "services"
PAGES = sorted(SERVICES.glob("*/*.html"))[::40]
NAMES = [("a",), ("strong", "b"), ("ul", "ol", "li"), ("meta", "div"), ("nothing",)]


@pytest.mark.parametrize("path", PAGES, ids=[f"{path.parent.name}-{path.stem}" for path in PAGES])
def test_the_index_finds_what_the_soup_finds(path):
    soup = parsed(path.read_text("utf-8"))
    elements = Elements(soup, tuple(soup.descendants))

    def same(found, expected):
        assert [id(tag) for tag in found] == [id(tag) for tag in expected]

    same(elements.all, soup.find_all(name=True))
    for names in NAMES:
        same(elements.named(*names), soup.find_all(names))
        for tag in (soup, *elements.all[::7]):
            same(elements.inside(tag, *names), tag.find_all(names))
            assert elements.first(tag, *names) is tag.find(names)
            assert holder(tag, *names) is tag.find_parent(names)
    for tag in (soup, *elements.all[::7]):
        same(elements.under(tag), tag.find_all(name=True))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "page.html",
        "https://a.example/",
        "\ufeff<p>a",
        "<?xml version='1.0'?><rss><p x:y='1' a='{b}'>a</p></rss>",
        "<svg xlink:href='#a'>",
    ],
    ids=["empty", "file", "address", "mark", "xml", "prefix"],
)
@pytest.mark.filterwarnings("default")
def test_a_page_is_parsed_as_by_beautiful_soup_without_its_warnings(source, recwarn):
    tree = parsed(source)
    assert not recwarn.list
    assert str(tree) == str(BeautifulSoup(source, "lxml"))
