"""The charts of the annual page, drawn by pygal: narrow, so that their words can be read on a telephone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from reports.figures.figure import FEW, Figure, percent
from reports.figures.past import Counted
from reports.language import _, spoken
from reports.render.drawing import Caption, drawing
from reports.render.foreign import cut
from reports.render.plotting import XY, HorizontalBar, Style

WIDTH = 320
HEIGHT = 200
WORDS = 12
"""Height of the letters; the page shows one unit of a drawing as one pixel or more, save on the smallest screens."""
APART = 52
"""Units between two numbers written over a line."""
YEARS_APART = 70
"""Units between the first of January and the ends of the axis, where the days are written."""
NAME = 22
"""Letters of a name beside a bar; the table has the whole of it."""
LARGEST = 15
"""Bars drawn one by one; the others are one together."""
ROW = 20
_LEFT, _RIGHT, _TOP = 50, 24, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure on a day; ``figure`` is ``None`` where a run does not give it."""

    day: date
    run: str
    figure: Figure | None

    @property
    def is_drawn(self) -> bool:
        """A share of few services, or of none that could be judged, has no percentage to draw."""
        share = self.figure.share if self.figure else None
        return share is not None and share.n >= FEW and share.value is not None

    @property
    def percent(self) -> float | None:
        return 100 * self._share[0] if self.is_drawn else None

    @property
    def low(self) -> float:
        return 100 * self._share[1]

    @property
    def high(self) -> float:
        return 100 * self._share[2]

    @property
    def _share(self) -> tuple[float, float, float]:
        share = self.figure.share if self.figure else None
        assert share is not None  # noqa: S101 - only of points that are drawn
        return share.value or 0.0, share.low or 0.0, share.high or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How many services an incubator has. The last bar may be ``others``, the number of incubators that it stands for."""

    name: str
    count: int
    others: int = 0

    @property
    def label(self) -> str:
        return _("{number} autres").format(number=self.others) if self.others else cut(self.name, NAME)


def points_of(figure_id: str, counted: Iterable[Counted]) -> tuple[Point, ...]:
    """A figure in each run, the earliest first."""
    found = (Point(day=one.day, run=one.run.id, figure=one.figure(figure_id)) for one in counted)
    return tuple(sorted(found, key=lambda point: (point.day, point.run)))


def bars_of(figures: Iterable[Figure]) -> tuple[Bar, ...]:
    """The incubators of most services first."""
    known = sorted(
        (Bar(name=one.group, count=one.numerator) for one in figures), key=lambda bar: (-bar.count, bar.name)
    )
    rest = known[LARGEST:]
    if len(rest) < 2:  # noqa: PLR2004 - one alone has room for its own name
        return tuple(known)
    return (*known[:LARGEST], Bar(name="", count=sum(bar.count for bar in rest), others=len(rest)))


def line_chart(points: Sequence[Point], caption: Caption) -> Markup:
    """The share over the days, with what it may be as a band; the line stops where the figure was not given."""
    first, last = points[0].day.toordinal(), points[-1].day.toordinal()
    chart = XY(
        **_sober(HEIGHT),
        allow_interruptions=True,
        print_labels=True,
        dots_size=3,
        range=(0, 100),
        xrange=(first, last),
        x_labels=list(_days(points[0].day, points[-1].day)),
        y_labels=[{"value": part, "label": percent(part / 100)} for part in (0, 50, 100)],
        show_x_guides=True,
    )
    bands = [list(run) for is_drawn, run in groupby(points, key=lambda point: point.is_drawn) if is_drawn]
    for band in bands:
        chart.add("", _outline(band), show_dots=False, print_labels=False)
    written = _written(points)
    chart.add("", [_value(point, is_written=point in written) for point in points])
    return drawing(chart, caption, bands=len(bands))


def bar_chart(bars: Sequence[Bar], caption: Caption) -> Markup:
    chart = HorizontalBar(
        **_sober(len(bars) * ROW + 2 * 4, value_font_size=WORDS),
        print_values=True,
        print_values_position="top",
        range=(0, max((bar.count for bar in bars), default=1) or 1),
        show_x_labels=False,
        show_x_guides=False,
        show_y_guides=False,
    )
    upwards = bars[::-1]
    chart.x_labels = [bar.label for bar in upwards]
    chart.add("", [bar.count for bar in upwards])
    return drawing(chart, caption)


def _sober(height: int, value_font_size: int = 0) -> dict[str, Any]:
    """A chart with nothing but its marks. Letters that are said to have no height are written at the mark itself."""
    style = Style(label_font_size=WORDS, major_label_font_size=WORDS, value_font_size=value_font_size)
    return {
        "width": WIDTH,
        "height": height,
        "style": style,
        "js": (),
        "no_prefix": True,
        "show_legend": False,
        "margin_top": _TOP if value_font_size == 0 else 4,
        "margin_bottom": 4,
        "margin_left": 4,
        "margin_right": _RIGHT,
        "no_data_text": "",
        "truncate_label": -1,
    }


def _outline(band: Sequence[Point]) -> list[tuple[int, float]]:
    """Along the lower bounds, back along the upper ones, to where it began."""
    lower = [(point.day.toordinal(), point.low) for point in band]
    upper = [(point.day.toordinal(), point.high) for point in reversed(band)]
    return [*lower, *upper, lower[0]]


def _value(point: Point, *, is_written: bool) -> Any:
    at = (point.day.toordinal(), point.percent)
    return {"value": at, "label": percent((point.percent or 0) / 100)} if is_written else at


def _written(points: Sequence[Point]) -> list[Point]:
    """Those whose number has room over the line: the last, the first, then as many as can be."""
    drawn = [point for point in points if point.is_drawn]
    span = (points[-1].day - points[0].day).days or 1
    room = WIDTH - _LEFT - _RIGHT
    kept: list[Point] = []
    for point in [*drawn[-1:], *drawn[:1], *reversed(drawn)]:
        if all(abs((point.day - other.day).days) * room / span >= APART for other in kept):
            kept.append(point)
    return kept


def _days(first: date, last: date) -> Iterator[dict[str, Any]]:
    """The first day and the last one in words, and the years that begin between them, where there is room."""
    yield _day(first, format_date(first, "d MMM y", locale=spoken()))
    unit = (last - first).days / (WIDTH - _LEFT - _RIGHT)
    for year in range(first.year + 1, last.year + 1):
        begun = date(year, 1, 1)
        if min((begun - first).days, (last - begun).days) >= YEARS_APART * unit:
            yield _day(begun, str(year))
    yield _day(last, format_date(last, "d MMM y", locale=spoken()))


def _day(day: date, label: str) -> dict[str, Any]:
    return {"value": day.toordinal(), "label": label}
