"""What the queue of a fleet holds of each run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.fleet.queue import TASK

if TYPE_CHECKING:
    from procrastinate import App


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The shards of a run and their visits, by state: ``todo``, ``doing``, ``succeeded``, ``failed``, …"""

    run: str
    shards: Mapping[str, int]
    visits: Mapping[str, int]

    @property
    def is_over(self) -> bool:
        return not self.shards.get("todo") and not self.shards.get("doing")


_STATES = "SELECT id, status::text AS status FROM procrastinate_jobs WHERE task_name = %(task)s ORDER BY id"
_CONTENTS = """
SELECT id, args->>'run' AS run, jsonb_array_length(args->'owed') AS visits FROM procrastinate_jobs WHERE id = ANY(%(jobs)s)
"""


class Tallies:
    """Counts the shards of a queue as often as it is asked.

    What a shard is of does not change, and is some 30 kB in the database: it is read there once, and its state each time.
    """

    def __init__(self) -> None:
        self._contents: dict[int, tuple[str, int]] = {}

    async def all(self, app: App) -> list[Tally]:
        """One a run, the oldest first."""
        states = await app.connector.execute_query_all_async(_STATES, task=TASK)
        unknown = [row["id"] for row in states if row["id"] not in self._contents]
        if unknown:
            for row in await app.connector.execute_query_all_async(_CONTENTS, jobs=unknown):
                self._contents[row["id"]] = (row["run"], row["visits"])
        shards: defaultdict[str, Counter[str]] = defaultdict(Counter)
        visits: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in states:
            if content := self._contents.get(row["id"]):  # but for what was deleted meanwhile
                run, count = content
                shards[run][row["status"]] += 1
                visits[run][row["status"]] += count
        return [Tally(run=run, shards=dict(shards[run]), visits=dict(visits[run])) for run in shards]

    async def of(self, app: App, run: str) -> Tally:
        known = {tally.run: tally for tally in await self.all(app)}
        return known.get(run, Tally(run=run, shards={}, visits={}))
