from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from bs4 import Tag

from checks.model.address import joined
from checks.model.capture import Capture
from checks.model.evidence import Evidence, shortened
from checks.model.french import fold
from checks.model.markup import decoded
from checks.parse.elements import Elements
from checks.parse.layout import Place, attribute, laid_out, landmark_of, runs, visible_text
from checks.parse.tree import Tree, empty, parsed

MAX_ADDRESS = 4_096
"""Characters of an address with the one that it is relative to: twice what search engines follow (sitemaps.org)."""


_T = TypeVar("_T")


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


class Page:
    """An HTML capture, parsed once: what a visitor perceives of it without running scripts.

    Hidden elements, scripts, comments and ``<template>`` do not count; ``display:none`` on ``<html>`` or ``<body>``
    does, since anti-flicker scripts put it there and remove it.
    """

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self._read: dict[Callable[[Any], Any], Any] = {}

    def once(self, reading: Callable[[Page], _T]) -> _T:
        """What a reading makes of the page, made once: see :func:`once_a_page`."""
        if reading not in self._read:
            self._read[reading] = reading(self)
        return self._read[reading]  # type: ignore[no-any-return]

    def let_go(self) -> None:
        """Once nobody reads it any more: what is in a tree, and what was read of it, holds one another, and would wait for the
        collector."""
        tree = vars(self).get("_tree")
        vars(self).clear()
        if tree is not None:
            tree.let_go()

    @property
    def is_shown(self) -> bool:
        """Whether a browser showed it, with all the scripts and data that it asked of its own site."""
        return self.capture.rendering is not None and not self.capture.rendering.missing

    @cached_property
    def source(self) -> str:
        return decoded(self.capture)[1]

    @cached_property
    def soup(self) -> Tree:
        """The tree; without any element where the page is too large to be read."""
        return self._tree or empty()

    @property
    def is_too_large(self) -> bool:
        return self._tree is None

    @cached_property
    def _tree(self) -> Tree | None:
        return parsed(self.source)

    @cached_property
    def elements(self) -> Elements:
        return Elements(self.soup.tags)

    @cached_property
    def base(self) -> str:
        base = next((tag for tag in self.elements.named("base") if tag.has_attr("href")), None)
        return (_joined(self.capture.url, attribute(base, "href")) if base else "") or self.capture.url

    @cached_property
    def title(self) -> str:
        return " ".join(self.title_tag.get_text().split()) if self.title_tag else ""

    @cached_property
    def title_tag(self) -> Tag | None:
        return next(iter(self.elements.named("title")), None)

    @cached_property
    def title_words(self) -> str:
        """The title, folded."""
        return fold(self.title)

    def place(self, element: Tag) -> Place:
        return laid_out(element).place

    def block_of(self, element: Tag) -> Tag | None:
        """The block that lays out the text of an element."""
        return laid_out(element).block

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(Block(text, fold(text), element) for text, element in runs(self.soup.nodes))

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
        tags = (tag for tag in self.elements.named("a", "area") if not self.place(tag).is_hidden)
        return tuple(map(self._link, tags))

    @cached_property
    def footers(self) -> tuple[Tag, ...]:
        """The elements that are the foot of the page, the outermost first."""
        tags = (tag for tag in self.elements.all if tag.place.is_footer)
        return tuple(tag for tag in tags if tag.parent is None or not self.place(tag.parent).is_footer)

    def is_in_footer(self, element: Tag) -> bool:
        return self.place(element).is_footer

    def text_of(self, element: Tag) -> str:
        """What a visitor sees of an element, on one line."""
        return visible_text(laid_out(element))

    def evidence(self, excerpt: str = "", element: Tag | None = None) -> Evidence:
        return Evidence(
            url=self.capture.url,
            capture=self.capture.id,
            status=self.capture.status,
            excerpt=shortened(excerpt),
            locator=self.locator(element) if element is not None else "",
        )

    def locator(self, element: Tag) -> str:
        """Where an element stands, CSS-like and short: ``footer a[3]`` is the third link of the footer."""
        for parent in element.parents:
            landmark = landmark_of(parent)
            if landmark or parent.name == "body":
                alike = self.elements.inside(parent, element.name)
                rank = next((number for number, tag in enumerate(alike, 1) if tag is element), 1)
                return f"{landmark or 'body'} {element.name}[{rank}]"
        return element.name

    def link_in(self, element: Tag) -> Tag | None:
        """The first link in an element that leads anywhere."""
        return next((tag for tag in self.elements.inside(element, "a") if tag.has_attr("href")), None)

    def _link(self, tag: Tag) -> Link:
        name = self._name(tag)
        return Link(name, fold(name), _joined(self.base, attribute(tag, "href")), tag)

    def _name(self, element: Tag) -> str:
        label = attribute(element, "aria-label").strip() or attribute(element, "alt").strip()
        return label or self.text_of(element) or attribute(element, "title").strip()


def once_a_page(reading: Callable[[Page], _T]) -> Callable[[Page], _T]:
    """Makes a pure reading of a page one that is made once for all the rules that ask for it, and forgotten with the page."""

    @wraps(reading)
    def known(page: Page) -> _T:
        return page.once(reading)

    return known


def _joined(base: str, href: str) -> str:
    href = href.strip()
    if not href or href.startswith("#") or len(base) + len(href) > MAX_ADDRESS:
        return ""
    return joined(base, href)
