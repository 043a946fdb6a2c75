"""The services of a run as lists show them: what is kept of each is small, so that all can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.rule import Obstacle, Rule
from checks.model.service import PhaseGroup
from reports.render.foreign import cut
from reports.render.judged import Judged, judged
from reports.render.names import file_names
from reports.store.records import AuditedService


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says of a service: ``found`` by the machine, and the ``outcome`` that counts."""

    found: Outcome
    outcome: Outcome
    reason: str

    @property
    def is_corrected(self) -> bool:
        return self.outcome is not self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A service as lists show it; ``page`` is its file name, without extension, ``results`` in the order of the rules."""

    id: str
    page: str
    name: str
    group: PhaseGroup
    incubators: tuple[str, ...]
    has_url: bool
    results: tuple[Result, ...]

    @property
    def is_stopped(self) -> bool:
        return self.group is PhaseGroup.STOPPED

    def count(self, outcome: Outcome) -> int:
        return sum(result.outcome is outcome for result in self.results)


class Directory:
    """Every service of a run, by name, read once; ``corrected`` are the overrides in force, the first to end first, and ``ids``
    those of the services in the order in which they were read."""

    def __init__(self, services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        read: list[Listing] = []
        said: list[tuple[str, Judged]] = []
        for audited in services:
            read.append(_listing(audited, rules))
            if audited.overrides:
                said += [(audited.service.id, line) for line in judged(audited, rules) if line.override]
        pages = file_names(listing.id for listing in read)
        self.ids = tuple(listing.id for listing in read)
        read.sort(key=lambda listing: (fold(listing.name), listing.id))
        self.listings = tuple(replace(listing, page=pages[listing.id]) for listing in read)
        self.by_id = {listing.id: listing for listing in self.listings}
        self.corrected = _by_end([(self.by_id[key], line) for key, line in said])

    @property
    def audited(self) -> tuple[Listing, ...]:
        return tuple(listing for listing in self.listings if not listing.is_stopped)

    @property
    def with_site(self) -> int:
        """How many of those audited have an address to visit."""
        return sum(listing.has_url for listing in self.audited)

    @property
    def stopped(self) -> tuple[Listing, ...]:
        return tuple(listing for listing in self.listings if listing.is_stopped)

    @property
    def has_corrections(self) -> bool:
        """Whether a person said another thing than the machine, of any verdict."""
        return any(line.is_corrected for _, line in self.corrected)

    def of_rule(self, rule: str) -> Iterator[tuple[Listing, Result]]:
        position = tuple(self.rules).index(rule)
        return ((listing, listing.results[position]) for listing in self.listings)

    def by_incubator(
        self, known: Iterable[str] = (), names: Mapping[str, str] | None = None
    ) -> Mapping[str, tuple[Listing, ...]]:
        """By their ``names``, else their ids. A service of two incubators is listed by both; those ``known`` otherwise are
        there even without a service."""
        called = names or {}
        found: dict[str, list[Listing]] = {incubator: [] for incubator in known}
        for listing in self.listings:
            for incubator in listing.incubators:
                found.setdefault(incubator, []).append(listing)
        return {key: tuple(found[key]) for key in sorted(found, key=lambda key: (fold(called.get(key, key)), key))}


def _listing(audited: AuditedService, rules: Mapping[str, Rule]) -> Listing:
    service = audited.service
    verdicts = {verdict.rule: verdict for verdict in audited.verdicts}
    overrides = {override.rule: override.outcome for override in audited.overrides}
    results = []
    for rule in rules:
        verdict = verdicts.get(rule)
        found = verdict.outcome if verdict else Outcome.UNTESTED
        results.append(_result(found, overrides.get(rule, found), verdict.reason if verdict else Obstacle.NOT_RUN))
    return Listing(
        id=service.id,
        page="",
        name=cut(service.name),
        group=audited.group,
        incubators=tuple(dict.fromkeys(service.incubators)),
        has_url=service.url is not None,
        results=tuple(results),
    )


@lru_cache(maxsize=4096)
def _result(found: Outcome, outcome: Outcome, reason: str) -> Result:
    """Those that say the same are one: ten thousand services have a few hundred."""
    return Result(found, outcome, str(reason))


def _by_end(corrected: list[tuple[Listing, Judged]]) -> tuple[tuple[Listing, Judged], ...]:
    def key(one: tuple[Listing, Judged]) -> tuple[date, str, str]:
        listing, line = one
        return line.override.until if line.override else date.max, fold(listing.name), listing.id

    return tuple(sorted(corrected, key=key))
