from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

from checks.model.capture import Capture

Asked = TypeVarTuple("Asked")
Told = TypeVar("Told")

REMEMBERED = 1_000


def once_a_page(
    function: Callable[[Capture, *Asked], Told], remembered: int = REMEMBERED, size: Callable[[Told], int] = lambda _: 1
) -> Callable[[Capture, *Asked], Told]:
    """Remembers what was told of the last captures, and not the captures as ``lru_cache`` would: they may be long, and several
    steps of a visit, between those of hundreds of others, ask it of the same pages.

    ``size`` is what a thing told takes; no more than ``remembered`` is held in all.
    """
    known: dict[Any, Told] = {}
    held = 0

    @wraps(function)
    def told(capture: Capture, *asked: *Asked) -> Told:
        nonlocal held
        # All that may be told of a capture is told from these.
        read = capture.url, capture.role, capture.status, capture.headers, capture.body
        key = asked, capture.id, hash(read)
        if key not in known:
            known[key] = function(capture, *asked)
            held += size(known[key])
            while held > remembered and len(known) > 1:
                held -= size(known.pop(next(iter(known))))
        return known[key]

    return told
