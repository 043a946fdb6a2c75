from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

GRACE = 3.0
"""Seconds that the browser has to close something."""


async def within(closing: Awaitable[object]) -> bool:
    """Whether a farewell was said in time; what goes wrong while closing is of no interest."""
    with suppress(Exception):
        await asyncio.wait_for(closing, GRACE)
        return True
    return False
