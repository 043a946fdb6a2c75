"""The three legal levels of conformity to the RGAA (décret 2019-768, art. 5) as sites write them, in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise

from bs4 import Tag

from checks.model.french import fold
from checks.parse.html import Page


class Level(StrEnum):
    TOTALLY = "totally"
    PARTIALLY = "partially"
    NOT = "not"


class Unsaid(StrEnum):
    """Why words about accessibility are not a mention: no legal level, or the template's three levels at once."""

    NO_LEVEL = "no-legal-level"
    TEMPLATE = "template-placeholder"


@dataclass(frozen=True, slots=True)
class Mention:
    said: Level | Unsaid
    text: str
    element: Tag


_WORD = {
    "totalement": Level.TOTALLY, "fully": Level.TOTALLY, "totally": Level.TOTALLY,
    "partiellement": Level.PARTIALLY, "partially": Level.PARTIALLY, "partly": Level.PARTIALLY,
    "non": Level.NOT, "not": Level.NOT,
}  # fmt: skip
_ADVERB = "|".join(_WORD)
_CONFORM = r"(?:conforme|compliant|conformant)\b"
_LEVEL = rf"(?P<adverb>{_ADVERB})[\s-]*{_CONFORM}"
_SERVICE = (
    r"(?:site|service|teleservice|teleprocedure|portail|plate-?forme|application|appli|produit|outil|logiciel|simulateur|demarche"
    r"|intranet|extranet|website|app|platform)"
)
_OF_WHAT = (
    rf"(?:\W{{1,3}}(?:numerique|digitale|web|internet|mobile|en ligne|rgaa(?: v?[\d.]+)?"
    rf"|(?:(?:du|de ce|de notre|de la|de cette|de l'|of the|of this|of our) ?)?{_SERVICE})\b){{0,4}}"
)
_NOUN = (
    rf"(?:\b(?:web |digital )?(?:accessibilit[ey]|a11y){_OF_WHAT}|\brgaa(?: v?[\d.]+)?"
    rf"|\bconformite (?:(?:au|a l'|de l')? ?)(?:rgaa(?: v?[\d.]+)?|accessibilite(?: numerique)?){_OF_WHAT})"
)
_BEFORE = (
    r"(?:(?:la |le |l'|the )?(?:declaration|mention|niveau|etat|statut|degre|conformite|status|statement|site|service)s?"
    r" ?(?:de conformite ?)?(?:d'|de l'|de |sur l'|a l'|: ?)?){0,2}(?:l')?"
)
_BETWEEN = (
    r"[^\w?]{0,6}(?:(?:statut|etat|niveau|conformite|status|statement|site|service|est|is|le|the|this|ce|notre|actuellement"
    r"|currently|de|web|internet|declaree?|encore)\b[^\w?]{0,3}){0,5}"
)
_SUBJECT = rf"{_NOUN}{_BETWEEN}"
_SENTENCE = (
    rf"(?:(?:le|ce|cette|notre|the|this|our) {_SERVICE}\b{_OF_WHAT} (?:est|is)|(?:site|website|portail|application)\b{_OF_WHAT}(?: (?:est|is))?)"
    r"(?: (?:actuellement|currently))?\W{0,3}"
)
_OURS = rf"(?:ce|cette|notre|this|our) {_SERVICE}\b{_OF_WHAT} (?:est|is)(?: (?:actuellement|currently))? "
_AFTER = (
    r"(?:[^\w?]{1,4}(?:\d|(?:a|au|avec|with|le|selon|en|depuis|rgaa|wcag|audit|nouvel(?:le)?|ouvre|s'ouvre|new|open\w*|voir|lire"
    r"|consult\w+|declaration|see|taux|score|dernier\w*|mise|plan|schema|pour en savoir plus)\b)[^?]{0,120})?\W*$"
)

_WHOLE = re.compile(rf"^\W*(?:{_BEFORE}{_SUBJECT}|{_SENTENCE}){_LEVEL}{_AFTER}")
_WITHIN = re.compile(
    rf"(?<![«\"“'(] )(?<![«\"“'\w]){_SUBJECT}{_LEVEL}(?!\W{{0,3}}(?:(?:ou|or) )?(?:{_ADVERB})\b)(?![^.|•]{{0,80}}\?)"
)
_PROSE = re.compile(rf"^{_OURS}{_LEVEL}(?![^.]{{0,200}}\?)")
_BY_THE_RGAA = re.compile(
    rf"\b(?:est|is) (?:actuellement |currently )?{_LEVEL} (?:au|aux|avec|with) (?:\w+ ){{0,3}}?(?:rgaa|referentiel general d'a)"
)
"""What a footer says of the site under any name: « La carte des lacs est non conforme au RGAA »."""
_SUBJECT_ALONE = re.compile(rf"^\W*{_BEFORE}{_SUBJECT}\W*$")
_LEVEL_ALONE = re.compile(rf"^\W*(?:site )?{_LEVEL}{_AFTER}")
_TEMPLATE = re.compile(
    rf"^\W*{_BEFORE}{_NOUN}{_BETWEEN}(?:(?:{_ADVERB})(?:[\s-]*{_CONFORM})?\s*(?:[/|,;]|ou |or )\s*(?:{_ADVERB})\b"
    rf"|[\[{{<(]+ ?(?:(?:{_ADVERB})(?![\s-]*{_CONFORM})|niveau|etat|statut|level|status|a completer|xx)[^\]}}>)]{{0,80}}[\]}}>)]+ ?(?:conforme)?\W*$"
    r"|(?:xx+|\.{3,}|__+|…) ?conforme)"
)
_NO_LEVEL = re.compile(
    rf"^\W*{_BEFORE}{_NOUN}\W{{0,4}}(?:(?:conforme|compliant)\b|(?:\w+ ){{0,3}}?totalement[\s-]+non[\s-]+conforme"
    rf"|partiellement[\s-]+non[\s-]+conforme)"
    rf"|^\W*{_BEFORE}{_NOUN} ?[:(=-]\W{{0,3}}(?:(?!(?:{_ADVERB}) {_CONFORM})[\w']+ ){{0,4}}?(?:conform\w*|compliant|evalu\w+|en cours|a venir|bientot|prochainement"
    r"|audit\w*|in progress|renseign\w+|communiqu\w+|determin\w+|defini\w*|(?:partielle|totale|n/?a)\b|\d+(?:[.,]\d+)? ?%)"
)
_BUILDING = re.compile(
    r"\b(?:erp|pmr|ad'?ap|batiments?|etablissements?|locaux|gares?|quais?|arrets?|voirie|ascenseurs?|fauteuils?|mobilite reduite)\b"
)
_SENTENCES = re.compile(r"(?<=[.!;…]) | ?[|•·] ?")

_OF_A_LEVEL = ("conform", "complian")
"""Without one of these words no level is said."""
_MANY = 1_000
PROSE = 160
"""Characters from which a block outside the footer is an article, which may quote the words of a mention."""


def mention(page: Page, name: str = "") -> Mention | None:
    """The mention of a page: footer first, then the names of links, then short blocks. ``None`` where there is none.

    ``name`` is what the service calls itself. A legal level anywhere wins over a template or a missing level elsewhere.
    The three levels side by side are the template's, or a lesson about them.
    """
    found = [(page.is_in_footer(one.element), one) for one in _mentions(page, fold(name))]
    for is_footer in (True, False):
        levels = [one for place, one in found if place is is_footer and isinstance(one.said, Level)]
        if len({one.said for one in levels}) == len(Level):
            return Mention(Unsaid.TEMPLATE, levels[0].text, levels[0].element)
        if levels:
            return levels[0]
    return next((one for _, one in sorted(found, key=lambda pair: not pair[0])), None)


def is_mentioned(page: Page, name: str = "") -> bool:
    """Whether there is a mention, whichever it is."""
    return any(True for _ in _mentions(page, fold(name)))


def _mentions(page: Page, name: str) -> Iterator[Mention]:
    for text, words, element in _units(page):
        if _may_say_level(words) or "accessib" in words:
            place = page.place(element)
            said = None if place.is_quoted else _read(_without(name, words), is_footer=place.is_footer)
            if said:
                yield Mention(said, text, element)


def _without(name: str, words: str) -> str:
    if not name or name not in words:  # most often, so that a pattern for each service is seldom made
        return words
    return re.sub(rf"\b(?:de la|du|de l'|de|d') ?{re.escape(name)}(?!\w)", "du site", words)


def _units(page: Page) -> Iterator[tuple[str, str, Tag]]:
    """What may be read as one mention: the name of a link, a block, or a label and what stands right under it."""
    yield from ((link.name, link.words, link.element) for link in page.links if link.name)
    yield from ((block.text, block.words, block.element) for block in page.blocks)
    yield from _pieces(page)
    for one, next_one in pairwise(page.blocks):
        if (
            len(next_one.words) <= PROSE
            and _may_say_level(next_one.words)
            and _SUBJECT_ALONE.match(one.words)
            and _LEVEL_ALONE.match(next_one.words)
        ):
            yield f"{one.text} {next_one.text}", f"{one.words} : {next_one.words}", next_one.element


def _pieces(page: Page) -> Iterator[tuple[str, str, Tag]]:
    """Elements in a row that only a style sheet sets apart: in the text of their block they touch."""
    holders = {id(block.element) for block in page.blocks if "accessib" in block.words}
    tags = page.elements.named("span", "button", "label") if holders else ()
    pieces = (tag for tag in tags if id(page.block_of(tag)) in holders)
    for tag in islice(pieces, _MANY):
        text = page.text_of(tag)
        yield text, fold(text), tag


def _may_say_level(words: str) -> bool:
    return any(map(words.__contains__, _OF_A_LEVEL))


def _read(words: str, *, is_footer: bool) -> Level | Unsaid | None:
    if len(words) <= PROSE and _BUILDING.search(words):
        return None
    if len(words) <= PROSE or is_footer:
        said = _WHOLE.match(words) or next(_matches(_WHOLE, words), None)
        if not said and is_footer:
            parts = (found for part in _sentences(words) for found in (_WITHIN.search(part), _BY_THE_RGAA.search(part)))
            said = next(filter(None, parts), None)
        if said and not _TEMPLATE.match(words):
            return _WORD[said["adverb"]]
        return _unsaid(words)
    prose = next(_matches(_PROSE, words), None)
    return _WORD[prose["adverb"]] if prose else None


def _unsaid(words: str) -> Unsaid | None:
    parts = [words, *_sentences(words)]
    if any(_TEMPLATE.match(part) for part in parts):
        return Unsaid.TEMPLATE
    return Unsaid.NO_LEVEL if any(_NO_LEVEL.match(part) for part in parts) else None


def _matches(pattern: re.Pattern[str], words: str) -> Iterator[re.Match[str]]:
    return (found for part in _sentences(words) if (found := pattern.match(part)))


def _sentences(words: str) -> Iterator[str]:
    return (part for part in _SENTENCES.split(words) if not (len(part) <= PROSE and _BUILDING.search(part)))


STATE = re.compile(
    r"(?:est|sont|comme|etat|statut|niveau|is|are|site|service|rgaa|application)\W{1,4}(?:\w+\W+){0,3}?"
    r"(?:totalement|entierement|fully|totally|partiellement|partially|partly|non|not|pas)[\s-]*(?:en )?(?:conformes?|compliant|conformant|conformite)\b"
    r"|(?<!mise )en (?:totale conformite|conformite (?:partielle|totale))|(?:en )?non[\s-]conformite avec|conformite (?:partielle|totale) (?:avec|au)"
    r"|(?:etat|niveau) de conformite\W{1,4}(?:totalement|partiellement|non)[\s-]*conforme"
    r"|accessibilite ?: ?(?:totalement|partiellement|non)[\s-]conforme\. \w"
)
"""A sentence of a declaration that states the level, in folded text."""
