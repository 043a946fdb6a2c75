"""A review as a person reads it in a terminal: what it comes to, then what to look at, first things first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from checks.model.evidence import shortened
from checks.model.place import Place
from checks.model.verdict import Verdict
from reports.figures.figure import Share, percent
from reports.render.foreign import cut, one_line
from reports.render.lines import ours, wrapped
from reports.render.tracing import archive_path
from reports.render.words import NBSP, OUTCOMES, SYMBOLS, counted, day, spaced
from reports.review.case import Case
from reports.review.concern import LABELS
from reports.review.ranking import Review
from reports.review.stakes import Stake

_RULES_NAMED = 4
_LABEL, _NOW = 56, 22
"""Columns of the table of figures, in characters."""

_TODAY = "aujourd'hui"
_UNMOVED = "Sans effet sur un chiffre publié"
_ON_TRIAL = "Règles à l'essai, qui ne comptent dans aucun chiffre"


def as_text(review: Review, runs: Place, limit: int | None = None) -> Iterator[str]:
    yield "\n".join([*_summary(review), *_figures(review)])
    shown = review.cases[:limit]
    for title, cases in groupby(enumerate(shown, 1), key=lambda pair: _title(pair[1])):
        yield f"\n{title.upper()}"
        for rank, case in cases:
            yield "\n".join(["", *_case(rank, case, review, runs)])
    if hidden := len(review.cases) - len(shown):
        more = counted(hidden, "autre ligne", "autres lignes")
        how = (
            f"--limit {len(review.cases)} les montre, --kind n'en garde qu'une sorte, --format xlsx en fait un tableau"
        )
        yield "\n" + "\n".join(ours(f"Et {more} : {how}."))


def _title(case: Case) -> str:
    if case.is_on_trial:
        return _ON_TRIAL
    return LABELS[case.kind] if case.figures else f"{_UNMOVED} : {LABELS[case.kind].lower()}"


def _summary(review: Review) -> Iterator[str]:
    before = f", comparé aux {len(review.earlier)} d'avant" if len(review.earlier) > 1 else ""
    before = f", comparé à celui du {day(review.earlier[0].as_of)}" if len(review.earlier) == 1 else before
    yield from ours(f"Audit {review.run.id}, au {day(review.run.as_of)}{before}")
    if not review.run.is_healthy:
        yield from ours("Attention : cet audit n'est pas sain, ses chiffres ne sont pas à publier.")
    yield ""
    if not review.cases:
        yield from ours(f"Rien à regarder, parmi {counted(review.judged, 'verdict')}.")
        return
    lines = counted(len(review.cases), "ligne")
    of = f"sur {counted(review.judged, 'verdict')} de {counted(review.services, 'service')}"
    yield from ours(f"{counted(review.doubtful, 'verdict')} à regarder, en {lines}, {of} :")
    for kind, (cases, verdicts) in review.counts().items():
        many = f"{cases:>5} {'lignes' if cases > 1 else 'ligne '}"
        more = f" ({verdicts} verdicts)" if verdicts > cases else ""
        yield from ours(f"{many}  {LABELS[kind]}{more} [{kind}]", 9)
    moving = sum(bool(case.figures) for case in review.cases)
    yield from ours(f"{counted(moving, 'ligne peut', 'lignes peuvent')} déplacer un chiffre publié.")


def _figures(review: Review) -> Iterator[str]:
    """What each figure is, and between what it lies once all is looked at."""
    moved = [stake for stake in review.stakes if stake.worst != stake.best]
    if not moved:
        return
    yield ""
    yield f"{'Chiffres':<{_LABEL}} {_TODAY:<{_NOW}} une fois tout regardé"
    for stake in moved:
        yield from _figure(stake)


def _figure(stake: Stake) -> Iterator[str]:
    *above, last = textwrap.wrap(stake.figure.label, _LABEL)
    yield from above
    yield f"{last:<{_LABEL}} {stake.figure.text:<{_NOW}} de {_value(stake.worst)} à {_value(stake.best)}"


def _value(share: Share) -> str:
    return "n/d" if share.value is None else percent(share.value)


def _case(rank: int, case: Case, review: Review, runs: Place) -> Iterator[str]:
    yield f"{rank}. {cut(case.service.name)} [{one_line(case.service.id)}]"
    yield from ours(f"   {_rules(case)}", 5)
    for concern in case.concerns:
        yield from wrapped(f"   {one_line(concern.why)}", 5)
    if len(case.verdicts) == 1 and (message := review.message(case.verdicts[0])) and not _is_said(message, case):
        yield from ours(f"   Verdict : {message}", 5)
    yield f"   → {one_line(case.address) if case.address else '(aucune adresse)'}"
    yield from _evidence(case.verdicts[0], runs)
    if case.figures:
        yield from ours(f"   Chiffres : {', '.join(case.figures)}", 5)


def _is_said(message: str, case: Case) -> bool:
    words = spaced(message[1:]).rstrip(".")
    return any(words in concern.why for concern in case.concerns)


def _rules(case: Case) -> str:
    """The rules by what they found; many of them are counted."""
    return " ; ".join(
        f"{SYMBOLS[outcome]} {OUTCOMES[outcome]} : {_named([verdict.rule for verdict in verdicts])}"
        for outcome in OUTCOMES
        if (verdicts := [verdict for verdict in case.verdicts if verdict.outcome is outcome])
    )


def _named(rules: Sequence[str]) -> str:
    hidden = len(rules) - _RULES_NAMED
    if hidden < 2:  # noqa: PLR2004 - one more is as short as its count
        return one_line(", ".join(rules))
    return one_line(", ".join(rules[:_RULES_NAMED])) + f" et {hidden} autres règles"


def _evidence(verdict: Verdict, runs: Place) -> Iterator[str]:
    if not verdict.evidence:
        return
    first = verdict.evidence[0]
    if first.excerpt.strip():
        place = f" ({one_line(first.locator)})" if first.locator else ""
        yield from wrapped(f"     «{NBSP}{one_line(shortened(first.excerpt))}{NBSP}»{place}", 7)
    yield f"     capture {one_line(first.capture)} dans {one_line(archive_path(verdict, runs))}"
