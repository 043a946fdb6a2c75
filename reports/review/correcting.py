"""Overrides to look at again: those that end, and those of which the machine now says something else than it did."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model.outcome import Outcome
from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.render.words import OUTCOMES, day
from reports.review.concern import Concern, Kind, sentence
from reports.review.subject import Subject


def correcting(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    held = subject.audited.override(verdict.rule)
    if held:
        yield from _held(subject, verdict, held)
        return
    for override in subject.expired:
        if override.key == (subject.service.id, verdict.rule) and override.outcome is not verdict.outcome:
            words = (
                "La correction de {author} (« {said} ») a expiré le {until} : le verdict automatique compte de nouveau."
            )
            yield _of(words, override, becomes=override.outcome)


def _held(subject: Subject, verdict: Verdict, held: Override) -> Iterator[Concern]:
    if held.outcome is verdict.outcome:
        yield _of("La correction de {author} dit ce que dit le verdict automatique (« {said} ») : retirez-la.", held)
        return
    before = next(iter(subject.past.get(verdict.rule, ())), None)
    if before and before.outcome is not verdict.outcome:
        words = (
            f"Le verdict automatique est passé de « {OUTCOMES[before.outcome]} » à « {OUTCOMES[verdict.outcome]} » :"
            " la correction de {author} (« {said} ») vaut-elle encore ?"
        )
        yield _of(words, held, becomes=verdict.outcome)
    if held.is_ending_on(subject.day):
        words = "La correction de {author} (« {said} ») expire le {until} : regardez, puis prolongez-la ou retirez-la."
        yield _of(words, held, becomes=verdict.outcome)


def _of(words: str, override: Override, becomes: Outcome | None = None) -> Concern:
    """``becomes`` is what would count without the override, or with it again."""
    said, until = OUTCOMES[override.outcome], day(override.until.isoformat())
    return Concern(
        kind=Kind.CORRECTION,
        why=sentence(words, author=override.author, said=said, until=until),
        could_be=frozenset({becomes} if becomes else ()),
        address=override.evidence,
    )
