"""What changed between two runs of a database."""

from __future__ import annotations

import pytest

from reports.cli import since as module
from reports.cli.since import since
from reports.figures.news import Kind, Origin, Passage
from reports.store.differences import changed_services, incubators
from tests.reporting.loaded_runs import STOPPED, Runs, service

A, B, C, D, E = (service(name) for name in "abcde")
OVERRIDE = """[[override]]
service = "{}"
rule = "https"
outcome = "passed"
reason = "Vu."
author = "A"
evidence = "https://a.fr/"
until = 2027-05-23
"""


def says(**outcomes: str) -> dict[str, str]:
    return {"https": "passed", "statistics-page": "passed"} | {
        rule.replace("_", "-"): said for rule, said in outcomes.items()
    }


@pytest.fixture
def runs(tmp_path, database):
    made = Runs(tmp_path, database)
    yield made
    made.engine.dispose()


@pytest.fixture
def two(runs):
    """``a`` falls, ``b`` mends, ``c`` is the same, ``d`` goes and ``e`` comes, ``f`` is corrected, ``g`` stops."""
    f, g, g_stopped = service("f", incubators=("anct", "dinum")), service("g"), service("g", phases=STOPPED)
    old = runs.add(
        "old", 1,
        {A: says(), B: says(statistics_page="failed"), C: says(), D: says(), f: says(https="failed"), g: says()},
    )  # fmt: skip
    new = runs.add(
        "new", 2,
        {A: says(https="failed"), B: says(), C: says(), E: says(https="failed"), f: says(https="failed"), g_stopped: {}},
        overrides=OVERRIDE.format("f"),
    )  # fmt: skip
    return old, new


def test_only_what_differs_is_read(runs, two):
    assert changed_services(runs.engine, "old", "new") == ("a", "b", "d", "e", "f", "g")
    assert changed_services(runs.engine, "new", "old") == ("a", "b", "d", "e", "f", "g")
    assert changed_services(runs.engine, "new", "new") == ()
    assert incubators(runs.engine, "old", "new") == ("anct", "dinum")


def test_a_service_without_any_verdict_stops_too(runs):
    old = runs.add("old", 1, {A: {}, B: {}})
    new = runs.add("new", 2, {service("a", phases=STOPPED): {}, B: {}})
    with since(runs.engine, old, new, None) as (found, _):
        assert [(news.service, news.passage) for news in found.all()] == [("a", Passage.LEFT)]


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_the_changes_by_kind(runs, two, batch, monkeypatch):
    monkeypatch.setattr(module, "BATCH", batch)
    with since(runs.engine, *two, runs.folder / "runs") as (found, crashes):
        assert crashes == ()
        assert found.has_passages
        lists = {kind: [(news.service, shift.rule) for news, shift in found.shifts(kind)] for kind in Kind}
        assert lists == {
            Kind.WORSE: [("a", "https")],
            Kind.BETTER: [("b", "statistics-page"), ("f", "https")],
            Kind.DECIDED: [],
            Kind.UNDECIDED: [],
            Kind.DROPPED: [],
        }
        assert {kind: found.count(kind) for kind in Kind} == {kind: len(ones) for kind, ones in lists.items()}
        assert found.counts[Kind.BETTER, (Origin.SITE,)] == found.counts[Kind.BETTER, (Origin.PERSON,)] == 1
        assert [news.service for news in found.passed(Passage.ENTERED)] == ["e"]
        assert [(news.service, news.is_stopped) for news in found.passed(Passage.LEFT)] == [("d", False), ("g", True)]
        assert found.passages == {Passage.ENTERED: 1, Passage.LEFT: 2}
        assert [(news.service, one.after.author) for news, one in found.corrected()] == [("f", "A")]
        assert found.corrections == 1


def test_the_changes_of_an_incubator_are_read_as_often_as_asked(runs, two):
    with since(runs.engine, *two, None) as (found, _):
        for _ in range(2):
            assert [news.service for news in found.of("anct")] == ["f"]
        # Two readers at once do not disturb each other.
        pairs = list(zip(found.of("dinum"), found.all(), strict=True))
        assert all(one == other for one, other in pairs)
        assert len(pairs) == 6
        assert list(found.of("personne")) == []


def test_without_the_folder_only_a_site_is_told(runs):
    old = runs.add("old", 1, {A: says(), B: says()})
    moved = service("b", urls=("https://ailleurs.fr/",))
    new = runs.add("new", 2, {A: says(https="failed"), moved: says(https="failed")})
    with since(runs.engine, old, new, runs.folder / "nulle-part") as (found, _):
        origins = {news.service: shift.origins for news, shift in found.shifts(Kind.WORSE)}
    assert origins == {"a": (Origin.SITE,), "b": (Origin.UNKNOWN,)}


def test_audits_of_other_choices_say_nothing_of_who_came_or_left(runs):
    old = runs.add("old", 1, {A: says(), B: says()})
    new = runs.add("new", 2, {A: says(https="failed"), C: says()}, settings={"only": ["a", "c"]})
    with since(runs.engine, old, new, None) as (found, _):
        assert not found.has_passages
        assert [news.service for news in found.all()] == ["a"]
        assert found.passages == {}


def test_many_changes_wait_in_a_file(runs, monkeypatch):
    monkeypatch.setattr(module, "MEMORY", 10)
    some = [service(f"s{number:03}") for number in range(40)]
    old = runs.add("old", 1, {one: says() for one in some})
    new = runs.add("new", 2, {one: says(https="failed") for one in some})
    with since(runs.engine, old, new, None) as (found, _):
        assert [news.service for news in found.all()] == [one.id for one in some]
        assert found.count(Kind.WORSE) == 40
