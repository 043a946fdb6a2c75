from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.outcome import Outcome
from checks.model.service import SUPPORTED, PhaseGroup
from reports.figures.audited import FIGURES, all_of, figures_of
from reports.figures.figure import Share
from reports.store.queries import DECLARED, ServiceOutcomes

PASSED, FAILED, CANT_TELL, INAPPLICABLE, UNTESTED = Outcome
RULES = sorted({rule for figure in FIGURES for rule in figure.rules})
ACTIVE = {rule: {"version": 2, "status": "active"} for rule in RULES}


def service(id_, group=PhaseGroup.CONSTRUCTION, **more):
    return ServiceOutcomes(**({"id": id_, "group": group, "has_url": True, "outcomes": {}} | more))


def figure(figures, id_, group=""):
    (found,) = (figure for figure in figures if (figure.id, figure.group) == (id_, group))
    return found


shares = st.builds(
    Share,
    passed=st.integers(0, 300),
    failed=st.integers(0, 300),
    undecided=st.integers(0, 300),
    inapplicable=st.integers(0, 300),
    untested=st.integers(0, 300),
)
services = st.lists(
    st.builds(
        ServiceOutcomes,
        id=st.just("any"),
        group=st.sampled_from(PhaseGroup),
        has_url=st.booleans(),
        incubators=st.lists(st.sampled_from(["dinum", "mtes", "anct"]), max_size=3).map(tuple),
        sponsors=st.lists(st.sampled_from(["dgfip", "dila"]), max_size=2).map(tuple),
        declared=st.frozensets(st.sampled_from(DECLARED)),
        outcomes=st.dictionaries(st.sampled_from(RULES), st.sampled_from(Outcome)),
    ),
    max_size=20,
)


@given(st.lists(st.sampled_from(Outcome)))
def test_a_share_is_what_counting_by_hand_gives(outcomes):
    share = Share.of(outcomes)
    said = [outcome for outcome in outcomes if outcome in {PASSED, FAILED}]
    known = [outcome for outcome in outcomes if outcome in {PASSED, FAILED, CANT_TELL}]
    assert share.value == (said.count(PASSED) / len(said) if said else None)
    assert (share.decided, share.n) == (len(said), len(known))
    assert share.low == (sum(outcome is PASSED for outcome in known) / len(known) if known else None)
    assert share.high == (sum(outcome is not FAILED for outcome in known) / len(known) if known else None)
    assert share.n + share.inapplicable + share.untested == len(outcomes)


@given(shares)
def test_the_bounds_hold_the_share(share):
    if share.n == 0:
        assert (share.low, share.value, share.high) == (None, None, None)
        return
    assert 0 <= share.low <= share.high <= 1
    if share.value is not None:
        assert share.low <= share.value <= share.high


@given(shares, st.integers(0, 300))
def test_undecided_services_never_move_the_share(share, undecided):
    other = Share(passed=share.passed, failed=share.failed, undecided=undecided)
    assert other.value == share.value


@given(shares)
def test_one_more_pass_lowers_nothing(share):
    more = Share(passed=share.passed + 1, failed=share.failed, undecided=share.undecided)
    for before, after in ((share.value, more.value), (share.low, more.low), (share.high, more.high)):
        assert after >= (before or 0)


@given(shares, st.sampled_from(["inapplicable", "untested"]))
def test_services_that_are_not_asked_are_counted_beside(share, beside):
    asked = Share(passed=share.passed, failed=share.failed, undecided=share.undecided)
    with_others = Share(passed=share.passed, failed=share.failed, undecided=share.undecided, **{beside: 7})
    assert (asked.n, asked.value, asked.low, asked.high) == (
        with_others.n, with_others.value, with_others.low, with_others.high,
    )  # fmt: skip


@pytest.mark.parametrize(
    "mention, declaration, both",
    [
        (PASSED, PASSED, PASSED),
        (PASSED, FAILED, FAILED),
        (PASSED, CANT_TELL, CANT_TELL),
        (PASSED, INAPPLICABLE, INAPPLICABLE),
        (PASSED, UNTESTED, UNTESTED),
        (FAILED, FAILED, FAILED),
        (FAILED, CANT_TELL, FAILED),
        (FAILED, INAPPLICABLE, FAILED),
        (FAILED, UNTESTED, FAILED),
        (CANT_TELL, CANT_TELL, CANT_TELL),
        (CANT_TELL, INAPPLICABLE, CANT_TELL),
        (CANT_TELL, UNTESTED, CANT_TELL),
        (INAPPLICABLE, INAPPLICABLE, INAPPLICABLE),
        (INAPPLICABLE, UNTESTED, UNTESTED),
        (UNTESTED, UNTESTED, UNTESTED),
    ],
)
def test_two_rules_make_one_outcome(mention, declaration, both):
    assert all_of([mention, declaration]) is both
    assert all_of([declaration, mention]) is both


@pytest.mark.parametrize("id_", ["accessibility-obligations", "https"])
def test_every_service_with_an_address_that_is_not_stopped_counts(id_):
    rules = next(figure.rules for figure in FIGURES if figure.id == id_)
    judged = [
        service("any", group, has_url=has_url, outcomes=dict.fromkeys(rules, PASSED))
        for group in PhaseGroup
        for has_url in (True, False)
    ]
    assert figure(figures_of(judged, ACTIVE), id_).share == Share(passed=len(PhaseGroup) - 1)


@pytest.mark.parametrize(
    "id_, rule, groups",
    [
        ("statistics-pages", "statistics-page", SUPPORTED),
        ("budget-pages", "budget-page", SUPPORTED),
        ("open-source", "source-code", {PhaseGroup.ACCELERATION, PhaseGroup.LEAVING, PhaseGroup.PERENNISED}),
    ],
)
def test_transparency_is_asked_of_some_phases_only(id_, rule, groups):
    judged = [service("any", group, has_url=False, outcomes={rule: PASSED}) for group in PhaseGroup]
    by_phase = [found.group for found in figures_of(judged, ACTIVE, by="phase") if found.id == id_]
    assert by_phase == [group for group in PhaseGroup if group in groups]
    assert figure(figures_of(judged, ACTIVE), id_).share == Share(passed=len(groups))


def test_a_service_without_a_verdict_is_untested():
    found = figure(figures_of([service("any", outcomes={"accessibility-mention": PASSED})], ACTIVE), "https")
    assert found.share == Share(untested=1)
    assert found.text == "n/d"


@pytest.mark.parametrize("missing", [{"status": "evaluation", "version": 1}, {"status": "retired", "version": 1}, None])
@pytest.mark.parametrize("rule", RULES)
def test_a_figure_is_left_out_when_a_rule_of_it_does_not_count(rule, missing):
    rules = {key: value for key, value in (ACTIVE | {rule: missing}).items() if value}
    expected = [figure.id for figure in FIGURES if rule not in figure.rules]
    assert expected != [figure.id for figure in FIGURES]
    assert [found.id for found in figures_of([service("any")], rules)] == expected


def test_a_definition_names_the_rules_and_their_versions():
    found = figure(figures_of([], ACTIVE), "accessibility-obligations")
    assert "accessibility-mention (version 2) et accessibility-declaration (version 2)" in found.definition
    assert found.text == "n/d"


def test_a_service_of_two_incubators_counts_once_in_the_whole_and_once_for_each():
    judged = [
        service("both", incubators=("mtes", "dinum", "mtes"), outcomes={"https": PASSED}),
        service("one", incubators=("Écologie",), outcomes={"https": FAILED}),
        service("none", outcomes={"https": FAILED}),
    ]
    assert figure(figures_of(judged, ACTIVE), "https").share == Share(passed=1, failed=2)
    parts = [found for found in figures_of(judged, ACTIVE, by="incubator") if found.id == "https"]
    assert [(found.by, found.group, found.share) for found in parts] == [
        ("incubator", "dinum", Share(passed=1)),
        ("incubator", "Écologie", Share(failed=1)),
        ("incubator", "mtes", Share(passed=1)),
    ]


@given(services)
def test_the_phases_add_up_to_the_whole(judged):
    parts = figures_of(judged, ACTIVE, by="phase")
    for whole in figures_of(judged, ACTIVE):
        shares_of = [part.share for part in parts if part.id == whole.id]
        for count in ("passed", "failed", "undecided", "inapplicable", "untested"):
            assert sum(getattr(share, count) for share in shares_of) == getattr(whole.share, count)


@given(services)
def test_every_service_of_the_population_is_in_one_cell_of_the_crossing(judged):
    population = [each for each in judged if each.group in SUPPORTED]
    found = figure(figures_of(judged, ACTIVE), "declared-versus-verified-budget")
    assert sum(found.details.values()) == len(population)
    declaring = [each.outcomes.get("budget-page", UNTESTED) for each in population if "budget_url" in each.declared]
    assert found.share == Share.of(declaring)
    silent = [each.outcomes.get("budget-page") for each in population if "budget_url" not in each.declared]
    assert found.details["undeclared-passed"] == silent.count(PASSED)
    assert found.details["undeclared-undecided"] == silent.count(CANT_TELL)


@pytest.mark.parametrize(
    "id_, field, rule",
    [
        ("declared-versus-verified-statistics", "statistics_url", "statistics-page"),
        ("declared-versus-verified-budget", "budget_url", "budget-page"),
        ("declared-versus-verified-source-code", "repository", "source-code"),
    ],
)
def test_what_the_registry_declares_is_crossed_with_what_the_site_says(id_, field, rule):
    judged = [
        *(
            service("yes", declared=frozenset({field}), outcomes={rule: outcome})
            for outcome in (PASSED, PASSED, FAILED)
        ),
        *(service("no", outcomes={rule: outcome}) for outcome in (FAILED, CANT_TELL)),
    ]
    found = figure(figures_of(judged, ACTIVE), id_)
    assert found.share == Share(passed=2, failed=1)
    assert {cell: count for cell, count in found.details.items() if count} == {
        "declared-passed": 2,
        "declared-failed": 1,
        "undeclared-failed": 1,
        "undeclared-undecided": 1,
    }


def test_grades_are_counted_beside_the_share_of_good_ones():
    graded = {"un": ("A+", PASSED), "deux": ("F", FAILED), "trois": ("A+", PASSED), "quatre": (None, CANT_TELL)}
    services = [
        service(name, outcomes={"security-headers": outcome}, values={"security-headers": grade} if grade else {})
        for name, (grade, outcome) in graded.items()
    ]

    found = figure(figures_of(services, ACTIVE), "security-headers")

    assert (found.share.passed, found.share.failed, found.share.undecided) == (2, 1, 1)
    assert list(found.details.items()) == [("A+", 2), ("F", 1)]
