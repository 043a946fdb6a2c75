"""``security.txt`` (RFC 9116): how to report a fault of security."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 100_000
"""Bytes read of a file: three times what RFC 9116 (section 5.4) has a reader take."""

_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
_END = "-----BEGIN PGP SIGNATURE-----"
_FIELD = re.compile(r"([!-9;-~]{1,100}):(.*)")
_URI = re.compile(r"(?:https://(?=[^/?#])|(?!https?:)[a-z][a-z0-9+.-]{0,30}:)[^\s<>\"]+", re.IGNORECASE)
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:)(\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)  # RFC 3339, section 5.6
_LEAP = "60"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """The fields of a file, names in lower case, in order. ``is_utf8``: every byte could be read."""

    fields: tuple[tuple[str, str], ...]
    is_signed: bool = False
    is_utf8: bool = True

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.fields if key == name)


def disclosure(body: bytes) -> Disclosure:
    """Reads the fields; of a signed file, those that are signed. Comments and lines that are no field are passed over."""
    text = body[:LONGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_signed = _BEGIN in (line.strip() for line in lines)
    fields = (_FIELD.fullmatch(line.strip()) for line in (_signed(lines) if is_signed else lines))
    return Disclosure(
        fields=tuple(
            (field[1].lower(), field[2].strip()) for field in fields if field and not field[1].startswith("#")
        ),
        is_signed=is_signed,
        is_utf8="\ufffd" not in text,
    )


def is_contact(value: str) -> bool:
    """A URI, as the RFC requires; a page of the web has to be over https."""
    return _URI.fullmatch(value) is not None


def date_time(text: str) -> datetime | None:
    """A time of RFC 3339 in UTC; ``None`` for anything else."""
    read = _DATE_TIME.fullmatch(text)
    if read is None:
        return None
    day, time, second, zone = read.groups()
    written = f"{day}T{time}{'59' if second == _LEAP else second}{'+00:00' if zone in 'Zz' else zone}"
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _signed(lines: list[str]) -> Iterator[str]:
    """RFC 9580, section 7: headers until a blank line, then the text, in which a dash at the start is written ``- -``."""
    is_inside = has_begun = False
    for line in lines:
        if line.strip() == _BEGIN:
            is_inside, has_begun = True, False
        elif line.strip() == _END:
            is_inside = False
        elif is_inside and not has_begun:
            has_begun = not line.strip()
        elif is_inside:
            yield line.removeprefix("- ")
