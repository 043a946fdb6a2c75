from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

from checks.model.capture import Capture

Asked = TypeVarTuple("Asked")
Told = TypeVar("Told")

REMEMBERED = 32


def once_a_page(
    function: Callable[[Capture, *Asked], Told], remembered: int = REMEMBERED
) -> Callable[[Capture, *Asked], Told]:
    """Remembers what was told of the last captures, and not their bodies as ``lru_cache`` would: they may be long, and
    several steps of a visit ask it of the same pages."""
    known: dict[Any, Told] = {}

    @wraps(function)
    def told(capture: Capture, *asked: *Asked) -> Told:
        # All that may be told of a capture is told from these.
        key = asked, capture.id, capture.url, capture.role, capture.status, capture.headers, hash(capture.body)
        if key not in known:
            if len(known) >= remembered:
                known.pop(next(iter(known)))
            known[key] = function(capture, *asked)
        return known[key]

    return told
