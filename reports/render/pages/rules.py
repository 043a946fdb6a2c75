"""The rules, and what each found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Rule
from reports.render.directory import Listing, Result
from reports.render.judged import message
from reports.render.pages.writer import File, Writer

SHOWN = 500
"""Services named under one reason; the exports have them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reason of a rule, and the services that it was found for: the first of them, and how many there are."""

    reason: str
    outcome: Outcome
    message: str
    found: tuple[tuple[Listing, Result], ...]
    count: int


def pages(writer: Writer) -> Iterator[File]:
    rules = writer.report.rules
    counts = {rule: Counter(result.outcome for _, result in writer.directory.of_rule(rule)) for rule in rules}
    yield writer.page("rules/index.html", "rules.html", counts=counts)
    for rule in rules.values():
        yield _rule(writer, rule)


def _rule(writer: Writer, rule: Rule) -> File:
    cases = _cases(writer, rule)
    own = [case for case in cases if case.reason in rule.outcomes or case.reason not in OBSTACLES]
    common = [case for case in cases if case not in own]
    return writer.page(f"rules/{writer.rule_pages[rule.id]}.html", "rule.html", rule=rule, own=own, common=common)


def _cases(writer: Writer, rule: Rule) -> list[Case]:
    found: defaultdict[str, list[tuple[Listing, Result]]] = defaultdict(list)
    outcomes: dict[str, Outcome] = {**OBSTACLES, **rule.outcomes}
    for listing, result in writer.directory.of_rule(rule.id):
        found[result.reason].append((listing, result))
        outcomes.setdefault(result.reason, result.found)
    return [
        Case(
            reason=reason,
            outcome=outcome,
            message=message(rule, reason),
            found=tuple(found[reason][:SHOWN]),
            count=len(found[reason]),
        )
        for reason, outcome in outcomes.items()
    ]
