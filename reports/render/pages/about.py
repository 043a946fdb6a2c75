"""What the site says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from reports.render.pages.writer import File, Writer


def pages(writer: Writer) -> Iterator[File]:
    yield writer.page("accessibilite.html", "accessibility.html")
    yield writer.page("mentions-legales.html", "legal.html")
    yield writer.page("donnees-personnelles.html", "privacy.html")
