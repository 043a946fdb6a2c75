"""The level of conformity that a declaration states, in the folded text of its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.parse.declaration.fact import Fact
from checks.parse.declaration.sections import Outline, Part, Passage
from checks.parse.levels import Level

_CONFORM = r"(?:conformes?|compliant|conformant)\b"
_LABEL = r"(?:conformite|niveau|statut|etat)\b[^.:;]{0,40}: ?"
_SAID = re.compile(
    rf"(?P<denied>n(?:e |')(?:est|sont|etant)(?: actuellement| donc| toutefois| cependant| malheureusement| a ce jour)? (?:pas|plus)(?: encore| actuellement| a ce jour)? (?:{_CONFORM}|en conformite|accessible)"
    rf"|do(?:es)? not (?:yet )?(?:comply|conform)|\b(?:is|are) not (?:yet |currently )?{_CONFORM})"
    rf"|\b(?P<partial>(?:partiellement|en partie|partially|partly)[\s-]*(?:{_CONFORM}|en conformite|complies|conforms)|(?<!mise )(?<!mise en )(?:en )?conformite partielle|partial (?:compliance|conformance|conformity)|respect(?:e|ent) (?:partiellement|en partie)|{_LABEL}partiel(?:le)?\b)"
    rf"|\b(?P<total>(?:totalement|entierement|pleinement|integralement|fully|totally|completely)[\s-]*(?:{_CONFORM}|en conformite|complies|conforms)|(?<!mise )(?<!mise en )(?:en )?conformite totale|en totale conformite|full (?:compliance|conformance|conformity)|{_LABEL}totale?\b)"
    rf"|\b(?P<none>(?:non|not)[\s-]*{_CONFORM}|(?:est|sont|etat de|en) non[\s-]*conformite (?:avec|au|a l'egard)|non[\s-]compliance with|pas conforme (?:avec|au))"
)
_LEVELS = {"denied": Level.NOT, "partial": Level.PARTIALLY, "total": Level.TOTALLY, "none": Level.NOT}
_SPOILT = re.compile(
    r"\b(?:totalement|partiellement|pas|plus|ni) $"
    r"|\b(?:etai(?:t|ent)|sera|seront|serait|devenir|devienne\w*|atteindre|objectifs?|vis(?:e|er|ant|ent|ons)|rendre|passer|tendre|d'ici|initialement|auparavant"
    r"|precedemment|attente d|will|become|aim\w*|goal|to be|was|were)\b[^.,:;]{0,80}$"
    r"|\b(?:si|lorsqu(?:e |')|quand|whether|if|when) [^.,:;]{0,60}$"
    r"|(?:%|moitie|majorite|plupart|tiers|quarts?|beaucoup|nombre|peu) (?:de |des |d')(?:sites|services|applications|demarches)\b[^.,:;]{0,40}$"
    r"|\b(?:un|une|tout|toute|chaque|a|any) (?:site|service|application|website)[^.,:;]{0,30}$"
    r"|(?:totalement|partiellement|non|fully|partially)(?: conforme)? ?(?:/|,|\bou\b|\bor\b) ?$"
)
"""What makes a level not the level of today: a hope, a past, a definition, the choice that the model leaves open."""
_OF_A_PART = re.compile(
    r"\b(?:criteres?|contenus?|elements?|pages?|documents?|composants?|images?|videos?|liens?|formulaires?|champs?|pdf|tableaux?|menus?|boutons?|titres?|fichiers?|contrastes?"
    r"|points?|criteria|contents?)\b(?![^.,:;]{0,60}\b(?:site|service|application|portail|plate-?forme|website)\b)[^.,:;]{0,60}$"
)
_DEFINES = re.compile(
    r"\W{0,3}(?:si|s'il|lorsqu|quand|when|if|signifie|veut dire|means)\b| ?(?:/|,|\bou\b|\bor\b) ?(?:totalement|partiellement|non|fully|partially|not)\b"
)
_GLOSSED = re.compile(r"\W{1,3}(?:100 ?%|tous les criteres|au moins|moins de|plus de|entre \d|lorsque)")
"""What explains a bare level, as a legend does; behind a verb it says why the level is this one."""
_VERB = re.compile(r"\b(?:est|sont|is|are)\b[^.;:]{0,40}$")
_RGAA = r"(?:rgaa|referentiel general)"
_BY_THE_RGAA = re.compile(rf" (?:avec|au) (?:le )?{_RGAA}")
_BY_ANOTHER = re.compile(
    rf"(?![^;]{{0,120}}\b{_RGAA})[^;]{{0,60}}\b(?:norme europeenne|en 301|301[ .]549|wcag|raweb|european standard)\b"
)
"""What a level is measured against, where it is not the RGAA."""
_NEAR = 160
_STATES = re.compile(
    r"\b(?:est|sont|is|are|considere\w*|comme|declare\w*|obtient|statut|etat|niveau|status|level)\b[^.;]{0,120}$"
)


def level(outline: Outline) -> Fact[Level] | None:
    """The level: of the section of the state, of the results, of the rest of the page; sentences before bare words."""
    for passages in (
        outline.of(Part.STATE),
        outline.under(Part.RESULTS),
        [one for one in outline.passages if not one.parts & {Part.CONTENT, Part.RECOURSE, Part.CONTACT}],
    ):
        said = [found for passage in passages for found in _levels(passage)]
        if said:
            return max(said, key=lambda one: one[1])[0]  # the first of the best
    return None


def _levels(passage: Passage) -> Iterator[tuple[Fact[Level], tuple[bool, bool]]]:
    """What a passage says of the level; each with whether it is a sentence, and whether the RGAA is what it goes by."""
    words = passage.words
    for found in _SAID.finditer(words):
        before, after = words[max(0, found.start() - _NEAR) : found.start()], words[found.end() : found.end() + _NEAR]
        is_whole = Part.STATE in passage.parts and before.endswith(" est ") and _BY_THE_RGAA.match(after)
        if _SPOILT.search(before) or _DEFINES.match(after) or (_OF_A_PART.search(before) and not is_whole):
            continue
        if _GLOSSED.match(after) and not _VERB.search(before):
            continue
        said = _LEVELS[found.lastgroup or ""]
        is_stated = found.lastgroup == "denied" or bool(_STATES.search(f"{passage.lead} : {before}"))
        rank = (is_stated and not passage.is_heading, not _BY_ANOTHER.match(after))
        yield Fact(said, passage.text, passage.element), rank
