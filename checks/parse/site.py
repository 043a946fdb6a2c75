from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from checks.model import kinds
from checks.model.address import host_of, is_same_site
from checks.model.capture import Candidate, Capture, Found, Role, Topic
from checks.model.chain import Chain, chains, home_chain
from checks.model.evidence import Evidence
from checks.model.rule import Finding, Obstacle
from checks.model.service import Service
from checks.parse import looks
from checks.parse.declaration.sections import Outline, outline
from checks.parse.declaration.standing import Standing, standing, stands_on_home
from checks.parse.declaration.statement import Statement, statement
from checks.parse.html import Page
from checks.parse.levels import Mention, mention
from checks.parse.pdf import is_pdf
from checks.parse.reading import (
    Reading,
    Surroundings,
    body_obstacle,
    candidate_reading,
    http_obstacle,
    is_data,
    is_document,
    is_html,
    veil,
)
from checks.parse.transparency.source import Source, source

_ORDER = (Found.DECLARED, Found.LINK, Found.CONVENTIONAL)


class Site:
    """What was seen of one service: the evidence that rules ask for, each page parsed once and shared.

    ``as_of`` is the day of the run, the only clock that a rule knows.
    """

    def __init__(self, service: Service, captures: Sequence[Capture], as_of: date) -> None:
        self.service = service
        self.as_of = as_of
        self._pages: dict[int, Page] = {}
        self.visited = chains(capture for capture in captures if capture.role is not Role.ROBOTS)

    @cached_property
    def home(self) -> Reading | None:
        """The home page; ``None`` when the service has no address, or was not visited."""
        chain = home_chain(self.service.url, self.visited) if self.service.url else None
        if chain is None:
            return None
        obstacle = self._home_obstacle(chain.last)
        if obstacle or not is_html(chain.last):
            return Reading(chain, obstacle=obstacle)
        page = self.page_of(chain.last)
        return Reading(chain, page=page, obstacle=self._page_obstacle(page))

    def page_of(self, capture: Capture) -> Page:
        """A capture as a page, the same for all who ask."""
        if id(capture) not in self._pages:
            self._pages[id(capture)] = Page(capture)
        return self._pages[id(capture)]

    def let_go(self) -> None:
        """Once it is judged: of its pages nothing can be read any more."""
        for page in self._pages.values():
            page.let_go()

    @cached_property
    def page(self) -> Page | None:
        """The home page, where it can be read."""
        return self.home.page if self.home and self.home.is_readable else None

    @cached_property
    def sent_page(self) -> Page | None:
        """The home page as it was sent, whatever stands against judging it: what scripts made of it came after."""
        if self.home is None or not is_html(self.home.chain.answer):
            return None
        return self.page_of(self.home.chain.answer)

    @cached_property
    def obstacle(self) -> Finding | None:
        """Why nothing can be said of the site, ready to be returned by a rule; ``None`` where its home page is read."""
        if not self.service.url:
            return Finding(reason=Obstacle.NO_URL)
        if self.home is None:
            return Finding(reason=Obstacle.NOT_RUN)
        if self.home.obstacle is None:
            return None
        return Finding(reason=self.home.obstacle, evidence=(self.home.evidence(),))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What every rule that reads this site says beside its verdict."""
        if not self.page or not self.service.url:
            return ()
        moved = () if is_same_site(self.page.capture.url, self.service.url) else ("moved",)
        return (*moved, "insecure-fetch") if self.page.capture.is_insecure else moved

    def candidates(self, topic: Topic) -> tuple[Reading, ...]:
        """The pages visited for a topic: declared, then linked, then conventional, each in the order of the visit."""
        return self._candidates[topic]

    @cached_property
    def declaration(self) -> Reading | None:
        """The page that is the declaration of accessibility: a candidate, else the home page of a site of one page."""
        for reading in self.candidates(Topic.ACCESSIBILITY):
            if standing(reading) is Standing.DECLARATION:
                return reading
        return self.home if self.page and stands_on_home(self.page) else None

    @cached_property
    def unread_declaration(self) -> Finding | None:
        """Why no declaration was found, where that is not having looked: a page out of reach, a document, a link that a
        script would bring. ``None`` where there is a declaration, or where all that may be one was read."""
        if self.declaration:
            return None
        readings = self.candidates(Topic.ACCESSIBILITY)
        for reading in readings:
            if standing(reading) is None:
                pdf = ("pdf",) if is_document(reading.capture) or is_pdf(reading.capture) else ()
                reason = reading.obstacle or Obstacle.NOT_HTML
                return Finding(reason=reason, warnings=(*self.warnings, *pdf), evidence=(reading.evidence(),))
        is_linked = any(reading.is_found(Found.LINK) for reading in readings)
        if self.page is None or is_linked or not self.awaits_foot:
            return None
        return Finding(reason=Obstacle.NEEDS_RENDERING, warnings=self.warnings, evidence=(self.page.evidence(),))

    @cached_property
    def accessibility_page(self) -> Reading | None:
        """Where the declaration stands, or should: the declaration, else the first page about it that can be read."""
        readings = self.candidates(Topic.ACCESSIBILITY)
        return self.declaration or next((one for one in readings if one.is_readable and one.page), None)

    @cached_property
    def outline(self) -> Outline | None:
        """The sections of :attr:`accessibility_page`; ``None`` without such a page."""
        reading = self.accessibility_page
        return outline(reading.page) if reading and reading.page else None

    @cached_property
    def statement(self) -> Statement | None:
        """What :attr:`accessibility_page` says of the service; ``None`` without such a page."""
        return statement(self.outline) if self.outline else None

    @cached_property
    def mention(self) -> Mention | None:
        """What the home page says of its level."""
        return mention(self.page, self.service.name) if self.page else None

    @cached_property
    def awaits_foot(self) -> bool:
        """Whether scripts that did not run may bring the foot of the home page, with what is looked for there."""
        return self.page is not None and self.mention is None and looks.awaits_script(self.page)

    @cached_property
    def source(self) -> Source:
        """The repositories of the service, and what their forges tell."""
        pages = (self.page, *self.inner) if self.page else ()
        return source(self.service, pages, self.visited, self.candidates(Topic.REPOSITORY))

    def looked(self, readings: Iterable[Reading]) -> tuple[Evidence, ...]:
        """Where we looked in vain: the home page and these."""
        home = (self.page.evidence(),) if self.page else ()
        return (*home, *(reading.evidence() for reading in readings))

    def page_warnings(self, reading: Reading) -> tuple[str, ...]:
        """What is said beside any verdict that rests on a page: those of the site, what its address tells, its form."""
        url = reading.capture.url
        is_elsewhere = self.service.url is not None and not is_same_site(url, self.service.url)
        said = {"external-host": is_elsewhere, "insecure": url.startswith("http:"), "pdf": reading.is_pdf}
        return (*self.warnings, *(name for name, is_so in said.items() if is_so))

    @cached_property
    def inner(self) -> tuple[Page, ...]:
        """The other pages of the service's own host that were visited and can be read, each once."""
        home = self.page
        readings = [reading for topic in Topic for reading in self._candidates[topic]]
        pages = {id(one.page): one.page for one in readings if one.is_readable and one.page and home}
        return tuple(page for page in pages.values() if home and host_of(page.capture.url) == host_of(home.capture.url))

    @cached_property
    def _candidates(self) -> Mapping[Topic, tuple[Reading, ...]]:
        found: dict[Topic, list[Reading]] = {topic: [] for topic in Topic}
        for chain in self.visited:
            if chain.role is Role.FORGE:
                continue  # no page, but what an API says
            page = self.page_of(chain.last)
            for candidate in chain.candidates:
                found[candidate.topic].append(self._reading(chain, candidate, page))
        return {topic: tuple(sorted(readings, key=_belief)) for topic, readings in found.items()}

    def _reading(self, chain: Chain, candidate: Candidate, page: Page) -> Reading:
        around = self._around
        if around.missing and not is_same_site(around.missing.capture.url, chain.last.url):
            around = Surroundings(home=around.home)
        return candidate_reading(chain, candidate, page, around, is_known=kinds.is_self_evident(chain.last.url))

    @cached_property
    def _around(self) -> Surroundings:
        home = self.home.page if self.home else None
        chain = next((chain for chain in self.visited if chain.role is Role.RANDOM), None)
        answer = self.page_of(chain.last) if chain and is_html(chain.last) else None
        if answer is None:
            return Surroundings(home=home)
        is_page = answer.capture.status == 200  # noqa: PLR2004
        chrome = looks.shared_words(home, answer) if home else frozenset()
        return Surroundings(home=home, missing=answer if is_page else None, chrome=chrome)

    def _home_obstacle(self, capture: Capture) -> Obstacle | None:
        if kinds.is_not_a_website(self.service.url or "") or kinds.is_not_a_website(capture.url):
            return Obstacle.NOT_A_WEBSITE
        obstacle = http_obstacle(capture)
        if obstacle:
            return obstacle
        if (capture.status or 0) >= 400:  # noqa: PLR2004
            return Obstacle.HOME_NOT_FOUND
        if is_html(capture):
            return None
        return Obstacle.NOT_A_WEBSITE if is_document(capture) or is_data(capture) else Obstacle.NOT_HTML

    def _page_obstacle(self, page: Page) -> Obstacle | None:
        hidden = veil(page)
        if hidden:
            return hidden
        is_elsewhere = host_of(page.capture.url) != host_of(self.service.url or "")
        if looks.is_parked(page) or (
            is_elsewhere and (looks.is_for_sale(page) or kinds.is_directory(page.capture.url))
        ):
            return Obstacle.MOVED
        return Obstacle.HOME_NOT_FOUND if looks.says_missing(page) else body_obstacle(page)


def _belief(reading: Reading) -> int:
    return _ORDER.index(reading.candidate.found) if reading.candidate else len(_ORDER)
