"""What an entry of the registry that changed makes of captures made under the earlier one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urldefrag

from checks.model.address import page_key
from checks.model.capture import Candidate, Capture, Found, Role, Topic
from checks.model.repository import declared_repository, repository
from checks.model.service import Service
from reports.figures.changes import Entry

READ_BY: Mapping[str, frozenset[str]] = {
    "statistics_url": frozenset({"statistics-page"}),
    "budget_url": frozenset({"budget-page", "budget-freshness"}),
    "repository": frozenset({"source-code", "source-licence"}),
}
"""The rules that each declared address is for; the address of the service itself is for all of them."""

_PAGES: Mapping[str, Topic] = {"statistics_url": Topic.STATISTICS, "budget_url": Topic.BUDGET}


def as_judged(service: Service) -> Service:
    """The entry without the fields that no rule reads; its phases count by the group that they give."""
    return replace(service, incubators=(), sponsors=(), phases=(), events=(), warnings=())


def is_same_entry(old: Entry, new: Entry) -> bool:
    """Whether no rule can read the two otherwise."""
    return old.group is new.group and as_judged(old.service) == as_judged(new.service)


def elsewhere(old: Service, new: Service, captures: Iterable[Capture], rules: Collection[str]) -> frozenset[str]:
    """The rules to which an entry gives another address than before, which the captures made before do not hold.

    What the later run saw is then another place, about which the earlier captures say nothing. An address that is gone
    counts too, the service's own aside: the later run looked for a page where the earlier one was told it.
    """
    seen = tuple(captures)
    if new.url and _key(new.url) != _key(old.url) and not _holds(seen, {Role.HOME, Role.HTTP}, new.url):
        return frozenset(rules)
    changed = (field for field in READ_BY if getattr(old, field) != getattr(new, field))
    return frozenset(rule for field in changed if not _HELD[field](seen, new) for rule in READ_BY[field])


def redeclared(captures: Sequence[Capture], old: Service, new: Service) -> tuple[Capture, ...]:
    """The captures as the crawl would have marked them, had the registry given the addresses of the later entry: a page
    that was found by a link may be the declared one now, and the one declared before is not any more."""
    marks = {
        topic: {one.number for one in captures if _is_at(one, getattr(new, field))}
        for field, topic in _PAGES.items()
        if getattr(old, field) != getattr(new, field)
    }
    return tuple(_marked(one, marks) for one in captures)


def _marked(capture: Capture, marks: Mapping[Topic, Collection[int]]) -> Capture:
    if capture.role is not Role.CANDIDATE:
        return capture
    kept = (one for one in capture.candidates if one.topic not in marks or one.found is not Found.DECLARED)
    declared = [topic for topic, numbers in marks.items() if capture.number in numbers]
    others = [one for one in kept if one.topic not in declared]
    return replace(capture, candidates=(*(Candidate(topic=topic, found=Found.DECLARED) for topic in declared), *others))


def _is_at(capture: Capture, url: str | None) -> bool:
    return capture.role is Role.CANDIDATE and url is not None and _place(capture.url) == _place(url)


def _key(url: str | None) -> str | None:
    return page_key(url) if url else None


def _place(url: str) -> tuple[str, str]:
    """A page, and the place in it: a document that services share is read at the anchor."""
    return page_key(url), urldefrag(url).fragment


def _holds(captures: Iterable[Capture], roles: Collection[Role], url: str) -> bool:
    return any(one.role in roles and page_key(one.url) == page_key(url) for one in captures)


def _page_held(field: str) -> Callable[[Iterable[Capture], Service], bool]:
    return lambda captures, new: any(_is_at(one, getattr(new, field)) for one in captures)


def _repository_held(captures: Iterable[Capture], new: Service) -> bool:
    declared = declared_repository(new)
    return declared is not None and declared.key in set(_asked(captures))


def _asked(captures: Iterable[Capture]) -> Iterator[str]:
    for one in captures:
        yield from (repository(two.address).key for two in one.candidates if two.topic is Topic.REPOSITORY)


_HELD: Mapping[str, Callable[[Iterable[Capture], Service], bool]] = {
    "statistics_url": _page_held("statistics_url"),
    "budget_url": _page_held("budget_url"),
    "repository": _repository_held,
}
