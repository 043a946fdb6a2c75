"""What changed since the last run, and why; for each incubator, a feed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from checks.model.rule import Rule
from reports.figures.news import Kind, News, Passage, Shift
from reports.figures.since import Since
from reports.language import Spoken
from reports.render.addresses import Addresses
from reports.render.feeds import Feeds
from reports.render.pages.writer import File, Writer

SHOWN = 300
"""Changes of one kind on the page; the exports of both runs have them all."""

OF_INCUBATOR = 50
"""On the page of an incubator."""

TITLES: Mapping[Kind, str] = Spoken(
    {
        Kind.WORSE: "Respecté avant, plus maintenant",
        Kind.BETTER: "Respecté désormais",
        Kind.UNDECIDED: "Que nous ne pouvons plus juger",
        Kind.DECIDED: "Que nous pouvons juger désormais",
        Kind.DROPPED: "Qui n'est plus demandé, ou plus jugé",
    }
)
"""In the order in which a reader wants them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The changes of one kind: the first of them, each with its service, and how many there are."""

    kind: Kind
    title: str
    shifts: tuple[tuple[News, Shift], ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """The services that came, or that left."""

    passage: Passage
    news: tuple[News, ...]
    count: int


def pages(writer: Writer) -> Iterator[File]:
    found = writer.report.since
    yield writer.page(
        "changements.html",
        "changes.html",
        since=found,
        blocks=_blocks(found),
        arrivals=_arrivals(found),
        corrections=tuple(islice(found.corrected(), SHOWN)) if found else (),
    )
    yield from _feeds(writer)


def _blocks(found: Since | None) -> list[Block]:
    counted = [(kind, found.count(kind)) for kind in TITLES] if found else []
    return [
        Block(kind=kind, title=TITLES[kind], shifts=tuple(islice(found.shifts(kind), SHOWN)), count=count)
        for kind, count in counted
        if found and count
    ]


def _arrivals(found: Since | None) -> list[Arrivals]:
    counts = found.passages if found else {}
    return [
        Arrivals(passage=passage, news=tuple(islice(found.passed(passage), SHOWN)), count=counts[passage])
        for passage in Passage
        if found and counts.get(passage)
    ]


def of_incubator(found: Since | None, incubator: str, rules: Mapping[str, Rule]) -> list[tuple[News, Shift]]:
    """What got worse, then what got better: the first of each."""
    wanted = (Kind.WORSE, Kind.BETTER)
    shifts = [(news, shift) for news in found.of(incubator) for shift in news.shifts] if found else []
    told = sorted((one for one in shifts if one[1].kind in wanted and one[1].rule in rules), key=_worse_first)
    return told[:OF_INCUBATOR]


def _worse_first(one: tuple[News, Shift]) -> int:
    return 0 if one[1].kind is Kind.WORSE else 1


def _feeds(writer: Writer) -> Iterator[File]:
    report = writer.report
    site = report.publisher.site if report.publisher else ""
    services = {listing.id: listing.page for listing in writer.directory.listings}
    addresses = Addresses(base=site or "../", services=services, incubators=writer.incubator_pages)
    feeds = Feeds(report.run, report.rules, addresses)
    for found in report.changes():
        feeds.add(found)
    yield from feeds.files()
