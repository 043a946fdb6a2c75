"""Where the elements of a page stand and what of them a visitor sees: told as the tree grows, whatever its depth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from bs4 import Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from checks.model.foot import HOLDERS, names_foot

_UNSEEN = {"script", "style", "template", "noscript", "head", "datalist"}
_WORDLESS = {"object", "iframe", "svg", "canvas", "audio", "video"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "button", "caption", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "label", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LANDMARKS = {"banner": "header", "navigation": "nav", "main": "main", "contentinfo": "footer"}
_QUOTES = {"blockquote", "q", "cite", "code", "pre", "samp", "del", "s"}
_INNER = {"main", "article", "section"}
_CHANGES = {
    "is_heading": _HEADINGS, "is_wordless": _WORDLESS, "is_quoted": _QUOTES, "is_inner": _INNER, "is_article": {"article"}
}  # fmt: skip
_TELLING = {*_UNSEEN, *_WORDLESS, *_HEADINGS, *_LANDMARKS.values(), *_QUOTES, *_INNER, "dialog"}
"""Elements whose name alone makes their place another than that of what holds them."""
_PLACING = frozenset({"role", "hidden", "style"})
_NAMING = _PLACING | {"id", "class"}
"""Attributes that may make the place of an element another; by its names, only one of :data:`HOLDERS`."""
_DRAWN = {"img", "svg"}
_SAYING = {"br", *_DRAWN}
_HIDDEN_STYLE = re.compile(r"display:none|visibility:hidden")

_NODES_OF_A_NAME = 150
"""Nodes read to name an element: links may hold links, thousands deep, in a page made to harm."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an element has from those that hold it, the same value for all that have it in common.

    ``is_wordless``: in a drawing or a frame, whose inner text is not the page's. ``is_chrome``: in the header, the
    navigation or the footer, which all pages of a site share.
    """

    is_hidden: bool = False
    is_wordless: bool = False
    is_footer: bool = False
    is_chrome: bool = False
    is_heading: bool = False
    is_quoted: bool = False
    is_inner: bool = False
    is_article: bool = False


class Element(Tag):
    """An element of a page that knows its place and the block that lays out its text, if any does; ``rank`` is how many elements
    of the page come before it, ``end`` how many before the first one behind what is in it."""

    place: Place
    block: Tag | None
    rank: int
    end: int


def lay_out(tag: Element, holder: Element) -> None:
    """What an element has from the one that holds it, and by itself."""
    placing = _NAMING if tag.name in HOLDERS else _PLACING
    is_plain = tag.name not in _TELLING and placing.isdisjoint(tag.attrs)
    tag.place = holder.place if is_plain else _placed(tag, holder.place)
    tag.block = tag if tag.name in _BLOCKS else holder.block


def laid_out(tag: Tag) -> Element:
    """Any element of a page is one."""
    return cast("Element", tag)


def _placed(tag: Tag, parent: Place) -> Place:
    name, landmark = tag.name, landmark_of(tag)
    changes: tuple[str, ...] = ()
    if not parent.is_hidden and _hides(tag):
        changes += ("is_hidden",)
    if not parent.is_footer and not parent.is_quoted and _is_footer(tag, landmark, parent):
        changes += ("is_footer", "is_chrome")
    if landmark == "nav" or (landmark == "header" and not parent.is_inner):
        changes += ("is_chrome",)
    if landmark == "main":
        changes += ("is_inner",)
    if attribute(tag, "role") == "heading":
        changes += ("is_heading",)
    if name in _TELLING:
        changes += tuple(change for change, names in _CHANGES.items() if name in names)
    return _changed(parent, changes) if changes else parent


@lru_cache(maxsize=1_000)
def _changed(place: Place, changes: tuple[str, ...]) -> Place:
    return replace(place, **dict.fromkeys(changes, True))


def landmark_of(tag: Tag) -> str:
    """``header``, ``nav``, ``main`` or ``footer``, by name or by role; else empty."""
    if tag.name in {"header", "nav", "main", "footer"}:
        return tag.name
    return _LANDMARKS.get(attribute(tag, "role"), "") if "role" in tag.attrs else ""


def attribute(tag: Tag, name: str) -> str:
    value: Any = tag.attrs.get(name)
    return value or ""


def _hides(tag: Tag) -> bool:
    if tag.name in _UNSEEN:
        return True
    # Anti-flicker scripts hide the whole page until they have run, and show it then.
    if tag.name in {"html", "body"} or not tag.attrs:
        return tag.name == "dialog"
    if "hidden" in tag.attrs or (tag.name == "dialog" and not tag.has_attr("open")):
        return True
    if "style" not in tag.attrs:
        return False
    style = "".join(attribute(tag, "style").split()).lower()
    return bool(_HIDDEN_STYLE.search(style))


def _is_footer(tag: Tag, landmark: str, parent: Place) -> bool:
    """The foot of the page, by its role or by what its authors call it; the foot of a card or of an article is not."""
    if landmark == "footer":
        return not parent.is_article
    if tag.name not in HOLDERS or not tag.attrs:
        return False
    return names_foot(f"{attribute(tag, 'id')} {attribute(tag, 'class')}")


def runs(nodes: Iterable[PageElement]) -> Iterator[tuple[str, Tag]]:
    """The visible text as a browser lays it out, each run with its block: inline elements flow together, blocks are apart.

    ``nodes`` are all those of the tree, in the order of the page.
    """
    holder: Tag | None = None
    run: list[str] = []
    for node in nodes:
        said, block = _said(node)
        if said is None:
            continue
        if block is not holder or node is block:
            if run and holder is not None and (text := _line(run)):
                yield text, holder
            holder, run = block, []
        if said:
            run.append(said)
    if holder is not None and (text := _line(run)):
        yield text, holder


def _line(run: Iterable[str]) -> str:
    return " ".join("".join(run).split())


def _said(node: PageElement) -> tuple[str | None, Tag | None]:
    """What a node adds to the text (``None``: nothing, it is not there for a visitor) and the block that lays it out."""
    if isinstance(node, Element):
        return _said_by(node)
    if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
        return None, None
    holder: Any = node.parent
    place = holder.place
    return (None if place.is_hidden or place.is_wordless else node), holder.block


def _said_by(tag: Element) -> tuple[str | None, Tag | None]:
    block = tag.block
    if (tag is not block and tag.name not in _SAYING) or tag.place.is_hidden:
        return None, None
    if tag.name == "br":
        return " ", block
    drawn = _drawn(tag) if tag.name in _DRAWN else None
    if drawn is not None:
        return f" {drawn} ", block
    return ("", tag) if tag is block else (None, None)


def _drawn(tag: Tag) -> str | None:
    """What an image says in place of its drawing; ``None`` for what is no image, or a drawing that says nothing."""
    if tag.name == "img":
        return attribute(tag, "alt")
    if tag.name != "svg" or attribute(tag, "aria-hidden").lower() == "true":
        return None
    title = tag.find("title", recursive=False)
    return attribute(tag, "aria-label") or (title.get_text() if isinstance(title, Tag) else None)


def within(element: Tag) -> Iterator[PageElement]:
    """The descendants of an element in the order of the page, found as they are asked: beginning costs nothing."""
    under = [iter(element.contents)]
    while under:
        node = next(under[-1], None)
        if node is None:
            under.pop()
            continue
        yield node
        if isinstance(node, Tag):
            under.append(iter(node.contents))


def visible_text(element: Element) -> str:
    """The text of one element as :func:`runs` lays it out, on one line; its beginning where it is very long."""
    place = element.place
    if place.is_hidden:
        return ""
    if len(element.contents) == 1 and type(element.contents[0]) is NavigableString:  # as most links and headings
        return "" if place.is_wordless else " ".join(element.contents[0].split())
    said = []
    for node in islice(within(element), _NODES_OF_A_NAME):
        words, _ = _said(node)
        is_apart = isinstance(node, Tag) and node.name in _BLOCKS
        said.append(" " if is_apart else words or "")
    return _line(said)
