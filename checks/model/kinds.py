"""What an address is by its shape alone: dashboards, shared documents, directories, things that are not websites."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import unquote

from checks.model.address import page_key, split


class Kind(StrEnum):
    DASHBOARD = "dashboard"
    DOCUMENT = "document"
    DOCUMENT_HOST = "document-host"
    PAGE = "page"


_DASHBOARDS = re.compile(
    r"/public/(?:dashboard|question)/[0-9a-f-]{8,}|/superset/dashboard/[\w-]+|index\.php\?[^#]{0,2000}\bidsite=\d"
    r"|lookerstudio\.google\.com/(?:reporting|embed)|app\.powerbi\.com/view|/embed/dashboard/|/d/[\w-]{6,}/|plausible\.io/\w"
    r"|/public-dashboards/|posthog\.com/shared/\w|infogram\.com/\w|umami\.[^/]+/share/\w",
    re.IGNORECASE,
)
_DOCUMENT_HOSTS = re.compile(
    r"^(?:pad|hackmd|codimd|docs|grist|fichiers|resana|notes|hedgedoc|notion)\.(?!$)"
    r"|^drive\.google\.com$|\.notion\.site$|^www\.notion\.so$|^notion\.so$|\.gitbook\.io$|^hackmd\.io$"
    r"|^cryptpad\.|^airtable\.com$|^sheets\.",
)
_TOOLS = {
    "metabase": re.compile(r"^https?://[^/]*metabase|/public/(?:dashboard|question)/", re.IGNORECASE),
    "superset": re.compile(r"^https?://[^/]*superset|/superset/", re.IGNORECASE),
    "matomo": re.compile(
        r"^https?://[^/]*(?:matomo|piwik)|[?&]idsite=\d|^https?://stats\.data\.gouv\.fr/", re.IGNORECASE
    ),
    "google-docs": re.compile(r"^https?://(?:docs|drive|sheets)\.google\.com/", re.IGNORECASE),
    "grist": re.compile(r"^https?://[^/]*\bgrist\b", re.IGNORECASE),
    "notion": re.compile(r"^https?://(?:[^/]*\.)?notion\.", re.IGNORECASE),
    "pad": re.compile(r"^https?://(?:pad|hackmd|codimd|hedgedoc|notes)\.|^https?://hackmd\.io/", re.IGNORECASE),
    "docs": re.compile(r"^https?://docs\.[^/]+/docs/", re.IGNORECASE),
}
"""What serves an address, by its host or its path: public dashboards and shared documents of the State's own hosts too."""

_FOLDERS = {
    "docs", "document", "documents", "spreadsheets", "presentation", "forms", "sheet", "file", "files", "folders", "drive",
    "home", "index", "accueil", "login", "signin", "edit", "view",
}  # fmt: skip
_NOT_WEBSITES = re.compile(
    r"^https?://(?:(?:www\.)?github\.com|gitlab\.com|grist\.[^/]+|docs\.google\.com|drive\.google\.com|www\.npmjs\.com|pypi\.org)/"
    r"|^https?://[^?#]+\.(?:pdf|docx?|xlsx?|odt|ods|zip|json|csv|apk)(?:[?#]|$)|^https?://(?:play\.google\.com|apps\.apple\.com)/",
    re.IGNORECASE,
)
_DIRECTORIES = re.compile(
    r"^https?://(?:(?:www\.)?beta\.gouv\.fr/(?:startups?|services?|produits?|incubateurs?)(?:[/?#.]|$)|(?:[\w-]+\.)*annuaire[\w-]*\.)",
    re.IGNORECASE,
)


def kind_of(url: str) -> Kind:
    """The kind of an address: a public dashboard, a shared document, a document host's root, or an ordinary page."""
    parts = split(url)
    if parts is None:
        return Kind.PAGE
    if _DOCUMENT_HOSTS.search((parts.hostname or "").lower()):
        return Kind.DOCUMENT if _names_a_document(parts.path) else Kind.DOCUMENT_HOST
    return Kind.DASHBOARD if _DASHBOARDS.search(unquote(url)) else Kind.PAGE


def tool_of(url: str) -> str | None:
    """The software behind a dashboard or a shared document (``metabase``, ``pad`` …), ``None`` for an ordinary page."""
    return next((tool for tool, pattern in _TOOLS.items() if pattern.search(unquote(url))), None)


def names_nothing_of(url: str, home: str | None) -> bool:
    """Whether an address cannot be that of a page of one service: the root of a host of documents, or its own home page."""
    is_home = home is not None and page_key(url) == page_key(home) and "#" not in url
    return is_home or kind_of(url) is Kind.DOCUMENT_HOST


def _names_a_document(path: str) -> bool:
    names = [name for name in path.lower().split("/") if name]
    return any(len(name) > 3 and name not in _FOLDERS for name in names)  # noqa: PLR2004 - /s/, /o/, /d/ hold documents


def is_self_evident(url: str) -> bool:
    """Written by scripts, so judged by status and shape: a browser is asked only to remove doubt."""
    return kind_of(url) in {Kind.DASHBOARD, Kind.DOCUMENT}


def is_not_a_website(url: str) -> bool:
    return bool(_NOT_WEBSITES.search(url))


def is_directory(url: str) -> bool:
    """A page about services, where a service that has closed is often sent."""
    return bool(_DIRECTORIES.search(url))
