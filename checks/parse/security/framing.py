"""Who may show a page in a frame (WHATWG HTML, "check a navigation response's adherence to X-Frame-Options")."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

_SAID = frozenset({"deny", "sameorigin", "allowall"})


class Framing(StrEnum):
    """What ``X-Frame-Options`` does: refuse every frame, take those of the site, or nothing at all."""

    DENIED = "denied"
    SAME_ORIGIN = "same-origin"
    OPEN = "open"


def framing(values: Sequence[str]) -> Framing:
    """``values`` are those of the header as a list. Several that differ refuse every frame, if a browser knows one."""
    said = {value.lower() for value in values}
    if len(said) > 1:
        return Framing.DENIED if said & _SAID else Framing.OPEN
    if said == {"deny"}:
        return Framing.DENIED
    return Framing.SAME_ORIGIN if said == {"sameorigin"} else Framing.OPEN
