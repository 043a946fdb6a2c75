"""Which of the pages visited is the declaration of accessibility of a site, and what the others are instead."""

from __future__ import annotations

from enum import StrEnum

from checks.model.capture import Found
from checks.parse.declaration import is_unfilled, signs
from checks.parse.html import Page
from checks.parse.looks import is_placeholder
from checks.parse.reading import Fault, Reading

_ENOUGH = 2
"""Signs without which a page is no declaration."""


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
    Fault.LOGIN_REQUIRED: Standing.OTHER,
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
    read = {sign.name for sign in signs(reading.page)}
    # One that announces itself and states nothing is still to be written.
    if is_placeholder(reading.page) and "level" not in read:
        return Standing.PLACEHOLDER
    return Standing.DECLARATION if len(read) >= _ENOUGH else Standing.OTHER


def stands_on_home(home: Page) -> bool:
    """A site of one page: the declaration stands there under its own heading."""
    read = signs(home)
    is_announced = any(sign.name == "title" and home.place(sign.element).is_heading for sign in read)
    return is_announced and len(read) >= _ENOUGH and not is_unfilled(home)
