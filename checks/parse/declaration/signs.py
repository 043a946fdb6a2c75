"""What makes a page a declaration of accessibility (décret 2019-768, art. 4; arrêté du 20 septembre 2019)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bs4 import Tag

from checks.parse import french_text
from checks.parse.html import Block, Page, once_a_page
from checks.parse.levels import STATE

_TITLE = re.compile(
    r"declaration (?:d'|de |de l')?(?:accessibilite|conformite)|declaration (?:d'|de )?(?:conformite )?(?:partielle |totale )?(?:au |de )?rgaa"
    r"|accessibility statement|(?<!mise en )conformite (?:partielle |totale )?(?:au )?rgaa|statement of (?:accessibility|conformity)"
)
_LAW = re.compile(
    r"article 47(?! (?:de la loi (?:n° ?)?(?:78|informatique|du 6 janvier)|du (?:code|rgpd|reglement|decret)))|2005[\s-]{0,2}102|11 fevrier 2005"
)
"""Article 47 of other texts is about other things: of the law of 1978, about decisions that machines take."""
_RECOURSE = re.compile(r"defenseur(?:e|\.e|·e)? des droits|defender of rights|defenseurdesdroits")
_STATE_HEADING = re.compile(r"etat de (?:la )?conformite|conformance status|compliance status")
_RESULTS_HEADING = re.compile(
    r"resultats? des? tests?|contenus? non[\s-]accessibles?|^non[\s-]conformites?$|test results"
)
_MODEL_NAME = re.compile(
    r"(?:établie?|effectuée?|réalisée?|mise à jour) le DATE\b|s['’]applique (?:à|au) (?:Notre site|URL)\b"
)
"""Fields of the generator of beta.gouv.fr as it fills them by itself: only their capitals tell them from a sentence."""

_BEFORE = 60
_AFTER = 120
"""Characters quoted on each side of a sign."""


@dataclass(frozen=True, slots=True)
class Sign:
    name: str
    text: str
    element: Tag


@once_a_page
def signs(page: Page) -> tuple[Sign, ...]:
    """The signs that a page is a declaration, each once, the most telling first."""
    title = page.title_tag
    announced = [Block(page.title, page.title_words, title)] if title is not None and page.title else []
    found = (
        _sign("title", _TITLE, [*page.headings, *announced]),
        _sign("level", STATE, page.body),
        _sign("law", _LAW, page.body),
        _sign("recourse", _RECOURSE, page.body),
        _sign("state", _STATE_HEADING, page.headings),
        _sign("results", _RESULTS_HEADING, page.headings),
    )
    return tuple(sign for sign in found if sign)


@once_a_page
def is_unfilled(page: Page) -> bool:
    """Whether the model's own fields were left as they come: ``[Nom de l'organisme]``, ``XX %``.

    They all stand in sentences: what is left over in a heading spoils no statement. The name of a link is no field of
    it: « Schéma pluriannuel [url] ».
    """
    links = {link.words for link in page.links if link.url}
    sentences = (block for block in page.blocks if not page.place(block.element).is_heading)
    return any(
        _MODEL_NAME.search(block.text) or any(field.group() not in links for field in _fields(block.words))
        for block in sentences
    )


def _fields(words: str) -> Iterator[re.Match[str]]:
    may_hold = any(sign in words for sign in french_text.OF_UNFILLED)
    return french_text.UNFILLED.finditer(words) if may_hold else iter(())


def _sign(name: str, pattern: re.Pattern[str], blocks: Iterable[Block]) -> Sign | None:
    for block in blocks:
        match = pattern.search(block.words)
        if match:
            return Sign(name, _around(block.text, match), block.element)
    return None


def _around(text: str, match: re.Match[str]) -> str:
    """The neighbourhood of a match in a long paragraph, in whole words; folding keeps lengths close enough for that."""
    start, end = max(0, match.start() - _BEFORE), match.end() + _AFTER
    if start:
        start = text.find(" ", start - 1, match.start()) + 1 or start
    if end < len(text):
        last = text.rfind(" ", match.end(), end + 1)
        end = last if last >= 0 else end
    return f"{'… ' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
