"""The fields of beta.gouv.fr: its API and its files differ by few words.

Sources: ``api/v2.7/startups.json`` and ``content/_startups/`` of https://github.com/betagouv/beta.gouv.fr
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "title"),
    "url": ("link",),
    "sponsors": ("sponsors",),
    "phases": ("phases",),
    "events": ("events",),
    "statistics_url": ("stats_url",),
    "budget_url": ("budget_url",),
    "repository": ("repository",),
    "accessibility_status": ("accessibility_status",),
}


def beta_fields(source: Mapping[str, Any]) -> dict[str, Any]:
    """The values under our names; ``stats: true`` becomes the page ``/stats`` of the site, as the API expands it."""
    fields = {ours: _first(source, theirs) for ours, theirs in _NAMES.items()}
    if not fields["statistics_url"] and _is_true(source.get("stats")):
        fields["statistics_url"] = _statistics_page(fields["url"])
    return fields


def file_key(name: str) -> str:
    """The key that holds one of our fields in a page of ``content/_startups/``."""
    return _NAMES[name][-1]


def beta_lines(lines: Mapping[str, int]) -> dict[str, int]:
    """The lines under our names."""
    found = {ours: _first(lines, theirs) for ours, theirs in _NAMES.items()}
    return {ours: line for ours, line in found.items() if line is not None}


def _statistics_page(link: Any) -> str:
    site = link.strip() if isinstance(link, str) else ""
    return site.partition("#")[0].partition("?")[0].rstrip("/") + "/stats"


def _first(source: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((source[name] for name in names if source.get(name) is not None), None)


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in {"true", "yes", "on"})
