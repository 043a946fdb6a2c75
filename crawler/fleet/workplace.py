from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from checks.model.place import Place, is_local, make, publish, publish_new
from checks.model.run_folder import RunFolder
from crawler.fleet.owed import Owed

Line = Mapping[str, Any] | None


class Workplace:
    """A folder of this machine where visits are made for a run whose own folder, its ``home``, is elsewhere: each archive is put
    there once it is whole.
    """

    def __init__(self, home: RunFolder, path: Path) -> None:
        self.home = home
        self.folder = RunFolder(path)
        self.folder.captures.mkdir(parents=True, exist_ok=True)  # it may have been begun when its home was lost
        # What forges said to the runs before is read where they are; not across a network, while sites are waiting.
        beside = {"home": str(home.path)} if is_local(home.path) else {}
        self.folder.update({**home.state, **beside})
        self.numbers = count()
        """Of its processes: no two have the same."""

    def still_owed(self, visits: Sequence[Owed]) -> tuple[Owed, ...]:
        """Those whose captures are not at home yet."""
        return tuple(one for one in visits if not self.home.warc(one.service.id, one.visit).exists())

    def keep_log(self, name: str) -> None:
        """Puts what the processes here have logged so far in the folder of the run, for who asks why a visit failed."""
        if not self.folder.log.exists():
            return
        make(self.home.logs)
        publish(Path(self.folder.log), self.home.logs / f"{name}.log")


class Delivery:
    """The archives on their way home, side by side, and the lines that were made of them: of a visit that two processes made,
    the first archive stays, and the line of the other is dropped.
    """

    def __init__(self, workplace: Workplace, keep: Callable[[Line], None]) -> None:
        self._workplace = workplace
        self._keep = keep
        self._under_way: set[asyncio.Task[None]] = set()
        self._error: Exception | None = None

    def send(self, owed: Owed, line: Line) -> None:
        task = asyncio.create_task(self._sent(owed, line))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _sent(self, owed: Owed, line: Line) -> None:
        local = self._workplace.folder.warc(owed.service.id, owed.visit)
        home = self._workplace.home.warc(owed.service.id, owed.visit)
        try:
            is_ours = await asyncio.to_thread(_put, local, home)
            self._keep(line if is_ours else None)
        except Exception as error:  # noqa: BLE001 - told to who waits for all
            self._error = self._error or error

    async def end(self) -> None:
        """Once all are there. Raises what kept one from it."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        self.check()

    def check(self) -> None:
        """Raises what kept one from its home."""
        if self._error:
            raise self._error


def _put(local: Path, home: Place) -> bool:
    is_ours = publish_new(local, home)
    local.unlink()
    return is_ours
