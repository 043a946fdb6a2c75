from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString
from w3lib.encoding import html_to_unicode

from checks.model.address import split
from checks.model.capture import Capture
from checks.model.evidence import Evidence, shortened
from checks.model.french import fold

_UNSEEN = {"script", "style", "template", "noscript", "head", "object", "iframe", "svg", "datalist"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "button", "caption", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "label", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_LANDMARKS = {"banner": "header", "navigation": "nav", "main": "main", "contentinfo": "footer"}
_HIDDEN_STYLE = ("display:none", "visibility:hidden")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a visitor reads in one go, and the element that holds it."""

    text: str
    element: Tag

    @property
    def words(self) -> str:
        return fold(self.text)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a visitor meets it. ``url`` is empty where the ``href`` leads nowhere (absent, ``#``, ``javascript:``)."""

    name: str
    url: str
    element: Tag

    @property
    def words(self) -> str:
        return fold(self.name)


class Page:
    """An HTML capture, parsed once: what a visitor perceives of it without running scripts.

    Hidden elements, scripts, comments and ``<template>`` do not count; ``display:none`` on ``<html>`` or ``<body>``
    does, since anti-flicker scripts put it there and remove it.
    """

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        _, self.source = html_to_unicode(capture.header("content-type"), capture.body)

    @cached_property
    def soup(self) -> BeautifulSoup:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            return BeautifulSoup(self.source, "lxml")

    @cached_property
    def base(self) -> str:
        base = self.soup.find("base", href=True)
        return _joined(self.capture.url, _attribute(base, "href")) or self.capture.url if base else self.capture.url

    @cached_property
    def title(self) -> str:
        return " ".join(self.soup.title.get_text().split()) if self.soup.title else ""

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_blocks(self.soup))

    @cached_property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    @cached_property
    def words(self) -> str:
        """The visible text, folded, on one line."""
        return fold(self.text)

    @cached_property
    def headings(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if _heading(block.element))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(name=_name(tag), url=_joined(self.base, _attribute(tag, "href")), element=tag)
            for tag in self.soup.find_all(["a", "area"])
            if not is_hidden(tag)
        )

    @cached_property
    def footers(self) -> tuple[Tag, ...]:
        """Elements that are the foot of the page, by their role or by what their authors call them."""
        return tuple(tag for tag in self.soup.find_all(name=True) if _is_footer(tag))

    @cached_property
    def _footer_ids(self) -> frozenset[int]:
        return frozenset(map(id, self.footers))

    def is_in_footer(self, element: Tag) -> bool:
        return any(id(parent) in self._footer_ids for parent in (element, *element.parents))

    def evidence(self, excerpt: str = "", element: Tag | None = None) -> Evidence:
        return Evidence(
            url=self.capture.url,
            capture=self.capture.id,
            status=self.capture.status,
            excerpt=shortened(excerpt),
            locator=locator(element) if element is not None else "",
        )


def is_hidden(element: Tag) -> bool:
    return any(_hides(parent) for parent in (element, *element.parents))


def locator(element: Tag) -> str:
    """Where an element stands, CSS-like and short: ``footer a[3]`` is the third link of the footer."""
    for parent in element.parents:
        landmark = _landmark(parent)
        if landmark or parent.name == "body":
            alike = parent.find_all(element.name)
            rank = next((number for number, tag in enumerate(alike, 1) if tag is element), 1)
            return f"{landmark or 'body'} {element.name}[{rank}]"
    return element.name


def _blocks(soup: BeautifulSoup) -> Iterator[Block]:
    """Text nodes joined as a browser lays them out: inline elements flow together, blocks are apart."""
    holder: Tag | None = None
    run: list[str] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                run.append(" ")
            elif node.name == "img" and not is_hidden(node):
                run.append(f" {_attribute(node, 'alt')} ")
            continue
        if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
            continue
        parent = _block_of(node)
        if parent is not holder:
            yield from _ended(run, holder)
            holder, run = parent, []
        if not is_hidden(node.parent or soup):
            run.append(str(node))
    yield from _ended(run, holder)


def _ended(run: list[str], holder: Tag | None) -> Iterator[Block]:
    text = " ".join("".join(run).split())
    if text and holder is not None:
        yield Block(text, holder)


def _block_of(node: NavigableString) -> Tag | None:
    return next((parent for parent in node.parents if parent.name in _BLOCKS), None)


def _hides(element: Tag) -> bool:
    if element.name in _UNSEEN:
        return True
    if element.name in {"html", "body"}:
        return False
    if element.has_attr("hidden") or (element.name == "dialog" and not element.has_attr("open")):
        return True
    style = _attribute(element, "style").replace(" ", "").lower()
    return any(hiding in style for hiding in _HIDDEN_STYLE)


def _heading(element: Tag) -> bool:
    return any(
        parent.name in {"h1", "h2", "h3", "h4", "h5", "h6"} or _attribute(parent, "role") == "heading"
        for parent in (element, *element.parents)
    )


def _landmark(element: Tag) -> str:
    if element.name in {"header", "nav", "main", "footer"}:
        return element.name
    return _LANDMARKS.get(_attribute(element, "role"), "")


def _is_footer(element: Tag) -> bool:
    if _landmark(element) == "footer":
        return True
    names = fold(f"{_attribute(element, 'id')} {_attribute(element, 'class')}")
    return element.name in {"div", "section", "nav", "ul"} and ("footer" in names or "pied-de-page" in names)


def _name(element: Tag) -> str:
    label = _attribute(element, "aria-label").strip()
    if label:
        return label
    images = " ".join(_attribute(image, "alt") for image in element.find_all("img"))
    name = " ".join(f"{element.get_text(' ')} {images}".split())
    return name or _attribute(element, "title").strip()


def _attribute(element: Tag, name: str) -> str:
    value = element.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _joined(base: str, href: str) -> str:
    href = href.strip()
    if not href or href.startswith("#"):
        return ""
    try:
        url = urljoin(base, href)
    except ValueError:
        return ""
    return url if split(url) else ""
