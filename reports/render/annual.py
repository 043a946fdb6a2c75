"""The figures of the year beside those of the year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports.figures.audited import FIGURES
from reports.figures.figure import Figure, Share
from reports.figures.past import Counted, is_year_before
from reports.language import _
from reports.render.compared import Line
from reports.render.report import Report
from reports.store.records import RunRecord

_RULES = {figure.id: figure.rules for figure in FIGURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure, the same one in the run of the year before, why the two may not be compared, and what may explain them."""

    line: Line
    notes: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def moved(self) -> str:
        """Nothing where one of the runs judged nobody: what it gives is no number, not zero."""
        both = (self.line.figure.share, self.line.before and self.line.before.share)
        return "" if any(share and share.value is None for share in both) else self.line.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The figures of a run against those of ``before``: a run of about one year before, or the oldest, or none."""

    rows: tuple[Row, ...]
    before: RunRecord | None
    is_year: bool

    @property
    def has_notes(self) -> bool:
        return any(row.notes for row in self.rows)


def year_of(report: Report) -> Year:
    before = report.year_before
    return Year(
        rows=tuple(_row(figure, report.run, before) for figure in _compared(report)),
        before=before.run if before else None,
        is_year=before is not None and is_year_before(report.run, before.run),
    )


def _compared(report: Report) -> Iterator[Figure]:
    yield from report.figures
    yield from (figure for figure in report.registry_figures if figure.by in {"", "phase", "year"})


def _row(figure: Figure, run: RunRecord, before: Counted | None) -> Row:
    same = next((one for one in before.figures if _key(one) == _key(figure)), None) if before else None
    line = Line(figure=figure, is_compared=before is not None, before=same)
    if before is None or same is None:
        return Row(line=line)
    return Row(line=line, notes=tuple(_notes(figure, run, before.run)), doubt=_doubt(figure.share, same.share))


def _doubt(now: Share | None, then: Share | None) -> str:
    """What a chart says of its ends: undecided services alone may make the difference."""
    if not now or not then or now.value == then.value:
        return ""
    is_shared = max(now.low or 0, then.low or 0) <= min(now.high or 0, then.high or 0)
    return _("Les indéterminés suffiraient à expliquer l'écart.") if is_shared and now.n and then.n else ""


def _key(figure: Figure) -> tuple[str, str, str]:
    """What is counted of a year is compared with what was counted of another."""
    return figure.id, figure.by, "" if figure.by == "year" else figure.group


def _notes(figure: Figure, run: RunRecord, before: RunRecord) -> Iterator[str]:
    for rule in _RULES.get(figure.id, ()):
        now, then = _version(run, rule), _version(before, rule)
        if now != then:
            yield _("La règle {rule} a changé : version {then}, puis {now}.").format(rule=rule, then=then, now=now)
    if figure.by != "year" and _setting(run, "phase_rule") != _setting(before, "phase_rule"):
        yield _("La phase d'un service n'est pas définie de même dans les deux audits.")


def _version(run: RunRecord, rule: str) -> Any:
    return run.state.get("ruleset", {}).get("rules", {}).get(rule, {}).get("version")


def _setting(run: RunRecord, name: str) -> Any:
    return run.state.get("settings", {}).get(name, "latest-start")
