"""A page is the tree that BeautifulSoup makes of it, its index finds what BeautifulSoup's searches find, nobody is warned."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from random import Random

import pytest
from bs4 import BeautifulSoup, Tag

from checks.parse.elements import Elements, holder
from checks.parse.tree import parsed

SERVICES = Path(__file__).parents[1] / "services"
PAGES = sorted(SERVICES.glob("*/*.html"))[::40]
PIECES = [
    *(
        "<p>",
        "</p>",
        "<div class=' a  b '>",
        "</div>",
        "<b>",
        "</b>",
        "<table>",
        "<td>",
        "</table>",
        "<li>",
        "<ul>",
        "<a {b}c=1>",
    ),
    *(
        "<template>",
        "</template>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<rt>",
        "<rp>",
        "<pre>",
        "</pre>",
        "<title>",
    ),
    *(
        "<textarea>",
        "</textarea>",
        "<!---->",
        "<!-- a -->",
        "<?pi a?>",
        "<!doctype html>",
        "<o:p>",
        "<br>",
        "<svg x:y='{'>",
    ),
    *(
        "<meta charset=latin1>",
        "<html lang=fr>",
        "</body>",
        "<select><option>",
        "a ",
        "é",
        " ",
        "\n",
        "\t",
        "&nbsp;",
        "<",
        ">",
    ),
]
LINKS = ("parent", "next_element", "previous_element", "next_sibling", "previous_sibling")
VALUES = (
    "prefix",
    "namespace",
    "hidden",
    "can_be_empty_element",
    "interesting_string_types",
    "known_xml",
    "sourceline",
)
NAMES = [("a",), ("strong", "b"), ("ul", "ol", "li"), ("meta", "div"), ("nothing",)]


def described(soup):
    """All that is read of each node, the others by their rank."""
    nodes = [soup, *soup.descendants]
    ranks = {id(node): rank for rank, node in enumerate(nodes)} | {id(None): None}
    for node in nodes:
        links = [ranks[id(getattr(node, link))] for link in LINKS]
        if isinstance(node, Tag):
            inside = [ranks[id(child)] for child in node.contents]
            yield node.name, dict(node.attrs), inside, links, [getattr(node, value) for value in VALUES]
        else:
            yield type(node), str(node), node.hidden, links


def pages():
    yield from (path.read_text("utf-8") for path in PAGES)
    random = Random(20261128)  # noqa: S311 - the same pages each time
    for length in (1, 3, 8, 20, 60) * 40:
        yield "".join(random.choices(PIECES, k=length))


def test_the_tree_is_the_one_that_beautiful_soup_makes():
    for source in pages():
        soup = parsed(source)
        expected = BeautifulSoup(StringIO(source), "lxml", multi_valued_attributes=None)
        assert list(described(soup)) == list(described(expected)), source
        assert [id(node) for node in soup.nodes] == [id(node) for node in soup.descendants]
        assert (str(soup), soup.get_text()) == (str(expected), expected.get_text())


@pytest.mark.parametrize("path", PAGES, ids=[f"{path.parent.name}-{path.stem}" for path in PAGES])
def test_the_index_finds_what_the_soup_finds(path):
    soup = parsed(path.read_text("utf-8"))
    elements = Elements(soup.tags)

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
