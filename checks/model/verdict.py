from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.unseen import json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of one rule for one service in one run, with what supports it: one line of ``verdicts.jsonl``.

    ``at`` is the time (ISO 8601, UTC, seconds) of the last capture that the verdict rests on, or of the start of the
    run where it rests on none: judging the same captures again gives the same line. ``ruleset`` is the digest of all the
    rules of that judgement (``sha256:…``), as ``run.json`` gives it; empty in the lines of versions that did not say.
    """

    run: str
    service: str
    rule: str
    version: int
    outcome: Outcome
    reason: str
    value: str | None = None
    warnings: tuple[str, ...] = ()
    at: str
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    ruleset: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "service": self.service,
            "rule": self.rule,
            "version": self.version,
            "outcome": self.outcome.value,
            "reason": str(self.reason),
            "value": self.value,
            "warnings": list(self.warnings),
            "at": self.at,
            "evidence": [evidence.to_json() for evidence in self.evidence],
            "facts": dict(self.facts),
            "ruleset": self.ruleset,
        }

    def to_line(self) -> str:
        return json_text(self.to_json())

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Verdict:
        """Reads what :meth:`to_json` wrote. Raises ``KeyError``, ``TypeError`` or ``ValueError`` on anything else."""
        return cls(
            **{
                **line,
                "outcome": Outcome(line["outcome"]),
                "warnings": tuple(line.get("warnings", ())),
                "evidence": tuple(Evidence(**evidence) for evidence in line.get("evidence", ())),
            }
        )
