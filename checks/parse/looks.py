"""What a page turns out to be at first sight, whatever was asked: a wall, an empty shell, an error page, another page again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from urllib.parse import unquote

from bs4 import Tag

from checks.model.address import host_of, split
from checks.model.french import fold
from checks.parse import french_text
from checks.parse.html import Page, once_a_page
from checks.parse.layout import attribute

_TINY = 1_000
_WALL_TEXT = 600
_LONG_WALL = 2_000
_SHORT = 1_500
_LITTLE = 200
_NOTHING = 40
_FEW_LINKS = 3
_ALIKE = 0.9
_A_TITLE = 20
_A_FEW = 3
_MOUNTS = ["div", "main", "section"]


def is_wall(page: Page) -> bool:
    """A page that controls the visitor, whatever its status: few words, and those or the scripts of a known wall."""
    if _is_challenge(page):
        return True
    # An application that a browser would show may well have its visitors watched.
    if len(page.words) >= _NOTHING or _has_empty_mount(page):
        return False
    source = page.source.lower()
    if french_text.SENSORS.search(source):
        return True
    is_bare = len(source) < _TINY and not page.links
    return is_bare and "noindex" in source and bool(page.elements.named("script", "iframe"))


def is_wall_in_error(page: Page) -> bool:
    """A wall behind the status of an error: an error that has words of its own may have its visitors watched too."""
    return _is_challenge(page) or (not page.words and is_wall(page))


def _is_challenge(page: Page) -> bool:
    """A wall that shows itself, in words or by the scripts of a known one."""
    return says_wall(page) or (len(page.words) < _LITTLE and bool(french_text.CHALLENGES.search(page.source.lower())))


def says_wall(page: Page) -> bool:
    """By its title and headings, unless it is long; by its first words where nothing of a site surrounds them."""
    if len(page.words) > _LONG_WALL:
        return False
    is_short = len(page.words) <= _WALL_TEXT
    if _announces(page, french_text.WALL):
        return is_short or _is_alone(page)
    return is_short and _begins(page, french_text.WALL) and _is_alone(page)


def is_in_maintenance(page: Page) -> bool:
    """Closed for repairs, or out of order."""
    if len(page.content) >= _WALL_TEXT:
        return False
    if _announces(page, french_text.CLOSED) or french_text.MAINTENANCE.search(page.title_words):
        return True
    return _begins(page, french_text.MAINTENANCE) and not _begins(page, french_text.PLANNED)


def is_parked(page: Page) -> bool:
    """A name for sale, the page that a server shows before anything is put on it, a site still to be made."""
    if _announces(page, french_text.PARKED):
        return True  # a broker has a site of its own around it
    is_empty = len(page.words) < _SHORT and french_text.PARKED.search(page.words)
    is_unbuilt = len(page.words) < _LITTLE and (
        _announces(page, french_text.UNBUILT) or _begins(page, french_text.UNBUILT)
    )
    return bool(is_empty or is_unbuilt) and _is_alone(page)


def is_for_sale(page: Page) -> bool:
    """A broker's page, header and footer included, where it stands for the site of another."""
    return _announces(page, french_text.PARKED)


def _announces(page: Page, state: re.Pattern[str]) -> bool:
    """Whether the title or a first heading says it, other than to explain it."""
    return any(state.search(words) and not french_text.ABOUT.search(words) for words in _announced(page))


@once_a_page
def _announced(page: Page) -> Sequence[str]:
    headings = (block.words for block in page.body if page.place(block.element).is_heading)
    return page.title_words, *islice(headings, _A_FEW)


def _begins(page: Page, state: re.Pattern[str]) -> bool:
    """Whether it says so at once: further down, it speaks of something else."""
    return any(state.search(block.words) for block in page.body[:_A_FEW])


def _is_alone(page: Page) -> bool:
    """Whether hardly any other page of the same site is linked: what stands before a site is no part of it."""
    host = host_of(page.capture.url)
    own = (link for link in page.links if link.url and host_of(link.url) == host)
    return len(list(islice(own, _FEW_LINKS))) < _FEW_LINKS


@once_a_page
def is_shell(page: Page) -> bool:
    """Next to nothing to read, and something that a browser alone would bring: scripts, frames, a refresh.

    What a browser showed is what there is, except where it showed nothing: then it failed to run the scripts.
    """
    if page.is_shown:
        return len(page.words) < _NOTHING
    if (
        len(page.words) >= _LITTLE
        or len(list(islice((link for link in page.links if link.url), _FEW_LINKS))) >= _FEW_LINKS
    ):
        return False
    if _refreshes(page) or page.elements.named("frame", "frameset"):
        return True
    if not any(script.get("src") or len(script.get_text()) > _LITTLE for script in page.elements.named("script")):
        return False
    return len(page.words) < _NOTHING or pleads_for_scripts(page) or _has_empty_mount(page)


def pleads_for_scripts(page: Page) -> bool:
    return any(french_text.SCRIPT_PLEA.search(fold(tag.get_text())) for tag in page.elements.named("noscript")[:20])


def _has_empty_mount(page: Page) -> bool:
    """An empty element where an application is to appear: ``<div id="root"></div>``, ``<app-root></app-root>``."""
    body = page.soup.body
    tags = [tag for tag in islice(body.children, _TINY) if isinstance(tag, Tag)] if body else []
    return any((tag.name in _MOUNTS or "-" in tag.name) and not page.text_of(tag) for tag in tags)


def _refreshes(page: Page) -> bool:
    metas = page.elements.named("meta")
    refresh = next((tag for tag in metas if attribute(tag, "http-equiv").lower() == "refresh"), None)
    return refresh is not None and "url" in attribute(refresh, "content").lower()


def awaits_script(page: Page) -> bool:
    """Rich in text, but the foot of the page is not there and scripts may bring it."""
    if page.is_shown:
        return False
    sources = (attribute(script, "src").lower() for script in page.elements.named("script"))
    return not page.footers and any(source and not french_text.MEASURES.search(source) for source in sources)


@once_a_page
def is_loading(page: Page) -> bool:
    """Whether the page says that a part of it is still to come."""
    may_say = any(word in page.content for word in french_text.OF_LOADING)
    if may_say and any(french_text.LOADING.search(block.words) for block in page.body):
        return True
    return any(attribute(tag, "aria-busy").removesuffix("\n") == "true" for tag in page.elements.all)


def says_missing(page: Page) -> bool:
    """An error sentence where a page announces itself: its title, its first headings, or the beginning of a short page."""
    if french_text.MISSING.search(page.title_words) and not french_text.ABOUT.search(page.title_words):
        return True
    if len(page.content) > _SHORT:
        return False
    is_short = len(page.content) < 2 * _LITTLE
    return _announces(page, french_text.MISSING) or (is_short and _begins(page, french_text.MISSING))


@once_a_page
def vocabulary(page: Page) -> frozenset[str]:
    """The different words of a page, those of its own address aside: error pages like to repeat it."""
    return frozenset(page.words.split()) - _echo(page)


def _echo(page: Page) -> frozenset[str]:
    parts = split(page.capture.url)
    path = fold(unquote(parts.path)) if parts else ""
    whole = f"/{path.strip('/')}"
    return frozenset(
        {page.capture.url.lower(), path, whole, whole[1:], *path.replace("-", "/").split("/"), *path.split("/")}
    )


def resembles(page: Page, other: Page, chrome: AbstractSet[str] = frozenset()) -> bool:
    """Whether two answers show the same thing: all words but a few, or nine tenths of them, ``chrome`` aside."""
    ours, theirs = vocabulary(page), vocabulary(other)
    if ours and theirs and len(ours ^ theirs) <= _A_FEW:
        return True
    ours, theirs = ours - chrome, theirs - chrome
    if not ours or not theirs:
        return not ours and not theirs
    titles = [frozenset(one.title_words.split()) - _echo(one) for one in (page, other)]
    if titles[0] != titles[1] and len(ours) > _A_TITLE:
        return False
    return len(ours & theirs) / len(ours | theirs) >= _ALIKE


def shared_words(home: Page, answer: Page) -> frozenset[str]:
    """What all pages of a site share, by its home page and its answer to a random path.

    None where that answer says nothing that the home page does not: a site that shows its home page for everything.
    """
    ours, theirs = vocabulary(home), vocabulary(answer)
    return ours & theirs if len(theirs - ours) >= _A_FEW else frozenset()


def requires_login(page: Page) -> bool:
    parts = split(page.capture.url)
    if parts and (french_text.LOGIN_PATH.search(parts.path.lower()) or parts.hostname == "accounts.google.com"):
        return True
    if len(page.content) >= _SHORT:
        return False
    fields = [tag for tag in page.elements.named("input") if attribute(tag, "type") == "password"][:_A_TITLE]
    if any(not page.place(field).is_hidden and not page.place(field).is_chrome for field in fields):
        return True
    announced = [page.title_words, *(block.words for block in page.body if page.place(block.element).is_heading)]
    return len(page.content) < _WALL_TEXT and any(french_text.LOGIN_TITLE.search(words) for words in announced[:2])


def is_private(page: Page) -> bool:
    """A shared document that is not shared with everybody."""
    if len(page.content) >= _WALL_TEXT:
        return False
    return _announces(page, french_text.PRIVATE) or _begins(page, french_text.PRIVATE)


def is_placeholder(page: Page) -> bool:
    return len(page.content) < _SHORT and bool(french_text.UNDER_CONSTRUCTION.search(page.content))
