"""Figures with and without overrides: what an override moves, and that nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.outcome import Outcome
from checks.model.service import SUPPORTED, PhaseGroup
from reports.figures.audited import FIGURES, figures_of
from reports.figures.figure import Share
from reports.store.queries import DECLARED, ServiceOutcomes

PASSED, FAILED, CANT_TELL, INAPPLICABLE, UNTESTED = Outcome
RULES = sorted({rule for figure in FIGURES for rule in figure.rules})
ACTIVE = {rule: {"version": 2, "status": "active"} for rule in RULES}
GRADES = {"security-headers": st.sampled_from(["A+", "B", "C", "F"])}
GIVEN = st.sampled_from([PASSED, FAILED, CANT_TELL, INAPPLICABLE])

outcomes = st.dictionaries(st.sampled_from(RULES), st.sampled_from(Outcome))
overrides = st.dictionaries(st.sampled_from(RULES), GIVEN, max_size=3)
services = st.lists(
    st.builds(
        ServiceOutcomes,
        id=st.just("any"),
        group=st.sampled_from(PhaseGroup),
        has_url=st.booleans(),
        incubators=st.sampled_from([(), ("dinum",), ("dinum", "mtes")]),
        declared=st.frozensets(st.sampled_from(DECLARED)),
        outcomes=outcomes,
        values=st.fixed_dictionaries({}, optional=GRADES),
        overrides=overrides,
    ),
    max_size=12,
)
by = st.sampled_from([None, "phase", "incubator"])


def service(**more):
    return ServiceOutcomes(**({"id": "any", "group": PhaseGroup.CONSTRUCTION, "has_url": True, "outcomes": {}} | more))


def figure(judged, id_):
    (found,) = (figure for figure in figures_of(judged, ACTIVE) if figure.id == id_)
    return found


def alone(judged):
    return [replace(each, overrides={}) for each in judged]


def found(figures):
    """The figures as the machine gives them."""
    return [figure.without or figure for figure in figures]


@given(services, by)
def test_overrides_that_say_what_the_machine_says_change_nothing(judged, by):
    same = [
        replace(each, overrides={rule: told for rule, told in each.outcomes.items() if told is not UNTESTED})
        for each in judged
    ]
    assert figures_of(same, ACTIVE, by=by) == figures_of(alone(judged), ACTIVE, by=by)


@given(services, by)
def test_what_a_figure_is_without_overrides_does_not_depend_on_them(judged, by):
    assert found(figures_of(judged, ACTIVE, by=by)) == list(figures_of(alone(judged), ACTIVE, by=by))


@given(services, by)
def test_with_overrides_a_figure_is_what_these_outcomes_would_give(judged, by):
    told = [replace(each, outcomes={**each.outcomes, **each.overrides}, overrides={}) for each in judged]
    expected = figures_of(told, ACTIVE, by=by)
    for held, plain in zip(figures_of(judged, ACTIVE, by=by), expected, strict=True):
        assert (held.id, held.group, held.share) == (plain.id, plain.group, plain.share)


@given(services, st.integers(0, 11), st.sampled_from(RULES), GIVEN)
def test_an_override_moves_only_the_figures_that_hold_its_service_and_its_rule(judged, place, rule, told):
    judged = alone(judged) or [service()]
    chosen = judged[place % len(judged)]
    corrected = [replace(each, overrides={rule: told}) if each is chosen else each for each in judged]
    before, after = figures_of(judged, ACTIVE), figures_of(corrected, ACTIVE)
    is_new = chosen.outcomes.get(rule, UNTESTED) is not told
    for figure, was, now in zip(FIGURES, before, after, strict=True):
        is_held = is_new and rule in figure.rules and figure.population.includes(chosen)
        assert (now != was, now.corrections, now.without is not None) == (is_held, int(is_held), is_held)
        counted = now.share.n + now.share.inapplicable + now.share.untested
        assert counted == was.share.n + was.share.inapplicable + was.share.untested


@given(services)
def test_the_crossing_still_holds_every_service_of_the_population(judged):
    crossing = figure(judged, "declared-versus-verified-budget")
    population = sum(each.group in SUPPORTED for each in judged)
    assert sum(crossing.details.values()) == population
    assert sum((crossing.without or crossing).details.values()) == population
    declared = {key.removeprefix("declared-"): count for key, count in crossing.details.items() if key[0] == "d"}
    assert (declared["passed"], declared["failed"]) == (crossing.share.passed, crossing.share.failed)


@pytest.mark.parametrize(
    "declaration, told, both",
    [
        (PASSED, PASSED, Share(passed=1)),
        (FAILED, PASSED, Share(failed=1)),
        (CANT_TELL, PASSED, Share(undecided=1)),
        (PASSED, CANT_TELL, Share(undecided=1)),
        (PASSED, INAPPLICABLE, Share(inapplicable=1)),
    ],
)
def test_a_figure_over_two_rules_takes_the_overridden_one_with_the_other(declaration, told, both):
    machine = {"accessibility-mention": FAILED, "accessibility-declaration": declaration}
    both_rules = figure(
        [service(outcomes=machine, overrides={"accessibility-mention": told})], "accessibility-obligations"
    )
    assert (both_rules.share, both_rules.corrections) == (both, 1)
    assert both_rules.without.share == Share(failed=1)


def test_a_grade_goes_with_the_outcome_it_led_to():
    def graded(grade, outcome, *told):
        of_rule = dict.fromkeys(["security-headers"], outcome)
        return service(
            outcomes=of_rule, values=dict.fromkeys(of_rule, grade), overrides=dict(zip(of_rule, told, strict=False))
        )

    judged = [graded("A+", PASSED), graded("F", FAILED, PASSED), graded("C", FAILED, FAILED)]
    headers = figure(judged, "security-headers")
    assert (headers.share, headers.details) == (Share(passed=2, failed=1), {"A+": 1, "C": 1})
    assert (headers.without.share, headers.without.details) == (Share(passed=1, failed=2), {"A+": 1, "C": 1, "F": 1})
    assert headers.corrections == 1


def test_a_rule_without_verdict_may_be_overridden():
    https = figure([service(overrides={"https": PASSED})], "https")
    assert (https.share, https.without.share) == (Share(passed=1), Share(untested=1))


def test_what_the_registry_declares_is_crossed_with_what_people_found():
    declares = service(declared=frozenset({"budget_url"}), outcomes={"budget-page": FAILED})
    silent = service(outcomes={"budget-page": CANT_TELL}, overrides={"budget-page": PASSED})
    crossing = figure([declares, silent], "declared-versus-verified-budget")
    assert crossing.share == crossing.without.share == Share(failed=1)
    assert (crossing.details["undeclared-passed"], crossing.details["undeclared-undecided"]) == (1, 0)
    assert (crossing.without.details["undeclared-passed"], crossing.without.details["undeclared-undecided"]) == (0, 1)


def test_programs_find_both_numbers_in_every_share():
    plain = figure([service(outcomes={"https": PASSED})], "https").to_json()
    assert plain["corrections"] == 0
    assert plain["without"] == {key: plain[key] for key in plain["without"]}
    corrected = figure([service(outcomes={"https": PASSED}, overrides={"https": FAILED})], "https").to_json()
    assert plain.keys() == corrected.keys()
    assert plain["without"].keys() == corrected["without"].keys()
    assert (corrected["numerator"], corrected["without"]["numerator"], corrected["corrections"]) == (0, 1, 1)
