"""What a crawling process and its parent tell each other: one JSON object a line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

LONGEST = 64 * 1024 * 1024
"""Bytes of a line; the judgement of one service is a hundred thousand at most."""

FAREWELL = 10
"""Seconds that a process whose parent is gone gives to the exchanges under way: whole captures are safe at any time."""

_writing = Lock()


def to_line(said: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(said)}\n".encode()


def say(said: Mapping[str, Any]) -> None:
    """Says one thing to the parent, from any thread."""
    rest = memoryview(to_line(said))
    with _writing, suppress(BrokenPipeError):  # the parent is gone, and so will we be
        while rest:
            rest = rest[os.write(sys.stdout.fileno(), rest) :]
