from __future__ import annotations

import asyncio
from collections.abc import Sequence

from checks.model.place import make, replacing
from checks.model.unseen import json_text
from crawler.fleet.claims import Claim
from crawler.fleet.crew import Shard
from crawler.fleet.local import AT_ONCE
from crawler.fleet.owed import Owed
from crawler.fleet.workplace import Delivery, Line, Workplace


class Job:
    """One shard that a worker makes: ``owed`` are its visits that nobody has made yet.

    ``is_put_down``: it is given back as it was taken, for a reason that is none of its own.
    """

    def __init__(self, claim: Claim, workplace: Workplace, owed: Sequence[Owed]) -> None:
        self.claim = claim
        self.workplace = workplace
        self._name = f"{claim.shard}-{claim.id}-{claim.attempt}"
        self.output = Output(workplace, self._name)
        at_once = AT_ONCE[min(claim.attempt, len(AT_ONCE) - 1)]
        self.shard = Shard(owed, self.output.take, is_alone=claim.attempt > 0, at_once=at_once)
        self.is_put_down = False
        self._count = len(owed)

    @property
    def made(self) -> int:
        return self._count - self.missing

    @property
    def missing(self) -> int:
        return len(self.shard.lost) + len(self.shard.missed)

    async def end(self) -> None:
        """Once its shard is over: all that came of it is in the folder of its run. Raises what kept a part of it from there."""
        await self.output.end()
        if self.missing:
            await asyncio.to_thread(self.workplace.keep_log, self._name)

    def put_down(self) -> None:
        self.is_put_down = True
        self.shard.give_up()


class Output:
    """What came of one shard, put in the folder of the run: each archive once it is whole, the judgements at the end."""

    def __init__(self, workplace: Workplace, name: str) -> None:
        self._judged = workplace.home.judged
        self._name = name
        self._lines: list[Line] = []
        self._delivery = Delivery(workplace, self._keep)

    def take(self, owed: Owed, line: Line) -> None:
        self._delivery.send(owed, line)

    def _keep(self, line: Line) -> None:
        if line:
            self._lines.append(line)

    async def end(self) -> None:
        """Raises what kept a part of it from its place; what is there all the same is listed."""
        try:
            await self._delivery.end()
        finally:
            if self._lines:
                await asyncio.to_thread(self._write)

    def _write(self) -> None:
        make(self._judged)
        with replacing(self._judged / f"{self._name}.jsonl") as file:
            file.writelines(json_text(line) + "\n" for line in self._lines)
