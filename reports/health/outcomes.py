from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from checks.model.outcome import Outcome
from checks.model.verdict import Verdict


class Outcomes:
    """What the verdicts of a whole run decided, in little memory: for each service one bit a rule that passed, one that
    failed. A rule is known by its name and its version: another version asks another question.
    """

    def __init__(self, verdicts: Iterable[Verdict] = ()) -> None:
        self._bits: dict[tuple[str, int], int] = {}
        self._passed: defaultdict[str, int] = defaultdict(int)
        self._failed: defaultdict[str, int] = defaultdict(int)
        for verdict in verdicts:
            self.add(verdict)

    def add(self, verdict: Verdict) -> None:
        decided = {Outcome.PASSED: self._passed, Outcome.FAILED: self._failed}.get(verdict.outcome)
        if decided is not None:
            decided[verdict.service] |= self._bits.setdefault((verdict.rule, verdict.version), 1 << len(self._bits))

    def decided(self, service: str) -> Mapping[str, Outcome]:
        """The rules that passed or failed for a service, whatever their version."""
        masks = ((Outcome.PASSED, self._passed.get(service, 0)), (Outcome.FAILED, self._failed.get(service, 0)))
        return {rule: outcome for outcome, mask in masks for (rule, _), bit in self._bits.items() if mask & bit}

    def flipped(self, verdict: Verdict) -> bool | None:
        """Whether a verdict is the contrary of what was decided by the same version of its rule; ``None``: not comparable."""
        bit = self._bits.get((verdict.rule, verdict.version), 0)
        passed = bool(self._passed.get(verdict.service, 0) & bit)
        if verdict.outcome not in {Outcome.PASSED, Outcome.FAILED} or not (
            passed or self._failed.get(verdict.service, 0) & bit
        ):
            return None
        return passed is not (verdict.outcome is Outcome.PASSED)
