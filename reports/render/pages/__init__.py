"""The pages of the site, by kind: what each shows, by which template, under which name."""

from __future__ import annotations

from collections.abc import Iterator

from reports.render.pages import (
    about,
    changes,
    corrections,
    data,
    lists,
    method,
    overview,
    rules,
    scorecards,
    serving,
    undecided,
)
from reports.render.pages.writer import File, Writer
from reports.render.report import Report

KINDS = (overview, lists, changes, undecided, corrections, about, method, rules, scorecards, data, serving)
"""Each has ``pages(writer)``, which gives its files one at a time: a large run is never whole in memory."""


def files(report: Report) -> Iterator[File]:
    writer = Writer(report)
    for kind in KINDS:
        yield from kind.pages(writer)
