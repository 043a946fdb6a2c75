"""A review for a spreadsheet, with columns for what is decided, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from checks.model.evidence import Evidence
from checks.model.place import Place
from checks.model.unseen import json_text
from checks.model.verdict import Verdict
from reports.overrides.fields import OUTCOMES
from reports.render.csv_table import csv_lines
from reports.render.sheets import Column
from reports.render.tracing import archive_path
from reports.render.workbook import write_workbook
from reports.review.case import Case
from reports.review.ranking import Review
from reports.review.stakes import Stake

DECISION = ("decision", "decision_reason", "decision_author", "decision_evidence", "decision_until")
"""The columns that are left empty for a person to fill."""

COLUMNS: Mapping[str, int] = {
    "rank": 6, "name": 28, "rule": 28, "outcome": 11, "message": 44, "why": 56, "look": 40, "excerpt": 48, "locator": 18,
    "decision": 13, "decision_reason": 48, "decision_author": 18, "decision_evidence": 36, "decision_until": 14,
    "figures": 32, "kinds": 18, "incubators": 16, "service": 22, "run": 18, "version": 8, "reason": 20, "value": 14,
    "warnings": 24, "url": 36, "status": 8, "capture": 48, "archive": 40,
}  # fmt: skip
"""The columns, and how wide a workbook shows them; what each holds is in docs/review.md."""

_NO_EVIDENCE = Evidence(url="", capture="")


def as_csv(review: Review, runs: Place, limit: int | None = None) -> Iterator[str]:
    """One verdict a record, under :data:`COLUMNS`; ``limit`` is a number of cases, each of which may hold several."""
    return csv_lines(tuple(COLUMNS), _rows(review, runs, limit))


def write_xlsx(file: IO[bytes], review: Review, runs: Place, limit: int | None = None) -> None:
    """The same table as a workbook, where a decision is chosen from a list."""
    made = datetime.fromisoformat(review.run.started_at)
    write_workbook(
        file, "À regarder", [_column(*one) for one in COLUMNS.items()], _rows(review, runs, limit), made=made
    )


def _column(name: str, width: int) -> Column:
    choices = tuple(outcome.value for outcome in OUTCOMES) if name == "decision" else ()
    return Column(name=name, width=width, choices=choices, is_day=name == "decision_until")


def _rows(review: Review, runs: Place, limit: int | None) -> Iterator[dict[str, Any]]:
    return (
        _row(rank, case, verdict, review, runs)
        for rank, case in enumerate(review.cases[:limit], 1)
        for verdict in case.verdicts
    )


def _row(rank: int, case: Case, verdict: Verdict, review: Review, runs: Place) -> dict[str, Any]:
    evidence = verdict.evidence[0] if verdict.evidence else _NO_EVIDENCE
    return {
        "rank": rank,
        "name": case.service.name,
        "rule": verdict.rule,
        "outcome": verdict.outcome.value,
        "message": review.message(verdict),
        "why": " ".join(concern.why for concern in case.concerns),
        "look": case.address,
        "excerpt": evidence.excerpt,
        "locator": evidence.locator,
        "figures": ", ".join(case.figures),
        "kinds": ", ".join(case.kinds),
        "incubators": ", ".join(case.service.incubators),
        "service": case.service.id,
        "run": verdict.run,
        "version": verdict.version,
        "reason": str(verdict.reason),
        "value": verdict.value,
        "warnings": ", ".join(verdict.warnings),
        "url": evidence.url,
        "status": evidence.status,
        "capture": evidence.capture,
        "archive": archive_path(verdict, runs) if evidence.capture else "",
    }


def as_json(review: Review, runs: Place, limit: int | None = None) -> str:
    """``{"run", "as_of", "against", "judged", "doubtful", "kinds", "figures", "cases"}``, as docs/review.md says."""
    counts = review.counts()
    document = {
        "run": review.run.id,
        "as_of": review.run.as_of,
        "against": [run.id for run in review.earlier],
        "judged": review.judged,
        "doubtful": review.doubtful,
        "kinds": {kind.value: {"cases": cases, "verdicts": verdicts} for kind, (cases, verdicts) in counts.items()},
        "figures": [_stake(stake) for stake in review.stakes],
        "cases": [_case(rank, case, runs) for rank, case in enumerate(review.cases[:limit], 1)],
    }
    return json_text(document, indent=2)


def _stake(stake: Stake) -> dict[str, Any]:
    return {
        "id": stake.figure.id,
        "share": stake.figure.share.value if stake.figure.share else None,
        "worst": stake.worst.value,
        "best": stake.best.value,
    }


def _case(rank: int, case: Case, runs: Place) -> dict[str, Any]:
    return {
        "rank": rank,
        "service": case.service.id,
        "name": case.service.name,
        "concerns": [{"kind": concern.kind.value, "why": concern.why} for concern in case.concerns],
        "look": case.address,
        "figures": list(case.figures),
        "points": round(case.points, 2),
        "is_on_trial": case.is_on_trial,
        "verdicts": [
            {**verdict.to_json(), "archive": archive_path(verdict, runs) if verdict.evidence else None}
            for verdict in case.verdicts
        ],
    }
