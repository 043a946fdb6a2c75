from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TypeVar

from checks.model.capture import Capture

Told = TypeVar("Told")

REMEMBERED = 32


def once_a_page(function: Callable[[Capture], Told]) -> Callable[[Capture], Told]:
    """Remembers what was told of the last captures, and not their bodies as ``lru_cache`` would: they may be long, and
    several steps of a visit ask it of the same pages."""
    known: dict[tuple[Capture, int], Told] = {}

    @wraps(function)
    def told(capture: Capture) -> Told:
        key = replace(capture, body=b""), hash(capture.body)
        if key not in known:
            if len(known) >= REMEMBERED:
                known.pop(next(iter(known)))
            known[key] = function(capture)
        return known[key]

    return told
