"""Which cookies a site keeps in the Observatory's jar: RFC 6265 as the ``tough-cookie`` of Node.js reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from checks.model.address import registrable_domain
from checks.parse.observatory.javascript import BLANK
from checks.parse.observatory.scan import Cookie

_IGNORED = {"heroku-session-affinity"}
_CONTROL = re.compile(r"[\x00-\x1f]")
_CUT = re.compile(r"[\n\r\0]")
_LOCAL = {"local", "example", "invalid", "localhost", "test"}
"""Names for special use (RFC 6761), under which a site may set cookies for a domain of two labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A cookie of the jar. ``same_site`` is empty where the attribute is missing or not one of the three values."""

    name: str
    is_secure: bool
    is_http_only: bool
    same_site: str


def jar(cookies: Iterable[Cookie]) -> tuple[Kept, ...]:
    """Cookies with a name, that their host may set; of those that overwrite each other, the last.

    Those that have expired are kept too: the Observatory grades them.
    """
    found: dict[tuple[str, str, str], Kept] = {}
    for cookie in cookies:
        read = _read(cookie)
        if read is not None:
            found[read[0]] = read[1]
    return tuple(kept for kept in found.values() if kept.name not in _IGNORED)


def _read(cookie: Cookie) -> tuple[tuple[str, str, str], Kept] | None:
    pair, _, rest = cookie.line.strip(BLANK).partition(";")
    name, equals, value = (part.strip(BLANK) for part in _CUT.split(pair)[0].partition("="))
    if not (name and equals) or _CONTROL.search(name + value):
        return None
    said = _attributes(rest)
    kept = Kept(
        name=name,
        is_secure="secure" in said,
        is_http_only="httponly" in said,
        same_site=said.get("samesite", "") if said.get("samesite") in {"strict", "lax", "none"} else "",
    )
    domain = said.get("domain", "").removeprefix(".").removeprefix(".")
    path = said["path"] if said.get("path", "").startswith("/") else cookie.path.rpartition("/")[0] or "/"
    if domain and not _may_set(cookie.host, domain):
        return None
    if name.startswith("__Secure-") and not kept.is_secure:
        return None
    if name.startswith("__Host-") and (domain or not kept.is_secure or path != "/"):
        return None
    return (domain or cookie.host, path, name), kept


def _attributes(text: str) -> dict[str, str]:
    """By name, each as the last one of that name says it; only paths depend on their case."""
    found = {}
    for attribute in text.split(";"):
        name, _, value = attribute.partition("=")
        name, value = name.strip(BLANK).lower(), value.strip(BLANK)
        if name == "domain" and not value.removeprefix("."):
            continue
        found[name] = value if name == "path" else value.lower()
    return found


@lru_cache(maxsize=10_000)
def _may_set(host: str, domain: str) -> bool:
    """Whether a host may set a cookie for a domain: itself or a parent, which is no public suffix."""
    if host != domain and (not host.endswith(f".{domain}") or _is_address(host)):
        return False
    if _is_address(domain) or domain == "localhost":
        return True
    return "." in domain if domain.rpartition(".")[2] in _LOCAL else not _is_suffix(domain)


def _is_address(name: str) -> bool:
    return ":" in name or not name.strip("0123456789.")


def _is_suffix(domain: str) -> bool:
    """Whether a name is a public suffix: one that a label before it makes registrable as a whole."""
    return registrable_domain(domain) == domain and registrable_domain(f"x.{domain}") != domain
