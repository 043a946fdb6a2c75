"""Each change of a verdict goes to one cause, on hand-made verdicts."""

from __future__ import annotations

import json

import pytest

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.figures.changes import Cause, Change, Entry, Retried, Terms, Why, changes, steps

RULE = "https"
SERVICE = Service(id="un", name="Un")


def verdict(said: str, version: int = 1) -> Verdict:
    """``passed/reason/value``."""
    outcome, reason, *value = said.split("/")
    return Verdict(
        run="r",
        service="un",
        rule=RULE,
        version=version,
        outcome=Outcome(outcome),
        reason=reason,
        value=value[0] if value else None,
        at="2026-11-23T06:00:00Z",
    )


PASSED, FAILED, OTHER = verdict("passed/yes"), verdict("failed/no"), verdict("failed/other")
HIDDEN, UNSEEN = verdict("cantTell/unreachable"), verdict("untested/not-run")


def entry(said: Verdict | None, group: PhaseGroup = PhaseGroup.CONSTRUCTION) -> Entry:
    return Entry(service=SERVICE, group=group, verdicts={RULE: said} if said else {})


STOPPED = entry(None, PhaseGroup.STOPPED)
NOBODY = None


def terms(before: int | None = 1, after: int | None = 1, today: int | None = None, **more) -> Terms:
    versions = {"before": before, "after": after, "today": today or after}
    return Terms(**{side: {RULE: one} if one else {} for side, one in versions.items()}, **more)


def retried(ruled: Verdict | None = None, listed: Verdict | None = None, **more) -> Retried:
    return Retried(
        ruled={RULE: ruled} if ruled else {},
        listed={RULE: listed} if listed else {},
        is_same_entry=listed is None and "elsewhere" not in more,
        **more,
    )


SAME, NEWER = terms(), terms(1, 2)
CASES = {
    # What is asked: old, new, terms, retried; then the causes that change something, in order.
    "nothing changes": (entry(PASSED), entry(PASSED), SAME, retried(), ""),
    "the site": (entry(PASSED), entry(FAILED), SAME, retried(), "site"),
    "the site, in its words": (entry(OTHER), entry(FAILED), SAME, retried(), "site"),
    "the site is out of reach": (entry(PASSED), entry(HIDDEN), SAME, retried(), "site"),
    "the rule": (entry(PASSED), entry(FAILED), NEWER, retried(FAILED), "rule"),
    "another version, the same verdict": (entry(PASSED), entry(FAILED), NEWER, retried(PASSED), "site"),
    "the rule, and the site makes up for it": (entry(PASSED), entry(PASSED), NEWER, retried(FAILED), "rule site"),
    "a new rule": (entry(None), entry(PASSED), terms(None, 1), retried(PASSED), "rule"),
    "a new rule, and the site": (entry(None), entry(PASSED), terms(None, 1), retried(FAILED), "rule site"),
    "a rule that is retired": (entry(PASSED), entry(None), terms(1, None), retried(), "rule"),
    "the registry": (entry(PASSED), entry(FAILED), SAME, retried(listed=FAILED), "registry"),
    "the registry, then the site": (entry(PASSED), entry(FAILED), SAME, retried(listed=OTHER), "registry site"),
    "the three": (entry(PASSED), entry(PASSED), NEWER, retried(FAILED, OTHER), "rule registry site"),
    "another address": (entry(PASSED), entry(FAILED), SAME, retried(elsewhere=frozenset({RULE})), "registry"),
    "another address, another rule": (
        entry(PASSED), entry(OTHER), NEWER, retried(FAILED, elsewhere=frozenset({RULE})), "rule registry",
    ),
    "another address of another rule": (
        entry(PASSED), entry(FAILED), SAME, retried(listed=PASSED, elsewhere=frozenset({"hsts"})), "site",
    ),
    "a service that is new": (NOBODY, entry(PASSED), SAME, retried(), "registry"),
    "a service that is new, a rule too": (NOBODY, entry(PASSED), terms(None, 1, 2), retried(), "registry"),
    "a service that is gone": (entry(PASSED), NOBODY, SAME, retried(), "registry"),
    "a service that is gone, under other rules": (entry(PASSED), NOBODY, NEWER, retried(FAILED), "rule registry"),
    "a service that stops": (entry(PASSED), STOPPED, SAME, retried(), "registry"),
    "a service that starts again": (STOPPED, entry(PASSED), SAME, retried(), "registry"),
    "rules that are not of today": (entry(PASSED), entry(FAILED), terms(1, 2, 3), retried(), "indistinct"),
    "rules that are not of today, nothing changes": (entry(PASSED), entry(PASSED), terms(1, 2, 3), retried(), ""),
    "rules that are not of today, a service that is gone": (entry(PASSED), NOBODY, terms(1, 2, 3), retried(), "registry"),
    "the same rules, not of today, the site": (entry(PASSED), entry(FAILED), terms(1, 1, 3), retried(), "site"),
    "the same rules, not of today, another entry": (
        entry(PASSED), entry(FAILED), terms(1, 1, 3), Retried(ruled={}, listed={}, is_same_entry=False), "indistinct",
    ),
    "captures that are gone": (entry(PASSED), entry(FAILED), NEWER, retried(has_captures=False), "indistinct"),
    "captures that are not needed": (entry(PASSED), entry(FAILED), SAME, retried(has_captures=False), "site"),
    "a visit that was not made": (entry(PASSED), entry(UNSEEN), SAME, retried(), "indistinct"),
    "a visit that was not made before": (entry(UNSEEN), entry(PASSED), SAME, retried(), "indistinct"),
    "a fault of ours": (entry(PASSED), entry(None), SAME, retried(), "indistinct"),
    "a fault of ours before": (entry(None), entry(PASSED), SAME, retried(), "indistinct"),
    "a fault of ours, judged again": (
        entry(PASSED), entry(FAILED), NEWER, retried(crashed=frozenset({RULE})), "indistinct",
    ),
    "the same captures": (entry(PASSED), entry(FAILED), terms(1, 2, 3, is_same_gathering=True), retried(), "rule"),
    "the same captures and rule": (entry(PASSED), entry(FAILED), terms(is_same_gathering=True), retried(), "indistinct"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_change_goes_to_its_cause(case: str):
    old, new, asked, tried, causes = CASES[case]

    taken = steps(RULE, old, new, asked, tried)
    found = list(changes(SERVICE, RULE, taken))

    assert " ".join(change.cause for change in found) == causes
    assert taken.before == (old.verdicts.get(RULE) if old else None)
    assert taken.after == (new.verdicts.get(RULE) if new else None)
    # From one to the next without a gap: the steps tell the whole story.
    sides = [taken.before, *(change.after for change in found)]
    assert [change.before for change in found] == sides[:-1]
    assert not found or sides[-1] == taken.after


@pytest.mark.parametrize(
    "case,why",
    [
        ("rules that are not of today", Why.OTHER_RULES),
        ("captures that are gone", Why.NO_CAPTURES),
        ("a visit that was not made", Why.NOT_VISITED),
        ("a fault of ours", Why.CRASH),
        ("the same captures and rule", Why.SAME_VERSION),
        ("the site", None),
    ],
)
def test_what_has_no_cause_says_why(case: str, why: Why | None):
    old, new, asked, tried, _ = CASES[case]

    (change,) = changes(SERVICE, RULE, steps(RULE, old, new, asked, tried))

    assert change.why is why


def test_a_change_of_words_is_none_of_outcome():
    def one(before: str | None, after: str | None) -> Change:
        sides = {"before": before and verdict(before), "after": after and verdict(after)}
        return Change(cause=Cause.SITE, service="un", name="Un", rule=RULE, **sides)

    assert one("passed/a", "failed/a").is_of_outcome
    assert one(None, "failed/a").is_of_outcome
    assert not one("failed/a", "failed/b").is_of_outcome
    assert not one("passed/a/B", "passed/a/A").is_of_outcome


def test_what_is_read_again_is_what_was_written():
    proof = Evidence(url="https://un.fr/", capture="<urn:uuid:1>", excerpt="« é » \ud800")
    before = Verdict(**{**{name: getattr(PASSED, name) for name in PASSED.__slots__}, "evidence": (proof,)})
    change = Change(
        cause=Cause.INDISTINCT, service="un", name="Un", rule=RULE, before=before, after=None, why=Why.CRASH
    )

    assert Change.from_json(json.loads(json.dumps(change.to_json()))) == change


def test_only_versions_tell_rules_apart():
    asked = terms(1, 2, 2)

    assert asked.rules == (RULE,)
    assert asked.has_moved(RULE)
    assert asked.is_of_today(RULE)
    assert not terms(1, None).is_of_today(RULE)
    assert not terms(1, 2, 3).is_of_today(RULE)
