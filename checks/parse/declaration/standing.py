"""Which of the pages visited is the declaration of accessibility of a site, and what the others are instead."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from checks.model.capture import Found
from checks.parse.commitments.words import KINDS
from checks.parse.declaration.sections import outline
from checks.parse.declaration.signs import Sign, is_unfilled, signs
from checks.parse.declaration.states import level
from checks.parse.html import Block, Page
from checks.parse.looks import is_placeholder
from checks.parse.reading import Fault, Reading

_ENOUGH = 2
"""Signs without which a page is no declaration."""
_CITED = {"law", "recourse"}
"""What any text about the obligation quotes."""
_LESSON = re.compile(
    r"[\W\d]{0,12}(?:(?:les |nos |la |le |l'|une? )?(?:formations?|webinaires?|ateliers?|cours|modules?|tutoriels?|guides?|fiches?|modeles?|exemples?"
    r"|faq|foire aux questions)\b|comment\b|pourquoi\b|qu'est-ce|tout savoir|comprendre|rediger|preparer)"
)
_SUBJECT = re.compile(
    r"\W{0,12}(?:les |nos |la |le |l'|une? )?(?:rgaa|referentiel|audits?|obligations?|lois?|decrets?|textes?|articles?|actualites?)\b"
)
_TOPIC = re.compile(r"accessib|\brgaa\b|declaration|conformite")
"""A page that explains the obligation, or sells an audit: both, for "Guide des passages" is the name of a service."""
_NOTICE = re.compile(
    r"\bmentions? legales?\b|\bconditions generales\b|\bcgu\b|\bdonnees (?:a caractere )?personnel|\bconfidentialite\b|\bcookies\b|\blegal notice\b|\bprivacy\b"
)
_OPENING = 80
"""Characters in which a text without headings says what it is."""


class Standing(StrEnum):
    """What a candidate is, once read."""

    DECLARATION = "declaration"
    BROKEN = "broken-link"
    SOFT_404 = "soft-404"
    LEADS_HOME = "leads-home"
    PLACEHOLDER = "placeholder"
    OTHER = "not-a-declaration"


_FAULTS = {
    Fault.BROKEN: Standing.BROKEN,
    Fault.SOFT_404: Standing.SOFT_404,
    Fault.LEADS_HOME: Standing.LEADS_HOME,
    Fault.LOGIN_REQUIRED: Standing.SOFT_404,
}


def standing(reading: Reading) -> Standing | None:
    """What a candidate is; ``None`` where it could not be read."""
    if reading.is_broken_down and reading.is_found(Found.LINK):
        return Standing.BROKEN  # the home page answers, so this is the link's fault
    if reading.fault:
        return _FAULTS[reading.fault]
    if reading.obstacle or reading.page is None:
        return None
    if is_unfilled(reading.page):
        return Standing.PLACEHOLDER
    read = signs(reading.page)
    # One that announces itself and states nothing is still to be written.
    if is_placeholder(reading.page) and "level" not in _names(read):
        return Standing.PLACEHOLDER
    return Standing.DECLARATION if len(read) >= _ENOUGH and _declares(reading.page, read) else Standing.OTHER


def _declares(page: Page, read: Collection[Sign]) -> bool:
    """Whether a page that has the signs of a declaration is one."""
    says_level = level(outline(page)) is not None
    if not says_level and _names(read) <= _CITED | {"level"}:
        return False  # an article or a commitment that quotes the law
    return not _is_another(page, read, says_level=says_level)


def _is_another(page: Page, read: Collection[Sign], *, says_level: bool) -> bool:
    """A schéma, a plan, a lesson or a legal notice that quotes what declarations quote. It may hold a declaration too."""
    head = next((block for block in page.body if page.place(block.element).is_heading), None)
    name = head.words if head else page.title_words
    if _names_commitment(name) or (_LESSON.match(name) and _TOPIC.search(name)):
        return not (says_level and _has_own_heading(page, read, head))
    if _SUBJECT.match(name) and _names(read).isdisjoint({"title", "state"}):
        return not says_level
    said = [one.words for one in page.headings] or [page.content[:_OPENING]]
    return (_NOTICE.search(name) is not None or any(map(_names_commitment, said))) and _names(read) <= _CITED


def _names_commitment(words: str) -> bool:
    return any(any(kind.names(words)) for kind in KINDS)


def _has_own_heading(page: Page, read: Collection[Sign], head: Block | None) -> bool:
    """Whether it has a heading that is the declaration's own, with something else that one says."""
    own = (one for one in read if one.name in {"title", "state"} and page.place(one.element).is_heading)
    is_headed = any(head is None or one.element is not head.element or not _LESSON.match(head.words) for one in own)
    return is_headed and len(read) > _ENOUGH


def _names(read: Collection[Sign]) -> set[str]:
    return {sign.name for sign in read}


def stands_on_home(home: Page) -> bool:
    """A site of one page: the declaration stands there under its own heading."""
    read = signs(home)
    is_announced = any(sign.name == "title" and home.place(sign.element).is_heading for sign in read)
    return is_announced and len(read) >= _ENOUGH and not is_unfilled(home)
