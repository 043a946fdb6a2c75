"""The sections of a declaration of accessibility: which part of the model each sentence stands in.

Headings drift from the model (arrêté du 20 septembre 2019), some are bold paragraphs, some are in English. A section runs
to the next heading of its level or above; headings under it do not end it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bs4 import Tag

from checks.model.address import host_of
from checks.model.french import fold
from checks.model.memory import remembered
from checks.parse.elements import holder
from checks.parse.html import Block, Page, once_a_page
from checks.parse.layout import attribute


class Part(StrEnum):
    """What a heading announces. ``FOREIGN`` is not about accessibility; ``OTHER`` is, and holds none of the facts."""

    TITLE = "title"
    SCOPE = "scope"
    STATE = "state"
    RESULTS = "results"
    CONTENT = "content"
    DATE = "date"
    CONTACT = "contact"
    RECOURSE = "recourse"
    TECHNOLOGIES = "technologies"
    OTHER = "other"
    FOREIGN = "foreign"


Parts = frozenset[Part]

_STATE = (
    r"\b(?:etat|niveau|statut|degre|situation) (?:de |d')(?:la |l')?(?:conformite|accessibilite)|^conformite(?: actuelle| du site| au rgaa)?$"
    r"|(?:conformance|compliance|conformity) (?:status|level)|status of compliance|^accessibility status$"
)
_RESULTS = (
    r"\bresultats?\b(?: (?:de|des|du|d'|de l'|l'|les|la) ?)+(?:tests?|audits?|evaluations?|controles?|verifications?)|^resultats?$"
    r"|\b(?:test|audit|evaluation) results|results of (?:the )?(?:tests?|audit)|taux de conformite|compliance rate"
)
_CONTENT = (
    r"\bnon[\s-]*accessibles?\b|\binaccessibles?\b|\bnon[\s-]*conformites?\b|(?:contenus?|points?|elements?|criteres?) non[\s-]*conformes?"
    r"|\bderogations?\b|charge disproportionnee|non[\s-]*soumis\b|disproportionate|not within the scope|limitations? (?:connues|d'accessibilite)"
    r"|(?:defauts?|problemes?) (?:d'accessibilite )?(?:connus|identifies)|known (?:issues|limitations)|accessibility limitations"
)
_DATE = (
    r"\b(?:etablissement|elaboration|redaction|creation|preparation|mise a jour|publication|dates?)(?: (?:de|d'|du|de l')| of)?"
    r"(?: ?(?:cette|la|l'|une|presente|this|the|your))*(?: ?accessibility)? (?:declaration|statement)|^etablie? le|^dates?(?: (?:de|d')(?: ?la)? ?(?:publication|redaction|creation|etablissement|realisation|mise a jour))?$"
)
_CONTACT = (
    r"\bretours? d'informations?\b|\bameliorations? et contact|\bcontact(?:s|er|ez)?\b|\bfeedback\b|\bsignale(?:r|z|ments?)\b|\bnous ecrire\b"
    r"|\bdroit a (?:la )?compensation|^(?:aide|assistance)\b|besoin d'aide|reporting (?:accessibility )?(?:problems|issues)"
)
_RECOURSE = (
    r"\brecours\b|\bdefenseur(?:e|\.e|·e)? des droits\b|\benforcement\b|\barcom\b|\bsaisi(?:r|ne)\b|\breclamations?\b|\bplaintes?\b"
    r"|\bcomplaints?\b|defender of rights|\bremedies\b"
)
_TECHNOLOGIES = r"\btechnologies?\b(?! d'assistance)|technical specifications"
_SCOPE = r"\bperimetre|champ d'application|sites? concernes?|\bscope\b"
_OTHER = (
    r"environnements? (?:de|des) tests?|\boutils?\b|\btools\b|\bpages?\b.{0,80}\b(?:verifi|audit|test|evalu)|\bechantillon|\bsample\b|realisation du test"
    r"|methodologie|technologies? d'assistance|assistive|\bschema\b|\bplans? (?:d'actions?|annuels?)|\bpolitique d'accessibilite|amelioration continue"
)
_FOREIGN = (
    r"\bmentions? legales?\b|\bediteurs?\b|\bhebergeu?rs?\b|\bhebergement\b|\bdirect(?:eur|rice)\b|\bpropriete intellectuelle|\bdroits? d'auteur"
    r"|\bdonnees (?:a caractere )?personnel|\bvie privee\b|\bconfidentialite\b|\bcookies?\b|\btraceurs\b|\bcredits?\b|\bconditions generales"
    r"|\bcgu\b|\bliens? hypertextes?\b|\blicence\b|\bnewsletter\b|\bactualites?\b|\breseaux sociaux\b|\blegal notice\b|\bprivacy\b|\bsecurite\b"
    r"|\bpublisher\b|\bhosting\b|\bsuivez-nous\b|\brgpd\b"
)
_TITLE = (
    r"\baccessibilite\b|\baccessibility\b|\bdeclaration de conformite|\bconformite (?:partielle |totale )?(?:au )?rgaa"
)
_PATTERNS = {
    Part.RECOURSE: re.compile(_RECOURSE),
    Part.CONTENT: re.compile(_CONTENT),
    Part.DATE: re.compile(_DATE),
    Part.CONTACT: re.compile(_CONTACT),
    Part.STATE: re.compile(_STATE),
    Part.RESULTS: re.compile(_RESULTS),
    Part.TECHNOLOGIES: re.compile(_TECHNOLOGIES),
    Part.SCOPE: re.compile(_SCOPE),
}
_OF_ACCESSIBILITY = re.compile(_TITLE)
_KNOWN_OTHER = re.compile(_OTHER)
_KNOWN_FOREIGN = re.compile(_FOREIGN)
_PLAYED = re.compile(
    r"[\W\d]{0,12}(?:[a-z]\) )?(?:etat de (?:la )?conformite|resultats? (?:des? tests?|de l'audit)|contenus? (?:non[\s-]accessibles?|inaccessibles?)"
    r"|non[\s-]conformites?|derogations? pour charge disproportionnee|contenus? non soumis a l'obligation d'accessibilite"
    r"|etablissement de (?:cette|la) declaration(?: d'accessibilite)?|dates? de (?:la|cette) declaration|retours? d'informations?(?: et contacts?)?|ameliorations? et contacts?|contacts?"
    r"|voies? de recours|(?:le )?defenseur des droits|technologies utilisees(?: pour la realisation du (?:site|service)(?: internet| web)?)?"
    r"|environnements? de tests?|outils (?:utilises )?pour evaluer l'accessibilite|pages (?:du site )?ayant fait l'objet de la verification(?: de conformite)?"
    r"|(?:conformance|compliance) status|test results|non-accessible content|preparation of this (?:accessibility )?statement"
    r"|feedback(?: and contact(?: information| details)?)?|contact information|enforcement(?: procedure)?|donnees personnelles|mentions legales|cookies"
    r")\W{0,5}"
)
"""A line that plays a heading without its element: nothing else stands on it."""
_MAY_PLAY = {
    "p", "div", "dt", "summary", "legend", "button", "th", "label", "caption", "section", "article", "center", "td"
}  # fmt: skip
_HOST = re.compile(r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\b(?!@)")
_PLAYED_LEVEL = 7
_LONGEST_PLAYED, _LONGEST_LEAD = 100, 160
_COLUMNS, _MANY = 2, 30
# It begins with the space, which is found at once, and then looks behind it.
_SENTENCE_END = re.compile(
    r" (?<=[.!?…] )(?<!\b[A-Za-z]\. )(?<!\b(?:Mr|St|cf|ex|no|al|av|bd)\. )(?<!\b(?:art|Mme|Ste|env|tel|réf|etc)\. )(?=[^\W\da-zà-ÿ_]|[-–•«\"“(\[])|; ?"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence: as written, folded, where. ``parts`` is what the innermost known heading above it announces, ``path``
    what all of them do; ``lead`` is the label or the heading right before it, folded, empty within a paragraph."""

    text: str
    words: str
    element: Tag
    parts: Parts
    path: Parts
    lead: str = ""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    parts: Parts


@remembered(1_000)
def parts_of(words: str) -> Parts:
    """What a heading, folded, announces; empty where it is none of ours."""
    found = {part for part, pattern in _PATTERNS.items() if pattern.search(words)}
    if found:
        return frozenset(found)
    if _KNOWN_OTHER.search(words):
        return frozenset({Part.OTHER})
    if _OF_ACCESSIBILITY.search(words):
        return frozenset({Part.TITLE})
    return frozenset({Part.FOREIGN}) if _KNOWN_FOREIGN.search(words) else frozenset()


class Outline:
    """A page as the sentences of a declaration. What stands under a foreign heading (legal notice, cookies) is left out."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._host = host_of(page.capture.url).removeprefix("www.")

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        kept = (passage for passage in self._all if Part.FOREIGN not in passage.parts)
        others = self._rows_of_other_sites
        return tuple(one for one in kept if not others or id(holder(one.element, "tr")) not in others)

    @cached_property
    def _all(self) -> tuple[Passage, ...]:
        return tuple(self._walk())

    def of(self, *parts: Part) -> tuple[Passage, ...]:
        """The sentences whose innermost known heading announces one of these."""
        return tuple(passage for passage in self.passages if not passage.parts.isdisjoint(parts))

    def under(self, part: Part) -> tuple[Passage, ...]:
        """The sentences of a section and of the sections under it, without the headings."""
        return tuple(one for one in self.passages if part in one.path and not one.is_heading)

    def heading(self, *parts: Part) -> Passage | None:
        return next((one for one in self.passages if one.is_heading and not one.parts.isdisjoint(parts)), None)

    def at(self, element: Tag) -> tuple[Parts, Parts]:
        """``parts`` and ``path`` of an element of the page, a link for example."""
        orders, found = self._marks
        rank = bisect_right(orders, self.page.elements.rank(element)) - 1
        return found[rank] if rank >= 0 else (frozenset(), frozenset())

    @cached_property
    def _marks(self) -> tuple[list[int], list[tuple[Parts, Parts]]]:
        rank = self.page.elements.rank
        marks = [(rank(one.element), (one.parts, one.path)) for one in self._all if one.is_heading]
        return [order for order, _ in marks], [mark for _, mark in marks]

    def _walk(self) -> Iterator[Passage]:
        stack: list[_Heading] = []
        lead = ""
        for block in self.page.body:
            level = self._level(block)
            if level:
                stack = [one for one in stack if one.level < level]
                stack.append(_Heading(level, parts_of(block.words)))
            parts, path = _announced(stack)
            for rank, (text, words) in enumerate(_sentences(block)):
                own = "" if rank else (self._column(block.element) or lead)
                yield Passage(text, words, block.element, parts, path, own, is_heading=bool(level))
            lead = _lead(block.words, is_heading=bool(level))

    def _column(self, element: Tag) -> str:
        """What the head of its column and the first cell of its row say of a cell, in a table that has heads.

        A table of two columns is one of labels, unless the head of the second is known: « Taux de conformité ».
        """
        cell = element if element.name == "td" else holder(element, "td")
        table = holder(cell, "table") if cell else None
        first = self.page.elements.first(table, "tr") if table else None
        heads = first.find_all(["th", "td"], recursive=False, limit=_MANY) if first else []
        if cell is None or not _COLUMNS <= len(heads) < _MANY or not all(one.name == "th" for one in heads):
            return ""
        before = cell.find_previous_siblings(["th", "td"], limit=_MANY)
        if len(before) >= len(heads):
            return ""
        head = self.page.text_of(heads[len(before)])
        if len(heads) == _COLUMNS and not parts_of(fold(head)):
            return ""
        return fold(f"{self.page.text_of(before[-1])} : {head}" if before else head)[-_LONGEST_LEAD:]

    @cached_property
    def _rows_of_other_sites(self) -> frozenset[int]:
        """The rows that name another site, by identity, in the tables that have a row for this one."""
        others: set[int] = set()
        for table in self.page.elements.named("table"):
            rows = {id(row): self._names_sites(row) for row in self.page.elements.inside(table, "tr")}
            if True in rows.values():
                others.update(row for row, is_ours in rows.items() if is_ours is False)
        return frozenset(others)

    def _names_sites(self, row: Tag) -> bool | None:
        """Whether the first cell of a row names this site; ``None`` where it names none, or is all that the row has."""
        cells = row.find_all(["th", "td"], recursive=False, limit=2)
        name = fold(self.page.text_of(cells[0])) if len(cells) > 1 else ""
        hosts = _HOST.findall(name) if len(name) <= _LONGEST_LEAD else []
        return any(host.removeprefix("www.") == self._host for host in hosts) if hosts else None

    def _level(self, block: Block) -> int:
        """1 to 6 for a heading, 7 for a line that plays one, 0 for anything else."""
        if self.page.place(block.element).is_heading:
            return _heading_level(block.element)
        if len(block.words) > _LONGEST_PLAYED or block.element.name not in _MAY_PLAY:
            return 0
        return _PLAYED_LEVEL if _PLAYED.fullmatch(block.words) and not self._is_link(block.element) else 0

    def _is_link(self, element: Tag) -> bool:
        """Whether a link holds the line: an entry of a table of contents."""
        return self.page.link_in(element) is not None or holder(element, "a") is not None


@once_a_page
def outline(page: Page) -> Outline:
    return Outline(page)


def _announced(stack: Iterable[_Heading]) -> tuple[Parts, Parts]:
    innermost, path = frozenset[Part](), frozenset[Part]()
    for heading in stack:
        if heading.parts:
            innermost, path = heading.parts, path | heading.parts
    return innermost, path


def _sentences(block: Block) -> Iterator[tuple[str, str]]:
    texts = _SENTENCE_END.split(block.text)
    return ((text, fold(text)) for text in texts if text) if len(texts) > 1 else iter([(block.text, block.words)])


def _lead(words: str, *, is_heading: bool) -> str:
    """What announces the block that follows: a heading, a label, the beginning of a list."""
    is_label = is_heading or words.endswith(":") or (len(words) <= _LONGEST_PLAYED and words[-1] not in ".!?;,")
    return words[-_LONGEST_LEAD:] if is_label else ""


def _heading_level(element: Tag) -> int:
    for tag in (element, *element.parents):
        if re.fullmatch(r"h[1-6]", tag.name):
            return int(tag.name[1])
        if attribute(tag, "role") == "heading":
            level = attribute(tag, "aria-level")
            return int(level) if re.fullmatch(r"[1-6]", level) else 2
    return 2
