"""``data/services.json``: what the registry says of each service, and what each rule gave, one service at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checks.model.outcome import Outcome
from checks.model.rule import Obstacle
from checks.model.unseen import json_text
from reports.overrides.override import Override
from reports.store.queries import DECLARED
from reports.store.records import AuditedService, RunRecord


def services_json(run: RunRecord, services: Iterable[AuditedService], page_names: Mapping[str, str]) -> Iterator[str]:
    """One service a line, as ``schemas/services-1.json`` says; ``page_names`` are those of the pages, without extension."""
    about = {"run": run.id, "as_of": run.as_of, "registry": run.registry_digest, "ruleset": run.ruleset}
    yield f'{json_text(about)[:-1]}, "services": [\n'
    for rank, audited in enumerate(services):
        yield f"{',' if rank else ''}{json_text(_service(audited, page_names[audited.service.id]))}\n"
    yield "]}\n"


def _service(audited: AuditedService, page: str) -> dict[str, Any]:
    service = audited.service
    return {
        "id": service.id,
        "name": service.name,
        "urls": list(service.urls),
        "phase": audited.group.value,
        "incubators": list(service.incubators),
        "sponsors": list(service.sponsors),
        "declared": {name: getattr(service, name) for name in DECLARED},
        "page": f"services/{page}.html",
        "verdicts": _verdicts(audited),
    }


def _verdicts(audited: AuditedService) -> dict[str, Any]:
    """The machine's, in the order of the run, each with what a person says; a rule that only a person judged is last."""
    overrides = {override.rule: override for override in audited.overrides}
    found = {
        verdict.rule: _verdict(verdict.outcome, str(verdict.reason), verdict.value, overrides.pop(verdict.rule, None))
        for verdict in audited.verdicts
    }
    return found | {rule: _verdict(Outcome.UNTESTED, Obstacle.NOT_RUN, None, one) for rule, one in overrides.items()}


def _verdict(outcome: Outcome, reason: str, value: str | None, override: Override | None) -> dict[str, Any]:
    return {"outcome": outcome.value, "reason": reason, "value": value, "correction": _correction(override)}


def _correction(override: Override | None) -> dict[str, str] | None:
    if override is None:
        return None
    return {
        "outcome": override.outcome.value,
        "reason": override.reason,
        "author": override.author,
        "evidence": override.evidence,
        "until": override.until.isoformat(),
    }
