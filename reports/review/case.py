from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.model.outcome import Outcome
from checks.model.rule import Status
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.review.changing import changing
from reports.review.concern import ORDER, Concern, Kind
from reports.review.contradicting import against_registry, between_rules, undeclared
from reports.review.correcting import correcting
from reports.review.near import near
from reports.review.subject import Subject

_FINDERS = (changing, correcting, against_registry, between_rules, near, undeclared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Verdicts of one service that are doubtful for the same reasons, which one look settles; one alone most often.

    ``figures`` are the ids of the published figures that it could move, and ``points`` by how much in all: the sum, over
    them, of the part of each that one service is, in percent. ``is_on_trial``: none of its rules counts in any figure.
    """

    service: Service
    verdicts: tuple[Verdict, ...]
    concerns: tuple[Concern, ...]
    figures: tuple[str, ...] = ()
    points: float = 0.0
    is_on_trial: bool = False

    @property
    def kind(self) -> Kind:
        """The first of its reasons, in the order of the review, of those for which an outcome could be another."""
        bearing = [concern for concern in self.concerns if any(map(concern.alternatives, self._found))]
        return min((concern.kind for concern in bearing or self.concerns), key=ORDER.index)

    @property
    def _found(self) -> frozenset[Outcome]:
        return frozenset(verdict.outcome for verdict in self.verdicts)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in ORDER if any(concern.kind is kind for concern in self.concerns))

    @property
    def address(self) -> str | None:
        """What to open first."""
        named = next((concern.address for concern in self.concerns if concern.address), None)
        shown = next((evidence.url for verdict in self.verdicts for evidence in verdict.evidence), None)
        return named or shown or self.service.url

    @property
    def alternatives(self) -> Mapping[str, frozenset[Outcome]]:
        """By rule, the outcomes that looking could give."""
        return {
            verdict.rule: frozenset().union(*(concern.alternatives(verdict.outcome) for concern in self.concerns))
            for verdict in self.verdicts
        }

    @property
    def rank(self) -> tuple[object, ...]:
        """The order of the review (docs/review.md)."""
        section = 2 if self.is_on_trial else 0 if self.figures else 1
        doubt = ORDER.index(self.kind), -len(self.kinds)
        return section, *doubt, -round(self.points, 6), self.service.id, self.verdicts[0].rule


def cases_of(subject: Subject, statuses: Mapping[str, str], apart: Collection[str] = ()) -> tuple[Case, ...]:
    """What is worth a look in one service. ``statuses`` are those of the rules of the run; the rules ``apart`` share no case
    with others."""
    grouped: dict[tuple[tuple[Concern, ...], str, bool], list[Verdict]] = {}
    for verdict in subject.audited.verdicts:
        concerns = tuple(_concerns(subject, verdict))
        if concerns:
            key = concerns, _place(concerns, verdict), verdict.rule in apart
            grouped.setdefault(key, []).append(verdict)
    return tuple(
        Case(
            service=subject.service,
            verdicts=tuple(verdicts),
            concerns=concerns,
            is_on_trial=all(statuses.get(verdict.rule) != Status.ACTIVE for verdict in verdicts),
        )
        for (concerns, _, _), verdicts in grouped.items()
    )


def _place(concerns: Collection[Concern], verdict: Verdict) -> str:
    """Where to look; nowhere in particular for what is of the whole site."""
    if all(concern.is_of_site for concern in concerns) or not verdict.evidence:
        return ""
    return verdict.evidence[0].url


def _concerns(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    if subject.audited.override(verdict.rule):
        yield from correcting(subject, verdict)  # a person has looked: nothing else is to be asked
    elif verdict.outcome is not Outcome.CANT_TELL:
        for find in _FINDERS:
            yield from find(subject, verdict)
    elif not _is_consequence(subject, verdict):
        yield from correcting(subject, verdict)
        why, is_of_site = subject.message(verdict), subject.is_throughout(verdict.reason)
        yield Concern(kind=Kind.UNDECIDED, why=why, is_of_site=is_of_site)


def _is_consequence(subject: Subject, verdict: Verdict) -> bool:
    """Two sides cannot be compared where one is known to be missing: that one is what is to be looked at."""
    sides = ("accessibility-mention", "accessibility-declaration")
    return verdict.reason == "one-side-missing" and any(subject.outcome(rule) is Outcome.FAILED for rule in sides)


def in_order(cases: Collection[Case]) -> Sequence[Case]:
    return sorted(cases, key=lambda case: case.rank)
