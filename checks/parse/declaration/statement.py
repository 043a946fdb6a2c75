"""The facts of a declaration of accessibility, each with the place where it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.parse.declaration.auditors import auditor
from checks.parse.declaration.contacts import email, form
from checks.parse.declaration.datings import datings
from checks.parse.declaration.fact import Fact
from checks.parse.declaration.rates import rate
from checks.parse.declaration.sections import Outline, Part
from checks.parse.declaration.states import level
from checks.parse.levels import Level

__all__ = ["Fact", "Statement", "statement"]

_ARTICLE_47 = re.compile(
    r"\bart(?:icle|\.)? ?(?:n° ?)?47\b(?! (?:de la loi (?:n° ?)?(?:78|informatique|du 6 janvier)|du (?:code|rgpd|reglement|decret)))"
)
_STANDARD = re.compile(
    r"\b(?P<name>RGAA|WCAG)(?![A-Za-z])(?:(?P<link>[\s),:(]{0,3}(?:version|v)[\s.]{0,2})(?P<of>\d(?:\.\d){0,2})|[\s),(]{0,3}(?P<number>\d(?:\.\d){1,2}|[34](?=[,.;)]|$)))?",
    re.IGNORECASE,
)
_OF_A_STANDARD = ("RGAA", "WCAG")
_IN_FULL = re.compile(
    r"référentiel général d[’'e ]{1,2}(?:amélioration de l[’'])?accessibilité(?: pour les administrations)?",
    re.IGNORECASE,
)
_NO_AUDIT = re.compile(
    r"n'(?:a|ont) (?:encore |a ce jour |toujours |actuellement )?(?:pas|jamais)(?: encore| a ce jour)? (?:ete (?:encore )?(?:audite|evalue|teste|realise)|fait l'objet d'un(?:e)? (?:audit|evaluation))"
    r"|\baucun(?:e)? (?:audit|evaluation)\b|\b(?:pas|jamais) (?:encore )?(?:ete )?audite|\ben l'absence d'audit|\babsence d'audit\b|\bsans audit\b|\bpas (?:encore )?(?:fait|realise|effectue) d'audit"
    r"|\baudit\b[^.]{0,60} n'a (?:pas|jamais)(?: encore)? (?:ete |pu etre )|\bn'est pas (?:encore )?audite|\b(?:has|have) (?:not (?:yet )?|never |yet to )be(?:en)? (?:audited|assessed|tested|evaluated)|\bno audit\b"
)
_OF_NO_AUDIT = ("audit", "evalu", "test", "realise", "assess")
"""Without one of these words no audit is denied, nor told of."""
_AN_AUDIT = re.compile(
    r"\baudit\w*\b[^.]{0,80}\b(?:realise|effectue|mene|conduit|revele|montre|fait apparaitre|conclu|carried out|conducted|reveal\w*)|\ba ete (?:audite|evalue)e?\b|\bhas been (?:audited|assessed)"
    r"|\bresultats? de l'audit\b|\brapport d'audit\b"
)
_TO_COME = re.compile(
    r"\b(?:sera|seront|serait|prevue?s?|planifie\w*|programmee?s?|prochain\w*|devrait|will|a venir|en cours)\b"
)
_AMONG = re.compile(r" ?[,;•·] ?| et | and ")
_SHORT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a declaration says; ``None`` where it does not.

    ``rate`` is the global one, from 0 to 100. ``audit_date``, ``update_date`` and ``established`` are the days of the
    audit, of the last update and of the declaration itself; a month alone is its first day. ``auditor`` is the
    organisation that ran the audit, ``None`` where it is the service itself. ``contact_form`` is an absolute address.
    ``is_audited``: a rate, an auditor, or an audit that the page says was made; ``says_no_audit``: "n'a pas encore été
    audité".
    """

    level: Fact[Level] | None = None
    rate: Fact[float] | None = None
    standard: Fact[str] | None = None
    audit_date: Fact[date] | None = None
    update_date: Fact[date] | None = None
    established: Fact[date] | None = None
    auditor: Fact[str] | None = None
    contact_email: Fact[str] | None = None
    contact_form: Fact[str] | None = None
    article_47: Fact[bool] | None = None
    is_audited: bool = False
    says_no_audit: bool = False
    technologies: tuple[str, ...] = ()


def statement(outline: Outline) -> Statement:
    dated, says_no_audit = datings(outline), _says(outline, _NO_AUDIT)
    found_rate, found_auditor = rate(outline), auditor(outline)
    return Statement(
        level=level(outline),
        rate=found_rate,
        standard=_standard(outline),
        audit_date=dated.audit,
        update_date=dated.update,
        established=dated.established,
        auditor=found_auditor,
        contact_email=email(outline),
        contact_form=form(outline),
        article_47=_article_47(outline),
        is_audited=bool(found_rate or found_auditor) or (not says_no_audit and _says(outline, _AN_AUDIT)),
        says_no_audit=says_no_audit,
        technologies=tuple(dict.fromkeys(_technologies(outline))),
    )


def _article_47(outline: Outline) -> Fact[bool] | None:
    found = (one for one in outline.passages if _ARTICLE_47.search(one.words))
    return next((Fact(value=True, text=one.text, element=one.element) for one in found), None)


def _standard(outline: Outline) -> Fact[str] | None:
    """As written, the most precise: "RGAA version 4.1" rather than "RGAA", which any page says too."""
    said = [
        Fact(_spelt(found), passage.text, passage.element)
        for passage in outline.passages
        for found in _standards(passage.text)
    ]
    return max(said, key=lambda one: (one.value.startswith("RGAA"), one.value.count("."), len(one.value)), default=None)


def _standards(text: str) -> Iterator[re.Match[str]]:
    named = _IN_FULL.sub("RGAA", text)
    may_name = any(name in named.upper() for name in _OF_A_STANDARD)
    return _STANDARD.finditer(named) if may_name else iter(())


def _spelt(found: re.Match[str]) -> str:
    name = found["name"].upper()
    if found["number"]:
        return f"{name} {found['number']}"
    if not found["of"]:
        return name
    return f"{name} {'version ' if 'version' in found['link'].lower() else 'v'}{found['of']}"


def _says(outline: Outline, pattern: re.Pattern[str]) -> bool:
    """Whether a sentence says so, of what is and not of what will be."""
    may_say = (
        words for one in outline.passages for words in [one.words] if any(part in words for part in _OF_NO_AUDIT)
    )
    found = ((words, pattern.search(words)) for words in may_say)
    return any(match and not _TO_COME.search(words[: match.end()]) for words, match in found)


def _technologies(outline: Outline) -> Iterator[str]:
    for passage in outline.of(Part.TECHNOLOGIES):
        if passage.is_heading:
            continue
        listed = passage.text.rpartition(":")[2] if passage.element.name != "li" else passage.text
        names = (name.strip(" .:-–") for name in _AMONG.split(listed))
        yield from (name for name in names if 0 < len(name) <= _SHORT)
