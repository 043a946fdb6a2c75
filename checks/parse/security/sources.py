"""What a list of sources lets in (W3C CSP Level 3, sections 2.3 and 6.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from checks.model.address import is_top_level

_NONCE_OR_HASH = re.compile(r"'(?:nonce|sha256|sha384|sha512)-[a-z0-9+/_-]+={0,2}'", re.IGNORECASE)
_ANY_HOST = re.compile(r"(?:(https?|wss?)://)?\*(?:\.([a-z0-9-]{1,63}))?(?::(?:[0-9]+|\*))?(?:/.*)?", re.IGNORECASE)
_WEB = frozenset({"http", "https"})
_SCHEMES = {"http:": _WEB, "https:": frozenset({"https"}), "data:": frozenset({"data"})}


def is_nonce_or_hash(source: str) -> bool:
    return _NONCE_OR_HASH.fullmatch(source) is not None


def allows_inline(sources: Sequence[str], *, is_script: bool = True) -> bool:
    """Whether any inline code runs: ``'unsafe-inline'`` is void beside a nonce, a hash or ``'strict-dynamic'``."""
    if any(map(is_nonce_or_hash, sources)) or (is_script and "'strict-dynamic'" in sources):
        return False
    return "'unsafe-inline'" in sources


def breadth(sources: Iterable[str]) -> frozenset[str]:
    """The schemes from which these sources take anything: of any host, or ``data:``, which an attacker writes himself.

    A star over a top-level domain (``*.fr``) is any host too. An ``http:`` source takes https as well.
    """
    found: set[str] = set()
    for source in sources:
        found |= _SCHEMES.get(source, frozenset())
        any_host = _ANY_HOST.fullmatch(source)
        if any_host and any_host[1] in {None, "http", "https"} and is_top_level(any_host[2] or "fr"):
            found |= _SCHEMES.get(f"{any_host[1]}:", _WEB)
    return frozenset(found)


def script_breadth(sources: Sequence[str]) -> frozenset[str]:
    """The same for scripts: ``'strict-dynamic'`` makes hosts and schemes void."""
    return frozenset() if "'strict-dynamic'" in sources else breadth(sources)


def is_by_host(sources: Sequence[str]) -> bool:
    """Whether scripts are trusted for the place that they come from, and not one by one."""
    if "'strict-dynamic'" in sources:
        return False
    return any(source == "'self'" or not source.startswith("'") for source in sources)
