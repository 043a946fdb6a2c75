"""The verdicts of a run as programs and spreadsheets want them, one at a time: a large run is never whole in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checks.model.evidence import Evidence
from checks.model.rule import Rule
from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.render.csv_table import csv_lines
from reports.render.judged import message
from reports.store.records import AuditedService

COLUMNS: Mapping[str, int] = {
    "run": 18, "service": 24, "name": 30, "rule": 30, "version": 8, "outcome": 12, "reason": 24, "value": 16,
    "message": 60, "warnings": 30, "at": 19, "url": 40, "status": 8, "locator": 24, "excerpt": 60, "capture": 48,
    "correction": 12, "correction_reason": 60, "correction_author": 24, "correction_evidence": 40, "correction_until": 12,
}  # fmt: skip
"""The columns of a table of verdicts, and how wide a workbook shows them; what each holds is in docs/exports.md."""

_NO_EVIDENCE = Evidence(url="", capture="")


def jsonl_lines(services: Iterable[AuditedService]) -> Iterator[str]:
    """The lines of ``verdicts.jsonl``, services in the order of their ids."""
    return (f"{verdict.to_line()}\n" for audited in services for verdict in audited.verdicts)


def csv_verdicts(services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> Iterator[str]:
    """One verdict a record, under :data:`COLUMNS`, with the first of its evidence."""
    return csv_lines(tuple(COLUMNS), rows(services, rules))


def rows(services: Iterable[AuditedService], rules: Mapping[str, Rule]) -> Iterator[dict[str, Any]]:
    """By column, one verdict after the other."""
    return (
        _row(audited.service.name, verdict, rules) | _correction(audited.override(verdict.rule))
        for audited in services
        for verdict in audited.verdicts
    )


def _row(name: str, verdict: Verdict, rules: Mapping[str, Rule]) -> dict[str, Any]:
    evidence = verdict.evidence[0] if verdict.evidence else _NO_EVIDENCE
    rule = rules.get(verdict.rule)
    return {
        "run": verdict.run,
        "service": verdict.service,
        "name": name,
        "rule": verdict.rule,
        "version": verdict.version,
        "outcome": verdict.outcome.value,
        "reason": str(verdict.reason),
        "value": verdict.value,
        "message": message(rule, verdict.reason) if rule else "",
        "warnings": ", ".join(verdict.warnings),
        "at": verdict.at,
        "url": evidence.url,
        "status": evidence.status,
        "locator": evidence.locator,
        "excerpt": evidence.excerpt,
        "capture": evidence.capture,
    }


def _correction(override: Override | None) -> dict[str, str]:
    """What a person found in its place: the outcome that counts."""
    if override is None:
        return {}
    return {
        "correction": override.outcome.value,
        "correction_reason": override.reason,
        "correction_author": override.author,
        "correction_evidence": override.evidence,
        "correction_until": override.until.isoformat(),
    }
