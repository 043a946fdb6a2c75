"""What the publisher of a site says of itself: who answers for the pages, where they live, what was tested of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who publishes; ``director`` is the person who answers for what is published."""

    name: str
    director: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Who stores the pages."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What was tested of the pages, and what came of it.

    ``level`` is a value of ``checks.parse.levels.Level``. ``rate`` is that of an audit by the RGAA, in percent, which
    ``auditor`` made on the day ``audited``; ``None`` where there was none. ``tests`` are those that were made without an
    audit. Empty texts and lists: nothing is said.
    """

    level: str = "not"
    contact: str = ""
    established: date | None = None
    tested: date | None = None
    tests: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    rate: float | None = None
    auditor: str = ""
    audited: date | None = None
    not_accessible: tuple[str, ...] = ()
    schema: str = ""
    schema_years: str = ""
    plan: str = ""
    plan_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Addresses of what is published elsewhere; empty for what is not."""

    statistics: str = ""
    budget: str = ""
    repository: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """``logs`` is how long the host keeps what its servers note of visits, in words; ``contact`` takes requests."""

    logs: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Under which licence the figures and verdicts are published."""

    licence: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Whom to tell of a flaw (``mailto:``, ``https:`` or ``tel:``), and until when that holds."""

    contact: str
    expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """``site`` is the address under which the pages are published, with its last slash."""

    site: str
    editor: Editor
    host: Host
    accessibility: Accessibility = field(default_factory=Accessibility)
    pages: Pages = field(default_factory=Pages)
    privacy: Privacy = field(default_factory=Privacy)
    data: Data = field(default_factory=Data)
    security: Security | None = None

    @property
    def root(self) -> str:
        """The path under which the pages are published."""
        return urlsplit(self.site).path
