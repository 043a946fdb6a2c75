"""Hosts that answer badly: dead ones take a request and say nothing, slow ones take their time for each page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from functools import partial


class Manner(StrEnum):
    DEAD = "dead"
    SLOW = "slow"


SLOWNESS = 10
"""Seconds that a slow host takes for each answer, half of what it is given."""

_PAGE = (
    b"<!doctype html><html lang=fr><title>Service</title><p>Un service qui prend son temps, et qui aide chacun."
    b"<footer><a href=/accessibilite>Accessibilit\xc3\xa9 : non conforme</a> <a href=/stats>Statistiques</a>"
    b"<a href=/budget>Budget</a> <a href=/mentions-legales>Mentions l\xc3\xa9gales</a></footer>"
)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b" % (
    len(_PAGE),
    _PAGE,
)


def serve(ports: Mapping[Manner, int]) -> None:
    asyncio.run(_served(ports))


async def _served(ports: Mapping[Manner, int]) -> None:
    servers = [
        await asyncio.start_server(partial(_answer, manner), "0.0.0.0", port, backlog=4096)  # noqa: S104 - all of 127.0.0.0/8
        for manner, port in ports.items()
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _answer(manner: Manner, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            if manner is Manner.SLOW:
                await asyncio.sleep(SLOWNESS)
                writer.write(_ANSWER)
                await writer.drain()
    writer.close()
