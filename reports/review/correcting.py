"""Overrides to look at again: those that end, and those of which the machine now says something else than it did."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.render.words import OUTCOMES, day
from reports.review.concern import Concern, Kind
from reports.review.subject import Subject


def correcting(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    held = subject.audited.override(verdict.rule)
    if held:
        yield from _held(subject, verdict, held)
        return
    for override in subject.expired:
        if override.key == (subject.service.id, verdict.rule) and override.outcome is not verdict.outcome:
            said = f"La correction de {override.author} ({_named(override)}) a expiré le {_until(override)}"
            yield _of(f"{said} : le verdict automatique compte de nouveau.", override, becomes=override)


def _held(subject: Subject, verdict: Verdict, held: Override) -> Iterator[Concern]:
    which = f"La correction de {held.author} ({_named(held)})"
    if held.outcome is verdict.outcome:
        yield _of(f"{which} dit ce que dit le verdict automatique : elle peut être retirée.", held)
        return
    before = next(iter(subject.past.get(verdict.rule, ())), None)
    if before and before.outcome is not verdict.outcome:
        then, now = OUTCOMES[before.outcome], OUTCOMES[verdict.outcome]
        why = f"Le verdict automatique est passé de « {then} » à « {now} » : {which[:1].lower()}{which[1:]} vaut-elle encore ?"
        yield _of(why, held, becomes=verdict)
    if held.is_ending_on(subject.day):
        why = f"{which} expire le {_until(held)} : regardez le site, puis prolongez-la ou retirez-la."
        yield _of(why, held, becomes=verdict)


def _of(why: str, override: Override, becomes: Override | Verdict | None = None) -> Concern:
    could_be = frozenset({becomes.outcome}) if becomes else frozenset()
    return Concern(kind=Kind.CORRECTION, why=why, could_be=could_be, address=override.evidence)


def _named(override: Override) -> str:
    return f"« {OUTCOMES[override.outcome]} »"


def _until(override: Override) -> str:
    return day(override.until.isoformat())
