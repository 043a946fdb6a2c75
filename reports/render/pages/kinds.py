"""The pages of the site, by kind: what each shows, by which template, under which name."""

from __future__ import annotations

from collections.abc import Iterator

from reports.render.pages import (
    about,
    annual,
    changes,
    corrections,
    data,
    lists,
    method,
    overview,
    rules,
    serving,
    undecided,
)
from reports.render.pages.writer import File, Writer

KINDS = (overview, annual, lists, changes, undecided, corrections, about, method, rules, data, serving)
"""Each has ``pages(writer)``, which gives its files one at a time: a large run is never whole in memory. So have the pages of
services (``scorecards``), which may be written by several processes: see :mod:`reports.render.sharing`."""


def files(writer: Writer) -> Iterator[File]:
    """Those that are not of one service alone."""
    for kind in KINDS:
        yield from kind.pages(writer)
