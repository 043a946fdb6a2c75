from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FailureKind(StrEnum):
    """Why an exchange did not give a response; the world's fault, never a verdict by itself.

    ``TOLD_TO_WAIT``: the host had asked, by an answer before, to be left alone for a time; nothing was sent.
    """

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    RESET = "reset"
    DATA_LOSS = "data-loss"
    TOO_LARGE = "too-large"
    ROBOTS = "robots"
    BLOCKED = "blocked"
    TOLD_TO_WAIT = "told-to-wait"
    UNSUPPORTED = "unsupported"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """``status`` is the answer of robots.txt where that answer is what forbids the visit, else ``None``."""

    kind: FailureKind
    message: str = ""
    status: int | None = None


class Role(StrEnum):
    """What an exchange was for. ``HTTP`` is the home page asked over plain http, for the https rule; ``PREFLIGHT`` is the
    home page asked by ``OPTIONS``, as a browser does for a page of another origin; ``SECURITY_TXT`` is RFC 9116's file;
    ``FORGE`` is what the API of a code forge says of a repository."""

    HTTP = "http"
    HOME = "home"
    ROBOTS = "robots"
    PREFLIGHT = "preflight"
    SECURITY_TXT = "security-txt"
    RANDOM = "random"
    CANDIDATE = "candidate"
    FORGE = "forge"


class Topic(StrEnum):
    """What a candidate page may be."""

    ACCESSIBILITY = "accessibility"
    STATISTICS = "statistics"
    BUDGET = "budget"
    SCHEMA = "schema"
    PLAN = "plan"
    LEGAL_NOTICE = "legal-notice"
    PRIVACY = "privacy"
    TERMS = "terms"
    REPOSITORY = "repository"


class Found(StrEnum):
    """How a candidate was found, in the order in which they are believed."""

    DECLARED = "declared"
    LINK = "link"
    CONVENTIONAL = "conventional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Why a page was visited: for which topic, found how; for a link also its text and the page that carries it.

    ``address`` is the repository about which a forge was asked, where that is not the address asked.
    """

    topic: Topic
    found: Found
    text: str = ""
    page: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a browser made of a page: ``of`` is the id of the capture that it was given.

    ``missing`` is how many of the page's own scripts and data never came: what they would have added is not known.
    """

    of: str
    missing: int = 0


MAX_NAMES = 20
"""Names kept of one certificate; those of a shared host run to hundreds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the server's certificate says: who signed it, until when it holds (UTC), for which names (:data:`MAX_NAMES`)."""

    issuer: str
    expires: datetime
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP exchange *or its failure*: exactly one of ``status`` and ``failure`` is set.

    With ``rendering`` it is no exchange: ``body`` is the page as a browser showed it in the end (HTML, UTF-8), ``url``
    the address that stood over it, and ``status`` that of the exchange rendered.

    ``id`` is the WARC record id, ``<urn:uuid:…>``. ``number`` is the rank of the fetch in the plan of the visit, from
    1; the hops of a redirect share it. ``url`` is the address asked, with its fragment; ``headers`` are as received,
    repeated ones kept, and ``body`` is decoded (gzip, br …). ``previous`` is the capture whose redirect led here.
    ``is_insecure``: fetched without checking a certificate known to be bad. ``certificate`` is the one presented over
    https, where it is known; ``origin`` the ``Origin`` sent with a preflight. With the status 304 ``body`` is the one that
    the server says is still the same.
    """

    id: str
    service: str
    number: int
    role: Role
    url: str
    at: datetime
    method: str = "GET"
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    failure: FetchFailure | None = None
    previous: str | None = None
    candidates: tuple[Candidate, ...] = ()
    is_insecure: bool = False
    certificate: Certificate | None = None
    origin: str = ""
    rendering: Rendering | None = None

    def all(self, name: str) -> Iterator[str]:
        """Every value of a header, in the order received."""
        return (value for key, value in self.headers if key.lower() == name)

    def header(self, name: str) -> str | None:
        """The first value of a header given in lower case, or ``None``."""
        return next(self.all(name), None)

    @property
    def media_type(self) -> str:
        """``text/html`` of ``text/html; charset=utf-8``; empty when the server did not say."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def is_redirect(self) -> bool:
        return self.status in {301, 302, 303, 307, 308} and self.header("location") is not None
