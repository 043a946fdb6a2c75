"""The rate of conformity that a declaration gives: the global one of today, among averages, past rates and targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from checks.parse.declaration.dates import dates
from checks.parse.declaration.fact import Fact
from checks.parse.declaration.sections import Outline, Part, Passage
from checks.parse.elements import holder as around

_NUMBER = r"(?<![\d.,])(?P<number>\d{1,3}(?:[.,]\d{1,3})?) ?(?:%|pour cent\b|pourcents?\b|percent\b|per cent\b)"
_RATE = re.compile(_NUMBER)
_ALONE = re.compile(rf"\W{{0,3}}{_NUMBER}\W{{0,3}}")
_CRITERIA = r"\W{0,3}(?:(?:sur|of|des|de|du|the|all|applicable|respected) ){0,3}(?:l'ensemble des )?(?:\d{1,3} )?"
_FOLLOWS = re.compile(
    rf"{_CRITERIA}(?:criteres|criteria|points de controle)\b|\W{{0,3}}(?:au |du |with |avec )(?:le |the )?rgaa\b|\W{{0,3}}(?:de )?(?:taux de )?conform\w+"
    r"|\W{0,3}(?:de )?(?:respect|reussite)|\W{0,3}(?:complian|conforman)\w+|\W{0,3}(?:accessible\b|d'accessibilite\b)"
)
_LEADS = re.compile(
    r"(?:(?:taux|niveau|degre|score|pourcentage|note|indice|rate|level|percentage)\b[^%.]{0,60}?(?:conformite|rgaa|accessibilite|global|respect|conforman|complian)[^%]{0,70}"
    r"|(?:taux|score|niveau|note|resultat|pourcentage)(?: (?:global|obtenu|actuel|final|de l'audit)){0,2}(?: est| etait| atteint| s'eleve)?(?: monte| passe| porte)?(?: desormais| maintenant| a present| aujourd'hui)?(?: de| :| a)?"
    r"|(?:taux|score|note|audit)\b[^%.:]{0,90} ?:|\bglobal(?:e|ement)?\b(?: (?:est|de|a|s'eleve|atteint)){0,3}"
    r"|conformes?(?: (?:au|avec le) rgaa[^%]{0,20})? (?:a|at)(?: hauteur de| plus de)?"
    r"|(?:revele\w*|montre\w*|indique\w*|etabli\w*|constate\w*|conclu\w*|atteste\w*|releve\w*|fait etat|ressort|reveal\w*|show\w*|found)\b[^%]{0,60}"
    r"|mis(?:e|es)? a jour a|(?:conformite|conformance|compliance|conformity)\b[^%.]{0,25}|respect\w*(?: \w+)? (?:a|de)|criteres?\b[^%.,;]{0,40}(?:respectes?|conformes?|valides?)\b[^%.]{0,25}"
    r"|criteria (?:met|respected)\b[^%.]{0,25})\W{0,3}$"
)
_ANYWHERE = {Part.TITLE, Part.DATE, Part.SCOPE, Part.OTHER, Part.CONTENT}
_AVERAGE = re.compile(r"\bmoyen(?:ne|s|nes)?\b|\baverage\b|\bmean\b|\bmedian|\bpar page\b|\bper page\b")
_FAILED = re.compile(
    r"non[\s-]*(?:conformes|conformites?|respecte\w*|accessible|valide\w*|applicable)|ne sont (?:pas|plus) \w+|not (?:met|respected|compliant)"
)
_NOT_MET = re.compile(
    r"\bnon[\s-]*(?:conformes|conformites?|respecte\w*|valide\w*)\b[^%,]{0,30}$|\bpas (?:ete |encore ){0,2}(?:conformes|respecte|valide)\w*[^%,]{0,30}$"
)
"""« Non conforme », of one, is a level, and may come with its rate; « non conformes », of many, are criteria."""
_TOOLS = r"(?:lighthouse|pagespeed|wave|ecoindex|ecoconception|rgesn|opquast|validateur|automatique)"
_OF_A_TOOL = re.compile(
    rf"\b(?:score|note|indice|test)s? (?:[\w']+ ){{0,3}}{_TOOLS}\b|\b{_TOOLS}(?: d'accessibilite| accessibilit[ey])?\W*$"
)
_AIM = re.compile(
    r"\b(?:objectifs?|cibles?|vis(?:er|e|ons|ent|ant|ee|es)|d'ici|sera|seront|serait|devrait|devra|prevu\w*|horizon|a terme|ambition\w*|target|goal|will|souhait\w+"
    r"|esper\w+|minimum|seuil|superieur\w*|inferieur\w*|au moins|at least|less than|more than|moins de|passera|prochain\w*"
    r"|(?<!permis d')(?<!permettant d')(?<!permet d')(?<!vient d')atteindre)\b"
)
_PAST = re.compile(
    r"\b(?:etai(?:t|ent)|(?:revel|montr|indiqu|atteign)ait|premier audit|precedent\w*|initial\w*|auparavant|ancien\w*|previous\w*|was|were|avant (?:correction|travaux)\w*|avait|jusqu'alors)\b"
)
_NOW = re.compile(
    r"\b(?:desormais|dorenavant|contre[\s-]audit|a present|maintenant|actuel\w*|a ce jour|(?:a la )?suite (?:a|aux|des) (?:ces |des )?corrections?|mise? a jour a|apres (?:corrections?|travaux)|now|currently)\b"
)
ELSEWHERE = re.compile(
    r"\bapplications? mobiles?\b|\bandroid\b|\bios\b|\bancienne? (?:site|version)\b|\bautres? (?:site|application)s?\b|\bintranet\b|\bextranet\b|\bback[\s-]?office\b|\bwcag\b"
    r"|\bniveau (?:simple )?a+\b(?! et)|\bmobile app\b|\bmoyenne nationale\b"
)
_FIGURE = r"\d{1,3}(?:[.,]\d{1,3})? ?(?:%|pour cent)"
_RISE = re.compile(
    rf"\b(?:pass|progress|evolu|augment|amelior|mont)\w* (?:\w+ )?de (?P<old>){_FIGURE}[^%.]{{0,60}}?\ba (?:\w+ ){{0,2}}?(?P<new>){_FIGURE}"
)
_THREE_QUARTERS = re.compile(r"(?<!plus des )(?<!moins des )(?<!pres des )(?<!environ )\b(?:les )?trois[\s-]quarts\b")
_OF_100 = re.compile(r"(?<![\d.,/])(\d{1,3}(?:[.,]\d{1,3})?) ?(?:/|sur) ?100(?![\d/]| ?%| criteres)")
_CLAUSE_END = re.compile(r"[,;.(]")
_YEAR = re.compile(r"\b20[0-3]\d\b")
_NEAR = 160
_ALL = 100.0


@dataclass(frozen=True, slots=True)
class _Said:
    """A rate as said in a sentence, with what there is to prefer it or not."""

    value: float
    passage: Passage
    when: date
    is_past: bool
    is_elsewhere: bool
    is_now: bool
    is_global: bool


@dataclass(frozen=True, slots=True)
class _Clause:
    """A figure, and the words around it as far as the next figure. ``rise`` is ``old`` or ``new`` in "from 45 to 71 %"."""

    value: float
    before: str
    after: str
    rise: str

    @property
    def near(self) -> str:
        """What follows the figure in the same clause."""
        return _CLAUSE_END.split(self.after)[0]

    @property
    def is_rate(self) -> bool:
        if self.value > _ALL or not (self.rise or _LEADS.search(self.before) or _FOLLOWS.match(self.after)):
            return False
        if _AVERAGE.search(self.before) or _AVERAGE.search(self.near) or _OF_A_TOOL.search(self.before):
            return False
        return not (
            _NOT_MET.search(self.before)
            or _FAILED.search(self.near)
            or _AIM.search(self.before)
            or _AIM.search(self.near)
        )


def rate(outline: Outline) -> Fact[float] | None:
    """The global rate, from 0 to 100: of the section of the results, else of the state, else of the page."""
    for passages in (
        outline.under(Part.RESULTS),
        outline.of(Part.STATE),
        [one for one in outline.passages if not one.path or not one.parts.isdisjoint(_ANYWHERE)],
    ):
        said = [*_rates(passages)]
        if said:
            best = _best([one for one in said if not one.is_past] or said)
            return Fact(best.value, best.passage.text, best.passage.element)
    return None


def _best(said: list[_Said]) -> _Said:
    """Of the service itself, as things stand, the latest dated; then the global one, the last that its paragraph gives."""
    here = [one for one in said if not one.is_elsewhere] or said
    now = [one for one in here if one.is_now] or here
    last = max(one.when for one in now)
    dated = [one for one in now if one.when == last]
    overall = [one for one in dated if one.is_global]
    same = [one for one in overall if one.passage.element is overall[0].passage.element]
    return same[-1] if same else dated[0]


def _rates(passages: Iterable[Passage]) -> Iterator[_Said]:
    block, when = None, date.min
    for passage, following in pairwise([*passages, None]):
        assert passage is not None  # noqa: S101 - only the last of the list is None
        holder = around(passage.element, "tr") or passage.element
        if holder is not block:
            block, when = holder, date.min
        when = max(_times(passage.words), default=when)
        for clause in _clauses(passage, following):
            if clause.is_rate:
                yield _read(clause, passage, when)


def _read(clause: _Clause, passage: Passage, when: date) -> _Said:
    return _Said(
        clause.value,
        passage,
        max(_times(f"{clause.before}|{clause.after}"), default=when),
        is_past=clause.rise == "old" or bool(_PAST.search(clause.before) or _PAST.search(clause.near)),
        is_elsewhere=bool(ELSEWHERE.search(clause.before) or ELSEWHERE.search(clause.after)),
        is_now=clause.rise == "new" or bool(_NOW.search(clause.before) or _NOW.search(clause.near)),
        is_global="global" in clause.before or "overall" in clause.before,
    )


def _clauses(passage: Passage, following: Passage | None) -> Iterator[_Clause]:
    """The figures of a sentence; its label is read before it, and what follows a figure that stands alone after it."""
    is_alone = _ALONE.fullmatch(passage.words) is not None
    trail = f" {following.words}" if is_alone and following and _FOLLOWS.match(following.words) else ""
    lead = f"{passage.lead} : " if passage.lead else ""
    words = lead + _in_percents(passage.words) + trail
    rises = {one.end(name): name for one in _RISE.finditer(words) for name in ("old", "new")}
    end = 0
    for found in _RATE.finditer(words):
        before, after = words[max(end, found.start() - _NEAR) : found.start()], words[found.end() : found.end() + _NEAR]
        end = found.end()
        if found.start() >= len(lead):
            value = float(found["number"].replace(",", "."))
            yield _Clause(value, before, _RATE.split(after)[0], rises.get(found.start(), ""))


def _in_percents(words: str) -> str:
    return _OF_100.sub(r"\1 %", _THREE_QUARTERS.sub("75 %", words))


def _times(words: str) -> list[date]:
    return [*(one.value for one in dates(words)), *(date(int(year), 1, 1) for year in _YEAR.findall(words))]
