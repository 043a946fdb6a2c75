"""The groups of facts that a legal document owes, and where a page gives them: a label and what follows, or a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from checks.model.evidence import Evidence
from checks.parse.elements import holder
from checks.parse.html import Page
from checks.parse.legal.passages import Passage, passages, section, whole

_EXCERPT = 160
_FEW = 12
_LONGEST = 1_000
"""Characters read of one sentence: longer ones are no French, but a page made to harm."""
_LETTERS = 3
_PRONOUN = re.compile(r"(?:ils?|elles?|ce(?:ux|lles|lui|lle)-ci|ces dernie\w+|they|it)\b")
_VALUE = re.compile(r" ?: ?\S")
_BLANKS = re.compile(
    r"\[[^\]]{0,120}\]|\{\{?[^}]{0,120}\}?\}|<[^<>]{1,80}>|\bx{3,}\b|_{3,}|\.{4,}|…{2,}"
    r"|(?:^|[:,(-]) ?a (?:definir|preciser|determiner|venir|remplir|confirmer|rediger)\b.*"
    r"|\b(?:a (?:completer|renseigner)|lorem ipsum|todo|tbd|n/a|prochainement"
    r"|non (?:renseignee?|communiquee?|definie?|precisee?)|en (?:cours|attente) d(?:e |')(?:redaction|designation|nomination|definition|recrutement|elaboration|creation|validation|construction)|coming soon|to be (?:completed|defined))\b.*"
)
"""Fields of a template that nobody filled; they are no words."""
_FIELD = re.compile(
    r"^\W*(?:(?:le|la|les|l'|d'|de|du|des|mes?|m|mme|monsieur|madame|nom|prenom|adresse|raison sociale|fonction|organisme|organisation|entite"
    r"|hebergeur|editeur|directeur|directrice|publication|site|service|structure|et|ou|est|par|votre|societe|telephone|email|courriel|structure"
    r"|complete|postale|sont|name|address|the|of)\b\W*)*$"
)
"""What only names the field: « Nom du directeur »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``label`` names it in French. ``titled`` is a heading or label that announces it, matched where a passage begins;
    what follows it must be filled, and satisfy ``holds``. ``said`` is a sentence that gives it by itself, of which the group
    ``value``, if the pattern has one, must be filled too; it holds one of ``words``. ``never`` is a sentence that speaks of something else, ``lesson`` one
    that explains a word or the law, ``outside`` matches the heading of a section that does. ``is_field``: a name behind a label, which the label of another field ends. ``reads``
    finds it where nothing announces it.
    """

    key: str
    label: str
    titled: re.Pattern[str]
    said: re.Pattern[str]
    words: Sequence[str] = ("",)
    holds: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    lesson: re.Pattern[str] | None = None
    is_field: bool = False
    outside: re.Pattern[str] | None = None
    reads: Callable[[Page], Passage | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a page gives a group, and what it says there."""

    group: Group
    evidence: Evidence

    @property
    def excerpt(self) -> str:
        text = self.evidence.excerpt
        return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"


def find(page: Page, groups: Sequence[Group]) -> Mapping[str, Found]:
    """The groups that a page gives, by key."""
    known, unbroken = passages(page), whole(page)
    readings = (known,) if known is unbroken else (known, unbroken)
    found = {}
    for group in groups:
        ends = [one.titled for one in groups if one.is_field and one is not group]
        searches = (_Search(group, one, ends).given() for one in readings)
        given = next((one for one in searches if one), None) or group.reads(page)
        if given:
            found[group.key] = Found(group, page.evidence(given.text, given.element))
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """One group looked for in the passages of a page; ``ends`` are the labels of others."""

    group: Group
    known: Sequence[Passage]
    ends: Sequence[re.Pattern[str]]

    def given(self) -> Passage | None:
        """A label says best where a group stands; else any sentence that gives it."""
        ranks = list(self._ranks())
        return next((one for one in chain(map(self._announced, ranks), map(self._said, ranks)) if one), None)

    def _ranks(self) -> Iterator[int]:
        """The passages to read: not a mere link, nor what stands in a section that speaks of something else."""
        closed = 0
        for rank, passage in enumerate(self.known):
            if passage.is_heading and (not closed or passage.level <= closed):
                is_outside = self.group.outside is not None and self.group.outside.match(passage.name)
                closed = passage.level if is_outside else 0
            if not closed and (passage.is_heading or not passage.is_link):
                yield rank

    def _announced(self, rank: int) -> Passage | None:
        """What stands behind or under a label."""
        passage = self.known[rank]
        label = self.group.titled.match(passage.name)
        if label is None or self._is_foreign(passage.name[: label.end()]):
            return None
        rest = passage.name[label.end() :]
        if self.group.is_field and not passage.is_heading and _goes_on(rest, passage.text):
            return None
        if (not passage.is_heading or _VALUE.match(rest)) and self._is_given(rest):
            return passage
        if passage.is_heading or not _letters(rest):
            return next((one for one in self._under(rank) if self._is_given(one.words)), None)
        return None

    def _under(self, rank: int) -> Iterator[Passage]:
        """What may be the value of a label: not a line that announces another, « Ce site est hébergé par : »."""
        items = holder(self.known[rank].element, "ul", "ol") if not self.known[rank].is_heading else None
        for passage in islice(section(self.known, rank), _FEW):
            if any(end.match(passage.name) for end in self.ends):
                return
            if items and items not in passage.element.parents:
                return
            if not passage.is_heading and passage.element.name != "th" and not passage.words.endswith(":"):
                yield passage

    def _said(self, rank: int) -> Passage | None:
        """A sentence that gives the group, or announces it right before its value: « Ce site est édité par : »."""
        passage = self.known[rank]
        if not any(self._may_say(words) and self.group.said.search(words[:_LONGEST]) for _, words in passage.sentences):
            return None
        is_foreign = False
        for text, words in passage.sentences:
            sentence = words[:_LONGEST]
            # « Ils sont conservés treize mois », after a sentence about cookies.
            is_foreign = (
                self._is_foreign(sentence)
                or self._teaches(sentence)
                or (is_foreign and _PRONOUN.match(sentence) is not None)
            )
            match = None if is_foreign else self.group.said.search(sentence)
            value = _value(match)
            if match and (is_filled(value) if value is not None else self.group.said.search(without_blanks(sentence))):
                return replace(passage, text=text)
            if value is not None and not _BLANKS.search(value) and (not value.strip() or value.endswith(":")):
                following = next(self._under(rank), None)
                if following and is_filled(following.words):
                    return following
        return None

    def _may_say(self, sentence: str) -> bool:
        return any(map(sentence.__contains__, self.group.words))

    def _is_given(self, words: str) -> bool:
        if not is_filled(words) or self._is_foreign(words[:_LONGEST]):
            return False
        value = _value(self.group.said.search(words[:_LONGEST])) if self.group.is_field else None
        return is_filled(value) if value is not None else self._holds(words)

    def _holds(self, words: str) -> bool:
        return self.group.holds is None or self.group.holds.search(without_blanks(words)[:_LONGEST]) is not None

    def _teaches(self, sentence: str) -> bool:
        return self.group.lesson is not None and self.group.lesson.search(sentence) is not None

    def _is_foreign(self, words: str) -> bool:
        return self.group.never is not None and self.group.never.search(words) is not None


def _goes_on(rest: str, text: str) -> bool:
    """« Hébergement mutualisé »: what follows the label without a sign goes on with it, unless it begins like a name."""
    behind = rest.lstrip()
    begins = text[len(text) - len(behind) :][:2] if behind else ""
    return behind[:1].isalpha() and begins.islower()


def _value(match: re.Match[str] | None) -> str | None:
    return next((one for one in match.groupdict().values() if one is not None), None) if match else None


def sentences(passage: Passage) -> Iterator[str]:
    """Its sentences, folded, without the fields that nobody filled."""
    yield from (without_blanks(words) for _, words in passage.sentences)


def without_blanks(words: str) -> str:
    return _BLANKS.sub(" ", words)


def is_filled(words: str) -> bool:
    """Whether what stands behind a label is more than the field of a template.

    >>> is_filled(": direction du port"), is_filled(": [nom de l'organisme]"), is_filled(": a completer")
    (True, False, False)
    """
    blank = _BLANKS.search(words)
    before = words[: blank.start()] if blank else words
    return sum(map(str.isalnum, before)) >= _LETTERS and _letters(before) > 0 and not _FIELD.match(before)


def _letters(words: str) -> int:
    return sum(char.isalpha() for char in words)
