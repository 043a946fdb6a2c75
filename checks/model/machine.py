from __future__ import annotations

import gc
import os

_OBJECTS = 10_000
"""New objects after which the collector looks at them: those of a few pages. Python's own measure is 700."""


def cores() -> int:
    """The processor's cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spare_collector() -> None:
    """For a process that judges or shows many services: what it has loaded is no garbage to look through, and a tree is tens of
    thousands of objects, of which the collector would look through the younger ones a dozen times while it grows."""
    if not gc.get_freeze_count():
        gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)
