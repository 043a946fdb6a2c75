"""``Strict-Transport-Security`` as RFC 6797 says that a browser reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.parse.security.sent import split_outside_quotes

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_DIGITS = re.compile(r"[0-9]+")
_LWS = " \t\r\n"
FOREVER = 2**31
"""Seconds at which a longer ``max-age`` is read as no longer (RFC 9111, section 1.2.2): 68 years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """The policy of a host: ``max_age`` in seconds, 0 to be forgotten."""

    max_age: int
    includes_subdomains: bool = False
    is_to_preload: bool = False


def transport(value: str) -> Transport | None:
    """What one header says; ``None`` where the RFC tells browsers to ignore it (section 6.1).

    A directive that appears twice, a ``max-age`` that is missing or no number, or anything out of the grammar makes
    the whole header void; an unknown directive does not.
    """
    said: dict[str, str | None] = {}
    for piece in _pieces(value):
        directive = _directive(piece)
        if directive is None or directive[0] in said:
            return None
        said[directive[0]] = directive[1]
    age = said.get("max-age")
    if age is None or not _DIGITS.fullmatch(age) or said.get("includesubdomains") is not None:
        return None
    return Transport(
        max_age=_seconds(age), includes_subdomains="includesubdomains" in said, is_to_preload="preload" in said
    )


def _pieces(value: str) -> Iterator[str]:
    return (piece.strip(_LWS) for piece in split_outside_quotes(value, ";") if piece.strip(_LWS))


def _directive(piece: str) -> tuple[str, str | None] | None:
    """Name in lower case, and value; ``None`` where the grammar does not hold."""
    name, equals, value = (part.strip(_LWS) for part in piece.partition("="))
    if not _TOKEN.fullmatch(name):
        return None
    if not equals:
        return name.lower(), None
    if len(value) > 1 and value[0] == value[-1] == '"':
        return name.lower(), re.sub(r"\\(.)", r"\1", value[1:-1])
    return (name.lower(), value) if _TOKEN.fullmatch(value) else None


def _seconds(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return FOREVER if len(digits) > len(str(FOREVER)) else min(int(digits), FOREVER)
