from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from checks.model.outcome import Outcome
from checks.model.rule import Rule
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.render.judged import message
from reports.render.words import NBSP, spaced
from reports.store.past import PastVerdict
from reports.store.records import AuditedService


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A service as a reviewer has it: what the machine found, now and before, and what people said.

    ``day`` is that of the run; ``past`` holds the verdicts of the runs before by rule, the latest first; ``expired`` the
    overrides that hold no more.
    """

    audited: AuditedService
    day: date
    rules: Mapping[str, Rule]
    past: Mapping[str, Sequence[PastVerdict]] = field(default_factory=dict)
    expired: Sequence[Override] = ()

    @property
    def service(self) -> Service:
        return self.audited.service

    def outcome(self, rule: str) -> Outcome | None:
        """What counts: what a person said, else what the machine found."""
        said = self.audited.override(rule) or self.audited.verdict(rule)
        return said.outcome if said else None

    def message(self, verdict: Verdict) -> str:
        rule = self.rules.get(verdict.rule)
        return spaced(message(rule, verdict.reason)) if rule else f"Motif «{NBSP}{verdict.reason}{NBSP}»."

    def warning(self, verdict: Verdict, name: str) -> str:
        rule = self.rules.get(verdict.rule)
        return spaced(rule.warning(name)) if rule else name

    def is_throughout(self, reason: str) -> bool:
        """Whether one reason explains the service: an obstacle on the way to its home page hits all rules but a few."""
        verdicts = self.audited.verdicts
        return 2 * sum(verdict.reason == reason for verdict in verdicts) > len(verdicts)
