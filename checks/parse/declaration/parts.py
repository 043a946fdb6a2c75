"""Which parts of the model a declaration holds (arrêté du 20 septembre 2019), and what it owes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.parse.declaration.sections import Outline, Part, Passage
from checks.parse.declaration.statement import Statement
from checks.parse.levels import Level


class Owed(StrEnum):
    """The parts, in the order of the model; the values are the ids of the verdict."""

    ORGANISATION = "organisation"
    ARTICLE_47 = "article-47"
    SCOPE = "scope"
    STATE = "state"
    RESULTS = "results"
    CONTENT = "content"
    DATE = "date"
    CONTACT = "contact"
    RECOURSE = "recourse"


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that is owed and was not found, and the passage where it should have stood: ``None`` for the whole page."""

    part: Owed
    looked_in: Passage | None


_COMMITS = re.compile(
    r"\bs'engage\w*|\b(?:est|sont|sommes) engage\w*|\bengagements?\b|\b(?:is|are) committed\b|\bcommits?\b|\bcommitment\b|\bveill\w+ a\b|\bs'efforc\w+|\bmet\w* tout en oeuvre"
    r"|\bpour ambition\b|\bentend rendre\b|\bdeclaration\b[^.]{0,100} (?:etablie|publiee|redigee|editee) par\b|\bidentite du declarant|^(?:organisme|entite|editeur|administration|etablissement)\b[^:.]{0,30}: ?\w|\b(?:rend|rendent|rendre) (?:ses|son|leurs?|nos|notre) "
)
_WILLS = re.compile(
    r"(?:^|[,:] ?)(?:afin de [^,]*, ?)?(?!(?:ce|cet|cette|le|la|les|l'|ces|tout|toute|un|une)? ?(?:present\w* )?(?:sites?|services?|declaration|lois?|articles?|pages?|portail|applications?"
    r"|plate-?forme|obligations?|accessibilite|documents?|textes?|conformite)\b)[a-z][^,:;.]{2,120}? (?:souhait\w+|veu(?:t|lent)|doi(?:t|vent)|tien(?:t|nent) a|entend(?:ent)? "
    r"|oeuvr\w+|travaill\w+|s'attach\w+|agi(?:t|ssent)|s'emploi\w+|met\w* (?:en oeuvre|en place)|est (?:tenue?|soumise?|attachee?)|sont (?:tenu|soumi|attache)\w*|garanti\w*"
    r"|rend(?:ent)?|publi(?:e|ent)|fait|font)\b"
)
"""Who wants what the law asks, in the sentence that names the law: the site and the text itself want nothing."""
_LAW = re.compile(r"\bart(?:icle|\.)? ?(?:n° ?)?47\b|\b2005-102\b")
_APPLIES = re.compile(
    r"\b(?:auquel|auxquels|a laquelle|auxquelles)\b[^.]{0,60} s'appliqu\w+|\b(?:s'appliqu\w+|appl(?:y|ies)) (?:a|au|aux|sur|pour|to|uniquement|exclusivement|egalement|donc|notamment)\b|\b(?:declaration|elle|evaluation|audit|statement)\b[^.]{0,80}"
    r" (?:concern\w+|port\w+ sur|couvr\w+|vaut pour|relative (?:a|au|aux)|(?:est )?(?:valable|applicable) (?:pour|a|au|aux|sur)|covers?)\b|\bconcernee?s? par [^.]{0,30}\b(?:declaration|evaluation)|\bdeclaration (?:d'accessibilite |de conformite )(?:au rgaa )?(?:du|de la|de l'|pour)"
    r" ?(?:le |la |l')?(?:site|service|teleservice|portail|plate-?forme|application)\b"
)
_SCOPE = re.compile(
    r"(?:sites?|services?|applications?)(?: \w+)? concernee?s? ?:|(?:perimetre|champ d'application|nom du (?:site|service)|adresse du (?:site|service)|url(?: du site)?)\b[^:.]{0,30}:"
)
_RECOURSE = re.compile(r"defenseur(?:e|\.e|·e)? des droits|defender of rights|defenseurdesdroits")
_WANTING = re.compile(
    r"\bcontenus?\b[^.]{0,80}\b(?:pas|non)[\s-]accessibles?|\bnon[\s-]*conformites?\b[^.]{0,60}(?:suivante|ci-dessous|identifie|constate|releve)|\bcontent\b[^.]{0,40}\bnot accessible"
)
_PLACES = {
    Owed.STATE: (Part.STATE,),
    Owed.RESULTS: (Part.RESULTS, Part.STATE),
    Owed.CONTENT: (Part.CONTENT, Part.RESULTS),
    Owed.DATE: (Part.DATE,),
    Owed.CONTACT: (Part.CONTACT,),
    Owed.RECOURSE: (Part.RECOURSE,),
    Owed.SCOPE: (Part.SCOPE,),
}
_WHOLE = 100.0


def missing(outline: Outline, said: Statement) -> tuple[Missing, ...]:
    """What the declaration owes and does not give. One without audit is short: no results, no contents."""
    held = _held(outline, said)
    return tuple(
        Missing(part, outline.heading(*_PLACES.get(part, (Part.TITLE,))))
        for part in Owed
        if part not in held and part not in _spared(said)
    )


def _spared(said: Statement) -> set[Owed]:
    level = said.level.value if said.level else None
    is_audited = bool(said.rate or said.auditor) or level in {Level.PARTIALLY, Level.TOTALLY}
    if not is_audited:
        return {Owed.RESULTS, Owed.CONTENT}
    is_whole = said.rate.value == _WHOLE if said.rate else level is Level.TOTALLY
    return {Owed.CONTENT} if is_whole else set()


def _held(outline: Outline, said: Statement) -> set[Owed]:
    is_held = {
        Owed.ORGANISATION: _says(outline, _COMMITS) or _says(outline, _WILLS, where=_LAW),
        Owed.ARTICLE_47: said.article_47,
        Owed.SCOPE: _says(outline, _APPLIES) or outline.under(Part.SCOPE) or _labels(outline, _SCOPE),
        Owed.STATE: said.level,
        Owed.RESULTS: said.rate,
        Owed.CONTENT: outline.under(Part.CONTENT) or _says(outline, _WANTING),
        Owed.DATE: said.established or said.update_date or said.audit_date,
        Owed.CONTACT: said.contact_email or said.contact_form,
        Owed.RECOURSE: _says(outline, _RECOURSE) or outline.under(Part.RECOURSE),
    }
    return {part for part, found in is_held.items() if found}


def _labels(outline: Outline, pattern: re.Pattern[str]) -> bool:
    """Whether a label says so, on the line of what it labels or right before it."""
    return any(pattern.match(words) for one in outline.passages for words in (one.words, f"{one.lead} : {one.words}"))


def _says(outline: Outline, pattern: re.Pattern[str], where: re.Pattern[str] | None = None) -> bool:
    said = (one.words for one in outline.passages if where is None or where.search(one.words))
    return any(pattern.search(words) for words in said)
