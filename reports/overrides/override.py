from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from checks.model.outcome import Outcome

NOTICE = timedelta(days=30)
"""How long before its end an override is announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a person found, with evidence, in place of the outcome that a rule gives a service; readers see a "correction".

    ``until`` is the last day on which it holds. ``evidence`` is an http(s) address without credentials.
    """

    service: str
    rule: str
    outcome: Outcome
    reason: str
    author: str
    evidence: str
    until: date

    @property
    def key(self) -> tuple[str, str]:
        return self.service, self.rule

    def holds_on(self, day: date) -> bool:
        return day <= self.until

    def is_ending_on(self, day: date) -> bool:
        return self.holds_on(day) and self.until - day <= NOTICE

    def to_json(self) -> dict[str, str]:
        return {
            "service": self.service,
            "rule": self.rule,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "author": self.author,
            "evidence": self.evidence,
            "until": self.until.isoformat(),
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Override:
        """Reads what :meth:`to_json` wrote. Raises ``KeyError``, ``TypeError`` or ``ValueError`` on anything else."""
        return cls(**{**line, "outcome": Outcome(line["outcome"]), "until": date.fromisoformat(line["until"])})
