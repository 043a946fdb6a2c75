"""What to fetch next for one service: pure steps, from the captures made so far to the next fetches.

The same steps drive Scrapy and the reading of saved pages, so both see a site the same way. A step is a complete wave:
the next one starts when all its fetches have ended, which keeps the plan the same whatever the order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain as chained
from itertools import zip_longest
from urllib.parse import unquote, urljoin

from checks.model.address import host_of, page_key, split
from checks.model.capture import Candidate, Capture, FailureKind, Found, Role, Topic
from checks.model.chain import Chain
from checks.model.french import fold
from checks.model.legal import LEGAL
from checks.model.service import Service
from crawler.discovery.candidates import Promise, linked, merged
from crawler.discovery.doubt import is_in_doubt
from crawler.discovery.exchanges import preflight_and_security_txt
from crawler.discovery.leads import leads_of
from crawler.discovery.links import HTML, Link, links_of
from crawler.discovery.rank import best_links, best_links_of, latest_year
from crawler.discovery.repositories import other_repositories, repositories, repository_pages
from crawler.discovery.sight import OK, Fetch, Render, Sight, Step
from crawler.discovery.tables import COMMITMENTS, DASHBOARD, DOCUMENT, FURTHER_BUDGET, FURTHER_NAMES, PAGES, SIGNS
from crawler.discovery.twins import random_path, sibling, with_scheme

DEFAULT_CEILING = 30
"""Requests sent for one service at most, redirects, robots.txt and forges included.

The home page (http, https, robots.txt) and a random path are 4; two links for each of three topics, statistics and budget
on hosts of their own, 8; a declaration one hop further 1; conventional paths for one topic 2; a schema on another host and
a plan 3; a repository, what its answer leaves open, or its page 3; the legal documents 3; a preflight and security.txt
2: 26, which leaves four redirects.
"""

MAX_RENDERED = 15
"""Pages of one service that a browser shows at most: a page costs seconds there, and hundredths of them without.

An application that answers every address: its home page, a random path, the three legal pages, nine conventional paths.
"""

LINKS_A_TOPIC = 2
_NEXT = slice(1, LINKS_A_TOPIC)
_BELIEF = (Found.DECLARED, Found.LINK, Found.CONVENTIONAL)
_DEAD = {FailureKind.DNS, FailureKind.REFUSED, FailureKind.TIMEOUT}
_UNHEARD = {*_DEAD, FailureKind.RESET, FailureKind.TLS}


def home_over_http(sight: Sight) -> Iterable[Fetch]:
    if sight.service.url:
        plain = with_scheme(sight.service.url, "http")
        yield Fetch(role=Role.HTTP, url=plain) if plain else Fetch(role=Role.HOME, url=sight.service.url)


def home_over_https(sight: Sight) -> Iterable[Fetch]:
    """The secure twin of the declared address, unless the redirect of http already showed it or the host is unknown."""
    url = sight.service.url
    first = sight.home
    if not url or not first or (first.last.failure and first.last.failure.kind is FailureKind.DNS):
        return
    secure = with_scheme(url, "https")
    if secure and not any(hop.url.startswith("https:") and page_key(hop.url) == page_key(secure) for hop in first.hops):
        yield Fetch(role=Role.HOME, url=secure)


def home_despite_certificate(sight: Sight) -> Iterable[Fetch]:
    """A bad certificate is one verdict, not all of them: the page is read once more without checking it."""
    if sight.page and sight.page.url.startswith("https:"):
        return
    for chain in reversed(sight.visited):
        if chain.last.failure and chain.last.failure.kind is FailureKind.TLS:
            yield Fetch(role=Role.HOME, url=chain.last.url, is_insecure=True)
            return


def home_of_sibling(sight: Sight) -> Iterable[Fetch]:
    """``www.`` against apex, where nobody is heard at the declared address."""
    home = sight.home
    if not sight.service.url or not home or not home.last.failure or home.last.failure.kind not in _UNHEARD:
        return
    other = sibling(sight.service.url)
    if other:
        yield Fetch(role=Role.HOME, url=with_scheme(other, "https") or other)


def rendered_home(sight: Sight) -> Iterable[Fetch]:
    if sight.home and sight.page and _awaits_browser(sight, sight.home):
        yield _rendering(sight.home, sight.page)


def rendered_answers(sight: Sight) -> Iterable[Fetch]:
    """The pages in doubt of the steps before. The answer to a random path is shown only to be compared with them."""
    waiting = [chain for chain in sight.visited if _awaits_browser(sight, chain)]
    shown = [chain for chain in waiting if chain.role is Role.CANDIDATE]
    shown.sort(key=lambda chain: min(_BELIEF.index(one.found) for one in chain.candidates))
    random = [chain for chain in waiting if chain.role is Role.RANDOM]
    left = MAX_RENDERED - sum(chain.rendering is not None for chain in sight.visited)
    for chain in (random + shown)[:left] if shown else []:
        yield _rendering(chain, chain.answer)


def random_path_and_first_candidates(sight: Sight) -> Iterable[Fetch]:
    if sight.page:
        yield Fetch(role=Role.RANDOM, url=urljoin(sight.page.url, random_path(host_of(sight.page.url))))
    first = list(chained(_declared(sight), _linked(sight, PAGES, slice(0, 1)), _linked(sight, LEGAL, slice(0, 1))))
    asked = {page_key(url) for _, url in first}
    # The next link of a topic may be a page that is asked for anyway, often the legal notice: it is asked once.
    second = (promise for promise in _linked(sight, PAGES, _NEXT) if page_key(promise[1]) in asked)
    yield from _fetches(chained(first, second))


def other_candidates(sight: Sight) -> Iterable[Fetch]:
    """The next best links, and one hop further through a page that sends to a document, or to a public dashboard."""
    yield from _fetches(chained(_linked(sight, PAGES, _NEXT), _further(sight)))


def conventional_paths(sight: Sight) -> Iterable[Fetch]:
    """Topic by topic in turn, for those that nothing answered yet."""
    if not sight.page:
        return ()
    tries = [
        [(topic, urljoin(sight.page.url, path)) for path in SIGNS[topic].conventional]
        for topic in PAGES
        if not _is_answered(sight, topic)
    ]
    in_turn = (one for group in zip_longest(*tries) for one in group if one)
    return (
        Fetch(role=Role.CANDIDATE, url=url, candidates=(Candidate(topic=topic, found=Found.CONVENTIONAL),))
        for topic, url in in_turn
        if not sight.has_seen(url, topic)
    )


def commitments(sight: Sight) -> Iterable[Fetch]:
    """The schéma pluriannuel and the plan of the year: one link each, since a document that is promised has to answer."""
    yield from _fetches(chained.from_iterable(_promised(sight, topic) for topic in COMMITMENTS))


STEPS: tuple[Step, ...] = (
    home_over_http,
    home_over_https,
    home_despite_certificate,
    home_of_sibling,
    rendered_home,
    random_path_and_first_candidates,
    rendered_answers,
    other_candidates,
    rendered_answers,
    conventional_paths,
    rendered_answers,
    commitments,
    rendered_answers,
    repositories,
    other_repositories,
    repository_pages,
    preflight_and_security_txt,
)


def next_wave(sight: Sight, step: int, left: int) -> tuple[Fetch, ...]:
    """The fetches of one step that ``left`` requests can pay; each new host costs its robots.txt too, the API of a forge
    its question only, a rendering nothing."""
    fetches = tuple(STEPS[step](sight))
    return tuple(_paid(fetches, sight.asked, left)) if fetches else ()


def _paid(fetches: Iterable[Fetch], asked: Sequence[Capture], left: int) -> Iterator[Fetch]:
    hosts = {host_of(capture.url) for capture in asked}
    insecure = {host_of(capture.url) for capture in asked if capture.is_insecure}
    for fetch in fetches:
        if fetch.renders:
            yield fetch
            continue
        host = host_of(fetch.url)
        cost = 1 + (host not in hosts and fetch.role is not Role.FORGE)
        if cost <= left:
            # Where the home page was read in spite of its certificate, so are the others of its host.
            yield replace(fetch, is_insecure=fetch.is_insecure or host in insecure)
            left -= cost
            hosts.add(host)


def expected_requests(captures: Sequence[Capture]) -> int:
    """What captures cost, with one robots.txt a host, whoever asked it: the plan depends on no order of arrival."""
    asked = [capture for capture in captures if capture.role is not Role.ROBOTS and capture.rendering is None]
    return len(asked) + len({host_of(capture.url) for capture in asked if capture.role is not Role.FORGE})


def is_visited(service: Service) -> bool:
    """Whether there is anything to ask the web about a service: a site, a declared page elsewhere, a repository."""
    declared = (service.statistics_url, service.budget_url, service.repository)
    return bool(service.urls) or any(split(url) for url in declared if url)


def _awaits_browser(sight: Sight, chain: Chain) -> bool:
    answer = chain.answer
    if sight.render is Render.NEVER or chain.rendering or answer.status not in OK or DASHBOARD.search(answer.url):
        return False
    return answer.media_type in HTML if sight.render is Render.ALWAYS else is_in_doubt(answer)


def _rendering(chain: Chain, page: Capture) -> Fetch:
    return Fetch(
        role=page.role, url=page.url, candidates=chain.candidates, is_insecure=page.is_insecure, renders=page.id
    )


def _declared(sight: Sight) -> Iterable[Promise]:
    service, home = sight.service, sight.home
    dead = {
        host_of(hop.url)
        for chain in sight.visited
        for hop in chain.hops
        if home and not home.is_answered and hop.failure and hop.failure.kind in _DEAD
    }
    for topic, url in ((Topic.STATISTICS, service.statistics_url), (Topic.BUDGET, service.budget_url)):
        if url and split(url) and host_of(url) not in dead:
            yield Candidate(topic=topic, found=Found.DECLARED), url


def _linked(sight: Sight, topics: Iterable[Topic], ranks: slice) -> Iterable[Promise]:
    if not sight.page:
        return
    for topic in topics:
        for link in best_links_of(sight.page, topic)[ranks]:
            if not sight.has_seen(link.url, topic):
                yield linked(link, topic, sight.page)


def _further(sight: Sight) -> Iterable[Promise]:
    for topic in PAGES:
        for page in sight.answers(topic):
            fresh = [link for link in _further_links(topic, page) if not sight.has_seen(link.url)]
            for link in fresh[:1]:
                yield linked(link, topic, page)


def _further_links(topic: Topic, page: Capture) -> Iterable[Link]:
    if topic is Topic.ACCESSIBILITY:
        return best_links(topic, [link for link in leads_of(page) if FURTHER_NAMES.search(link.words)], page.url)
    links = links_of(page)
    if topic is Topic.STATISTICS:
        return [link for link in links if DASHBOARD.search(link.url)]
    documents = [link for link in links if DOCUMENT.search(link.url) and not SIGNS[topic].never.search(link.words)]
    return [link for link in documents if FURTHER_BUDGET.search(f"{link.words} {fold(unquote(link.url))}")]


def _promised(sight: Sight, topic: Topic) -> Iterable[Promise]:
    """The latest document that the pages about accessibility link, else the home page."""
    for pages in (sight.answers(Topic.ACCESSIBILITY), (sight.page,) if sight.page else ()):
        found = [(link, page) for page in pages for link in best_links_of(page, topic)]
        if found:
            link, page = max(found, key=lambda pair: latest_year(pair[0]))
            if not sight.has_seen(link.url):
                yield linked(link, topic, page)
            return


def _fetches(promises: Iterable[Promise]) -> Iterable[Fetch]:
    return (Fetch(role=Role.CANDIDATE, url=url, candidates=candidates) for url, candidates in merged(promises))


def _is_answered(sight: Sight, topic: Topic) -> bool:
    home = page_key(sight.page.url) if sight.page else ""
    return any(page_key(page.url) != home for page in sight.answers(topic))
