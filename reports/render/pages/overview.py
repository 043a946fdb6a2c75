"""The figures: of the audit, of the registry, by phase, by incubator, by sponsor."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model.french import fold
from checks.model.service import PhaseGroup
from reports.figures.figure import Figure
from reports.render.directory import Listing
from reports.render.pages.changes import of_incubator
from reports.render.pages.tables import table
from reports.render.pages.writer import File, Writer


def pages(writer: Writer) -> Iterator[File]:
    report = writer.report
    yield writer.page("index.html", "index.html")
    yield writer.page("registre.html", "registry.html")
    by_phase = table(report.parts("phase"), [group.value for group in PhaseGroup])
    yield writer.page("phases.html", "phases.html", table=by_phase, counts=_by_phase(writer))
    by_incubator = table(report.parts("incubator"), writer.incubators)
    yield writer.page("incubators/index.html", "incubators.html", table=by_incubator)
    for incubator, listings in writer.incubators.items():
        yield _incubator(writer, incubator, listings, list(by_incubator.cells.get(incubator, {}).values()))
    sponsors = {figure.group for figure in report.parts("sponsor")}
    by_sponsor = table(report.parts("sponsor"), sorted(sponsors, key=lambda name: (fold(name), name)))
    yield writer.page("sponsors/index.html", "sponsors.html", table=by_sponsor)


def _by_phase(writer: Writer) -> dict[PhaseGroup, int]:
    groups = [listing.group for listing in writer.directory.listings]
    return {group: groups.count(group) for group in PhaseGroup if group in groups}


def _incubator(writer: Writer, incubator: str, listings: tuple[Listing, ...], figures: list[Figure]) -> File:
    page = writer.incubator_pages[incubator]
    return writer.page(
        f"incubators/{page}.html",
        "incubator.html",
        incubator=incubator,
        page=page,
        listings=listings,
        figures=figures,
        shifts=of_incubator(writer.report.since, incubator, writer.report.rules),
    )
