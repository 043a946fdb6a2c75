"""The cleaning of single values, pure: registries are typed by hand, and their dirt is known."""

from __future__ import annotations

import html
import ipaddress
import json
import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_BARE_HOST = re.compile(
    r"(?:localhost|(?:\d{1,3}\.){3}\d{1,3}|(?:[\w-]+\.)+(?:xn--[\w-]+|[^\W\d_]{2,}))(?::\d+)?(?:[/?#]|$)"
)
_GIT_OVER_SSH = re.compile(r"git@([^\s:/@]+):([^\s]+)")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
# A colon before the slashes is an address inside a path, as web archives have them.
_REPEATED_SLASHES = re.compile(r"(?<!:)/{2,}")
# Tried where a word starts, or a long word without an @ would cost the square of its length.
_USER = re.compile(r"(?<![^\s/?#«])[^\s/?#«]+@")
_CREDENTIALS = re.compile(r"[^/]*//[^\s/?#]*@")
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_FRENCH_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_QUOTED_LENGTH = 80


class UnusableValueError(ValueError):
    """A value that no repair makes usable; the message is a French clause that says why."""


def unescaped(text: str) -> str:
    """HTML character references replaced, if they end with ``;``: ``&copy=`` in a query string is not one."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def has_control(text: str) -> bool:
    return any(unicodedata.category(char) in _CONTROL for char in text)


def one_line(text: str) -> str:
    """Control characters and runs of spaces become one space."""
    return " ".join("".join(" " if unicodedata.category(char) in _CONTROL else char for char in text).split())


def quoted(value: object) -> str:
    """A foreign value as a sentence can show it: one line, short, between French quotes, without credentials."""
    text = without_credentials(one_line(_written(value)))
    return f"« {text if len(text) <= _QUOTED_LENGTH else text[: _QUOTED_LENGTH - 1] + '…'} »"


def _written(value: object) -> str:
    # Lists and mappings are not spelled out: YAML aliases can make them larger than any memory.
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return value if isinstance(value, str) else json.dumps(value)


def without_credentials(text: str) -> str:
    """What may be shown of an address given by a user."""
    return _USER.sub("", text)


def has_credentials(value: str) -> bool:
    return _CREDENTIALS.match(unescaped(value)) is not None


def repaired_url(value: str, site: str | None = None) -> str:
    """The absolute http(s) address that a value stands for, query string and fragment kept, credentials removed.

    A bare path is completed by ``site``, or kept as it is when there is none.
    Raises :class:`UnusableValueError`.
    """
    text = unescaped(value).translate(_INVISIBLE).strip().rstrip(";, ")
    if has_control(text):
        raise UnusableValueError("elle contient un caractère de contrôle")
    if text.startswith("/") and not text.startswith("//"):
        path = _REPEATED_SLASHES.sub("/", text)
        if site is None:
            return path
        parts = urlsplit(site)
        text = f"{parts.scheme}://{parts.netloc}{path}"
    return _checked(_with_scheme(text))


def _with_scheme(text: str) -> str:
    if _SCHEME.match(text):
        return text
    if text.startswith("//"):
        return f"https:{text}"
    if _BARE_HOST.match(text):
        return f"https://{text}"
    if ssh := _GIT_OVER_SSH.fullmatch(text):
        return f"https://{ssh[1]}/{ssh[2]}"
    raise UnusableValueError("ce n'est pas une adresse http ou https")


def _checked(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
        is_host = host is not None and _is_host(host)
    except ValueError as error:
        raise UnusableValueError("ce n'est pas une adresse bien formée") from error
    if parts.scheme not in {"http", "https"}:
        raise UnusableValueError(f"« {parts.scheme}:// » n'est ni http ni https")
    if not is_host:
        raise UnusableValueError("aucun nom de site valable n'y figure")
    netloc = parts.netloc.rpartition("@")[2]
    clean = parts._replace(netloc=netloc, path=_REPEATED_SLASHES.sub("/", parts.path))
    # geturl() drops an empty query string or fragment: that is no repair.
    is_same = clean == parts and text.startswith(parts.scheme)
    return "%20".join((text if is_same else clean.geturl()).split())


def _is_host(host: str) -> bool:
    """Raises ``ValueError`` for a name that no DNS query can hold."""
    if ":" in host:
        return bool(ipaddress.IPv6Address(host))
    return _HOST.fullmatch(host.encode("idna").decode("ascii")) is not None


def site_id(url: str) -> str:
    """The id of a service known by its address alone: ``candidat.exemple.fr-simulateur``."""
    parts = urlsplit(url)
    pieces = (parts.hostname or "", str(parts.port or ""), *parts.path.split("/"))
    return "-".join(piece for piece in pieces if piece)


def iso_date(text: str) -> str:
    """``2024-03-01`` of that date, of a date and time, or of the French ``01/03/2024``.

    Raises :class:`UnusableValueError`.
    """
    try:
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        if match := _FRENCH_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError as error:
        raise UnusableValueError("ce jour n'existe pas") from error
    raise UnusableValueError("ce n'est pas une date de la forme AAAA-MM-JJ")
