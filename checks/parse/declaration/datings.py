"""What the dates of a declaration are the dates of: the audit, the declaration, its last update, or nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from checks.parse.declaration.dates import Dated, dates
from checks.parse.declaration.fact import Fact
from checks.parse.declaration.rates import ELSEWHERE
from checks.parse.declaration.sections import Outline, Part, Passage


class Dating(StrEnum):
    UPDATE = "update"
    AUDIT = "audit"
    ESTABLISHED = "established"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Datings:
    audit: Fact[date] | None = None
    update: Fact[date] | None = None
    established: Fact[date] | None = None


_DECLARATION = r"(?:declaration|document|statement|page)(?: d'accessibilite| de conformite)?"
_THE = r"(?:de |du |of |la |cette |ce |le |present(?:e)? |notre |this |the |accessibility )"
_MADE = (
    r"(?:etabli|redige|edite|cree|signe|publie|elabore|prepare|produit|complete|rempli|fait)e"
    r"|prepared|created|published|written|drafted|established|issued|fait (?:a|le)\b|(?:declaration|statement)\b[^.]{0,30} (?:etabli|cree|fait|redige|realise|publie)"
)
_CUES = {
    Dating.UPDATE: re.compile(
        rf"\b(?:mise a jour(?: (?:{_THE}){{1,4}}{_DECLARATION})?|(?:audit|rapport|resultat|document|declaration|taux)s?\b[^.]{{0,30}} mis a jour|(?:re)?actualis(?:ee|ation)"
        rf"|revis(?:ee|ion)|modifi(?:ee|cation)(?: (?:{_THE}){{1,4}}{_DECLARATION})?|revue|renouvelee|(?:last )?(?:updated|revised|reviewed)|last (?:update|review|revision))\b"
    ),
    Dating.AUDIT: re.compile(
        r"\b(?:(?:contre[\s-]|auto[\s-]?)?audit(?:s|ee?s?|ed)?|(?:re|auto[\s-]?)?evaluations?|evaluee?s?|controles?|tests?|testee?s?|verifications?|verifiee?s?|diagnostic|mesuree?"
        r"|assess(?:ment|ed)|evaluated|tested)\b"
    ),
    Dating.ESTABLISHED: re.compile(
        rf"\b(?:(?:declaration|statement)(?: d'accessibilite| de conformite)?|{_MADE}|etablissement|elaboration|redaction|creation)\b"
    ),
    Dating.NOTHING: re.compile(
        r"\b(?:lois?|decrets?|arretes?|ordonnances?|directives?|reglements?|articles?|circulaires?|law|act|decree|order)\b"
        r"|\b(?:d'ici|avant|anterieure?s?|jusqu'(?:au|en|a)|before|until|by the end|depuis|posterieure?s?|a partir d[eu]|since|apres le|avant le)\b"
        r"|\b(?:schemas?|plans?|publies?|mis en (?:ligne|service|production)|mise en (?:ligne|service|production|oeuvre)|lancee?|refonte|version (?:du site|en ligne)|launched|released"
        r"|mis a jour|mise a jour (?:du|de la|de l'|des) (?:site|plan|schema|rgaa|application|plate-?forme|contenu|referentiel)s?)\b"
    ),
}
"""What a date is said to be of; where two end together the first here is right: "mise à jour de la déclaration"."""
_RAN = re.compile(
    r"\b(?:realise|effectue|mene|conduit|execute|finalise|acheve|termine|carried out|conducted|performed|done|made)(?:e|es|s)?\b"
)
_TO_COME = re.compile(
    r"\b(?:sera|seront|serait|prevue?s?|planifie\w*|programme(?:e|es|s)?|prochain\w*|devrait|horizon|echeance|will|a venir)\b"
)
_PAGE_STAMP = re.compile(
    r"\W{0,3}(?:(?:page|contenu|article|derniere modification) )?(?:publie|mis a jour|modifie|cree|mis en ligne)\b"
)
"""What the software of a site writes on every page, in the masculine; a declaration is "établie" and "mise à jour"."""
_SHE = re.compile(r"\W{0,3}(?:et |puis )?(?:elle|celle-ci|it)\b")
_AND_THEN = re.compile(r",? ?(?:puis|et|et puis|ensuite)(?: a nouveau| de nouveau| encore)? (?:le|en|du) ")
_SUBJECT = re.compile(r"\bdeclaration\b|\bstatement\b|\bdates?\b")
_NEAR = 140
_OF_AUDIT = {Part.STATE, Part.RESULTS}
_NO_AUDIT = {Part.CONTACT, Part.RECOURSE}
_BUSY = {Part.OTHER, Part.TECHNOLOGIES, Part.CONTENT}


@dataclass(frozen=True, slots=True)
class _Found:
    dating: Dating
    dated: Dated
    passage: Passage
    is_sure: bool


def datings(outline: Outline) -> Datings:
    found = [*_found(outline)]
    established = _chosen(found, Dating.ESTABLISHED)
    return Datings(
        audit=_same_month(_chosen(found, Dating.AUDIT), established),
        update=_fact(_chosen(found, Dating.UPDATE)),
        established=_fact(established),
    )


def _chosen(found: list[_Found], dating: Dating) -> _Found | None:
    """The surest; then the last audit and the last update, and the first date of the declaration."""
    own = [one for one in found if one.dating is dating]
    sure = [one for one in own if one.is_sure] or own
    if dating is Dating.ESTABLISHED:
        return sure[0] if sure else None
    return max(sure, key=lambda one: one.dated.value, default=None)


def _same_month(audit: _Found | None, established: _Found | None) -> Fact[date] | None:
    """An audit dated by its month alone was over when the declaration was established, within that same month."""
    if audit is None or established is None or not audit.dated.is_month or established.dated.is_month:
        return _fact(audit)
    is_same = established.dated.value.replace(day=1) == audit.dated.value
    return _fact(replace(audit, dated=established.dated) if is_same else audit)


def _fact(found: _Found | None) -> Fact[date] | None:
    return Fact(found.dated.value, found.passage.text, found.passage.element) if found else None


def _found(outline: Outline) -> Iterator[_Found]:
    previous = ""
    for passage in outline.passages:
        if not _PAGE_STAMP.match(passage.words):
            yield from _of_sentence(passage, previous)
        previous = passage.words


def _of_sentence(passage: Passage, previous: str) -> Iterator[_Found]:
    """Each date is of what is said right before it, since the date before; of what follows where nothing is."""
    is_label = passage.parts.isdisjoint(_BUSY) or _SUBJECT.search(passage.lead)
    lead = f"{passage.lead} : " if passage.lead and is_label else ""
    words = lead + passage.words
    read = [one for one in dates(words) if one.start >= len(lead)]
    starts = [*(one.start for one in read[1:]), len(words)]
    end, said = 0, None
    is_sure = bool(read) and not ELSEWHERE.search(words)
    for dated, following in zip(read, starts, strict=False):
        before, after = words[end : dated.start], words[dated.end : following]
        end = dated.end
        if not (said and _AND_THEN.fullmatch(before)):
            said = _said(before[-_NEAR:], after[:_NEAR], passage, previous)
        if said and said[0] is not Dating.NOTHING:
            yield _Found(said[0], dated, passage, is_sure=said[1] and is_sure)


def _said(before: str, after: str, passage: Passage, previous: str) -> tuple[Dating, bool] | None:
    """What a date is of, and whether the words say so or only the place."""
    if _TO_COME.search(before):
        return None
    dating = _last_cue(before)
    if dating is None and _RAN.search(before):
        is_hers = _SHE.match(before) and _SUBJECT.search(previous)
        is_audit = not is_hers and not passage.path.isdisjoint(_OF_AUDIT)
        dating = Dating.AUDIT if is_audit else Dating.ESTABLISHED
    dating = dating or _first_cue(after)
    if dating is Dating.AUDIT and not passage.path.isdisjoint(_NO_AUDIT):
        return None
    if dating:
        return dating, True
    if Part.DATE in passage.parts:
        return Dating.ESTABLISHED, True
    return (Dating.AUDIT, False) if passage.parts & _OF_AUDIT else None


def _last_cue(words: str) -> Dating | None:
    ends = {dating: max((one.end() for one in cue.finditer(words)), default=0) for dating, cue in _CUES.items()}
    return max(ends, key=lambda dating: ends[dating]) if any(ends.values()) else None


def _first_cue(words: str) -> Dating | None:
    if _TO_COME.search(words):
        return Dating.NOTHING
    starts = {dating: found.start() for dating, cue in _CUES.items() if (found := cue.search(words))}
    return min(starts, key=lambda dating: starts[dating]) if starts else None
