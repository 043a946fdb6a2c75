"""What the annual report takes: sentences, figures against the year before, charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.figures.figure import Figure
from reports.figures.past import Counted
from reports.language import _
from reports.render.annual import year_of
from reports.render.charts import Bar, Point, bar_chart, bars_of, line_chart, points_of
from reports.render.drawing import Caption
from reports.render.pages.writer import File, Writer
from reports.render.paper import paper_style, pdf
from reports.render.report import Report
from reports.render.sentences import provenance, sentences
from reports.render.trends import ranking, trend

PDF = "bilan.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure over the runs: the drawing if there is something to draw, what it shows in words, the data."""

    figure: Figure
    name: str
    points: Sequence[Point]
    trend: str
    svg: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incubators:
    """Services by incubator: the bars drawn, and all of them."""

    bars: Sequence[Bar]
    figures: Sequence[Figure]
    ranking: str
    svg: Markup | None


def pages(writer: Writer) -> Iterator[File]:
    yield writer.page("bilan.html", "annual.html", **_shown(writer.report))
    if writer.report.has_pdf:
        path, page = writer.page(PDF, "annual_paper.html", **_shown(writer.report, paper_style("chart")))
        yield path, pdf(page)


def _shown(report: Report, style: str = "") -> dict[str, object]:
    """What the templates show; ``style`` is that of the drawings, on paper."""
    said = sentences(report)
    return {
        "audited": said[: len(report.figures)],
        "registered": said[len(report.figures) :],
        "provenance": provenance(report),
        "year": year_of(report),
        "incubators_chart": _incubators(report, style),
        "charts": [_chart(figure, _runs(report), style) for figure in report.figures],
    }


def _runs(report: Report) -> tuple[Counted, ...]:
    """The run, the latest ones before it, and the one of the year before."""
    known = {one.run.id: one for one in (report.year_before, *report.past) if one}
    return (*known.values(), Counted(run=report.run, figures=report.figures))


def _chart(figure: Figure, runs: Sequence[Counted], style: str) -> Chart:
    name = f"graphique-{figure.id}"
    points = points_of(figure.id, runs)
    said = trend(points)
    drawn = [point for point in points if point.is_drawn]
    has_line = bool(drawn) and drawn[0].day < drawn[-1].day
    title = figure.label
    svg = line_chart(_from_first(points), _caption(name, title, said, style)) if has_line else None
    return Chart(figure=figure, name=name, points=points[::-1], trend=said, svg=svg)


def _from_first(points: Sequence[Point]) -> Sequence[Point]:
    """Without the runs before the figure was first given: the axis begins with it."""
    start = next(number for number, point in enumerate(points) if point.is_drawn)
    return points[start:]


def _incubators(report: Report, style: str) -> Incubators:
    figures = [figure for figure in report.registry_figures if figure.id == "services-by-incubator"]
    bars = bars_of(figures)
    said = ranking(bars, len(figures))
    title = _("Services accompagnés ou pérennisés, par incubateur")
    svg = bar_chart(bars, _caption("graphique-incubateurs", title, said, style)) if bars else None
    return Incubators(bars=bars, figures=figures, ranking=said, svg=svg)


def _caption(name: str, title: str, said: str, style: str) -> Caption:
    """On paper a drawing has its own words; on a page, those beside it."""
    if style:
        return Caption(name=name, title=f"{title}. {said}", style=style)
    return Caption(name=name, title=title, described_by=f"{name}-texte")
