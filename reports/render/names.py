"""Names of the files of the site."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

_LONGEST = 120
_RESERVED = {"", "con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
"""Before its first dot: what hides a file or climbs the tree, and what Windows takes for a device."""


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """For each id a file name without its extension: readable, unique even where case is ignored, never ``index``.

    Ids are percent-encoded, so that none can leave its folder. One that is too long, or taken, gets a digest.
    """
    names: dict[str, str] = {}
    taken = {"index"}
    for key in sorted(set(ids)):
        name = quote(key, safe="", errors="surrogatepass") or "%"
        if name.lower().partition(".")[0] in _RESERVED:
            name = f"%{ord(name[0]):02X}{name[1:]}"
        if len(name) > _LONGEST or name.lower() in taken:
            digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            name = f"{name[:_LONGEST]}~{digest}"
        taken.add(name.lower())
        names[key] = name
    return names


def archive_name(capture: str) -> str | None:
    """``<uuid>.txt`` for the WARC record id ``<urn:uuid:…>``; ``None`` for anything else."""
    try:
        return f"{UUID(capture.strip('<>'))}.txt"
    except ValueError:
        return None
