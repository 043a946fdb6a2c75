"""What each cause adds to a figure: the parts make the whole, and the ends are the figures that both runs publish."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.figures.audited import figures_of
from reports.figures.changes import Cause, Entry, Steps
from reports.figures.comparison import differences, total
from reports.figures.figure import Figure, Share
from reports.figures.moves import Move, Moves, outcomes_at

RULES = ("accessibility-mention", "accessibility-declaration", "statistics-page", "source-code")
ACTIVE = {rule: {"version": 2, "status": "active"} for rule in RULES}
VERDICTS = {
    outcome: Verdict(run="r", service="s", rule="any", version=2, outcome=outcome, reason="any", at="2026")
    for outcome in Outcome
}
verdicts = st.sampled_from([None, *VERDICTS.values()])
entries = st.builds(
    Entry,
    service=st.builds(
        Service,
        id=st.just("s"),
        name=st.just("S"),
        urls=st.sampled_from([(), ("https://s.fr/",)]),
        statistics_url=st.sampled_from([None, "https://s.fr/stats"]),
        accessibility_status=st.sampled_from([None, "non conforme"]),
    ),
    group=st.sampled_from(PhaseGroup),
    verdicts=st.just({}),
)
taken = st.fixed_dictionaries(
    {
        rule: st.builds(
            Steps, before=verdicts, ruled=verdicts, listed=verdicts, mixed=verdicts, after=verdicts, why=st.none()
        )
        for rule in RULES
    }
)
services = st.lists(
    st.tuples(st.none() | entries, st.none() | entries, taken).filter(lambda one: one[0] or one[1]), max_size=20
)


def moved(listed, before=ACTIVE, after=ACTIVE) -> tuple[Move, ...]:
    moves = Moves(before, after)
    for one in listed:
        moves.add(*one)
    return moves.moves()


@given(services)
def test_the_parts_add_up_to_the_whole(listed):
    for move in moved(listed):
        parts, whole = differences(move), total(move)
        assert len(parts) == len(Cause)
        assert sum(one.numerator for one in parts) == whole.numerator == move.after.passed - move.before.passed
        assert sum(one.denominator for one in parts) == whole.denominator == move.after.decided - move.before.decided
        assert sum(one.undecided for one in parts) == whole.undecided
        exact = [Fraction(share.passed, share.decided) if share.decided else None for share in move.shares]
        if None not in exact:
            steps = [after - before for before, after in pairwise(exact)]
            assert sum(steps) == exact[-1] - exact[0]
            tenths = [round(10 * one.points) for one in parts]
            assert sum(tenths) == round(10 * whole.points), "as printed, too"
            assert all(abs(tenth - 1000 * step) <= 1.01 for tenth, step in zip(tenths, steps, strict=True))


@given(services)
def test_its_ends_are_the_figures_of_both_runs(listed):
    moves = {move.figure.id: move for move in moved(listed)}
    old = figures_of((outcomes_at(0, old, taken) for old, _, taken in listed if old), ACTIVE)
    new = figures_of((outcomes_at(4, new, taken) for _, new, taken in listed if new), ACTIVE)

    assert [figure.id for figure in new] == list(moves)
    for before, after in zip(old, new, strict=True):
        assert moves[before.id].before == before.share
        assert moves[after.id].after == after.share


def steps(*said: Outcome | None) -> Steps:
    names = ("before", "ruled", "listed", "mixed", "after")
    return Steps(**{name: VERDICTS[one] if one else None for name, one in zip(names, said, strict=True)})


def entry(group=PhaseGroup.ACCELERATION) -> Entry:
    return Entry(service=Service(id="s", name="S", urls=("https://s.fr/",)), group=group, verdicts={})


def test_each_cause_moves_what_it_moved():
    yes, no = Outcome.PASSED, Outcome.FAILED
    listed = [
        (entry(), entry(), {"source-code": steps(yes, no, no, no, no)}),
        (entry(), entry(PhaseGroup.CONSTRUCTION), {"source-code": steps(yes, yes, yes, yes, yes)}),
        (None, entry(), {"source-code": steps(None, None, yes, yes, yes)}),
        (entry(), entry(), {"source-code": steps(yes, yes, yes, yes, no)}),
        (entry(), entry(), {"source-code": steps(yes, yes, yes, no, no)}),
    ]
    (move,) = (move for move in moved(listed) if move.figure.id == "open-source")
    parts = dict(zip(Cause, differences(move), strict=True))

    assert (move.before.passed, move.before.decided) == (4, 4)
    assert (parts[Cause.RULE].numerator, parts[Cause.RULE].denominator) == (-1, 0)
    # One leaves the population, one enters it.
    assert (parts[Cause.REGISTRY].numerator, parts[Cause.REGISTRY].denominator) == (0, 0)
    assert (parts[Cause.INDISTINCT].numerator, parts[Cause.SITE].numerator) == (-1, -1)
    assert (move.after.passed, move.after.decided) == (1, 4)
    assert move.has_moved


def test_moves_that_cancel_are_moves():
    yes, no = Outcome.PASSED, Outcome.FAILED
    (move,) = (
        move
        for move in moved([(entry(), entry(), {"source-code": steps(yes, no, no, no, yes)})])
        if move.figure.id == "open-source"
    )

    assert move.before == move.after
    assert move.has_moved


def test_a_figure_of_one_run_alone_is_compared_with_nothing():
    less = {rule: about for rule, about in ACTIVE.items() if rule != "source-code"}
    listed = [(entry(), entry(), {"source-code": steps(*[Outcome.PASSED] * 5)})]
    found = {
        (before is less, move.figure.id): move
        for before, after in product((less, ACTIVE), repeat=2)
        if before is not after
        for move in moved(listed, before, after)
    }

    assert found[True, "open-source"].is_new
    assert found[False, "open-source"].is_gone
    assert len(found[True, "open-source"].shares) == len(found[False, "open-source"].shares) == 1
    assert not found[True, "statistics-pages"].is_new


def test_points_add_up_as_printed():
    """By a sixth, then by a sixth again: 16,7 and 16,7 would make 33,4 where the whole is 33,3."""
    thirds = [Share(passed=passed, failed=6 - passed) for passed in (2, 3, 4, 4, 4)]
    move = Move(figure=figure_of(thirds[-1]), shares=tuple(thirds))

    assert [one.points for one in differences(move)] == [16.7, 16.7, 0, 0]
    assert total(move).points == 33.4, "66,7 − 33,3, as anyone may check on the page"


def figure_of(share: Share) -> Figure:
    return Figure(id="any", label="", population="", definition="", share=share)
