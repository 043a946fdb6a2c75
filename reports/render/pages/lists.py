"""Every service, with the result of every rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.render.directory import Listing
from reports.render.pages.writer import File, Writer

LONGEST = 500
"""Services on one page: a browser shows a table of some ten thousand cells without a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of the list."""

    path: str
    listings: Sequence[Listing]

    @property
    def span(self) -> str:
        """``Aidants … Zéro logement``: the first and the last that it lists."""
        ends = dict.fromkeys((self.listings[0].name, self.listings[-1].name)) if self.listings else {}
        return " … ".join(ends)


def pages(writer: Writer) -> Iterator[File]:
    audited = writer.directory.audited
    starts = range(0, len(audited), LONGEST) or range(1)
    parts = [
        Part(path=_path(number), listings=audited[start : start + LONGEST]) for number, start in enumerate(starts, 1)
    ]
    for part in parts:
        yield writer.page(part.path, "services.html", part=part, parts=parts, count=len(audited))


def _path(number: int) -> str:
    return "services/index.html" if number == 1 else f"services-{number}.html"
