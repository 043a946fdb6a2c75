"""What programs read: the data that the site carries."""

from __future__ import annotations

from collections.abc import Iterator

from reports.render.pages.writer import File, Writer
from reports.render.summary import render_summary


def pages(writer: Writer) -> Iterator[File]:
    report = writer.report
    yield "data/summary.json", render_summary(report.run, report.all_figures, "json")
