"""Dates as French and English pages write them, in folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Dated:
    """A date read in a text, from ``start`` to ``end``. ``is_month``: no day is given, ``value`` is the first."""

    value: date
    start: int
    end: int
    is_month: bool = False


_MONTHS = {
    "janvier": 1, "janv": 1, "january": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "february": 2, "feb": 2,
    "mars": 3, "march": 3, "mar": 3, "avril": 4, "avr": 4, "april": 4, "apr": 4, "mai": 5, "may": 5,
    "juin": 6, "june": 6, "jun": 6, "juillet": 7, "juil": 7, "july": 7, "jul": 7, "aout": 8, "august": 8, "aug": 8,
    "septembre": 9, "september": 9, "sept": 9, "sep": 9, "octobre": 10, "october": 10, "oct": 10,
    "novembre": 11, "november": 11, "nov": 11, "decembre": 12, "december": 12, "dec": 12,
}  # fmt: skip
_MONTH = "|".join(_MONTHS)
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DATE = re.compile(
    rf"(?<![\d/.-])(?P<iso_year>{_YEAR})[-/](?P<iso_month>\d{{2}})[-/](?P<iso_day>\d{{2}})(?!\d)"
    rf"|(?<![\d/.-])(?P<number_day>\d{{1,2}}) ?(?P<mark>[/.-]) ?(?P<number_month>\d{{1,2}}) ?(?P=mark) ?(?P<number_year>{_YEAR}|(?<=/)\d\d(?!\d|[/.-]\d))"
    r"|(?:(?<=\ble )|(?<=\bdu ))(?P<short_day>\d\d)\.(?P<short_month>\d\d)\.(?P<short_year>\d\d)(?!\d|[/.-]\d)"
    rf"|(?<!\d)(?P<day>\d{{1,2}}|premier)(?: ?(?:er|st|nd|rd|th))?(?: de| of)? ?(?P<month>{_MONTH})\b\.?,? ?(?P<year>{_YEAR})"
    rf"|\b(?P<us_month>{_MONTH})\.? (?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<us_year>{_YEAR})"
    rf"|\b(?P<only_month>{_MONTH})\.?(?: de| of)? (?P<only_year>{_YEAR})"
    rf"|(?<![\d/.-])(?P<two_digits>\d{{1,2}}) ?/ ?(?P<two_digits_year>{_YEAR})"
)
_DIGITS = re.compile(r"\d\d")
"""What every date has, and few sentences."""
_CENTURY = 100
_THIS_CENTURY = 2000
_MONTHS_A_YEAR = 12


def dates(words: str) -> tuple[Dated, ...]:
    """The dates of a folded text in their order; what looks like a date and is none (35 mai) is left out."""
    if not _DIGITS.search(words):
        return ()
    return tuple(dated for found in _DATE.finditer(words) if (dated := _dated(found)))


def _dated(found: re.Match[str]) -> Dated | None:
    year, month, day = _parts(found)
    if month > _MONTHS_A_YEAR >= day > 0:
        month, day = day, month  # 03/25/2024
    try:
        value = date(year + _THIS_CENTURY if year < _CENTURY else year, month, day or 1)
    except ValueError:
        return None
    return Dated(value, found.start(), found.end(), is_month=day == 0)


def _parts(found: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day; the day is 0 where none is given."""
    for order in ("iso", "number", "short"):
        if found[f"{order}_day"]:
            return int(found[f"{order}_year"]), int(found[f"{order}_month"]), int(found[f"{order}_day"])
    if found["day"]:
        return int(found["year"]), _MONTHS[found["month"]], 1 if found["day"] == "premier" else int(found["day"])
    if found["us_month"]:
        return int(found["us_year"]), _MONTHS[found["us_month"]], int(found["us_day"])
    if found["only_month"]:
        return int(found["only_year"]), _MONTHS[found["only_month"]], 0
    return int(found["two_digits_year"]), int(found["two_digits"]), 0
