"""Two strikes: what the first visit of a service says against it is looked at again before it becomes a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checks.model.outcome import Outcome
from checks.model.rule import SECOND_VISIT, Obstacle
from checks.model.unseen import json_text
from checks.model.verdict import Verdict

NETWORK = frozenset({Obstacle.UNREACHABLE, Obstacle.SERVER_ERROR, "forge-unavailable"})
"""The reasons for not telling that may be gone an hour later: the network and the servers, not what they answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A service to visit a second time, and the rules whose verdict that visit gives: one line of ``doubts.jsonl``."""

    service: str
    rules: tuple[str, ...]

    def to_line(self) -> str:
        return json_text({"service": self.service, "rules": list(self.rules)})

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Doubt:
        """Reads what :meth:`to_line` wrote. Raises ``KeyError`` or ``TypeError`` on anything else."""
        return cls(service=line["service"], rules=tuple(line["rules"]))


def is_of_network(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.CANT_TELL and verdict.reason in NETWORK


def doubt(
    service: str, verdicts: Iterable[Verdict], before: Mapping[str, Outcome], *, is_unshown: bool = False
) -> Doubt | None:
    """What is to be seen again of a service: what the network hid, what failed where it passed before, and what scripts hide
    where the browser did not show a page (``is_unshown``): a machine that is busy a moment makes it too slow.
    """
    rules = tuple(
        verdict.rule
        for verdict in verdicts
        if is_of_network(verdict)
        or (is_unshown and verdict.reason == Obstacle.NEEDS_RENDERING)
        or (verdict.outcome is Outcome.FAILED and before.get(verdict.rule) is Outcome.PASSED)
    )
    return Doubt(service=service, rules=rules) if rules else None


def settled(first: Iterable[Verdict], second: Iterable[Verdict], rules: Iterable[str]) -> Iterator[Verdict]:
    """The verdicts of a service visited twice: of ``rules``, and of what the network hid, the second visit decides.

    Pure, so that judging again years later settles in the same way; a rule that did not exist then is settled by what
    its first verdict says. A fall of which the second visit says nothing, since it is still owed or since our rule failed,
    is no verdict yet.
    """
    again = {verdict.rule: verdict for verdict in second}
    named = frozenset(rules)
    for verdict in first:
        other = again.get(verdict.rule)
        if other and (verdict.rule in named or is_of_network(verdict)):
            yield replace(other, warnings=(*other.warnings, SECOND_VISIT))
        elif verdict.rule not in named or verdict.outcome is not Outcome.FAILED:
            yield verdict
