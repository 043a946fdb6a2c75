"""What a service adds to a figure of the registry: the parts make the figure, for every registry."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.service import PHASE_GROUPS, Event, Phase, Service
from reports.figures.figure import Figure
from reports.figures.registry import registry_figures
from reports.figures.tracing import FIELDS, counted_by_registry

days = st.sampled_from([None, "2023-05-01", "2024-02-29", "2025-06-01"])
services = st.lists(
    st.builds(
        Service,
        id=st.uuids().map(str),
        name=st.just("S"),
        urls=st.sampled_from([(), ("https://s.fr/",)]),
        incubators=st.lists(st.sampled_from(["dinum", "mtes"]), max_size=2, unique=True).map(tuple),
        phases=st.lists(st.builds(Phase, name=st.sampled_from([*PHASE_GROUPS, "jachère"]), start=days), max_size=3).map(
            tuple
        ),
        events=st.lists(
            st.builds(Event, name=st.sampled_from(["fast", "national_impact", "committee"]), date=days), max_size=3
        ).map(tuple),
        statistics_url=st.sampled_from([None, "/stats", "https://s.fr/stats"]),
        budget_url=st.sampled_from([None, "https://pad.fr/b"]),
        repository=st.sampled_from([None, "https://github.com/o/s"]),
    ),
    max_size=8,
)


def figures(listed) -> tuple[Figure, ...]:
    return registry_figures(listed, today="2026-01-01")


@settings(deadline=None, max_examples=50)
@given(services)
def test_the_services_make_the_figure(listed):
    alone = {service.id: figures([service]) for service in listed}
    for figure in figures(listed):
        counted = [one for service in listed if (one := counted_by_registry(service, figure, alone[service.id]))]
        sums = Counter()
        for one in counted:
            sums[one.outcome.value] += one.times
        assert sums["passed"] == figure.numerator
        assert sums["failed"] == (figure.share.failed if figure.share else 0)
        assert all(set(one.fields) == set(FIELDS[figure.id]) for one in counted)


EVERYTHING = Service(
    id="s",
    name="S",
    urls=("https://s.fr/",),
    incubators=("dinum",),
    phases=(Phase(name="construction", start="2024-01-01"),),
    events=(Event(name="national_impact", date="2025-02-01"), Event(name="committee")),
    statistics_url="https://s.fr/stats",
    budget_url="https://s.fr/budget",
    repository="https://github.com/o/s",
)


def test_every_figure_of_the_registry_has_its_fields():
    assert {figure.id for figure in figures([EVERYTHING])} == set(FIELDS)


def test_of_the_events_those_that_count_are_shown():
    known = figures([EVERYTHING])
    (figure,) = (one for one in known if one.id == "national-impact-events")

    counted = counted_by_registry(EVERYTHING, figure, known)

    assert counted is not None
    assert counted.fields == {"events": EVERYTHING.events[:1]}
