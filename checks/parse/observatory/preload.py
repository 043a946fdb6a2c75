"""The list of hosts that browsers ask over https alone, whatever the site says (Chromium's HSTS preload list)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from hstspreload import in_hsts_preload

Preload = Callable[[str], bool]
"""Whether a host is on the list, by itself or by a domain above it that includes its subdomains."""

BUNDLED = f"hstspreload {version('hstspreload')}"
"""The list that :func:`bundled` reads."""


@lru_cache(maxsize=10_000)
def bundled(host: str) -> bool:
    """By the list that the package carries; the day of that list is in :data:`BUNDLED`."""
    return host.isascii() and in_hsts_preload(host)


def preload_of(said: Any) -> Preload:
    """A list as Chromium publishes it (``entries`` with ``name``, ``mode``, ``include_subdomains``), or as the Observatory
    keeps it (by host, with ``mode`` and ``includeSubDomains``). Raises ``ValueError`` for anything else."""
    if isinstance(said, Mapping) and isinstance(said.get("entries"), list):
        said = {entry["name"]: entry for entry in said["entries"] if isinstance(entry, Mapping) and "name" in entry}
    if not isinstance(said, Mapping) or not all(isinstance(entry, Mapping) for entry in said.values()):
        raise ValueError("neither a list of Chromium nor one of the Observatory")
    forced = {host: entry for host, entry in said.items() if entry.get("mode") == "force-https"}
    exact = frozenset(forced)
    parents = frozenset(host for host, entry in forced.items() if _includes(entry))
    return lambda host: host in exact or any(parent in parents for parent in _above(host))


def _includes(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("includeSubDomains") or entry.get("include_subdomains"))


def _above(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[rank:]) for rank in range(1, len(labels))]
