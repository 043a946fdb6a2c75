"""The reference: asyncio and httpx alone over the addresses of a file, 256 at once. Prints how many answered."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx


async def _fetched(lines: list[str]) -> int:
    left = iter(lines)
    # No more than a host's few connections are kept; httpx looks through all that it has at each request.
    limits = httpx.Limits(max_connections=256, max_keepalive_connections=256)
    async with httpx.AsyncClient(limits=limits, timeout=30, trust_env=True) as client:

        async def lane() -> int:
            answered = 0
            for line in left:
                method, _, url = line.partition(" ")
                await client.request(method, url)
                answered += 1
            return answered

        return sum(await asyncio.gather(*(lane() for _ in range(256))))


if __name__ == "__main__":
    print(asyncio.run(_fetched(Path(sys.argv[1]).read_text("utf-8").splitlines())))  # noqa: T201 - its output
