"""How often the verdicts are right on the labelled services, as ``make accuracy`` measured it (docs/accuracy.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The verdicts of one outcome: how many labels ask for it, how often it was given, and how often rightly."""

    expected: int
    given: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAccuracy:
    """Of one rule; ``agreed`` verdicts have the outcome and the reason of their label."""

    services: int
    agreed: int
    passed: Counted
    failed: Counted
    cant_tell: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One that must never be made."""

    made: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Of ``services`` labelled ones; rules and mistakes by their id, in the order to show."""

    services: int
    rules: Mapping[str, RuleAccuracy]
    mistakes: Mapping[str, Mistake]


@cache
def accuracy() -> Accuracy:
    read = json.loads(files("reports.figures").joinpath("accuracy.json").read_text("utf-8"))
    return Accuracy(
        services=read["services"],
        rules={
            rule: RuleAccuracy(
                services=said["services"],
                agreed=said["agreed"],
                passed=Counted(**said["passed"]),
                failed=Counted(**said["failed"]),
                cant_tell=Counted(**said["cantTell"]),
            )
            for rule, said in read["rules"].items()
        },
        mistakes={name: Mistake(**said) for name, said in read["mistakes"].items()},
    )
