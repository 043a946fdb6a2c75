from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.service import Service
from checks.model.unseen import json_text
from checks.model.verdict import Verdict

_APART = "canary:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A site whose verdicts are known, by which a run tells whether it sees right: one line of ``canaries.jsonl``.

    ``expected`` gives for a rule its outcome, or ``outcome/reason``. The service is one of the registry, or a site of its
    own: visited and judged along, counted nowhere.
    """

    service: Service
    expected: Mapping[str, str]

    @classmethod
    def apart(cls, name: str, url: str, expected: Mapping[str, str]) -> Canary:
        return cls(service=Service(id=f"{_APART}{name}", name=name, urls=(url,)), expected=expected)

    @property
    def is_visited_apart(self) -> bool:
        return self.service.id.startswith(_APART)

    def is_met(self, verdict: Verdict) -> bool:
        expected = self.expected.get(verdict.rule)
        return expected in {None, verdict.outcome.value, f"{verdict.outcome.value}/{verdict.reason}"}

    def to_line(self) -> str:
        line = {"service": self.service.to_json(), "expected": dict(self.expected)}
        return json_text(line)

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Canary:
        """Reads what :meth:`to_line` wrote. Raises ``KeyError`` or ``TypeError`` on anything else."""
        return cls(service=Service.from_json(line["service"]), expected=dict(line["expected"]))
