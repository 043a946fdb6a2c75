from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import Engine

from reports.cli.since import since
from reports.render.feeds import Feeds
from reports.store.records import RunRecord

PAST = 10
"""Runs, before the last change, whose changes a feed still tells: a reader that was away for weeks misses nothing."""


def add_past(feeds: Feeds, engine: Engine, earlier: Sequence[RunRecord]) -> None:
    """What each of the earlier runs (the latest first) had changed. No capture is read for it: of these changes, the cause
    is told where the database alone tells it."""
    for new, old in pairwise(earlier[: PAST + 1]):
        with since(engine, old, new, None) as (found, _):
            feeds.add(found)
