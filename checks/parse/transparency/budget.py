"""Amounts of money in the lines of a budget, and the years to which they belong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from checks.parse.commitments.years import spans
from checks.parse.transparency.amounts import DIGIT, IN_EUROS, MONEY
from checks.parse.transparency.lines import Line

_NUMBER = re.compile(
    r"(?<![\d.,/-])\d{1,3}(?:[ .']?\d{3})+(?:[.,]\d{1,2})?(?!\d)|(?<![\d.,/-])\d{3,}(?:[.,]\d{1,2})?(?!\d)"
)
_COUNTED = re.compile(r"\ben (?:milliers d'|millions d'|k|m)? ?(?:euros?|€)|[(|] ?[km]?€")
"""What a title or a label says of the numbers below it."""
_OF_A_COUNT = ("euro", "€")
"""Without one of these words nothing is so said."""
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_FAR = 5
"""Years after that of the run from which a number is no year of a budget."""


def amounts(known: Sequence[Line]) -> list[Line]:
    """The lines that give amounts in euros: in their own words, or in a table whose heads say so."""
    in_euros = {id(line) for line in _in_euros(known)}
    figures = [line for line in known if DIGIT.search(line.text)]
    return [line for line in figures if MONEY.search(line.text) or (id(line) in in_euros and _numbers(line))]


def _in_euros(known: Sequence[Line]) -> Iterator[Line]:
    """The lines behind one that says in what they count, a head of their table or « en milliers d'euros », and that one."""
    tables: set[int] = set()
    is_said = False
    for line in known:
        if line.table is not None and (is_said or IN_EUROS.search(line.text)):
            tables.add(id(line.table))
        if line.level:
            is_said = _counts(line)
        elif line.table is None and _counts(line):
            is_said = True
            yield line
        else:
            counts = is_said if line.table is None else id(line.table) in tables
            if counts:
                yield line


def _counts(line: Line) -> bool:
    return any(word in line.words for word in _OF_A_COUNT) and _COUNTED.search(line.words) is not None


def _numbers(line: Line) -> list[str]:
    return [found for found in _NUMBER.findall(line.text) if not _A_YEAR.fullmatch(found)]


def budget_years(known: Sequence[Line], year: int) -> dict[int, Line]:
    """The years that appear with an amount, each with its line: in the line itself, in the heads above it, or in the last
    line above that names any. ``year`` is that of the run: a number far after it is no year."""
    found: dict[int, Line] = {}
    with_amounts = {id(line) for line in amounts(known)}
    above: list[Line] = []
    for line in known:
        own = _years(line, year)
        if id(line) in with_amounts:
            for one, where in own or _inherited(above, year):
                found.setdefault(one, where)
        if own:
            above = [*(head for head in above if head.level and not (0 < line.level <= head.level)), line]
    return found


def _inherited(above: Iterable[Line], year: int) -> list[tuple[int, Line]]:
    return [pair for line in above for pair in _years(line, year)]


def _years(line: Line, year: int) -> list[tuple[int, Line]]:
    if "20" not in line.words:  # no year of this century
        return []
    words = MONEY.sub(" ; ", line.words)
    return [(one, line) for span, _ in spans(words) for one in span.years if one <= year + _FAR]
