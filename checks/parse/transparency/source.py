"""The source code of a service: the repositories that the registry and the site name, and what their forges tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.model.capture import Role, Topic
from checks.model.chain import Chain
from checks.model.evidence import Evidence
from checks.model.french import fold
from checks.model.repository import Repository, Shape, declared_repository, is_named_after, promise, repository
from checks.model.service import Service
from checks.parse.html import Link, Page
from checks.parse.reading import Reading
from checks.parse.transparency.forges import State, Told, told

_OF_THE_SERVICE = re.compile(
    r"\b(?:notre|nos|ce|cette|du|de la|de l'|le|our|this|the)\b.{0,40}\b(?:code|source|depot|repository|open[ -]source)|\bcode source\b"
    r"|\b(?:code|open[ -]source|depot|repository)\b.{0,60}\b(?:ce site|du site|(?:ce|le|du|notre) (?:service|produit|projet)|l'application|ouvert|libre|public)\b"
    r"|\b(?:modifier|editer|edit|ameliorer|improve)\b.{0,12}\bpage\b|\bcontribu"
)
"""What the words around a link say, in the text of a page, when it leads to the code of the service itself."""
_ORDER = (State.PUBLIC, State.UNKNOWN, State.GROUP, State.EMPTY, State.NOT_PUBLIC)


@dataclass(frozen=True, slots=True)
class Lead:
    """A link to the code of the service, or to its organisation, and the page that carries it."""

    repository: Repository
    link: Link
    page: Page

    @property
    def evidence(self) -> Evidence:
        return self.page.evidence(f"{self.link.name} {self.link.url}", self.link.element)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """``declared`` is the registry's, ``leads`` are the links, ``linked`` the keys of all repositories linked, ``told`` is
    what forges answered of those asked, the declared one first."""

    declared: Repository | None
    leads: tuple[Lead, ...]
    linked: frozenset[str]
    told: tuple[Told, ...]

    @property
    def best(self) -> Told | None:
        """What settles it: a public repository, else one of which nothing is known, else what is wrong with the first."""
        return min(self.told, key=lambda one: _ORDER.index(one.state), default=None)

    @property
    def is_unknown(self) -> bool:
        """Whether a repository is named of which no forge told anything, or was even asked, and no other is public."""
        if self.best and self.best.state in {State.PUBLIC, State.UNKNOWN}:
            return self.best.state is State.UNKNOWN
        asked = {one.asked.key for one in self.told}
        return bool(self.named) and asked.isdisjoint(one.key for one in self.named)

    @property
    def named(self) -> tuple[Repository, ...]:
        """The declared repository, else those of the links."""
        if self.declared and self.declared.shape is Shape.REPOSITORY:
            return (self.declared,)
        return tuple(lead.repository for lead in self.leads if lead.repository.shape is Shape.REPOSITORY)

    def lead_to(self, url: str) -> Lead | None:
        """The link that leads to a repository; ``None`` if no page read has any."""
        key = repository(url).key
        return next((lead for lead in self.leads if lead.repository.key == key), None)


def source(service: Service, pages: Sequence[Page], chains: Iterable[Chain], readings: Sequence[Reading]) -> Source:
    """``pages`` are those read of the service's own host, ``chains`` the visit, ``readings`` those of repository pages."""
    links = [(repository(link.url), link, page) for page in pages for link in page.links if link.url]
    on_forges = [Lead(*one) for one in links if one[0].shape in {Shape.REPOSITORY, Shape.ORGANISATION}]
    leads = [lead for lead in on_forges if _is_of(service, lead)]
    leads.sort(key=lambda lead: -promise(lead.link.words, lead.repository, service))
    declared = declared_repository(service)
    asked = _asked(chains)
    counted = {lead.repository.key for lead in leads} | ({declared.key} if declared else set())
    found = (told(one, *_about(one, chains, readings)) for one in asked if one.key in counted)
    return Source(
        declared=declared,
        leads=tuple(leads),
        linked=frozenset(lead.repository.key for lead in on_forges),
        told=tuple(one for one in found if one),
    )


def _is_of(service: Service, lead: Lead) -> bool:
    """Whether a link leads to the code of the service: called like it, or said to be so; others are cited in texts."""
    if not promise(lead.link.words, lead.repository, service):
        return False
    place = lead.page.place(lead.link.element)
    if place.is_chrome or is_named_after(lead.repository, service):
        return True
    block = lead.page.block_of(lead.link.element)
    around = lead.page.text_of(block) if block else lead.link.name
    return _OF_THE_SERVICE.search(fold(around)) is not None


def _asked(chains: Iterable[Chain]) -> list[Repository]:
    """The repositories of which a forge was asked, in the order of the visit."""
    named = (one.address for chain in chains for one in chain.candidates if one.topic is Topic.REPOSITORY)
    return list({known.key: known for known in map(repository, named)}.values())


def _about(
    asked: Repository, chains: Iterable[Chain], readings: Iterable[Reading]
) -> tuple[list[Chain], list[Reading]]:
    api = [chain for chain in chains if chain.role is Role.FORGE and _names(chain, asked)]
    return api, [one for one in readings if one.chain.role is not Role.FORGE and _names(one.chain, asked)]


def _names(chain: Chain, asked: Repository) -> bool:
    return any(one.topic is Topic.REPOSITORY and repository(one.address).key == asked.key for one in chain.candidates)
