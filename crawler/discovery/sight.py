"""What is known of a service when a step of its visit begins, and what the step may ask next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from checks.model.address import page_key
from checks.model.capture import Candidate, Capture, Role, Topic
from checks.model.chain import Chain, chains, home_chain
from checks.model.service import Service

OK = range(200, 300)

ORIGIN = "https://toise.invalid"
"""The origin that a preflight speaks for: a name that nobody holds (RFC 2606 §2), and so no site has reason to trust."""


class Render(StrEnum):
    """Which pages a browser shows before they are judged: those in doubt, none, or all."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One planned request; redirects that it meets are followed and share its rank.

    With ``renders``, the id of a capture, nothing is asked again: a browser shows that page, as it was received.
    """

    role: Role
    url: str
    candidates: tuple[Candidate, ...] = ()
    is_insecure: bool = False
    renders: str | None = None

    @property
    def method(self) -> str:
        return "OPTIONS" if self.role is Role.PREFLIGHT else "GET"

    @property
    def origin(self) -> str:
        return ORIGIN if self.role is Role.PREFLIGHT else ""

    @property
    def headers(self) -> Mapping[str, str]:
        """What is sent beside the headers of every request."""
        return {"Origin": self.origin, "Access-Control-Request-Method": "GET"} if self.origin else {}


@dataclass(frozen=True)  # no slots: the steps that follow one another ask the same several times
class Sight:
    """What is known of a service when a step begins: ``asked`` are the captures made so far, robots.txt left out."""

    service: Service
    asked: Sequence[Capture]
    render: Render = Render.NEVER

    @cached_property
    def visited(self) -> tuple[Chain, ...]:
        return chains(self.asked)

    @cached_property
    def home(self) -> Chain | None:
        return home_chain(self.service.url, self.visited) if self.service.url else None

    @cached_property
    def page(self) -> Capture | None:
        """The home page, if it is one that a reader would see."""
        home = self.home
        return home.last if home and home.last.status in OK else None

    def answers(self, topic: Topic) -> tuple[Capture, ...]:
        """What the candidates for a topic showed, where they showed a page."""
        asked = (chain for chain in self.visited if any(one.topic is topic for one in chain.candidates))
        return tuple(chain.last for chain in asked if chain.last.status in OK)

    def has_seen(self, url: str, topic: Topic | None = None) -> bool:
        topics = self._seen.get(page_key(url))
        return topics is not None and (topic is None or topic in topics)

    @cached_property
    def _seen(self) -> Mapping[str, set[Topic]]:
        """The topics for which each page was asked, by its key."""
        seen: defaultdict[str, set[Topic]] = defaultdict(set)
        for chain in self.visited:
            for hop in chain.hops:
                seen[page_key(hop.url)].update(candidate.topic for candidate in chain.candidates)
        return seen


Step = Callable[[Sight], Iterable[Fetch]]
