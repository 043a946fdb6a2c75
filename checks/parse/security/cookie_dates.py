"""The dates of cookies, in the loose form that browsers read (RFC 6265bis, section 5.1.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TOKENS = re.compile(r"[^\t -/;-@\[-`{-~]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_DAY = re.compile(r"([0-9]{1,2})(?![0-9])")
_YEAR = re.compile(r"([0-9]{2,4})(?![0-9])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 200
_FIRST_YEAR = 1601


def cookie_date(text: str) -> datetime | None:
    """The time, in UTC, that a cookie gives as its end; ``None`` where a browser finds none."""
    parts: dict[str, tuple[int, ...]] = {}
    for token in _TOKENS.findall(text[:_LONGEST]):
        name, numbers = _part(token, parts)
        if name:
            parts[name] = numbers
    if len(parts) < len(("time", "day", "month", "year")) or parts["year"] < (_FIRST_YEAR,):
        return None
    try:
        return datetime(*parts["year"], *parts["month"], *parts["day"], *parts["time"], tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _part(token: str, known: dict[str, tuple[int, ...]]) -> tuple[str, tuple[int, ...]]:
    """What a token says that is not known yet, in the order in which browsers try."""
    if "time" not in known and (time := _TIME.match(token)):
        return "time", tuple(map(int, time.groups()))
    if "day" not in known and (day := _DAY.match(token)):
        return "day", (int(day[1]),)
    if "month" not in known and token[:3].lower() in _MONTHS:
        return "month", (_MONTHS.index(token[:3].lower()) + 1,)
    if "year" not in known and (year := _YEAR.match(token)):
        return "year", (_century(int(year[1])),)
    return "", ()


def _century(year: int) -> int:
    if 70 <= year <= 99:  # noqa: PLR2004 - two figures of the last century
        return year + 1900
    return year + 2000 if year <= 69 else year  # noqa: PLR2004 - two figures of this one
