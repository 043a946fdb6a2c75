"""The years that a document says it covers, and not those of the dates and laws that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from checks.model.address import split
from checks.model.french import fold

_MONTH = (
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_DAY = rf"(?:(?:fin|debut|l'annee|(?:\d{{1,2}}(?:er)? )?{_MONTH}) )?"
_JOIN = (
    r"(?: ?(?:[-/,>→&·]|->|\.\.\.?) ?| (?:a|au|et|puis|to|until|and|jusqu'a|jusqu'en|jusqu'au) )(?:(?:et|a|en|la) )?"
    rf"{_DAY}"
)
_YEAR = r"20[0-4]\d(?!\d)"
_COVERED = re.compile(rf"(?<!\d){_YEAR}(?:(?:{_JOIN}| ){_YEAR})*(?:-(?P<short>\d\d)(?![\d-]))?")
"""``2024``, ``2024-2026``, ``2024, 2025 et 2026``, ``janvier 2024 à décembre 2026``, ``2024-26``."""
_ONE = re.compile(rf"(?<!\d){_YEAR}")

_IN_A_DATE = re.compile(rf"(?:{_MONTH} |(?<!\d)\d\d?[./-])$")
_NO_YEAR = re.compile(r"(?:-\d{3}| ?[./-]\d{1,2}(?!\d)| ?(?:(?:[kmg]?o|[km]b|octets|euros?)\b|€))")
"""What follows the number of a law, the first part of a date, a size, a price."""

_DATED = re.compile(
    r"\b(?:(?:adopt|publi|valid|sign|redig|elabor|revis|realis|effectu)ee?s?|etablie?s?|mise?s? (?:en ligne|a jour)|audits?"
    r"|depuis|date[er]?|copyright)\b|©"
)
"""Before a year alone in a sentence: the year of an event, not one that is covered."""

_UPLOADED = re.compile(r"/20\d\d[/-](?:0[1-9]|1[0-2])(?=[/-])(?:[/-][0-3]\d(?=/))?")
_STAMP = re.compile(r"(?<!\d)(20\d\d)(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)")
_NOT_LETTERS = re.compile(r"[\W_]+")
_MONTHS = 12


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The years covered, both included; ``first`` and ``last`` are the same for one year."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def covers(self, year: int) -> bool:
        return self.first <= year <= self.last

    @property
    def length(self) -> int:
        """The difference of the years: 2 for 2024-2026."""
        return self.last - self.first

    @property
    def years(self) -> list[int]:
        return sorted({self.first, self.last})


def told(words: str) -> Span | None:
    """What a name or a heading says, folded: its first range of years, else its first year."""
    found = list(spans(words))
    return next((span for span, _ in found if span.length), found[0][0] if found else None)


def told_in_passing(words: str) -> Span | None:
    """What a sentence says: as :func:`told`, but a year alone behind « publié en » is that of an event."""
    found = list(spans(words))
    ranges = (span for span, _ in found if span.length)
    alone = (span for span, at in found if not _DATED.search(words[:at]))
    return next(ranges, None) or next(alone, None)


def of_address(url: str) -> Span | None:
    """What the path and the fragment say; the folders of a month of upload, ``/2024/03/``, do not count."""
    parts = split(url)
    if parts is None:
        return None
    path = _UPLOADED.sub("/", unquote(parts.path))
    for text in (parts.fragment, path.rpartition("/")[2], path, parts.query):
        words = _STAMP.sub(r"\1", fold(unquote(text)))
        found = told(_NOT_LETTERS.sub(" ", words))
        if found:
            return found
    return None


def spans(words: str) -> Iterator[tuple[Span, int]]:
    """The ranges and the years that a text tells, folded, each with where it begins; those of dates and laws are left out."""
    for match in _COVERED.finditer(words):
        years = [int(year) for year in _ONE.findall(match[0])]
        short = int(match["short"] or 0)
        if short > _MONTHS and short > years[0] % 100:
            years.append(years[0] // 100 * 100 + short)
        elif match["short"] or len(years) == 1:
            before = words[max(0, match.start() - _MONTHS) : match.start()]
            if match["short"] or _IN_A_DATE.search(before) or _NO_YEAR.match(words, match.end()):
                continue
        yield Span(min(years), max(years)), match.start()
