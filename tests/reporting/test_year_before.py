from __future__ import annotations

import pytest

from reports.figures.figure import Share
from reports.figures.past import Counted, is_year_before, year_before
from reports.language import speaking
from reports.render.annual import year_of
from tests.reporting.annual_run import counted, figure, report, run

NOW = "2026-11-23"


@pytest.mark.parametrize(
    "days, expected",
    [
        ((), None),
        (("2026-11-22",), "2026-11-22"),
        (("2026-10-01", "2025-12-01", "2025-11-20", "2024-11-23"), "2025-11-20"),
        (("2026-02-23",), "2026-02-23"),
        (("2026-06-01", "2026-02-24", "2025-08-23"), "2025-08-23"),
        (("2026-10-01", "2026-09-01"), "2026-09-01"),
        (("2026-10-01", "2023-09-01"), "2023-09-01"),
    ],
)
def test_the_run_nearest_to_a_year_before_else_the_oldest(days, expected):
    found = year_before(run(NOW), [run(day) for day in days])
    assert (found.as_of if found else None) == expected


@pytest.mark.parametrize(
    "day, is_near", [("2025-08-23", True), ("2025-08-22", False), ("2026-02-23", True), ("2026-02-24", False)]
)
def test_three_months_around_a_year_before(day, is_near):
    assert is_year_before(run(NOW), run(day)) is is_near


def rows(before: Counted | None, **changes):
    return year_of(report(year_before=before, **changes)).rows


def test_differences_are_in_services_and_in_points():
    (first, *_) = rows(counted("2025-11-20", Share(passed=100, failed=100)))
    assert first.line.difference == 70
    assert first.line.points == 22.0
    assert not first.notes


def test_another_version_of_a_rule_is_noted():
    before = Counted(run=run("2025-11-20", rule=4), figures=(figure(Share(passed=1, failed=1)),))
    (first, *others) = rows(before)
    assert first.notes == ("La règle accessibility-mention a changé : version 4, puis 1.",)
    assert not any(row.notes for row in others)


def test_another_rule_of_phases_is_noted():
    """Of audited figures too: the phase says which services they are about."""
    before = Counted(
        run=run("2025-11-20", settings={"phase_rule": "last-listed"}),
        figures=(
            figure(Share(passed=1, failed=1)),
            figure(id="services-supported", count=240),
            figure(id="launched-by-dinum", by="year", group="2024", count=7),
        ),
    )
    launched = figure(id="launched-by-dinum", by="year", group="2025", count=11)
    first, second, third = rows(before, registry_figures=(figure(id="services-supported", count=248), launched))
    assert first.notes == second.notes == ("La phase d'un service n'est pas définie de même dans les deux audits.",)
    assert not third.notes


def test_a_figure_that_the_other_run_lacks_is_new():
    (first, *_) = rows(counted("2025-11-20", None))
    assert first.line.is_new
    assert not first.notes


def test_a_row_of_the_finance_bill_is_compared_with_the_year_before():
    launched = [
        figure(id="launched-by-dinum", by="year", group=year, count=count)
        for year, count in (("2025", 11), ("2024", 7))
    ]
    before = Counted(run=run("2025-11-20"), figures=(launched[1],))
    (row,) = rows(before, figures=(), registry_figures=(launched[0],))
    assert (row.line.difference, row.line.before.group) == (4, "2024")


def test_parts_that_are_no_phase_are_not_compared():
    assert [row.line.figure.id for row in rows(None)] == ["accessibility-obligations", "services-supported"]


def test_the_comparison_says_whether_it_is_with_the_year_before():
    assert year_of(report(year_before=counted("2025-11-20"))).is_year
    assert not year_of(report(year_before=counted("2026-11-20"))).is_year
    assert year_of(report()).before is None


@pytest.mark.parametrize(
    "now, before", [(Share(undecided=40), Share(passed=9)), (Share(passed=9), Share(inapplicable=12))]
)
def test_nothing_is_said_of_a_difference_with_what_could_not_be_judged(now, before):
    (first, *_) = rows(counted("2025-11-20", before), figures=(figure(now),))
    assert first.moved == ""


def test_differences_are_written_in_the_language_spoken():
    with speaking("en"):
        moved, new = rows(counted("2025-11-20", Share(passed=107, failed=93)))
        assert moved.moved == "+63 (+18.5\N{NO-BREAK SPACE}pts)"
        assert new.moved == "new"
