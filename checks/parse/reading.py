"""What an address gave: a page that can be judged, a fault of the site, or an obstacle that says nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import page_key, split
from checks.model.capture import Candidate, Capture, FailureKind
from checks.model.chain import Chain
from checks.model.evidence import Evidence, shortened
from checks.model.french import fold
from checks.model.rule import Obstacle
from checks.parse import french_text
from checks.parse.html import Page

HTML = {"text/html", "application/xhtml+xml"}
_DOCUMENTS = {"application/pdf", "application/json", "text/csv", "application/xml", "text/xml", "text/plain"}
_TINY = 1_000
_WALL_TEXT = 600
_SHORT = 1_500
_LITTLE = 200
_FEW_LINKS = 3
_ALIKE = 0.9


class Fault(StrEnum):
    """A page that answers but is not what its address promises."""

    BROKEN = "broken"
    SOFT_404 = "soft-404"
    LEADS_HOME = "leads-home"
    LOGIN_REQUIRED = "login-required"
    PLACEHOLDER = "placeholder"


_FAILURES = {
    FailureKind.TOO_LARGE: Obstacle.TOO_LARGE,
    FailureKind.ROBOTS: Obstacle.ROBOTS_DISALLOWED,
    FailureKind.BLOCKED: Obstacle.BLOCKED,
    FailureKind.TOO_MANY_REDIRECTS: Obstacle.REDIRECT_LOOP,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One visited address. At most one of ``obstacle`` and ``fault`` is set; ``page`` is there when it is HTML."""

    chain: Chain
    candidate: Candidate | None = None
    page: Page | None = None
    obstacle: Obstacle | None = None
    fault: Fault | None = None

    @property
    def capture(self) -> Capture:
        return self.chain.last

    @property
    def is_readable(self) -> bool:
        return self.obstacle is None and self.fault is None

    def evidence(self) -> Evidence:
        """The exchange itself, where no place in a page decides."""
        if self.page is not None and self.page.title:
            return self.page.evidence(self.page.title, self.page.soup.title)
        failure = self.capture.failure
        return Evidence(
            url=self.capture.url,
            capture=self.capture.id,
            status=self.capture.status,
            excerpt=shortened(f"{failure.kind}: {failure.message}" if failure else ""),
        )


def http_obstacle(capture: Capture) -> Obstacle | None:
    """What an exchange says against reading it, before its body is looked at; 4xx is left to the caller."""
    if capture.failure:
        if capture.failure.kind is FailureKind.ROBOTS and (capture.failure.status or 0) >= 500:  # noqa: PLR2004
            return Obstacle.SERVER_ERROR
        return _FAILURES.get(capture.failure.kind, Obstacle.UNREACHABLE)
    status = capture.status or 0
    if status in {401, 403, 407}:
        return Obstacle.BLOCKED
    if status in {408, 425, 429} or status >= 500:  # noqa: PLR2004
        return Obstacle.SERVER_ERROR
    if 300 <= status < 400:  # noqa: PLR2004 - a redirect that leads nowhere
        return Obstacle.REDIRECT_LOOP
    return None


def body_obstacle(page: Page) -> Obstacle | None:
    """A wall or a script's empty shell, told by what a visitor without JavaScript would see."""
    if not page.source.strip():
        return Obstacle.NOT_HTML
    if is_wall(page):
        return Obstacle.BLOCKED
    return Obstacle.NEEDS_RENDERING if is_shell(page) else None


def is_wall(page: Page) -> bool:
    """A page that controls the visitor, whatever its status: few words, and those or the scripts of a known wall."""
    if len(page.words) > _WALL_TEXT:
        return False
    said = f"{fold(page.title)} {page.words}"
    marks = french_text.WALL_MARKS.search(page.source.lower())
    if french_text.WALL.search(said) or (marks and len(page.words) < _LITTLE):
        return True
    is_bare = len(page.source) < _TINY and len(page.words) < 40 and not page.links  # noqa: PLR2004
    return is_bare and bool(page.soup.find(["script", "iframe"])) and "noindex" in page.source.lower()


def is_shell(page: Page) -> bool:
    """Next to nothing to read, and scripts that would write it."""
    if len(page.words) >= _LITTLE or len([link for link in page.links if link.url]) >= _FEW_LINKS:
        return False
    return any(script.get("src") or len(script.get_text()) > _LITTLE for script in page.soup.find_all("script"))


def awaits_script(page: Page) -> bool:
    """Rich in text, but the foot of the page is not there and scripts may bring it."""
    return not page.footers and any(script.get("src") for script in page.soup.find_all("script"))


def is_html(capture: Capture) -> bool:
    """By its type, or where the server gives none, by its first bytes."""
    if capture.media_type:
        return capture.media_type in HTML
    return capture.body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def is_document(capture: Capture) -> bool:
    return capture.media_type in _DOCUMENTS or capture.media_type.endswith("+json")


def says_missing(page: Page) -> bool:
    """An error sentence where a page announces itself: its title, its headings, or the whole of a short page."""
    announced = [fold(page.title), *(block.words for block in page.headings[:3])]
    if any(french_text.MISSING.search(words) for words in announced):
        return True
    return len(page.words) < _LITTLE and bool(french_text.MISSING.search(page.words))


def resembles(page: Page, other: Page) -> bool:
    """Whether two answers show the same thing: the words of one are nine tenths of those of the other."""
    ours, theirs = set(page.words.split()), set(other.words.split())
    if not ours or not theirs:
        return not ours and not theirs
    if fold(page.title) != fold(other.title) and len(ours) > 20:  # noqa: PLR2004
        return False
    return len(ours & theirs) / len(ours | theirs) >= _ALIKE


def requires_login(page: Page) -> bool:
    parts = split(page.capture.url)
    path = parts.path.lower() if parts else ""
    if french_text.LOGIN_PATH.search(path):
        return True
    return len(page.words) < _SHORT and page.soup.find("input", type="password") is not None


def is_placeholder(page: Page) -> bool:
    return len(page.words) < _SHORT and bool(french_text.UNDER_CONSTRUCTION.search(page.words))


def candidate_reading(
    chain: Chain, candidate: Candidate, home: Page | None, missing: Page | None, is_known: Callable[[str], bool]
) -> Reading:
    """Reads a candidate page: ``home`` and ``missing`` are the home page and the answer to a random path.

    ``is_known`` tells addresses whose shape proves a public dashboard or document, which are not read as pages.
    """
    capture = chain.last
    obstacle = http_obstacle(capture)
    if obstacle:
        return Reading(chain, candidate, obstacle=obstacle)
    if (capture.status or 0) >= 400:  # noqa: PLR2004
        return Reading(chain, candidate, fault=Fault.BROKEN)
    if not is_html(capture):
        return Reading(chain, candidate, obstacle=None if is_document(capture) else Obstacle.NOT_HTML)
    page = Page(capture)
    fault = _page_fault(page, chain, home, missing)
    obstacle = None if fault or is_known(capture.url) else body_obstacle(page)
    return Reading(chain, candidate, page, obstacle, fault)


def _page_fault(page: Page, chain: Chain, home: Page | None, missing: Page | None) -> Fault | None:
    if home and page_key(page.capture.url) == page_key(home.capture.url):
        # The same address under another fragment is a section of the home page, not a way back to it.
        return None if "#" in chain.first.url and len(chain.hops) == 1 else Fault.LEADS_HOME
    if requires_login(page):
        return Fault.LOGIN_REQUIRED
    if says_missing(page) or _shows(page, missing):
        return Fault.SOFT_404
    return Fault.LEADS_HOME if _shows(page, home) else None


def _shows(page: Page, other: Page | None) -> bool:
    """Whether a page is another one again. Shells are all alike before their scripts run: that proves nothing."""
    return other is not None and not is_shell(page) and resembles(page, other)
