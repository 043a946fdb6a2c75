"""What an incubator is told of its services, in French: what is to be mended, what got better, and what is not its doing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from checks.model.outcome import Outcome
from checks.model.rule import Rule
from reports.figures.news import Kind, News, Passage, Shift
from reports.figures.since import rules_on_trial
from reports.render.addresses import Addresses
from reports.render.pens import LONG, Markdown, Pen, Plain
from reports.render.since import because, is_ours, mending, outcome_word, sentence, title_of
from reports.render.words import counted, day, time
from reports.store.records import RunRecord

LENGTH = 15_000
"""Characters of a message at most: Mattermost takes 16,383."""

_TAIL = 600
"""Of which for what follows a list that is cut: how many are left, and where to read them."""

TOGETHER = 3
"""Rules of one service that one obstacle hides (a site that answers no more): from so many, they are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to an incubator. ``text`` stands under ``subject``; ``markdown`` has it as its first line.

    ``digest`` is that of what it tells, in whatever words: the same news have the same one.
    """

    incubator: str
    subject: str
    text: str
    markdown: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What all the notices of two runs share. ``rules`` are those known today."""

    old: RunRecord
    new: RunRecord
    rules: Mapping[str, Rule]
    addresses: Addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """What is said of one service: ``points`` is how many things, for who counts those that are cut."""

    lines: Sequence[str]
    points: int


_Told = Callable[[Sequence[Shift], Edition, Pen], Iterator[list[str]]]


def notice(incubator: str, news: Iterable[News], edition: Edition) -> Notice | None:
    """``None`` where there is nothing to tell. Services that are stopped and rules on trial are not told of."""
    kept = [counted for one in news if (counted := _that_counts(one, rules_on_trial(edition.new)))]
    if not kept:
        return None
    subject = _subject(incubator, kept, edition)
    return Notice(
        incubator=incubator,
        subject=subject(Plain()),
        text=_message(incubator, kept, edition, Plain(), subject),
        markdown=_message(incubator, kept, edition, Markdown(), subject),
        digest=_digest(kept),
    )


def _that_counts(news: News, trial: frozenset[str]) -> News | None:
    if news.is_stopped:
        return None
    shifts = tuple(shift for shift in news.shifts if shift.rule not in trial)
    failed = tuple(rule for rule in news.failed if rule not in trial)
    return replace(news, shifts=shifts, failed=failed) if shifts or news.passage else None


def _digest(kept: Sequence[News]) -> str:
    facts = [
        (one.service, one.passage, one.failed, [(s.rule, s.before.outcome, s.after.outcome) for s in one.shifts])
        for one in kept
    ]
    return f"sha256:{sha256(json.dumps(facts).encode()).hexdigest()}"


def _is_to_mend(shift: Shift) -> bool:
    return shift.is_theirs and shift.after.outcome is Outcome.FAILED


def _is_better(shift: Shift) -> bool:
    return shift.is_theirs and shift.after.outcome is Outcome.PASSED


def _is_hidden(shift: Shift) -> bool:
    return shift.is_theirs and shift.kind is Kind.UNDECIDED


def _is_other(shift: Shift) -> bool:
    return not (_is_to_mend(shift) or _is_better(shift) or _is_hidden(shift))


def _subject(incubator: str, kept: Sequence[News], edition: Edition) -> Callable[[Pen], str]:
    shifts = [shift for one in kept for shift in one.shifts]
    numbers = [
        (sum(map(_is_to_mend, shifts)), "point à corriger", "points à corriger"),
        (sum(map(_is_better, shifts)), "point qui va mieux", "points qui vont mieux"),
    ]
    said = ", ".join(counted(number, one, many) for number, one, many in numbers if number) or "du nouveau"

    def written(pen: Pen) -> str:
        return f"{pen.ours(f'Toise, {day(edition.new.as_of)} : {said}, incubateur ')}{pen.theirs(incubator)}"

    return written


def _message(incubator: str, kept: Sequence[News], edition: Edition, pen: Pen, subject: Callable[[Pen], str]) -> str:
    lines = [*pen.subject(subject(pen)), pen.ours(_days(edition))]
    left, room = 0, LENGTH - _TAIL - sum(len(line) + 1 for line in lines)
    for title, blocks in _parts(kept, edition, pen):
        heading = pen.heading(title)
        for block in blocks:
            size = sum(len(line) + 1 for line in (*heading, *block.lines))
            if left or size > room:
                left += block.points
                continue
            lines += [*heading, *block.lines]
            heading, room = [], room - size
    if left:
        lines += ["", pen.ours(f"… et {counted(left, 'autre')}, que cette liste ne contient pas.")]
    where = edition.addresses.incubator(incubator)
    lines += pen.link(pen.ours("Toutes les fiches de l'incubateur"), where) if where else []
    return "\n".join(lines).strip() + "\n"


def _days(edition: Edition) -> str:
    runs = (edition.new, edition.old)
    new, old = (day(run.as_of) for run in runs)
    new, old = (new, old) if new != old else (time(run.started_at) for run in runs)
    return f"Audit du {new}, comparé à celui du {old}."


def _parts(kept: Sequence[News], edition: Edition, pen: Pen) -> Iterator[tuple[str, Iterator[_Block]]]:
    parts: tuple[tuple[str, Callable[[Shift], bool], _Told], ...] = (
        ("À corriger", _is_to_mend, _to_mend),
        ("Ce qui va mieux, merci !", _is_better, _better),
        ("Ce que nous n'avons pas pu juger cette fois, et qui n'est donc pas un manquement", _is_hidden, _hidden),
        ("Autres changements, qui ne disent pas que vos sites ont changé", _is_other, _other),
    )
    for title, is_of_it, told in parts:
        yield title, _blocks(kept, is_of_it, told, edition, pen)
    yield "Services suivis désormais", _entered(kept, edition, pen)
    yield "Services qui ne sont plus suivis", _left(kept, pen)


def _blocks(
    kept: Sequence[News], is_of_it: Callable[[Shift], bool], told: _Told, edition: Edition, pen: Pen
) -> Iterator[_Block]:
    for one in kept:
        shifts = [shift for shift in one.shifts if is_of_it(shift)]
        if shifts:
            name = pen.link(pen.theirs(one.name), edition.addresses.service(one.service))
            lines = [line for item in told(shifts, edition, pen) for line in item]
            yield _Block(lines=[*name, *lines], points=len(shifts))


def _entered(kept: Sequence[News], edition: Edition, pen: Pen) -> Iterator[_Block]:
    for one in kept:
        if one.passage is Passage.ENTERED:
            name = pen.link(pen.theirs(one.name), edition.addresses.service(one.service))
            said = counted(len(one.failed), "point à corriger", "points à corriger")
            yield _Block(lines=[*name, *pen.item(pen.ours(said))], points=1)


def _left(kept: Sequence[News], pen: Pen) -> Iterator[_Block]:
    for one in kept:
        if one.passage is Passage.LEFT:
            yield _Block(lines=pen.link(pen.theirs(one.name), ""), points=1)


def _to_mend(shifts: Sequence[Shift], edition: Edition, pen: Pen) -> Iterator[list[str]]:
    for shift in shifts:
        known = edition.rules.get(shift.rule)
        spans = mending(known.page) if known else ()
        mend = [pen.ours("Pour corriger : ") + pen.spans(spans)] if spans else []
        yield pen.item(f"{_titled(shift, edition, pen)}{_found(shift, edition, pen)}{_note(shift, pen)}", *mend)


def _better(shifts: Sequence[Shift], edition: Edition, pen: Pen) -> Iterator[list[str]]:
    for shift in shifts:
        yield pen.item(f"{_titled(shift, edition, pen)}{_found(shift, edition, pen)}{_note(shift, pen)}")


def _hidden(shifts: Sequence[Shift], edition: Edition, pen: Pen) -> Iterator[list[str]]:
    together: dict[str, list[Shift]] = defaultdict(list)
    for shift in shifts:
        together[sentence(shift.after, shift.rule, edition.rules)].append(shift)
    for ones in together.values():
        if len(ones) < TOGETHER:
            yield from (pen.item(_titled(one, edition, pen) + _found(one, edition, pen)) for one in ones)
        else:
            yield pen.item(pen.ours(f"{counted(len(ones), 'règle')} : ") + _found(ones[0], edition, pen))


def _other(shifts: Sequence[Shift], edition: Edition, pen: Pen) -> Iterator[list[str]]:
    for shift in shifts:
        words = f"{outcome_word(shift.before.outcome)} → {outcome_word(shift.after.outcome)}"
        yield pen.item(_titled(shift, edition, pen) + pen.ours(f"{words} ({because(shift)})."))


def _titled(shift: Shift, edition: Edition, pen: Pen) -> str:
    title = title_of(shift.rule, edition.rules)
    return (pen.ours(title) if shift.rule in edition.rules else pen.theirs(title)) + pen.ours(" : ")


def _found(shift: Shift, edition: Edition, pen: Pen) -> str:
    said = sentence(shift.after, shift.rule, edition.rules)
    return pen.ours(said) if is_ours(shift.after, shift.rule, edition.rules) else pen.theirs(said, LONG)


def _note(shift: Shift, pen: Pen) -> str:
    """What it was before, where that is not the opposite; why, where it is not the site that changed."""
    before = "" if shift.kind in {Kind.WORSE, Kind.BETTER} else f"jusqu'ici {outcome_word(shift.before.outcome)}"
    why = because(shift) if len(shift.origins) > 1 or "site" not in shift.origins else ""
    said = ", ".join(filter(None, [before, why]))
    return pen.ours(f" ({said})") if said else ""
