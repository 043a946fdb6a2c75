"""Hosts that answer badly: dead ones take a request and say nothing, slow ones let a page drip."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from functools import partial


class Manner(StrEnum):
    DEAD = "dead"
    SLOW = "slow"


_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<!doctype html><title>Service</title>"
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
        await reader.readuntil(b"\r\n\r\n")
        if manner is Manner.SLOW:
            writer.write(_HEAD)
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)
        await reader.read()
    writer.close()
