"""What an address gave: a page that can be judged, a fault of the site, or an obstacle that says nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import page_key, split
from checks.model.capture import Candidate, Capture, FailureKind, Found, Topic
from checks.model.chain import Chain
from checks.model.evidence import Evidence, shortened
from checks.model.legal import LEGAL
from checks.model.rule import Obstacle
from checks.parse import looks
from checks.parse.html import Page, once_a_page
from checks.parse.pdf import PdfPage, is_pdf, pdf_page

HTML = {"text/html", "application/xhtml+xml"}
_DOCUMENTS = {"application/pdf", "text/csv", "application/msword", "application/rtf"}
_OFFICE = ("application/vnd.oasis", "application/vnd.openxmlformats", "application/vnd.ms-")
_DATA = {"application/json", "application/xml", "text/xml"}


_READ_IN_PDF = {Topic.ACCESSIBILITY, Topic.BUDGET, *LEGAL}
_ERROR = 500
_PLAIN = {404, 410, 429}
"""Errors that mean what they say, whatever the page that comes with them."""


class Fault(StrEnum):
    """A page that answers but is not what its address promises."""

    BROKEN = "broken"
    SOFT_404 = "soft-404"
    LEADS_HOME = "leads-home"
    LOGIN_REQUIRED = "login-required"


_FAILURES = {
    FailureKind.TOO_LARGE: Obstacle.TOO_LARGE,
    FailureKind.ROBOTS: Obstacle.ROBOTS_DISALLOWED,
    FailureKind.BLOCKED: Obstacle.BLOCKED,
    FailureKind.TOO_MANY_REDIRECTS: Obstacle.REDIRECT_LOOP,
    FailureKind.TOLD_TO_WAIT: Obstacle.SERVER_ERROR,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One visited address. At most one of ``obstacle`` and ``fault`` is set; ``page`` is there when it is HTML, or a declaration,
    a budget or a legal document in PDF."""

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

    @property
    def is_pdf(self) -> bool:
        """A document read as if it were a page."""
        return isinstance(self.page, PdfPage)

    def is_found(self, how: Found) -> bool:
        return self.candidate is not None and self.candidate.found is how

    @property
    def is_broken_down(self) -> bool:
        """Answered by an error of the server, as against one who asks to wait."""
        return self.obstacle is Obstacle.SERVER_ERROR and (self.capture.status or 0) >= _ERROR

    def evidence(self) -> Evidence:
        """The exchange itself, where no place in a page decides."""
        if self.page is not None and self.page.title:
            return self.page.evidence(self.page.title, self.page.title_tag)
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
        if capture.failure.kind is FailureKind.ROBOTS and _is_server_error(capture.failure.status or 0):
            return Obstacle.SERVER_ERROR
        return _FAILURES.get(capture.failure.kind, Obstacle.UNREACHABLE)
    status = capture.status or 0
    if status in {401, 403, 407}:
        return Obstacle.BLOCKED
    if _is_server_error(status):
        return Obstacle.SERVER_ERROR
    if 300 <= status < 400:  # noqa: PLR2004 - a redirect that leads nowhere
        return Obstacle.REDIRECT_LOOP
    return None


def _is_server_error(status: int) -> bool:
    return status in {408, 425, 429} or status >= _ERROR


@once_a_page
def veil(page: Page) -> Obstacle | None:
    """What stands before the page instead of it: far too much, nothing at all, a control of the visitor, a closed shop."""
    if page.is_too_large:
        return Obstacle.TOO_LARGE
    if not page.source.strip():
        return Obstacle.NOT_HTML
    if looks.is_wall(page):
        return Obstacle.BLOCKED
    return Obstacle.SERVER_ERROR if looks.is_in_maintenance(page) else None


def body_obstacle(page: Page) -> Obstacle | None:
    """What hides the page, told by what a visitor without JavaScript would see."""
    return veil(page) or (Obstacle.NEEDS_RENDERING if looks.is_shell(page) else None)


def is_html(capture: Capture) -> bool:
    """By its type, or where the server gives none, by its first bytes."""
    if capture.media_type:
        return capture.media_type in HTML
    return capture.body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def is_document(capture: Capture) -> bool:
    """A file to read elsewhere than in a browser: PDF, office formats, tables."""
    return capture.media_type in _DOCUMENTS or capture.media_type.startswith(_OFFICE)


def is_data(capture: Capture) -> bool:
    """An answer meant for programs: the address is that of an API."""
    return not is_html(capture) and (capture.media_type in _DATA or capture.media_type.endswith(("+json", "+xml")))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the pages of a site are compared with: its home page, its answer to a random path where that is shown as a
    page, and the words that all its pages share."""

    home: Page | None = None
    missing: Page | None = None
    chrome: frozenset[str] = frozenset()


def candidate_reading(
    chain: Chain, candidate: Candidate, page: Page, around: Surroundings, *, is_known: bool = False
) -> Reading:
    """Reads a candidate: ``page`` is the last capture of ``chain``, parsed if need be.

    ``is_known``: the shape of the address proves a public dashboard or document, which is not read as a page.
    """
    capture = chain.last
    is_error = (capture.status or 0) >= 400  # noqa: PLR2004
    # A wall may answer with the status of a fault: behind it nothing is known to be broken.
    is_walled = is_error and capture.status not in _PLAIN and is_html(capture) and looks.is_wall_in_error(page)
    obstacle = Obstacle.BLOCKED if is_walled else http_obstacle(capture)
    if obstacle:
        return Reading(chain, candidate, obstacle=obstacle)
    if is_error:
        return Reading(chain, candidate, fault=Fault.BROKEN)
    if candidate.topic in _READ_IN_PDF and is_pdf(capture):
        return Reading(chain, candidate, pdf_page(capture))
    if not is_html(capture):
        return Reading(chain, candidate, obstacle=None if is_document(capture) else Obstacle.NOT_HTML)
    before = _known_veil(page) if is_known else veil(page)
    fault = None if before else _page_fault(page, chain, around, is_known=is_known)
    if before or fault or is_known or not looks.is_shell(page):
        return Reading(chain, candidate, page, before, fault)
    return Reading(chain, candidate, page, Obstacle.NEEDS_RENDERING)


def _known_veil(page: Page) -> Obstacle | None:
    """What stands before a public dashboard or document: an empty page is no veil, and one that is private is a fault."""
    return Obstacle.BLOCKED if looks.says_wall(page) and not looks.is_private(page) else None


def _page_fault(page: Page, chain: Chain, around: Surroundings, *, is_known: bool) -> Fault | None:
    if around.home and page_key(page.capture.url) == page_key(around.home.capture.url):
        # The same address under another fragment is a section of the home page, not a way back to it.
        return None if "#" in chain.first.url and len(chain.hops) == 1 else Fault.LEADS_HOME
    if looks.requires_login(page) or (is_known and looks.is_private(page)):
        return Fault.LOGIN_REQUIRED
    if looks.says_missing(page) or _shows(page, around.missing, around.chrome):
        return Fault.SOFT_404
    if _is_sent_to_root(chain) or _shows(page, around.home, around.chrome):
        return Fault.LEADS_HOME
    return None


def _is_sent_to_root(chain: Chain) -> bool:
    """Redirected to the root of the same host, whichever of its paths is the home page of the service."""
    asked, given = split(chain.first.url), split(chain.last.url)
    if asked is None or given is None or len(chain.hops) == 1 or asked.hostname != given.hostname:
        return False
    return asked.path.strip("/") != "" and given.path.strip("/") == "" and not (given.query or given.fragment)


def _shows(page: Page, other: Page | None, chrome: frozenset[str]) -> bool:
    """Whether a page is another one again. Shells are all alike before their scripts run: that proves nothing."""
    return other is not None and not looks.is_shell(page) and looks.resembles(page, other, chrome)
