from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from checks.model.place import Place, publish
from checks.model.run_folder import RunFolder
from crawler.fleet.owed import Owed


class Workplace:
    """A folder of this machine where visits are made for a run whose own folder, its ``home``, is elsewhere: each archive is put
    there once it is whole.
    """

    def __init__(self, home: RunFolder, path: Path) -> None:
        self.home = home
        self.folder = RunFolder(path)
        self.folder.captures.mkdir(parents=True)
        self.folder.update(home.state)
        self.numbers = count()
        """Of its processes: no two have the same."""

    def still_owed(self, visits: Sequence[Owed]) -> tuple[Owed, ...]:
        """Those whose captures are not at home yet."""
        return tuple(one for one in visits if not self.home.warc(one.service.id, one.visit).exists())


class Delivery:
    """The archives on their way home, side by side."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._under_way: list[asyncio.Task[None]] = []

    def send(self, owed: Owed) -> None:
        local = self._workplace.folder.warc(owed.service.id, owed.visit)
        home = self._workplace.home.warc(owed.service.id, owed.visit)
        self._under_way.append(asyncio.create_task(asyncio.to_thread(_put, local, home)))

    async def end(self) -> None:
        """Once all are there. Raises what kept one from it."""
        await asyncio.gather(*self._under_way)


def _put(local: Path, home: Place) -> None:
    publish(local, home)
    local.unlink()
