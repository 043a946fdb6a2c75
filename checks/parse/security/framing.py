from __future__ import annotations

from collections.abc import Sequence

_SAID = frozenset({"deny", "sameorigin", "allowall"})


def keeps_out_of_frames(values: Sequence[str]) -> bool:
    """Whether ``X-Frame-Options`` keeps the page out of the frames of other sites; ``values`` are those of its list.

    Several that differ refuse every frame, if a browser knows one of them (WHATWG HTML, "check a navigation response's
    adherence to X-Frame-Options").
    """
    said = {value.lower() for value in values}
    return bool(said & _SAID) if len(said) > 1 else said in ({"deny"}, {"sameorigin"})
