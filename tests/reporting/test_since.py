"""What changed for a service from one run to the next, in the outcomes that count, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.figures.changes import Retried, Terms, Why
from reports.figures.news import Kind, News, Origin, Passage
from reports.figures.since import kind_of, news_of, without_captures
from reports.overrides.override import Override
from reports.store.records import AuditedService

RULE = "budget-page"
SERVICE = Service(id="un", name="Un", urls=("https://un.fr/",), incubators=("dinum", "dinum", "anct"))
SAME, NEWER = (Terms(before={RULE: 1}, after={RULE: after}, today={RULE: after}) for after in (1, 2))


def verdict(said: str) -> Verdict:
    outcome, _, reason = said.partition("/")
    return Verdict(
        run="r", service="un", rule=RULE, version=1, outcome=Outcome(outcome), reason=reason, at="2026-11-23T06:00:00Z"
    )


def override(outcome: str) -> Override:
    return Override(
        service="un", rule=RULE, outcome=Outcome(outcome), reason="Vu.", author="A", evidence="https://a.fr/",
        until=date(2027, 1, 1),
    )  # fmt: skip


def audited(said: str | None, corrected: str | None = None, **more) -> AuditedService:
    """``said`` is outcome/reason of the machine, ``corrected`` the outcome that a person found."""
    return AuditedService(
        service=more.get("service", SERVICE),
        group=more.get("group", PhaseGroup.CONSTRUCTION),
        verdicts=(verdict(said),) if said else (),
        overrides=(override(corrected),) if corrected else (),
    )


KINDS = {
    ("passed", "failed"): "worse",
    ("failed", "passed"): "better",
    ("cantTell", "failed"): "decided",
    ("untested", "passed"): "decided",
    ("inapplicable", "failed"): "decided",
    (None, "failed"): "decided",
    ("passed", "cantTell"): "undecided",
    ("failed", "cantTell"): "undecided",
    (None, "cantTell"): "undecided",
    ("inapplicable", "cantTell"): "undecided",
    ("untested", "cantTell"): "undecided",
    ("failed", "inapplicable"): "dropped",
    ("passed", "untested"): "dropped",
    ("cantTell", "inapplicable"): "dropped",
    ("passed", None): "dropped",
}


def test_undecided_is_never_worse_and_every_change_has_one_kind():
    outcomes = [None, *Outcome]
    found = {(one, two): kind_of(one, two) for one, two in product(outcomes, outcomes)}
    for (one, two), kind in KINDS.items():
        assert found[one and Outcome(one), two and Outcome(two)] == kind, (one, two)
    for (one, two), kind in found.items():
        if kind is Kind.WORSE:
            assert (one, two) == (Outcome.PASSED, Outcome.FAILED)
        silent = {None, Outcome.INAPPLICABLE, Outcome.UNTESTED}
        assert (kind is None) is (one is two or {one, two} <= silent), (one, two)


def judged_again(ruled: str | None = None, listed: str | None = None) -> Retried:
    sides = ({RULE: verdict(said)} if said else {} for said in (ruled, listed))
    return Retried(ruled=next(sides), listed=next(sides), is_same_entry=listed is None)


REGISTERED = replace(SERVICE, budget_url="https://un.fr/budget")
ORIGINS = {
    # (machine before, correction), (machine after, correction), rules, what judging again says: kind, origins
    "the site": (("passed/a",), ("failed/b",), SAME, None, "worse", "site"),
    "the rule": (("passed/a",), ("failed/b",), NEWER, judged_again("failed/b"), "worse", "rule"),
    "the rule, then the site": (
        ("passed/a",), ("failed/b",), NEWER, judged_again("cantTell/c"), "worse", "rule site",
    ),
    "another version that says the same": (("passed/a",), ("failed/b",), NEWER, judged_again("passed/a"), "worse", "site"),
    "captures that are gone": (("passed/a",), ("failed/b",), NEWER, None, "worse", "unknown"),
    "a visit that was not made": (("passed/a",), ("untested/not-run",), SAME, None, "dropped", "unknown"),
    "a correction that is made": (("failed/b",), ("failed/b", "passed"), SAME, None, "better", "person"),
    "a correction that ends": (("failed/b", "passed"), ("failed/b",), SAME, None, "worse", "person"),
    "a correction that ends, and a site that is lost": (
        ("failed/b", "passed"), ("cantTell/c",), SAME, None, "undecided", "person site",
    ),
    "one correction for another": (("cantTell/c", "passed"), ("passed/a", "failed"), SAME, None, "worse", "person"),
    "a correction that the site makes needless": (("failed/b",), ("passed/a", "passed"), SAME, None, "better", "site"),
    "a correction where there was no verdict": ((None,), (None, "passed"), SAME, None, "decided", "person"),
}  # fmt: skip


@pytest.mark.parametrize("case", ORIGINS)
def test_a_change_has_the_origins_that_can_be_told(case: str):
    before, after, terms, again, kind, origins = ORIGINS[case]

    news = news_of(audited(*before), audited(*after), terms, (lambda *_: again) if again else without_captures)

    (shift,) = news.shifts
    assert (shift.kind, " ".join(shift.origins)) == (kind, origins)
    assert (shift.before.outcome, shift.after.outcome) == tuple(
        Outcome((side[1] if len(side) > 1 else None) or side[0].partition("/")[0]) if any(side) else None
        for side in (before, after)
    )
    assert shift.is_theirs is (origins in {"site", "registry"})


def test_nothing_is_guessed_of_an_entry_that_changed():
    sides = audited("passed/a"), audited("failed/b", service=REGISTERED)

    (unknown,) = news_of(*sides, SAME).shifts
    (told,) = news_of(*sides, SAME, lambda *_: judged_again(listed="failed/b")).shifts

    assert (unknown.origins, unknown.why) == ((Origin.UNKNOWN,), Why.NO_CAPTURES)
    assert (told.origins, told.why) == ((Origin.REGISTRY,), None)


def test_what_counts_the_same_is_no_news():
    assert news_of(audited("failed/a", "passed"), audited("passed/b", "passed"), SAME) is None
    assert news_of(audited("failed/a"), audited("failed/b"), SAME) is None
    assert news_of(None, None, SAME) is None


def test_nothing_is_judged_again_where_nothing_changed():
    def never(*_):
        raise AssertionError

    assert news_of(audited("failed/a"), audited("failed/b"), NEWER, never) is None


STOPPED = audited(None, group=PhaseGroup.STOPPED)


@pytest.mark.parametrize(
    "old,new,passage,failed",
    [
        (None, audited("failed/b"), Passage.ENTERED, (RULE,)),
        (None, audited("failed/b", "passed"), Passage.ENTERED, ()),
        (STOPPED, audited("failed/b"), Passage.ENTERED, (RULE,)),
        (audited("failed/b"), None, Passage.LEFT, ()),
        (audited("failed/b"), STOPPED, Passage.LEFT, ()),
    ],
)
def test_a_service_comes_or_goes_at_once(old, new, passage, failed):
    news = news_of(old, new, SAME)

    assert (news.passage, news.failed, news.shifts) == (passage, failed, ())
    assert news.is_stopped is (new is STOPPED)
    assert news.incubators == ("dinum", "anct")


def test_corrections_of_a_service_that_left_are_not_told_withdrawn():
    found = news_of(audited("passed/a", "failed"), None, SAME)
    assert (found.passage, found.corrections) == (Passage.LEFT, ())


def test_corrections_are_told_even_where_nothing_counts_otherwise():
    (made,) = news_of(audited("passed/a"), audited("passed/a", "passed"), SAME).corrections
    (gone,) = news_of(audited("passed/a", "passed"), audited("passed/a"), SAME).corrections
    (other,) = news_of(audited("passed/a", "passed"), audited("passed/a", "failed"), SAME).corrections

    assert [(one.before, one.after) for one in (made, gone, other)] == [
        (None, override("passed")),
        (override("passed"), None),
        (override("passed"), override("failed")),
    ]


@pytest.mark.parametrize("case", ORIGINS)
def test_what_is_read_again_is_what_was_written(case: str):
    before, after, terms, *_ = ORIGINS[case]
    news = news_of(audited(*before), audited(*after), terms)

    assert News.from_json(json.loads(json.dumps(news.to_json()))) == news
