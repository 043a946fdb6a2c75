from __future__ import annotations

import pytest

from checks.model.service import Event, Phase, Service
from reports.figures.registry import registry_figures

TODAY = "2025-01-02"


def service(service_id, *phases, events=(), **fields):
    """Phases are ``"name start end"``, events ``"name date"``; end and date may be left out."""
    return Service(
        id=service_id,
        name=service_id,
        phases=tuple(Phase(**dict(zip(("name", "start", "end"), phase.split(), strict=False))) for phase in phases),
        events=tuple(Event(**dict(zip(("name", "date"), event.split(), strict=False))) for event in events),
        **fields,
    )


def figures(*services, today=TODAY, **options):
    return registry_figures(services, today=today, **options)


def figure(figure_id, *services, group="", **options):
    (found,) = (one for one in figures(*services, **options) if (one.id, one.group) == (figure_id, group))
    return found


def numbers(figure_id, *services, **options):
    return {one.group: one.numerator for one in figures(*services, **options) if one.id == figure_id}


ONE_OF_EACH = (
    service("i", "investigation 2024-01-01"),
    service("c", "construction 2024-01-01"),
    service("a", "acceleration 2024-01-01"),
    service("t", "transfer 2024-01-01"),
    service("k", "consolidation 2024-01-01"),
    service("s", "success 2024-01-01"),
    service("o", "opere 2024-01-01"),
    service("p", "transfere 2024-01-01"),
    service("x", "alumni 2024-01-01"),
    service("y", "abandon 2024-01-01"),
    service("z", "abandon-investigation 2024-01-01"),
    service("u", "jachère 2024-01-01"),
    service("n"),
)


def test_services_supported_are_those_of_four_groups():
    assert figure("services-supported", *ONE_OF_EACH).numerator == 7
    assert figure("services-supported", *ONE_OF_EACH).denominator is None


def test_each_phase_group_has_its_figure():
    assert numbers("services-by-phase", *ONE_OF_EACH) == {
        "investigation": 1,
        "construction": 1,
        "acceleration": 1,
        "leaving": 2,
        "perennised": 3,
        "stopped": 3,
        "unknown": 2,
    }
    assert {one.by for one in figures(*ONE_OF_EACH) if one.id == "services-by-phase"} == {"phase"}


def test_unknown_phases_are_shown_only_when_there_are_any():
    assert "unknown" not in numbers("services-by-phase", service("c", "construction 2024-01-01"))
    assert numbers("services-by-phase")["leaving"] == 0


@pytest.mark.parametrize(
    "phase_rule, as_of, expected",
    [
        ("latest-start", None, "acceleration"),
        ("last-listed", None, "stopped"),
        ("latest-start", "2023-06-01", "construction"),
        ("last-listed", "2021-06-01", "investigation"),
    ],
)
def test_the_phase_follows_the_rule_and_the_date(phase_rule, as_of, expected):
    unsorted = service(
        "u", "investigation 2021-01-01", "construction 2022-01-01", "acceleration 2024-01-01", "alumni 2021-09-01"
    )
    counts = numbers("services-by-phase", unsorted, phase_rule=phase_rule, as_of=as_of)

    assert [group for group, count in counts.items() if count] == [expected]


@pytest.mark.parametrize(
    "as_of, not_ended",
    [(None, 2), ("2024-06-30", 3), ("2025-06-01", 1)],
)
def test_investigations_are_counted_with_those_not_ended(as_of, not_ended):
    found = figure(
        "investigations",
        service("a", "investigation 2024-01-01"),
        service("b", "investigation 2024-01-01 2025-01-02"),
        service("c", "investigation 2024-01-01 2024-07-01"),
        service("d", "investigation 2023-01-01", "construction 2024-01-01"),
        as_of=as_of,
    )

    assert found.numerator == 3
    assert found.details == {"not-ended": not_ended}


SITE = {"urls": ("https://a.exemple.fr",)}
DECLARING = {
    **SITE,
    "statistics_url": "/stats",
    "budget_url": "https://b.exemple.fr",
    "repository": "https://f.exemple.fr",
}
DECLARED = (
    service("i", "investigation 2024-01-01", **DECLARING),
    service("c1", "construction 2024-01-01", **DECLARING),
    service("c2", "construction 2024-01-01"),
    service("c3", "construction 2024-01-01", statistics_url="/stats"),
    service("a", "acceleration 2024-01-01", **SITE),
    service("t", "transfer 2024-01-01", **DECLARING),
    service("s", "success 2024-01-01", **SITE, repository="https://f.exemple.fr"),
    service("x", "alumni 2024-01-01", **DECLARING),
)


@pytest.mark.parametrize(
    "figure_id, passed, population",
    [
        ("services-with-url", 4, 6),
        ("statistics-declared", 3, 6),
        ("budget-declared", 2, 6),
        ("open-source-declared", 2, 3),
        ("open-source-declared-construction", 1, 3),
        ("statistics-declared-all", 4, None),
        ("budget-declared-all", 4, None),
    ],
)
def test_declarations_are_counted_over_their_population(figure_id, passed, population):
    found = figure(figure_id, *DECLARED)

    assert (found.numerator, found.denominator) == (passed, population)


def test_a_share_of_nothing_is_unknown():
    assert figure("open-source-declared", *DECLARED[:4]).text == "n/d"


LAUREATES = (
    service("a", "construction 2024-01-01", events=("national_impact 2023-12-31", "committee 2024-03-01")),
    service("b", "acceleration 2022-01-01", events=("national_impact 2025-02-26",)),
    service("c", "alumni 2024-01-01", events=("national_impact 2021-12-31", "fast 2024-01-01")),
    service("d", "acceleration 2022-01-01", events=("fast 2024-01-01", "fast 2023-05-01", "fast")),
)


def test_national_impact_events_are_counted_with_their_dates():
    found = figure("national-impact-events", *LAUREATES)

    assert found.numerator == 3
    assert found.details["not-stopped"] == 2
    assert found.details["events"][0] == {"service": "a", "date": "2023-12-31"}


@pytest.mark.parametrize(
    "year, services",
    [(2024, ["b"]), (2022, ["a"]), (2025, [])],
)
def test_new_national_impact_services_are_entered_the_year_after(year, services):
    found = figure("national-impact-new", *LAUREATES, group=str(year), year=year, as_of=TODAY)

    assert found.numerator == len(services)
    assert [event["service"] for event in found.details["events"]] == services


def test_fast_events_are_counted_by_year_and_service():
    found = figure("fast-events", *LAUREATES)

    assert found.numerator == 4
    assert found.details["by-year"] == {"2023": 1, "2024": 2, "sans date": 1}
    assert [event["service"] for event in found.details["events"]] == ["c", "d", "d", "d"]


def test_events_after_the_date_of_the_figures_do_not_count():
    assert figure("national-impact-events", *LAUREATES, as_of="2024-12-31").numerator == 2
    assert figure("fast-events", *LAUREATES, as_of="2023-12-31").numerator == 2


LAUNCHED = (
    service("a", "construction 2024-03-01", "acceleration 2024-09-01", incubators=("dinum",)),
    service("b", "construction 2024-12-31", "abandon 2024-12-31", incubators=("dinum", "atelier")),
    service("c", "construction 2024-03-01", incubators=("atelier", "dinum")),
    service("d", "construction 2023-03-01", incubators=("dinum",)),
    service("e", "investigation 2024-03-01", incubators=("dinum",)),
    service("f", "construction 2024-03-01", incubators=("dinum_produits_interministeriels",)),
    service("g", "construction", incubators=("dinum",)),
    service("h", "construction 2024-03-01"),
)


@pytest.mark.parametrize(
    "options, launched",
    [
        ({"year": 2024}, {"2024": (["a", "b"], 3)}),
        ({"year": 2022}, {"2022": ([], 0)}),
        ({}, {"2023": (["d"], 1), "2024": (["a", "b"], 3)}),
        ({"as_of": "2024-06-01"}, {"2023": (["d"], 1), "2024": (["a"], 2)}),
    ],
)
def test_services_launched_by_dinum_enter_construction_in_the_year(options, launched):
    found = [one for one in figures(*LAUNCHED, **options) if one.id == "launched-by-dinum"]

    assert [one.by for one in found] == ["year"] * len(found)
    assert [one.numerator for one in found] == [len(one.details["services"]) for one in found]
    assert {
        one.group: (one.details["services"], one.details["with-dinum_produits_interministeriels"]) for one in found
    } == launched


def test_new_national_impact_services_are_given_for_each_year_on_record():
    given = {one.group: one.numerator for one in figures(*LAUREATES) if one.id == "national-impact-new"}

    assert given
    assert sum(given.values()) == figure("national-impact-events", *LAUREATES).numerator


def test_a_service_of_two_incubators_counts_once_in_the_total_and_once_in_each():
    services = (
        service("a", "construction 2024-01-01", incubators=("atelier", "fabrique")),
        service("b", "success 2024-01-01", incubators=("fabrique",)),
        service("c", "alumni 2024-01-01", incubators=("fabrique",)),
        service("d", "investigation 2024-01-01", incubators=("chantier",)),
    )

    assert figure("services-supported", *services).numerator == 2
    assert list(numbers("services-by-incubator", *services).items()) == [("fabrique", 2), ("atelier", 1)]
    assert {one.by for one in figures(*services) if one.id == "services-by-incubator"} == {"incubator"}


def test_every_figure_says_what_it_counts_in_full():
    found = figures(*DECLARED, *LAUREATES, *LAUNCHED, year=2024)

    assert len({(one.id, one.group) for one in found}) == len(found)
    for one in found:
        assert one.label
        assert one.population
        assert one.definition.endswith(".")
        assert one.to_json()["numerator"] == one.numerator
