"""What a site says against the registry, or against itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.model.address import split
from checks.model.outcome import Outcome
from checks.model.verdict import Verdict
from reports.figures.audited import FIGURES
from reports.render.words import FIELDS, LEVELS, NBSP
from reports.review.concern import Concern, Kind, sentence
from reports.review.subject import Subject

DECLARED: Mapping[str, str] = {figure.rules[0]: figure.declared for figure in FIGURES if figure.declared}
"""The rules that verify what a registry declares, each with its field: those of the figures that cross the two."""

MENTION, DECLARATION = "accessibility-mention", "accessibility-declaration"
CONSISTENCY = "accessibility-declaration-consistency"


def against_registry(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    declared = _declared(subject, verdict)
    if declared and verdict.outcome is Outcome.FAILED:
        yield Concern(
            kind=Kind.REGISTRY,
            why=sentence(
                "Le registre déclare « {field} : {declared} », le site ne le confirme pas : {said}",
                field=FIELDS[DECLARED[verdict.rule]],
                declared=declared,
                said=_said(subject, verdict),
            ),
            address=_address(declared),
        )
    if "declared-broken-but-found" in verdict.warnings:
        said = subject.warning(verdict, "declared-broken-but-found")
        yield Concern(kind=Kind.REGISTRY, why=sentence("{said} Est-ce la bonne ?", said=said))
    if "mention-differs-from-registry" in verdict.warnings:
        found = LEVELS.get(verdict.value or "", verdict.value or "?")
        words = "Le registre déclare « {declared} », la page d'accueil affiche « {found} »."
        why = sentence(words, declared=declared, found=found)
        yield Concern(kind=Kind.REGISTRY, why=why, could_be=frozenset())


def undeclared(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    """Found on the site alone: it may be of another service."""
    if verdict.outcome is Outcome.PASSED and "not-in-registry" in verdict.warnings:
        declared = _declared(subject, verdict)
        words = "le registre donne {declared}" if declared else "le registre ne donne rien"
        yield Concern(
            kind=Kind.UNDECLARED,
            why=sentence(f"Trouvé sur le site seul, {words} : est-ce bien celui du service ?", declared=declared),
            address=_address(verdict.facts.get("repository")),  # the evidence is what the interface of the forge said
        )


def _declared(subject: Subject, verdict: Verdict) -> str | None:
    field = DECLARED.get(verdict.rule)
    return getattr(subject.service, field) if field else None


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and split(value) else None


def between_rules(subject: Subject, verdict: Verdict) -> Iterator[Concern]:
    """A service that shows a level and no declaration, the reverse, or two levels: one of the readings may be wrong."""
    if verdict.outcome is not Outcome.FAILED:
        return
    if verdict.rule == DECLARATION and subject.outcome(MENTION) is Outcome.PASSED:
        yield _of_rules("La page d'accueil affiche un niveau d'accessibilité, mais : {said}", _said(subject, verdict))
    if verdict.rule == MENTION and subject.outcome(DECLARATION) is Outcome.PASSED:
        yield _of_rules("Le service publie une déclaration d'accessibilité, mais : {said}", _said(subject, verdict))
    if verdict.rule == CONSISTENCY:
        yield _of_rules("{said}", _levels(subject, verdict))


def _of_rules(words: str, said: str) -> Concern:
    return Concern(kind=Kind.RULES, why=sentence(words, said=said))


def _levels(subject: Subject, verdict: Verdict) -> str:
    """The levels as they were read; facts may come from a file that others wrote."""
    read = {"mention": verdict.facts.get("mention"), "déclaration": verdict.facts.get("declaration")}
    known = [f"{name} {LEVELS[level]}" for name, level in read.items() if isinstance(level, str) and level in LEVELS]
    rate = verdict.facts.get("rate")
    known += [f"taux de {rate:g}{NBSP}%".replace(".", ",")] if isinstance(rate, int | float) else []
    said = subject.message(verdict)
    return f"{said.rstrip('.')} ({', '.join(known)})." if known else said


def _said(subject: Subject, verdict: Verdict) -> str:
    """The message of a verdict, in the middle of a sentence."""
    text = subject.message(verdict)
    return text[:1].lower() + text[1:]
