"""What a site announces of its schéma pluriannuel or of its plan of the year, and whether it keeps its word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from checks.model.address import page_key
from checks.model.capture import Topic
from checks.model.evidence import Evidence
from checks.model.rule import Finding, Obstacle
from checks.parse import looks
from checks.parse.commitments import years
from checks.parse.commitments.mentions import Mention, mentions
from checks.parse.commitments.words import ABOUT, PLAN, SCHEMA, Kind, heads
from checks.parse.commitments.years import Span
from checks.parse.declaration.signs import signs
from checks.parse.html import Page
from checks.parse.pdf import is_pdf, pdf_page
from checks.parse.reading import Fault, Reading
from checks.parse.site import Site

LONGEST = 3
"""What a schéma may last, its last year less its first: « d'une durée maximale de trois ans » (décret 2019-768, art. 4)."""
_PERIOD = re.compile(r"\b(?:periode|couvr\w+|portant sur|pour les annees|duree|en vigueur|valable)\b")
_BROKEN = {Fault.BROKEN, Fault.SOFT_404, Fault.LEADS_HOME}


class State(StrEnum):
    """Named as the reasons of the two rules."""

    CURRENT = "current"
    BROKEN = "broken-link"
    NO_YEARS = "no-years"
    TOO_LONG = "span-too-long"
    NOT_CURRENT = "years-not-current"


@dataclass(frozen=True, slots=True)
class Announced:
    """A document that a site gives, its years and its state on the day of the run.

    ``target`` is where its link led, if that was visited.
    """

    mention: Mention
    span: Span | None
    state: State
    target: Reading | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        mention = self.mention
        told = mention.page.evidence(mention.text, mention.element)
        return (told, self.target.evidence()) if self.target else (told,)

    @property
    def facts(self) -> Mapping[str, Any]:
        mention = self.mention
        return {"years": self.span.years if self.span else [], "url": mention.url, "link_text": mention.link_text}


def judged(site: Site, kind: Kind) -> Finding | Announced | None:
    """The document that speaks best for a site, or why nothing can be said; ``None`` where there is none.

    A declaration that could not be read may hold a better one than those found elsewhere.
    """
    best = announced(site, kind)
    if best and best.state is State.CURRENT:
        return best
    return site.unread_declaration or best or _still_to_come(site)


def announced(site: Site, kind: Kind) -> Announced | None:
    said = [mention for page, is_about in _pages(site, kind) for mention in mentions(page, kind, is_about=is_about)]
    weigh = _Scale(site, kind, said).weighed
    found = [weigh(mention) for mention in said]
    return min(found, key=lambda one: _rank(one, site.as_of.year), default=None)


def looked_at(site: Site) -> tuple[Reading, ...]:
    """The pages that should lead to a document and were read, the declaration first."""
    readings = [site.accessibility_page, *site.candidates(Topic.ACCESSIBILITY)]
    return tuple({id(one): one for one in readings if one and one.page and one.is_readable}.values())


def is_misplaced(mention: Mention) -> bool:
    """Whether a link stands behind « État de conformité », where the model gives it in the introduction."""
    page = mention.page
    state = next((sign.element for sign in signs(page) if sign.name == "state"), None)
    if state is None or mention.rank is None or mention.url is None or page.place(mention.element).is_chrome:
        return False
    return mention.rank > next(rank for rank, block in enumerate(page.blocks) if block.element is state)


def _pages(site: Site, kind: Kind) -> Iterator[tuple[Page, bool]]:
    """Each page where a document may be given, with whether it is about accessibility."""
    for reading in looked_at(site):
        if reading.page:
            yield reading.page, reading is site.accessibility_page or _is_about(reading.page)
    if kind is PLAN:  # the schema holds the plans of its years
        for reading in site.candidates(Topic.SCHEMA):
            page = _read(reading)
            if page:
                yield page, True
    if site.page and (site.accessibility_page is None or site.accessibility_page.page is not site.page):
        yield site.page, False


def _is_about(page: Page) -> bool:
    return any(ABOUT.search(words) for words in (page.title_words, *(one.words for one in page.headings[:2])))


class _Scale:
    """Weighs the mentions of one site; ``_told`` holds the years that other links to the same address say."""

    def __init__(self, site: Site, kind: Kind, said: Sequence[Mention]) -> None:
        self.site, self.kind, self.year = site, kind, site.as_of.year
        self._told = {one.url: one.span for one in said if one.url and one.span and one.is_told}
        self._of_targets: dict[str, Span | None] = {}

    def weighed(self, mention: Mention) -> Announced:
        target = _target(self.site, mention)
        span = self._span(mention, target)
        if (target and _is_broken(target)) or _leads_home(self.site, mention):
            return Announced(mention, span, State.BROKEN, target)
        return Announced(mention, span, _state(self.kind, span, self.year), target)

    def _span(self, mention: Mention, target: Reading | None) -> Span | None:
        """What the page says, else another link to the same address, else the document, else the address alone."""
        span = mention.span if mention.is_told else None
        span = span or self._told.get(mention.url or "") or self._of_target(target)
        return span or _of_address_alone(self.kind, mention, self.year)

    def _of_target(self, target: Reading | None) -> Span | None:
        if target is None:
            return None
        if target.capture.id not in self._of_targets:
            self._of_targets[target.capture.id] = _span_of(target, self.kind, self.year)
        return self._of_targets[target.capture.id]


def _state(kind: Kind, span: Span | None, year: int) -> State:
    if span is None:
        return State.NO_YEARS
    if not span.covers(year):
        return State.NOT_CURRENT
    if span.length <= LONGEST:
        return State.CURRENT
    return State.TOO_LONG if kind is SCHEMA else State.NOT_CURRENT


def _of_address_alone(kind: Kind, mention: Mention, year: int) -> Span | None:
    """``schema-2025.pdf`` may last until 2028: it says that it is old only once three years have gone by."""
    span = mention.span
    may_last = span is not None and kind is SCHEMA and not span.length and span.last < year <= span.last + LONGEST
    return None if may_last else span


def _target(site: Site, mention: Mention) -> Reading | None:
    if mention.url is None:
        return None
    key = page_key(mention.url)
    if key == page_key(mention.page.capture.url):
        return None
    visited = (reading for topic in Topic for reading in site.candidates(topic))
    return next((reading for reading in visited if page_key(reading.chain.first.url) == key), None)


def _is_broken(target: Reading) -> bool:
    return target.fault in _BROKEN or target.is_broken_down


def _leads_home(site: Site, mention: Mention) -> bool:
    """A link to the home page itself, under no fragment, gives no document."""
    if not mention.url or not site.page or "#" in mention.url or mention.page is site.page:
        return False
    return page_key(mention.url) == page_key(site.page.capture.url)


def _span_of(target: Reading, kind: Kind, year: int) -> Span | None:
    """The years that a document gives itself: in its title, its headings, else beside its name or as its period."""
    page = _read(target)
    if page is None:
        return None
    titles = [(page.title, page.title_words), *((block.text, block.words) for block in page.headings)]
    named = [words for text, words in titles if any(head.kind is kind for head in heads(text, words))]
    spans = [span for words in named if (span := years.told(words))]
    spans = spans or [one.span for one in mentions(page, kind, is_about=True) if one.span and one.is_told]
    periods = (years.told_in_passing(block.words) for block in page.body if _PERIOD.search(block.words))
    spans = spans or [span for span in islice(filter(None, periods), 1) if named]
    return min(spans, key=lambda span: (not span.covers(year), -span.last, -span.first), default=None)


def _read(reading: Reading) -> Page | None:
    if not reading.is_readable:
        return None
    return reading.page or (pdf_page(reading.capture) if is_pdf(reading.capture) else None)


def _rank(one: Announced, year: int) -> tuple[int, int, int]:
    """The order in which documents speak for a site; among equals the latest, then the first of the page."""
    is_linked = one.mention.url is not None
    may_be_current = one.span is None or one.span.covers(year)
    order = (
        one.state is State.CURRENT and is_linked,
        one.state is State.BROKEN and may_be_current,
        one.state is State.CURRENT,
        one.state is State.NO_YEARS and is_linked,
        one.state is State.TOO_LONG,
        one.state is State.NOT_CURRENT,
        one.state is State.BROKEN,
    )
    place = next((rank for rank, is_so in enumerate(order) if is_so), len(order))
    return place, -(one.span.last if one.span else 0), -(one.span.first if one.span else 0)


def _still_to_come(site: Site) -> Finding | None:
    """A page about accessibility that is no declaration, and whose links a script may still bring."""
    reading = site.accessibility_page
    if site.declaration or reading is None or reading.page is None or not looks.awaits_script(reading.page):
        return None
    return Finding(reason=Obstacle.NEEDS_RENDERING, warnings=site.warnings, evidence=(reading.evidence(),))
