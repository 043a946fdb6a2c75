"""What people found in place of a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from reports.render.pages.writer import File, Writer


def pages(writer: Writer) -> Iterator[File]:
    yield writer.page("corrections.html", "corrections.html")
