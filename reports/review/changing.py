"""What changed from one audit to another: the site, or what one of the two audits saw of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from checks.model.outcome import Outcome
from checks.model.verdict import Verdict
from reports.render.words import OUTCOMES, day
from reports.review.concern import Concern, Kind, sentence
from reports.review.subject import Subject
from reports.store.past import PastVerdict

DECIDED = frozenset({Outcome.PASSED, Outcome.FAILED})

UNSETTLED = 2
"""Changes in the audits looked at: one is a site that was mended or broken, the second takes the first one back."""


def changing(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    """From respected to not or back; what one of the audits could not tell is no change."""
    before = [one for one in subject.past.get(verdict.rule, ()) if one.outcome in DECIDED]
    if verdict.outcome not in DECIDED or not before:
        return
    changes = sum(one is not other for one, other in pairwise([verdict.outcome, *(one.outcome for one in before)]))
    if changes >= UNSETTLED:
        yield Concern(
            kind=Kind.UNSETTLED,
            why=f"Ce verdict a changé {changes} fois dans les {len(before) + 1} derniers audits qui l'ont décidé.",
        )
    elif before[0].outcome is not verdict.outcome:
        yield Concern(kind=Kind.FLIP, why=_flipped(before[0], verdict))


def _flipped(before: PastVerdict, verdict: Verdict) -> str:
    words = "« {then} » à l'audit du {day}, « {now} » à celui-ci"
    words += (
        " : le site a changé, ou l'un des deux audits a mal vu."
        if before.version == verdict.version
        else f", mais la règle aussi a changé (version {before.version}, puis {verdict.version})."
    )
    return sentence(words, then=OUTCOMES[before.outcome], day=day(before.as_of), now=OUTCOMES[verdict.outcome])
