from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unicodedata import normalize
from urllib.parse import urljoin

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PageElement

from checks.model.address import split
from checks.model.capture import Capture
from checks.model.evidence import Evidence, shortened
from checks.model.french import fold
from checks.model.markup import MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES, MAX_TEXT, decoded
from checks.parse.layout import Place, attribute, landmark_of, places, runs, visible_text

MAX_ADDRESS = 4_096
"""Characters of an address with the one that it is relative to: twice what search engines follow (sitemaps.org)."""

_SAID = ("alt", "aria-label", "title")
"""Attributes whose words stand for a text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a visitor reads in one go, as written and folded, and the element that holds it."""

    text: str
    words: str
    element: Tag


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a visitor meets it. ``url`` is empty where the ``href`` leads nowhere (absent, ``#``, ``javascript:``)."""

    name: str
    words: str
    url: str
    element: Tag


class _TooLargeError(Exception):
    pass


class _Tree(BeautifulSoup):
    """Stops the parser as soon as a page passes the limits: nothing is read twice, and little of a page made to harm."""

    _nodes = 0
    _characters = 0

    def reset(self) -> None:
        self._nodes = self._characters = 0
        super().reset()

    def handle_starttag(self, name: str, namespace: Any, nsprefix: Any, attrs: Any, *args: Any, **kwargs: Any) -> Any:
        if len(attrs) > MAX_ATTRIBUTES or len(self.tagStack) > MAX_DEPTH:
            raise _TooLargeError
        self._count(sum(len(attrs.get(said, "")) for said in _SAID) if attrs else 0)
        return super().handle_starttag(name, namespace, nsprefix, attrs, *args, **kwargs)

    def object_was_parsed(self, o: PageElement, *args: Any, **kwargs: Any) -> None:
        self._count(_length(o) if type(o) is NavigableString else 0)
        super().object_was_parsed(o, *args, **kwargs)

    def handle_data(self, data: str) -> None:
        if len(self.current_data) > MAX_TEXT:  # pieces of one text, of a character or more
            raise _TooLargeError
        super().handle_data(data)

    def _count(self, characters: int) -> None:
        self._nodes += 1
        self._characters += characters
        if self._nodes > MAX_NODES or self._characters > MAX_TEXT:
            raise _TooLargeError


def _length(text: str) -> int:
    """Characters of a text once folded, or about: NFKC makes eighteen of one."""
    return len(text) if text.isascii() else len(normalize("NFKC", text))


class Page:
    """An HTML capture, parsed once: what a visitor perceives of it without running scripts.

    Hidden elements, scripts, comments and ``<template>`` do not count; ``display:none`` on ``<html>`` or ``<body>``
    does, since anti-flicker scripts put it there and remove it.
    """

    def __init__(self, capture: Capture) -> None:
        self.capture = capture

    @property
    def is_shown(self) -> bool:
        """Whether a browser showed it, with all the scripts and data that it asked of its own site."""
        return self.capture.rendering is not None and not self.capture.rendering.missing

    @cached_property
    def source(self) -> str:
        return decoded(self.capture)[1]

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The tree; without any element where the page is too large to be read."""
        return self._tree or _Tree("", "lxml")

    @property
    def is_too_large(self) -> bool:
        return self._tree is None

    @cached_property
    def _tree(self) -> _Tree | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            try:
                return _Tree(self.source, "lxml")
            except _TooLargeError:
                return None

    @cached_property
    def base(self) -> str:
        base = self.soup.find("base", href=True)
        return _joined(self.capture.url, attribute(base, "href")) or self.capture.url if base else self.capture.url

    @cached_property
    def title(self) -> str:
        return " ".join(self.soup.title.get_text().split()) if self.soup.title else ""

    @cached_property
    def _places(self) -> dict[int, Place]:
        return places(self.soup)

    def place(self, element: Tag) -> Place:
        return self._places[id(element)]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(Block(text, fold(text), element) for text, element in runs(self.soup, self._places))

    @cached_property
    def words(self) -> str:
        """The visible text, folded, on one line."""
        return " ".join(block.words for block in self.blocks)

    @cached_property
    def body(self) -> tuple[Block, ...]:
        """What the page has of its own: the blocks outside header, navigation and footer; all of them if none is."""
        return tuple(block for block in self.blocks if not self.place(block.element).is_chrome) or self.blocks

    @cached_property
    def content(self) -> str:
        """The words of :attr:`body`, folded, on one line."""
        return " ".join(block.words for block in self.body)

    @cached_property
    def headings(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if self.place(block.element).is_heading)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        tags = (tag for tag in self.soup.find_all(["a", "area"]) if not self.place(tag).is_hidden)
        return tuple(map(self._link, tags))

    @cached_property
    def footers(self) -> tuple[Tag, ...]:
        """The elements that are the foot of the page, the outermost first."""
        tags = (tag for tag in self.soup.find_all(name=True) if self.place(tag).is_footer)
        return tuple(tag for tag in tags if tag.parent is None or not self.place(tag.parent).is_footer)

    def is_in_footer(self, element: Tag) -> bool:
        return self.place(element).is_footer

    def text_of(self, element: Tag) -> str:
        """What a visitor sees of an element, on one line."""
        return visible_text(element, self._places)

    def evidence(self, excerpt: str = "", element: Tag | None = None) -> Evidence:
        return Evidence(
            url=self.capture.url,
            capture=self.capture.id,
            status=self.capture.status,
            excerpt=shortened(excerpt),
            locator=locator(element) if element is not None else "",
        )

    def _link(self, tag: Tag) -> Link:
        name = self._name(tag)
        return Link(name, fold(name), _joined(self.base, attribute(tag, "href")), tag)

    def _name(self, element: Tag) -> str:
        label = attribute(element, "aria-label").strip() or attribute(element, "alt").strip()
        return label or self.text_of(element) or attribute(element, "title").strip()


def locator(element: Tag) -> str:
    """Where an element stands, CSS-like and short: ``footer a[3]`` is the third link of the footer."""
    for parent in element.parents:
        landmark = landmark_of(parent)
        if landmark or parent.name == "body":
            alike = parent.find_all(element.name)
            rank = next((number for number, tag in enumerate(alike, 1) if tag is element), 1)
            return f"{landmark or 'body'} {element.name}[{rank}]"
    return element.name


def _joined(base: str, href: str) -> str:
    href = href.strip()
    if not href or href.startswith("#") or len(base) + len(href) > MAX_ADDRESS:
        return ""
    try:
        url = urljoin(base, href)
    except ValueError:
        return ""
    return url if split(url) else ""
