"""Which repositories to ask forges about, and whose public page to read where the forge does not tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.model.address import host_of
from checks.model.capture import Candidate, Capture, Found, Role, Topic
from checks.model.chain import Chain
from checks.model.repository import Repository, Shape, Software, declared_repository, promise, repository
from crawler.discovery.candidates import Promise, linked
from crawler.discovery.leads import is_forge, leads_of
from crawler.discovery.links import links_of
from crawler.discovery.sight import OK, Fetch, Sight
from crawler.forges.forge import said

MAX_OTHERS = 2
"""Links followed where the first repository is not public."""

_PAGES_ONLY = {Software.SOURCEHUT, Software.OTHER}
_SETTLED = {304, 404, 409, 410, 451}


def repositories(sight: Sight) -> Iterable[Fetch]:
    """The declared repository, else the most promising link."""
    for candidate, url in _leads(sight)[:1]:
        yield _asked(candidate, url)


def other_repositories(sight: Sight) -> Iterable[Fetch]:
    """The next links, where the first repository is not one that anyone can open."""
    asked = {candidate.address for chain in sight.visited for candidate in chain.candidates if candidate.address}
    if not asked or any(chain.last.status in OK or chain.last.status == 304 for chain in _chains(sight)):  # noqa: PLR2004
        return
    others = [(candidate, url) for candidate, url in _leads(sight) if url not in asked]
    for candidate, url in others[:MAX_OTHERS]:
        yield _asked(candidate, url)


def repository_pages(sight: Sight) -> Iterable[Fetch]:
    """The pages of the repositories about which a forge said nothing: it limits its API, or has none that we know."""
    for chain in _chains(sight):
        if chain.role is Role.FORGE and not any(_tells(hop) for hop in chain.hops):
            url = chain.candidates[0].address
            yield Fetch(role=Role.CANDIDATE, url=url, candidates=chain.candidates)


def _asked(candidate: Candidate, url: str) -> Fetch:
    role = Role.CANDIDATE if repository(url).software in _PAGES_ONLY else Role.FORGE
    return Fetch(role=role, url=url, candidates=(candidate,))


def _chains(sight: Sight) -> Iterator[Chain]:
    return (chain for chain in sight.visited if any(one.topic is Topic.REPOSITORY for one in chain.candidates))


def _leads(sight: Sight) -> list[Promise]:
    """Each repository once, under its own address, the declared one first, then the most promising."""
    found: dict[str, Promise] = {}
    for candidate, known in (*_declared(sight), *_linked(sight)):
        if known.shape is Shape.REPOSITORY:
            found.setdefault(known.key, (_about(candidate, known), known.url))
    return list(found.values())


def _about(candidate: Candidate, known: Repository) -> Candidate:
    return Candidate(
        topic=candidate.topic, found=candidate.found, text=candidate.text, page=candidate.page, address=known.url
    )


def _declared(sight: Sight) -> Iterator[tuple[Candidate, Repository]]:
    known = declared_repository(sight.service)
    if known:
        yield Candidate(topic=Topic.REPOSITORY, found=Found.DECLARED), known


def _linked(sight: Sight) -> Iterator[tuple[Candidate, Repository]]:
    weighed: list[tuple[int, Candidate, Repository]] = []
    for page in _pages(sight):
        for link in (leads_of if page is sight.page else links_of)(page):
            if not is_forge(link.host):
                continue
            known = repository(link.url)
            weight = promise(link.words, known, sight.service)
            if weight:
                weighed.append((weight, linked(link, Topic.REPOSITORY, page)[0], known))
    weighed.reverse()  # of two alike the last: the code of a site is linked at its foot
    weighed.sort(key=lambda one: -one[0])
    return ((candidate, known) for _, candidate, known in weighed)


def _pages(sight: Sight) -> Iterator[Capture]:
    """The home page, and the pages of its host that were visited."""
    home = sight.page
    if home is None:
        return
    yield home
    for chain in sight.visited:
        page = chain.last
        if page.role is Role.CANDIDATE and page.status in OK and host_of(page.url) == host_of(home.url):
            yield page


def _tells(hop: Capture) -> bool:
    """Whether an API said something of a repository: in JSON, that it is there, empty, or not there."""
    return (hop.status in OK or hop.status in _SETTLED) and said(hop) is not None
