"""The crawling processes of one command, side by side, each fed by it."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from crawler.fleet.lines import LONGEST, to_line
from crawler.fleet.owed import Owed

PATIENCE = 10
"""Seconds given to a process that is told to stop; whole captures are safe at any time, so it may then be killed."""

DEATHS = 3
"""Times in a row that a process may die before it has made a visit: those that follow would too, by a fault of the machine."""

DEATHS_SINGLY = 10
"""The same, where each visit is made alone and a death is most likely its own."""


class Shard:
    """Visits that one process makes, as many at once as it has room for, or ``at_once``; alone if need be, beside no other shard.

    ``made`` is called for each as soon as it is whole, with what the process made of it. The process may die: what was under way
    is ``lost``, and the rest waits for the next. One that an error of ours ended is ``missed``. ``is_over`` once each visit is
    one of these.
    """

    def __init__(
        self,
        owed: Iterable[Owed],
        made: Callable[[Owed, Mapping[str, Any] | None], None],
        *,
        is_alone: bool = False,
        at_once: int | None = None,
    ) -> None:
        self.waiting = deque(owed)
        self.lost: list[Owed] = []
        self.missed: list[Owed] = []
        self.is_alone = is_alone
        self.deaths = DEATHS_SINGLY if at_once == 1 else DEATHS
        self._room = asyncio.Semaphore(at_once) if at_once else None
        self.is_over = asyncio.Event()
        self._made = made
        self._under_way: dict[tuple[str, int], Owed] = {}
        self._check()

    async def take(self) -> Owed:
        if self._room:
            await self._room.acquire()
        owed = self.waiting.popleft()
        self._under_way[owed.service.id, owed.visit] = owed
        return owed

    def is_taking(self, service: str, visit: int) -> bool:
        return (service, visit) in self._under_way

    def end(self, service: str, visit: int, line: Mapping[str, Any] | None) -> None:
        owed = self._ended(service, visit)
        self._made(owed, line)
        self._check()

    def miss(self, service: str, visit: int) -> None:
        self.missed.append(self._ended(service, visit))
        self._check()

    def _ended(self, service: str, visit: int) -> Owed:
        if self._room:
            self._room.release()
        return self._under_way.pop((service, visit))

    def lose(self) -> None:
        for key in tuple(self._under_way):
            self.lost.append(self._ended(*key))
        self._check()

    def give_up(self) -> None:
        self.lost += self.waiting
        self.waiting.clear()
        self._check()

    def _check(self) -> None:
        if not self.waiting and not self._under_way:
            self.is_over.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: what it said last, and whether it came to its end."""

    said: Mapping[str, Any] = field(default_factory=dict)
    is_finished: bool = False


class Hand:
    """One crawling process at a time, that takes the next shard whenever it has begun all of the one before."""

    def __init__(
        self,
        command: Sequence[str],
        next_shard: Callable[[], Coroutine[Any, Any, Shard | None]],
        on_visited: Callable[[str], None] = lambda _: None,
        on_ended: Callable[[Ended], None] = lambda _: None,
    ) -> None:
        self._command = command
        self._next_shard = next_shard
        self._on_visited = on_visited
        self._on_ended = on_ended
        self._shards: list[Shard] = []
        self._wanted: asyncio.Queue[int] = asyncio.Queue()
        self._asked: asyncio.Task[Shard | None] | None = None
        self._has_worked = False
        self._is_done = False

    async def work(self) -> list[Ended]:
        """Until there is no shard left, in a new process where one died; the ends of all."""
        try:
            return await self._worked()
        finally:
            if self._asked:
                self._asked.cancel()
                for shard in await asyncio.gather(self._asked, return_exceptions=True):
                    if isinstance(shard, Shard):
                        shard.give_up()

    async def _worked(self) -> list[Ended]:
        ends: list[Ended] = []
        deaths = 0
        while True:
            ends.append(await self._process_ended())
            self._on_ended(ends[-1])  # before its shards are over: who waits for them may ask why
            for shard in self._shards:
                shard.lose()
            deaths = 1 if self._has_worked else deaths + 1
            most = max((shard.deaths for shard in self._shards if shard.waiting), default=DEATHS)
            # One that says why it ended, an error of the user or of the disk, would end so again.
            if ends[-1].said or deaths >= most or (self._is_done and not self._waiting()):
                for shard in self._shards:
                    shard.give_up()
                return ends

    def _waiting(self) -> Shard | None:
        return next((shard for shard in self._shards if shard.waiting), None)

    async def _process_ended(self) -> Ended:
        self._has_worked, self._wanted = False, asyncio.Queue()
        process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, limit=LONGEST)
        giving = asyncio.create_task(self._give(process))
        giving.add_done_callback(lambda _: process.stdin.close() if process.stdin else None)
        try:
            said = await self._heard(process)
            return Ended(said=said, is_finished=await process.wait() == 0)
        except BaseException:
            await _stop(process)
            raise
        finally:
            giving.cancel()
            with suppress(asyncio.CancelledError):
                await giving

    async def _heard(self, process: Process) -> Mapping[str, Any]:
        """What the process said last, other than of visits."""
        assert process.stdout is not None  # noqa: S101 - asked for
        last: Mapping[str, Any] = {}
        async for line in process.stdout:
            if not line.endswith(b"\n"):
                break  # it was killed as it said it
            said = json.loads(line)
            if "wants" in said:
                self._wanted.put_nowait(said["wants"])
            elif "visited" in said:
                self._has_worked = True
                self._on_visited(said["visited"])
            elif "judged" in said:
                if shard := self._shard_of(said["judged"], said["visit"]):
                    shard.end(said["judged"], said["visit"], said["line"])
            elif "missed" in said:
                if shard := self._shard_of(said["missed"], said["visit"]):
                    shard.miss(said["missed"], said["visit"])
            else:
                last = said
        return last

    def _shard_of(self, service: str, visit: int) -> Shard | None:
        """None for what is missed a second time."""
        return next((shard for shard in self._shards if shard.is_taking(service, visit)), None)

    async def _give(self, process: Process) -> None:
        while True:
            await self._wanted.get()
            shard = self._waiting() or await self._following()
            await _tell(process, (await shard.take()).to_json() if shard else {"end": True})

    async def _following(self) -> Shard | None:
        """The next shard that has a visit to make, once it may begin. A process that dies meanwhile leaves it to the next."""
        while not self._is_done:
            if self._asked is None:
                self._asked = asyncio.create_task(self._next_shard())
            shard = await asyncio.shield(self._asked)
            self._asked = None
            self._shards = [one for one in self._shards if not one.is_over.is_set()]
            if shard is None:
                self._is_done = True
            elif not shard.is_over.is_set():
                others = tuple(self._shards)
                self._shards.append(shard)
                if shard.is_alone or any(other.is_alone for other in others):
                    for other in others:
                        await other.is_over.wait()
                return shard
        return None


async def _tell(process: Process, said: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101 - asked for
    process.stdin.write(to_line(said))
    with suppress(ConnectionError):  # it is dead, which its end tells
        await process.stdin.drain()


async def _stop(process: Process) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
