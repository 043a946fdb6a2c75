"""The changes of one service that have one cause, for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Rule
from checks.model.verdict import Verdict
from reports.figures.changes import Cause, Change, Why, outcome
from reports.figures.comparison import Comparison
from reports.render.foreign import cut, one_line
from reports.render.judged import message
from reports.render.lines import ours, wrapped
from reports.render.words import LEVELS, NBSP, OUTCOMES, SYMBOLS, spaced

TOGETHER = 3
"""Verdicts of one service that one obstacle explains (a site that answers no more): from so many, they are told at once."""

_WHY: Mapping[Why, str] = {
    Why.OTHER_RULES: "les règles de NEW ne sont plus celles d'aujourd'hui : « toise judge {new} », puis comparez de nouveau",
    Why.NO_CAPTURES: "les captures de {old} manquent ou sont illisibles : ses verdicts ne peuvent pas être rendus de nouveau",
    Why.NOT_VISITED: "l'un des deux audits n'a pas visité le service",
    Why.CRASH: "l'un des deux audits n'a pas de verdict, par notre faute",
    Why.SAME_VERSION: "les mêmes captures, jugées par la même version de la règle, donnent un autre verdict : signalez-le",
}
Side = Literal["before", "after"]


def service_lines(
    ones: Sequence[Change], found: Comparison, rules: Mapping[str, Rule], *, is_all: bool
) -> Iterator[str]:
    """Nothing where all that changes is told on demand, or is the verdict of a rule that is new."""
    apart = [one for one in ones if is_all or (one.is_of_outcome and one.is_of_both)]
    sides: tuple[Side, ...] = ("after", "before")
    for side in sides:
        for together in _of_one_obstacle(apart, side):
            apart = [one for one in apart if one not in together]
            yield from _at_once(together, side, rules)
            yield from _why(together[0], found)
    for one in apart:
        yield from _change(one, rules)
        yield from _why(one, found)
    if not is_all and ones[0].cause is not Cause.RULE:
        yield from _come_or_gone([one for one in ones if not one.is_of_both])


def _side(one: Change, side: Side) -> Verdict | None:
    return one.after if side == "after" else one.before


def _of_one_obstacle(ones: Sequence[Change], side: Side) -> list[list[Change]]:
    groups: dict[tuple[str, Why | None], list[Change]] = defaultdict(list)
    for one in ones:
        verdict = _side(one, side)
        if verdict and verdict.reason in OBSTACLES and one.is_of_both:
            groups[verdict.reason, one.why].append(one)
    return [group for group in groups.values() if len(group) >= TOGETHER]


def _at_once(ones: Sequence[Change], side: Side, rules: Mapping[str, Rule]) -> Iterator[str]:
    """The obstacle once, then the rules by what they said without it."""
    is_after = side == "after"
    shared = next(verdict for one in ones if (verdict := _side(one, side)))
    verb = "deviennent" if is_after else "étaient"
    yield from wrapped(f"    {len(ones)} verdicts {verb} {_short(shared)}{NBSP}: {_told(shared, rules)}", 6)
    others: dict[Outcome | None, list[str]] = defaultdict(list)
    for one in ones:
        others[outcome(_side(one, "before" if is_after else "after"))].append(one.rule)
    for known, word in OUTCOMES.items():
        if others[known]:
            yield from ours(f"      {word} {'avant' if is_after else 'après'} : {', '.join(others[known])}", 8)


def _come_or_gone(ones: Sequence[Change]) -> Iterator[str]:
    sides: tuple[tuple[str, Side], ...] = (
        ("est jugé désormais, verdicts nouveaux", "after"),
        ("n'est plus jugé, verdicts disparus", "before"),
    )
    for label, side in sides:
        counts = Counter(verdict.outcome for one in ones if (verdict := _side(one, side)))
        if counts:
            told = ", ".join(f"{counts[known]} {word.lower()}" for known, word in OUTCOMES.items() if counts[known])
            yield from ours(f"    {label} : {told}", 6)


def _change(one: Change, rules: Mapping[str, Rule]) -> Iterator[str]:
    yield f"    {one.rule}{NBSP}: {_short(one.before)} → {_short(one.after)}"
    for label, verdict in (("avant", one.before), ("après", one.after)):
        if verdict:
            yield from wrapped(f"      {label}  {_told(verdict, rules)}", 13)


def _why(one: Change, found: Comparison) -> Iterator[str]:
    if one.why:
        names = {"old": found.old.folder.id, "new": found.new.folder.id}
        yield from ours(f"      cause inconnue : {_WHY[one.why].format(**names)}", 6)


def _short(verdict: Verdict | None) -> str:
    return f"{SYMBOLS[verdict.outcome]} {OUTCOMES[verdict.outcome]}" if verdict else "(rien)"


def _told(verdict: Verdict, rules: Mapping[str, Rule]) -> str:
    """What a verdict says and, where there is one, the first proof of it."""
    known = message(rules[verdict.rule], verdict.reason) if verdict.rule in rules else f"{verdict.reason}."
    value = f"Relevé{NBSP}: {one_line(LEVELS.get(verdict.value, verdict.value))}." if verdict.value else ""
    proof = next(iter(verdict.evidence), None)
    url = one_line(proof.url) if proof else ""
    excerpt = f"«{NBSP}{cut(proof.excerpt, 90)}{NBSP}»" if proof and proof.excerpt.strip() else ""
    return " ".join(filter(None, [spaced(known), value, url, excerpt]))
