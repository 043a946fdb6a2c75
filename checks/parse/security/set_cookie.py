"""``Set-Cookie`` as a browser reads it (RFC 6265bis, sections 5.6 and 5.7). The value of a cookie is a secret: it is read
past, and never kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from checks.model.address import host_of, registrable_domain
from checks.model.capture import Capture
from checks.parse.security.cookie_dates import cookie_date

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_AGE = re.compile(r"-?[0-9]+")
_PLAIN = re.compile(r"[\w/.~%+-]{1,60}")
_WSP = " \t"
_LONGEST_PAIR = 4_096
_LONGEST_ATTRIBUTE = 1_024
_LONGEST_NAME = 80
_SECURE, _HOST = _PREFIXES = ("__secure-", "__host-")
_SAME_SITE = frozenset({"strict", "lax", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """One cookie as it was set. ``domain`` is empty where only the host gets it back; ``same_site`` is as written, in lower
    case, and ``None`` where it is not said. ``is_gone``: it ends at once, which is how a cookie is deleted.
    """

    name: str
    path: str = ""
    domain: str = ""
    is_secure: bool = False
    is_http_only: bool = False
    same_site: str | None = None
    is_partitioned: bool = False
    is_gone: bool = False

    @property
    def has_known_same_site(self) -> bool:
        return self.same_site is None or self.same_site in _SAME_SITE

    def shown(self) -> str:
        """The line without its secret: ``nom=…; Path=/; Secure``. What is not an attribute of cookies is left out."""
        name = self.name if len(self.name) <= _LONGEST_NAME else self.name[: _LONGEST_NAME - 1] + "…"
        same_site = (self.same_site or "").capitalize()
        said = {
            f"{name}=…": True,
            f"Domain={_plain(self.domain)}": bool(self.domain),
            f"Path={_plain(self.path)}": bool(self.path),
            "Secure": self.is_secure,
            "HttpOnly": self.is_http_only,
            f"SameSite={same_site if self.has_known_same_site else _plain(same_site)}": self.same_site is not None,
            "Partitioned": self.is_partitioned,
        }
        return "; ".join(part for part, is_so in said.items() if is_so)


def cookie(line: str, answer: Capture) -> Cookie | None:
    """The cookie of one ``Set-Cookie`` line of an answer; ``None`` where a browser drops it without a word: controls in
    it, no name and no value, the prefix of a name in the value alone, too long, the domain of others."""
    pair, *rest = line.split(";")
    name, equals, value = (part.strip(_WSP) for part in pair.partition("="))
    if not equals:
        name, value = "", name  # all of it is the value: a secret too
    if _CONTROLS.search(line) or not (name or value) or len(name) + len(value) > _LONGEST_PAIR:
        return None
    if not name and value.lower().startswith(_PREFIXES):
        return None  # sent back without its equals sign, it would pass for one that keeps the promise
    said = _attributes(rest)
    domain = said.get("domain", "").removeprefix(".").lower()
    if domain and not _is_own(domain, host_of(answer.url)):
        return None
    return Cookie(
        name=name,
        path=said.get("path", ""),
        domain=domain,
        is_secure="secure" in said,
        is_http_only="httponly" in said,
        same_site=said["samesite"].lower() if "samesite" in said else None,
        is_partitioned="partitioned" in said,
        is_gone=_is_gone(said, answer.at),
    )


def breaks_prefix(cookie: Cookie) -> bool:
    """Whether its name promises what its attributes do not hold: browsers then refuse it."""
    name = cookie.name.lower()
    if name.startswith(_SECURE):
        return not cookie.is_secure
    return name.startswith(_HOST) and not (cookie.is_secure and not cookie.domain and cookie.path == "/")


def is_over_https(answer: Capture) -> bool:
    return urlsplit(answer.url).scheme == "https"


def _attributes(pieces: list[str]) -> dict[str, str]:
    """The last of each name in lower case; values too long are ignored."""
    pairs = (piece.partition("=") for piece in pieces)
    return {
        name.strip(_WSP).lower(): value.strip(_WSP)
        for name, _, value in pairs
        if len(value.strip(_WSP)) <= _LONGEST_ATTRIBUTE
    }


def _is_own(domain: str, host: str) -> bool:
    """Whether a host may set a cookie for that domain: itself or one above it, which is no public suffix."""
    if domain == host:
        return True
    return host.endswith("." + domain) and registrable_domain(host) in {domain, registrable_domain(domain)}


def _is_gone(said: dict[str, str], at: datetime) -> bool:
    """``Max-Age`` decides before ``Expires``; of neither, the cookie lasts as long as the browser."""
    age = said.get("max-age", "")
    if _AGE.fullmatch(age):
        return age.startswith("-") or not age.strip("0")
    end = cookie_date(said["expires"]) if "expires" in said else None
    return end is not None and end <= at.astimezone(UTC)


def _plain(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else "…" if text else ""
