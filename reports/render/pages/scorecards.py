"""One page a service: what is wrong, where, how to mend it, and since when; with the exchanges that prove it, and its badges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Rule
from reports.language import _
from reports.render import words
from reports.render.badge import badge_files, embedding
from reports.render.directory import Listing
from reports.render.foreign import shown
from reports.render.judged import Judged, judged
from reports.render.names import archive_name
from reports.render.observatory import Line as Test
from reports.render.pages.writer import File, Writer
from reports.render.rule_page import LOOK, MEND
from reports.render.spans import Span, spans
from reports.store.history import Past
from reports.store.records import AuditedService

MANY = 3
"""Rules that give a same warning, from which it is said once for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A service with all that its page says of it.

    ``pasts`` holds by rule what earlier runs said, the latest first; ``shared`` the warnings that many rules give, with their
    number: they are about the site, and said once.
    """

    audited: AuditedService
    listing: Listing
    lines: tuple[Judged, ...]
    pasts: dict[str, tuple[Span, ...]]
    shared: dict[str, int]

    @property
    def groups(self) -> list[tuple[Outcome, list[Judged]]]:
        """The lines by outcome, what is to be mended first; of one outcome, those that count before those on trial."""
        ranked = sorted(self.lines, key=lambda line: line.is_on_trial)
        found = [(outcome, [line for line in ranked if line.outcome is outcome]) for outcome in words.OUTCOMES]
        return [(outcome, lines) for outcome, lines in found if lines]

    def graded(self, line: Judged) -> tuple[tuple[Test, Outcome | None], ...]:
        """The tests of the grading of a line, each with the outcome of the rule that has a place of its own on the page."""
        outcomes = {one.rule.id: one.outcome for one in self.lines if not one.is_brief}
        return tuple((test, outcomes.get(test.rule)) for test in line.grading.lines) if line.grading else ()


def pages(writer: Writer) -> Iterator[File]:
    return _pages(writer, writer.report.services, writer.report.history)


def part(writer: Writer, first: str, last: str) -> Iterator[File]:
    """Those of the services from one to another."""
    given = writer.report.part
    return _pages(writer, *given(first, last)) if given else iter(())


def _pages(writer: Writer, services: Iterable[AuditedService], history: Callable[[str], Past]) -> Iterator[File]:
    archives = Archives(writer)
    looking, mending = (_section(writer, heading) for heading in (_(LOOK), _(MEND)))
    for audited in services:
        card = _card(writer, audited, history(audited.service.id))
        yield from archives.of(card)
        yield writer.page(
            f"services/{card.listing.page}.html",
            "service.html",
            card=card,
            archive=archives.link,
            looking=looking,
            mending=mending,
            badge=_badge(writer, card.listing),
        )
        if not card.listing.is_stopped:
            yield from badge_files(card.listing, writer.report.rules, writer.rule_pages)


def _section(writer: Writer, heading: str) -> dict[str, str | None]:
    """What the page of each rule says under a heading."""
    return {rule: dict(parts).get(heading) for rule, (_title, parts) in writer.sections.items()}


def _card(writer: Writer, audited: AuditedService, past: Past) -> Card:
    report = writer.report
    lines = judged(audited, report.rules)
    warned = Counter(warning for line in lines for warning in line.warnings)
    return Card(
        audited=audited,
        listing=writer.directory.by_id[audited.service.id],
        lines=lines,
        pasts={
            line.rule.id: spans(line.outcome, report.run, past.get(line.rule.id, ()), report.earlier) for line in lines
        },
        shared={warning: count for warning, count in warned.items() if count >= MANY},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What to paste elsewhere, by language of markup, to show the result of a rule."""

    rule: Rule
    snippets: Mapping[str, str]


def _badge(writer: Writer, listing: Listing) -> Badge | None:
    """Of the first rule; none where the address of the site is not known, and for a service without badges."""
    publisher, rule = writer.report.publisher, next(iter(writer.report.rules.values()), None)
    if publisher is None or rule is None or listing.is_stopped:
        return None
    page, name = quote(listing.page), quote(writer.rule_pages[rule.id])
    image = f"{publisher.site}badges/{page}/{name}.svg"
    return Badge(rule=rule, snippets=embedding(image, f"{publisher.site}services/{page}.html#{rule.id}", rule.title))


class Archives:
    """The archived exchanges. Many evidences of a service point into one: it is written once."""

    def __init__(self, writer: Writer) -> None:
        self._text = writer.report.evidence
        self._links: dict[str, str | None] = {}

    def of(self, card: Card) -> Iterator[File]:
        self._links = {}
        kept: dict[str, bool] = {}
        for evidence in (evidence for line in card.lines for evidence in line.evidence):
            if evidence.capture in self._links:
                continue
            name = archive_name(evidence.capture)
            if name and name not in kept:
                text = self._text(evidence, card.audited.service.id)
                kept[name] = text is not None
                if text is not None:
                    # Plain text says nothing of its encoding where no server does: this mark does.
                    yield f"preuves/{name}", "\ufeff" + shown(text)
            self._links[evidence.capture] = f"preuves/{name}" if name and kept[name] else None

    def link(self, evidence: Evidence) -> str | None:
        return self._links.get(evidence.capture)
