"""What an address is by its shape alone: dashboards, shared documents, forges, things that are not websites."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import unquote

from checks.model.address import split


class Kind(StrEnum):
    DASHBOARD = "dashboard"
    DOCUMENT = "document"
    DOCUMENT_HOST = "document-host"
    PAGE = "page"


_DASHBOARDS = re.compile(
    r"/public/(?:dashboard|question)/[0-9a-f-]{8,}|/superset/dashboard/[\w-]+|index\.php\?.*\bidsite=\d"
    r"|lookerstudio\.google\.com/(?:reporting|embed)|app\.powerbi\.com/view|/embed/dashboard/|/d/[\w-]{6,}/|plausible\.io/\w"
    r"|/public-dashboards/",
    re.IGNORECASE,
)
_DOCUMENT_HOSTS = re.compile(
    r"^(?:pad|hackmd|codimd|docs|grist|fichiers|resana|notes|hedgedoc|notion)\.(?!$)"
    r"|^docs\.google\.com$|^drive\.google\.com$|\.notion\.site$|^www\.notion\.so$|^notion\.so$|\.gitbook\.io$|^hackmd\.io$"
    r"|^cryptpad\.|^airtable\.com$|^grist\.|^sheets\.",
)
_NOT_WEBSITES = re.compile(
    r"^https?://(?:(?:www\.)?github\.com|gitlab\.com|grist\.[^/]+|docs\.google\.com|drive\.google\.com|www\.npmjs\.com|pypi\.org)/"
    r"|\.(?:pdf|docx?|xlsx?|odt|ods|zip|json|csv|apk)(?:[?#]|$)|^https?://(?:play\.google\.com|apps\.apple\.com)/",
    re.IGNORECASE,
)


def kind_of(url: str) -> Kind:
    """The kind of an address: a public dashboard, a shared document, a document host's root, or an ordinary page."""
    parts = split(url)
    if parts is None:
        return Kind.PAGE
    if _DASHBOARDS.search(unquote(url)):
        return Kind.DASHBOARD
    if _DOCUMENT_HOSTS.search((parts.hostname or "").lower()):
        return Kind.DOCUMENT if len(parts.path.strip("/")) > 3 else Kind.DOCUMENT_HOST  # noqa: PLR2004
    return Kind.PAGE


def is_self_evident(url: str) -> bool:
    """Written by scripts, so judged by status and shape: a browser is asked only to remove doubt."""
    return kind_of(url) in {Kind.DASHBOARD, Kind.DOCUMENT}


def is_not_a_website(url: str) -> bool:
    return bool(_NOT_WEBSITES.search(url))
