"""The three legal levels of conformity to the RGAA (décret 2019-768, art. 5) as sites write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bs4 import Tag

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
    "totalement": Level.TOTALLY, "entierement": Level.TOTALLY, "fully": Level.TOTALLY, "totally": Level.TOTALLY,
    "partiellement": Level.PARTIALLY, "partially": Level.PARTIALLY, "partly": Level.PARTIALLY,
    "non": Level.NOT, "not": Level.NOT, "pas": Level.NOT,
}  # fmt: skip
_ADVERB = "|".join(_WORD)
_CONFORM = r"(?:conforme|compliant|conformant)\b"
_LEVEL = rf"(?P<adverb>{_ADVERB})[\s-]*{_CONFORM}"
_OF_WHAT = r"(?:\W{1,3}(?:numerique|web|rgaa|(?:du|de ce|de notre|de la|of the|of this) ?\w+))*"
_SUBJECT = rf"(?:accessibilit[ey]s?{_OF_WHAT}|accessibility{_OF_WHAT}|conformite{_OF_WHAT}(?:\W{{1,3}}rgaa)?|\brgaa)"
_BETWEEN = r"[\s:;|()\[\]\"'«»*>=.,/-]{0,6}(?:(?:statut|etat|status|site|service|est|is|le|the|this|ce|actuellement|currently) ?:? ?){0,3}"
_SAID = re.compile(rf"{_SUBJECT}{_BETWEEN}{_LEVEL}")
_WHOLE = re.compile(
    rf"^\W*(?:(?:le|ce|the|this) )?(?:site|service|website|application){_OF_WHAT}(?: (?:est|is))?\W{{0,3}}{_LEVEL}\W*$"
)
_TEMPLATE = re.compile(
    rf"(?:{_ADVERB})(?:[\s-]*{_CONFORM})?\s*(?:/|\||,| ou | or )\s*(?:{_ADVERB})\b|[\[{{<]\s*(?:{_ADVERB})[^\]}}>]*[\]}}>]\s*conforme"
)
_NO_LEVEL = re.compile(
    rf"^\W*(?:{_SUBJECT})\W{{0,4}}(?:conforme\b|compliant\b|en cours|a venir|bientot|non evalue|pas encore|audit|in progress|\d+ ?%)"
)
_DOUBLED = re.compile(r"\b(?:totalement|partiellement)[\s-]+non[\s-]+conforme")

PROSE = 160
"""Characters from which a block outside the footer is an article, which may quote the words of a mention."""


def mention(page: Page) -> Mention | None:
    """The mention of a page: footer first, then the names of links, then short blocks. ``None`` where there is none.

    A legal level anywhere wins over a template or a missing level elsewhere.
    """
    found = list(_mentions(page))
    return next((one for one in found if isinstance(one.said, Level)), found[0] if found else None)


def _mentions(page: Page) -> list[Mention]:
    units = [(link.name, link.words, link.element) for link in page.links if link.name]
    units += [(block.text, block.words, block.element) for block in page.blocks]
    read = [
        (page.is_in_footer(element), Mention(said, text, element))
        for text, words, element in units
        if (said := _read(words)) and (len(words) <= PROSE or page.is_in_footer(element))
    ]
    return [one for _, one in sorted(read, key=lambda pair: not pair[0])]


def _read(words: str) -> Level | Unsaid | None:
    if "conform" not in words and "complian" not in words and "accessib" not in words:
        return None
    if _TEMPLATE.search(words):
        return Unsaid.TEMPLATE
    if _DOUBLED.search(words):
        return Unsaid.NO_LEVEL
    said = _SAID.search(words) or _WHOLE.match(words)
    if said:
        return _WORD[said["adverb"]]
    return Unsaid.NO_LEVEL if _NO_LEVEL.match(words) else None


STATE = re.compile(
    rf"(?:est|sont|comme|etat|statut|niveau|is|are|site|service|rgaa|application)\W{{1,4}}(?:\w+\W+){{0,3}}?(?:{_ADVERB})[\s-]*(?:en )?(?:conformes?|compliant|conformant|conformite)\b"
    r"|(?<!mise )en conformite (?:partielle|totale)|(?:en )?non[\s-]conformite avec|conformite (?:partielle|totale) (?:avec|au)"
    rf"|(?:etat|niveau) de conformite\W{{1,4}}(?:{_ADVERB})[\s-]*conforme"
)
"""A sentence of a declaration that states the level, in folded text."""
