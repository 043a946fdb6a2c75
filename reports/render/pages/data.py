"""What programs read: the data that the site carries."""

from __future__ import annotations

from collections.abc import Iterator

from reports.publisher.publisher import Publisher
from reports.render.data_files import data_files
from reports.render.pages.writer import File, Writer


def pages(writer: Writer) -> Iterator[File]:
    report, directory = writer.report, writer.directory
    yield from data_files(
        run=report.run,
        figures=report.all_figures,
        services=report.services,
        bare_services=report.bare_services,
        rules=report.rules,
        page_names={listing.id: listing.page for listing in directory.listings},
        licence=_licence(report.publisher),
    )


def _licence(publisher: Publisher | None) -> dict[str, str] | None:
    """What the publisher says; nobody else can give the data away."""
    data = publisher.data if publisher else None
    return {"title": data.licence, "path": data.address} if data and data.licence and data.address else None
