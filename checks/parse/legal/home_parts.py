"""A legal document that is a part of the home page: under an anchor, in a dialogue that a link opens, under its own heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from checks.model.address import page_key
from checks.model.capture import Topic
from checks.model.evidence import Evidence
from checks.model.french import fold
from checks.model.legal import is_named, is_title
from checks.parse.html import Link, Page
from checks.parse.layout import attribute

_HEADINGS = re.compile(r"h[1-6]")
_LEAST = 60
_SECTION = 60
"""Elements of a section at most."""


class Part(Page):
    """A part of a page, read by itself even where the page hides it: a link of the page shows it."""

    def __init__(self, whole: Page, holder: Tag, source: str) -> None:
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        super().__init__(replace(whole.capture, body=source.encode("utf-8", "replace"), headers=headers))
        self._locator = whole.locator(holder)

    def evidence(self, excerpt: str = "", element: Tag | None = None) -> Evidence:
        return replace(super().evidence(excerpt, element), locator=self._locator)


def parts(home: Page, topic: Topic) -> Iterator[Part]:
    """The parts of the home page that are about a topic: those that its links and buttons open, then those so headed."""
    for target in _targets(home, topic):
        yield from _part(home, target)
    for block in home.headings:
        if is_title(topic, block.words):
            yield from _part(home, block.element)


def opened_by_script(home: Page, topic: Topic) -> Tag | None:
    """A link or a button that names a topic and leads nowhere without a script."""
    if not home.elements.named("script"):
        return None
    dead = (link.element for link in home.links if not link.url and is_named(topic, link.words) and _is_dead(link))
    return next(dead, None) or next(_buttons(home, topic), None)


def _is_dead(link: Link) -> bool:
    return not attribute(link.element, "href").strip().lower().startswith(("mailto:", "tel:"))


def _targets(home: Page, topic: Topic) -> Iterator[Tag]:
    """What the links and buttons that name a topic open: only for those is the page searched, which takes its whole length."""
    anchors = [_fragment(home, link) for link in home.links if is_named(topic, link.words)]
    anchors += map(_controlled, _buttons(home, topic))
    return (target for target in (_named(home, anchor) for anchor in anchors) if target)


def _buttons(home: Page, topic: Topic) -> Iterator[Tag]:
    """The buttons that name a topic."""
    return (tag for tag in home.elements.named("button")[:200] if is_named(topic, fold(home.text_of(tag))))


def _controlled(button: Tag) -> str:
    names = ("aria-controls", "data-bs-target", "data-target")
    return next((said for said in (attribute(button, name) for name in names) if said), "").removeprefix("#")


def _fragment(home: Page, link: Link) -> str:
    if link.url and page_key(link.url) != page_key(home.capture.url):
        return attribute(link.element, "aria-controls")
    href = link.url or attribute(link.element, "href").strip()
    said = urlsplit(href).fragment if "#" in href else ""
    return unquote(said) or attribute(link.element, "aria-controls")


def _named(home: Page, anchor: str) -> Tag | None:
    found = home.soup.find(id=anchor) or home.soup.find("a", attrs={"name": anchor}) if anchor else None
    return found if isinstance(found, Tag) else None


def _part(home: Page, target: Tag) -> Iterator[Part]:
    inside = "".join(map(str, target.contents))
    if (
        len(target.get_text(strip=True)) >= _LEAST
        and not _HEADINGS.fullmatch(target.name)
        and not _is_all(home, target)
    ):
        yield Part(home, target, inside)
        return
    after = "".join(map(str, _section(target)))
    if after:
        yield Part(home, target, f"<h2>{target.get_text()}</h2>{after}")


def _is_all(home: Page, target: Tag) -> bool:
    """Whether a target holds the whole page, as does the element to which « Haut de page » leads."""
    return target.name in {"html", "body", "main"} or target is home.soup.body


def _section(target: Tag) -> Iterator[Tag]:
    """The elements behind a heading or an anchor, up to the next heading that is as high."""
    heading = target if _HEADINGS.fullmatch(target.name) else target.find_parent(_HEADINGS)
    start: Tag = heading if isinstance(heading, Tag) else target
    while (
        not start.find_next_siblings(name=True, limit=1)
        and start.parent
        and start.parent.name not in {"body", "main", "html"}
    ):
        start = start.parent
    level = heading.name if isinstance(heading, Tag) else "h6"
    for count, tag in enumerate(start.find_next_siblings(name=True)):
        ends = [tag, *tag.find_all(_HEADINGS)]
        if count >= _SECTION or any(_HEADINGS.fullmatch(one.name) and one.name <= level for one in ends):
            return
        yield tag
