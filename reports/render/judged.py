from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Obstacle, Rule, Status
from reports.language import _
from reports.overrides.override import Override
from reports.render.observatory import Grading, grading
from reports.render.words import LEVELS, PARTS, SERVERS
from reports.store.records import AuditedService


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One rule of one service as its reader sees it.

    ``missing`` names the parts looked for in vain, and ``value`` does not say them again; ``at`` is empty where the rule gave
    no verdict. Of a failed header, ``received`` are the lines that came (none where it is absent), ``send`` the line to send,
    and ``remedies`` the lines of configuration that send it, by the name of the server; all three are empty for other
    verdicts. ``grading`` is the score of the Observatory and its twelve tests, for the rule that gives it.

    ``outcome`` is what counts: of ``override``, where a person said something, else ``found``, the machine's; all else is
    what the machine says.
    """

    rule: Rule
    found: Outcome
    reason: str
    message: str
    value: str = ""
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    at: str = ""
    received: tuple[str, ...] = ()
    send: str = ""
    remedies: tuple[tuple[str, str], ...] = ()
    grading: Grading | None = None
    override: Override | None = None

    @property
    def outcome(self) -> Outcome:
        return self.override.outcome if self.override else self.found

    @property
    def is_corrected(self) -> bool:
        """A person said another thing than the machine."""
        return self.outcome is not self.found

    @property
    def is_on_trial(self) -> bool:
        return self.rule.status is Status.EVALUATION

    @property
    def is_brief(self) -> bool:
        """Its message says it all."""
        needless = self.found in {Outcome.INAPPLICABLE, Outcome.UNTESTED}
        return needless and not (self.evidence or self.warnings or self.override)


def judged(audited: AuditedService, rules: Mapping[str, Rule]) -> tuple[Judged, ...]:
    """Every rule, in the order given; one without a verdict was not run."""
    return tuple(_judged(audited, rule) for rule in rules.values())


def _judged(audited: AuditedService, rule: Rule) -> Judged:
    verdict, override = audited.verdict(rule.id), audited.override(rule.id)
    if verdict is None:
        return Judged(
            rule=rule,
            found=Outcome.UNTESTED,
            reason=Obstacle.NOT_RUN,
            message=rule.message(Obstacle.NOT_RUN),
            override=override,
        )
    missing = tuple(map(str, verdict.facts.get("missing") or ()))
    value = "" if verdict.value == ", ".join(missing) else verdict.value or ""
    is_failed = Outcome.FAILED is verdict.outcome is (override or verdict).outcome
    return Judged(
        rule=rule,
        found=verdict.outcome,
        reason=verdict.reason,
        message=message(rule, verdict.reason),
        value=LEVELS.get(value, value),
        missing=tuple(PARTS.get(part, part) for part in missing),
        warnings=tuple(rule.warning(warning) for warning in verdict.warnings),
        evidence=verdict.evidence,
        at=verdict.at,
        grading=grading(verdict.facts),
        override=override,
        **(_mending(verdict.facts) if is_failed else {}),
    )


def _mending(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts may come from a file that others wrote: what is not as expected is left out."""
    received, remedies = facts.get("received"), facts.get("remedies")
    if not facts.get("send"):
        return {}
    known = remedies if isinstance(remedies, Mapping) else {}
    return {
        "received": tuple(map(str, received)) if isinstance(received, list) else (),
        "send": str(facts["send"]),
        "remedies": tuple((SERVERS.get(server, str(server)), str(lines)) for server, lines in known.items()),
    }


def message(rule: Rule, reason: str) -> str:
    """The French message of a reason, or its name: a run loaded years later may hold reasons the rule has dropped."""
    try:
        return rule.message(reason)
    except KeyError:
        return _("Motif « {reason} », d'une autre version de la règle.").format(reason=reason)
