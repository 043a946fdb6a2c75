"""The fields of an override, each read in the same way wherever people write it: a TOML file, a spreadsheet."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, timedelta

from checks.model.outcome import Outcome
from reports.handwritten import WrongError, quoted, text, web_address

LONGEST = timedelta(days=731)
"""Two years: sites change, so that nobody can vouch for one for longer without looking again."""

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNTESTED)

LENGTHS: Mapping[str, int] = {"service": 200, "rule": 200, "reason": 1000, "author": 100, "evidence": 2000}
"""Characters at most: what is shown to readers is never cut."""

OF_COLUMN = "decision_"
"""Before a field, the name of its column in the table of a review."""


def read_text(key: str, value: object) -> str:
    """``key`` is the name that the sentence gives it: a field, maybe after the ``decision_`` of a column."""
    return text(key, value, LENGTHS[key.removeprefix(OF_COLUMN)])


def read_outcome(key: str, value: object) -> Outcome:
    if not isinstance(value, str) or value not in OUTCOMES:
        raise WrongError(f"« {key} » vaut {quoted(value)}, écrivez {', '.join(OUTCOMES[:-1])} ou {OUTCOMES[-1]}")
    return Outcome(value)


def read_address(key: str, value: object) -> str:
    return web_address(key, value, LENGTHS[key.removeprefix(OF_COLUMN)])


def check_rule(rule: str, rules: Container[str]) -> None:
    if rule not in rules:
        raise WrongError(f"aucune règle {quoted(rule)}, « toise rules » en donne la liste")


def check_until(until: date, today: date) -> None:
    if until > today + LONGEST:
        raise WrongError(
            f"elle vaudrait jusqu'au {until.isoformat()}, soit plus de deux ans ; choisissez un jour plus proche, elle"
            " pourra être prolongée"
        )
