"""What a site says against the registry, or against itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.model.address import split
from checks.model.outcome import Outcome
from checks.model.verdict import Verdict
from reports.figures.audited import FIGURES
from reports.render.words import FIELDS, LEVELS
from reports.review.concern import Concern, Kind
from reports.review.subject import Subject

DECLARED: Mapping[str, str] = {figure.rules[0]: figure.declared for figure in FIGURES if figure.declared}
"""The rules that verify what a registry declares, each with its field: those of the figures that cross the two."""

MENTION, DECLARATION = "accessibility-mention", "accessibility-declaration"
CONSISTENCY = "accessibility-declaration-consistency"


def against_registry(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    field = DECLARED.get(verdict.rule, "")
    declared = getattr(subject.service, field) if field else None
    if declared and verdict.outcome is Outcome.FAILED:
        yield Concern(
            kind=Kind.REGISTRY,
            why=f"Le registre déclare « {FIELDS[field]} : {declared} », le site ne le confirme pas : {_said(subject, verdict)}",
            address=declared if split(declared) else None,
        )
    if "declared-broken-but-found" in verdict.warnings:
        why = subject.warning(verdict, "declared-broken-but-found")
        yield Concern(kind=Kind.REGISTRY, why=f"{why} Est-ce la bonne ?")
    if "mention-differs-from-registry" in verdict.warnings:
        found = LEVELS.get(verdict.value or "", verdict.value or "?")
        yield Concern(
            kind=Kind.REGISTRY,
            why=f"Le registre déclare « {declared} », la page d'accueil affiche « {found} ».",
            could_be=frozenset(),
        )


def undeclared(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    """Found on the site alone: it may be of another service."""
    if verdict.outcome is Outcome.PASSED and "not-in-registry" in verdict.warnings:
        field = FIELDS[DECLARED[verdict.rule]] if verdict.rule in DECLARED else "valeur"
        value = getattr(subject.service, DECLARED[verdict.rule], None) if verdict.rule in DECLARED else None
        says = f"le registre en donne un autre ({value})" if value else "le registre ne le donne pas"
        yield Concern(
            kind=Kind.UNDECLARED, why=f"Trouvé sur le site seul ({field}), {says} : est-ce bien celui du service ?"
        )


def between_rules(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    """A service that shows a level and no declaration, the reverse, or two levels: one of the readings may be wrong."""
    if verdict.outcome is not Outcome.FAILED:
        return
    if verdict.rule == DECLARATION and subject.outcome(MENTION) is Outcome.PASSED:
        yield _of_rules(f"La page d'accueil affiche un niveau d'accessibilité, mais : {_said(subject, verdict)}")
    if verdict.rule == MENTION and subject.outcome(DECLARATION) is Outcome.PASSED:
        yield _of_rules(f"Le service publie une déclaration d'accessibilité, mais : {_said(subject, verdict)}")
    if verdict.rule == CONSISTENCY:
        yield _of_rules(_levels(subject, verdict))


def _of_rules(why: str) -> Concern:
    return Concern(kind=Kind.RULES, why=why)


def _levels(subject: Subject, verdict: Verdict) -> str:
    """The levels as they were read; facts may come from a file that others wrote."""
    read = {
        "mention": LEVELS.get(str(verdict.facts.get("mention"))),
        "déclaration": LEVELS.get(str(verdict.facts.get("declaration"))),
    }
    rate = verdict.facts.get("rate")
    known = [f"{name} « {level} »" for name, level in read.items() if level]
    known += [f"taux de {rate:g} %"] if isinstance(rate, int | float) else []
    said = subject.message(verdict)
    return f"{said.rstrip('.')} ({', '.join(known)})." if known else said


def _said(subject: Subject, verdict: Verdict) -> str:
    """The message of a verdict, in the middle of a sentence."""
    text = subject.message(verdict)
    return text[:1].lower() + text[1:]
