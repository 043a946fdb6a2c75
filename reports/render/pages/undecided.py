"""What could not be told, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.model.outcome import Outcome
from reports.language import _
from reports.render import words
from reports.render.directory import Listing
from reports.render.judged import message
from reports.render.pages.writer import File, Writer

SHOWN = 500
"""Services named under one reason; the exports have them all."""


@dataclass(slots=True, kw_only=True)
class Cause:
    """Why nothing could be told, of which services, and by how many of them for each rule."""

    message: str
    listings: dict[str, Listing] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> list[Listing]:
        return list(self.listings.values())[:SHOWN]


def pages(writer: Writer) -> Iterator[File]:
    yield writer.page("indetermines.html", "undecided.html", causes=_causes(writer))


def _causes(writer: Writer) -> list[Cause]:
    """Those of most services first."""
    found: dict[str, Cause] = {}
    for rule in writer.report.rules.values():
        for listing, result in writer.directory.of_rule(rule.id):
            if result.outcome is Outcome.CANT_TELL:
                why = _(words.CORRECTED) if result.is_corrected else message(rule, result.reason)
                cause = found.setdefault(why, Cause(message=why))
                cause.listings[listing.id] = listing
                cause.rules[rule.id] += 1
    return sorted(found.values(), key=lambda cause: (-len(cause.listings), cause.message))
