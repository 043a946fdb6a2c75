"""Verdicts that little would turn: each margin is one that the rules themselves give, by a reason, a warning or a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from checks.model.outcome import Outcome
from checks.model.rule import SECOND_VISIT
from checks.model.verdict import Verdict
from reports.render.words import PARTS, day
from reports.review.changing import DECIDED
from reports.review.concern import Concern, Kind, sentence
from reports.review.subject import Subject

READ_AND_REFUSED = frozenset(
    {
        *("not-a-declaration", "placeholder", "soft-404", "no-figures", "no-amounts", "not-attributable"),
        *("no-legal-level", "template-placeholder"),
    }
)
"""Reasons for which something stands where it should, and our reading refused it; absence leaves less to discuss."""

OF_SITE = ("moved", "insecure-fetch", SECOND_VISIT)
"""Warnings about which site was read, and how."""

OF_PAGE = ("not-linked-from-home", "external-host", "pdf")
"""Warnings about whose page was read: a page that nobody links, of another site, or a document."""

CONFIRMED = "declared-and-verified"
"""The reason of a page that the registry gives as well: whose it is has been said."""

SIGNS = 2
"""The signs that make a page a declaration (``accessibility-declaration``): with no more, one misread is enough."""

SCORE, STEP = 70, 5
"""The score of grade B, and the least that a test of the Observatory moves it by."""

NEAR = timedelta(days=30)
"""Around the end of a declaration: a month said without its day is as long."""


def near(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    if verdict.outcome not in DECIDED:
        return
    for name in OF_SITE:
        if name in verdict.warnings:
            yield Concern(kind=Kind.MARGIN, why=subject.warning(verdict, name), is_of_site=True)
    for why in (*_warned(subject, verdict), *_read(subject, verdict), *_measured(subject, verdict)):
        yield Concern(kind=Kind.MARGIN, why=why)


def _warned(subject: Subject, verdict: Verdict) -> Iterator[str]:
    for name in OF_PAGE if verdict.outcome is Outcome.PASSED and verdict.reason != CONFIRMED else ():
        if name in verdict.warnings:
            yield subject.warning(verdict, name)


def _read(subject: Subject, verdict: Verdict) -> Iterator[str]:
    signs, missing = verdict.facts.get("signs"), verdict.facts.get("missing")
    if verdict.outcome is Outcome.FAILED and verdict.reason in READ_AND_REFUSED:
        yield sentence("Il y a quelque chose à cet endroit : c'est notre lecture qui le refuse.")
    if verdict.outcome is Outcome.FAILED and isinstance(missing, list) and len(missing) == 1:
        yield sentence("Il ne manque qu'une partie : {part}.", part=PARTS.get(missing[0], missing[0]))
    if verdict.outcome is Outcome.PASSED and isinstance(signs, list) and len(signs) <= SIGNS:
        yield f"La déclaration n'est reconnue qu'à {len(signs)} signes, le minimum."
    if verdict.rule == "budget-page" and verdict.outcome is Outcome.PASSED and _is_unread(subject):
        yield sentence("Le budget est compté sans avoir été lu : c'est un document que nous ne lisons pas.")


def _is_unread(subject: Subject) -> bool:
    other = subject.audited.verdict("budget-freshness")
    return other is not None and other.reason == "document-not-read"


def _measured(subject: Subject, verdict: Verdict) -> Iterator[str]:
    score, expires = verdict.facts.get("score"), _day(verdict.facts, "expires")
    if verdict.rule == "security-headers" and isinstance(score, int) and SCORE - STEP <= score < SCORE + STEP:
        yield sentence(
            "La note est de {score} points, et B commence à {limit} : un seul test suffit.", score=score, limit=SCORE
        )
    if verdict.rule == "accessibility-declaration-validity" and expires and abs(expires - subject.day) <= NEAR:
        said = "expire" if expires > subject.day else "a expiré"
        words = "La déclaration {said} le {day}, à moins d'un mois de l'audit : la date est-elle la bonne ?"
        yield sentence(words, said=said, day=day(expires.isoformat()))


def _day(facts: Mapping[str, object], name: str) -> date | None:
    """Facts may come from a file that others wrote."""
    try:
        return date.fromisoformat(str(facts.get(name)))
    except ValueError:
        return None
