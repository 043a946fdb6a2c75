from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_FIRST_ONLY = frozenset(
    {
        "age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host", "if-modified-since",
        "if-unmodified-since", "last-modified", "location", "max-forwards", "proxy-authorization", "referer", "retry-after",
        "server", "user-agent",
    }
)  # fmt: skip
"""Headers of which Node.js keeps the first alone; it joins the values of any other (``message.headers``)."""


def joined(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Headers by their name in lower case, as Node.js gives them: without white space around, repeated ones joined by ``, ``.

    ``Set-Cookie`` is left out: its lines stand alone.
    """
    found: dict[str, str] = {}
    for name, value in headers:
        key, bare = name.lower(), value.strip(" \t")
        if key not in found:
            found[key] = bare
        elif key not in _FIRST_ONLY:
            found[key] += f", {bare}"
    found.pop("set-cookie", None)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """How a chain of requests ended. ``headers`` are as :func:`joined` gives them; ``is_verified``: every certificate of
    the chain was valid."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A ``Set-Cookie`` line, and the host and path that sent it."""

    line: str
    host: str
    path: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What the Observatory retrieves of a site.

    ``host`` and ``scheme`` are those asked, whatever the redirects. ``https`` and ``http`` are how each of the two chains
    ended, ``None`` without an answer; ``auto`` is the one of them that is graded, https where it answered. ``route`` is
    the addresses of the http chain. ``cookies`` were set by all the answers of the graded chain, ``last_cookies`` by its
    last one. ``body`` is the page, ``None`` for one that could not be parsed. ``preflight`` is the headers of the answer
    to ``OPTIONS``, and ``origin`` the one that was sent, empty where the scan did not keep it.
    """

    host: str
    scheme: str
    auto: Response
    https: Response | None
    http: Response | None
    route: tuple[str, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    last_cookies: tuple[str, ...] = ()
    body: str | None = ""
    preflight: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    def header(self, name: str) -> str | None:
        """A header of the graded answer; empty where it was sent empty."""
        return self.auto.headers.get(name)
