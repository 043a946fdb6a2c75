from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from checks.model.address import is_same_site
from checks.model.capture import Capture, Found, Role, Topic
from checks.model.chain import Chain, chains, home_chain
from checks.model.rule import Finding, Obstacle
from checks.model.service import Service
from checks.parse import french_text, kinds
from checks.parse.html import Page
from checks.parse.reading import (
    Reading,
    body_obstacle,
    candidate_reading,
    http_obstacle,
    is_document,
    is_html,
    says_missing,
)

_ORDER = (Found.DECLARED, Found.LINK, Found.CONVENTIONAL)


class Site:
    """What was seen of one service: the evidence that rules ask for, each page parsed once and shared.

    ``as_of`` is the day of the run, the only clock that a rule knows.
    """

    def __init__(self, service: Service, captures: Sequence[Capture], as_of: date) -> None:
        self.service = service
        self.as_of = as_of
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
        page = Page(chain.last)
        return Reading(chain, page=page, obstacle=self._page_obstacle(page) or body_obstacle(page))

    @cached_property
    def page(self) -> Page | None:
        """The home page, where it can be read."""
        return self.home.page if self.home and self.home.is_readable else None

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

    @cached_property
    def missing(self) -> Page | None:
        """What the site shows for a path that cannot exist, where it does not answer with an error."""
        chain = next((chain for chain in self.visited if chain.role is Role.RANDOM), None)
        return Page(chain.last) if chain and chain.last.status == 200 and is_html(chain.last) else None  # noqa: PLR2004

    def candidates(self, topic: Topic) -> tuple[Reading, ...]:
        """The pages visited for a topic: declared, then linked, then conventional, each in the order of the visit."""
        found = [
            (chain, candidate) for chain in self.visited for candidate in chain.candidates if candidate.topic is topic
        ]
        found.sort(key=lambda pair: _ORDER.index(pair[1].found))
        return tuple(
            candidate_reading(chain, candidate, self._home_page, self._missing_of(chain), kinds.is_self_evident)
            for chain, candidate in found
        )

    @property
    def _home_page(self) -> Page | None:
        return self.home.page if self.home else None

    def _missing_of(self, chain: Chain) -> Page | None:
        missing = self.missing
        return missing if missing and is_same_site(missing.capture.url, chain.last.url) else None

    def _home_obstacle(self, capture: Capture) -> Obstacle | None:
        if kinds.is_not_a_website(self.service.url or ""):
            return Obstacle.NOT_A_WEBSITE
        obstacle = http_obstacle(capture)
        if obstacle:
            return obstacle
        if (capture.status or 0) >= 400:  # noqa: PLR2004
            return Obstacle.HOME_NOT_FOUND
        if is_html(capture):
            return None
        return Obstacle.NOT_A_WEBSITE if is_document(capture) else Obstacle.NOT_HTML

    def _page_obstacle(self, page: Page) -> Obstacle | None:
        if says_missing(page) and len(page.words) < 1500:  # noqa: PLR2004
            return Obstacle.HOME_NOT_FOUND
        is_elsewhere = not is_same_site(page.capture.url, self.service.url or "")
        return Obstacle.MOVED if is_elsewhere and french_text.PARKED.search(page.words) else None
