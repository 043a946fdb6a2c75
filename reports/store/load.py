from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, delete, insert, update
from sqlalchemy.exc import DBAPIError

from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.overrides.kept import kept
from reports.overrides.override import Override
from reports.overrides.standing import Standing
from reports.store.engine import cause, shown, writing
from reports.store.records import RunRecord
from reports.store.schema import (
    Base,
    EvidenceRow,
    IncubatorRow,
    OverrideRow,
    RunRow,
    ServiceRow,
    SponsorRow,
    VerdictRow,
)

BATCH = 2000
"""Lines held in memory at once: a run of 100,000 services is read as a stream."""

T = TypeVar("T")


def load_run(engine: Engine, folder: RunFolder) -> RunRecord:
    """Stores a run folder, in place of what was loaded of the same run: all of it, or nothing is changed.

    Raises :class:`InputError` if the folder is incomplete or contradicts itself, or if the database cannot be written.
    """
    record = _record(folder)
    try:
        with writing(engine, f"run {record.id}") as connection:
            _forget(connection, record.id)
            connection.execute(insert(RunRow), [_run_row(record)])
            seen = _load_services(connection, record, folder)
            _load_verdicts(connection, record, folder, seen)
            record = _load_overrides(connection, record, folder, seen)
    except DBAPIError as error:
        raise InputError(
            f"L'audit {record.id} n'a pas pu être chargé dans {shown(engine.url)} ({cause(error, engine.url)}) :"
            f" vérifiez {'' if engine.dialect.name == 'sqlite' else 'que le serveur répond, '}la place libre"
            " et qu'aucun autre chargement n'est en cours, puis recommencez."
        ) from error
    return record


def _record(folder: RunFolder) -> RunRecord:
    state = folder.state
    path = folder.path / "run.json"
    if not state:
        raise InputError(f"{folder.path} n'est pas le dossier d'un audit : il n'y a pas de fichier run.json.")
    if not isinstance(_at(state, "ruleset.rules"), Mapping):
        raise InputError(f"{path} ne dit pas « ruleset.rules » : jugez d'abord cet audit avec « toise judge ».")
    record = RunRecord(
        id=folder.id,
        started_at=_text(state, "started_at", path),
        as_of=_text(state, "as_of", path),
        registry_digest=_text(state, "registry.digest", path),
        ruleset=_text(state, "ruleset.digest", path),
        state=state,
    )
    try:
        datetime.fromisoformat(record.started_at)
    except ValueError as error:
        raise InputError(f"{path} : « started_at » n'est pas une date ISO ({record.started_at}).") from error
    try:
        _ = record.day
    except ValueError as error:
        raise InputError(f"{path} : « as_of » n'est pas un jour ISO ({record.as_of}).") from error
    return record


def _at(state: Mapping[str, Any], key: str) -> Any:
    value: Any = state
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _text(state: Mapping[str, Any], key: str, path: Path) -> str:
    value = _at(state, key)
    if not isinstance(value, str) or not value:
        raise InputError(f"{path} ne dit pas « {key} » : cet audit est incomplet, refaites-le.")
    return value


def _forget(connection: Connection, run: str) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        column = table.c.id if table.name == RunRow.__tablename__ else table.c.run_id
        connection.execute(delete(table).where(column == run))


def _load_services(connection: Connection, record: RunRecord, folder: RunFolder) -> dict[str, int]:
    """The ids of the services, each with the rules that judged it so far, one bit a rule: none yet."""
    seen: dict[str, int] = {}
    group = folder.grouping()
    for services in _batches(folder.read_services()):
        for service in services:
            if service.id in seen:
                raise InputError(f"{folder.path / 'services.jsonl'} : le service {service.id} y figure deux fois.")
            seen[service.id] = 0
        _insert(connection, ServiceRow, (_service_row(record.id, service, group(service)) for service in services))
        _insert(connection, IncubatorRow, _list_rows(record.id, services, "incubators"))
        _insert(connection, SponsorRow, _list_rows(record.id, services, "sponsors"))
    return seen


def _load_verdicts(connection: Connection, record: RunRecord, folder: RunFolder, seen: dict[str, int]) -> None:
    bits: dict[str, int] = {}
    path = folder.verdicts
    for verdicts in _batches(folder.read_verdicts()):
        for verdict in verdicts:
            bit = bits.setdefault(verdict.rule, 1 << len(bits))
            _check(verdict, record.id, path, seen.get(verdict.service), bit)
            seen[verdict.service] |= bit
        _insert(connection, VerdictRow, (_verdict_row(verdict) for verdict in verdicts))
        _insert(connection, EvidenceRow, (row for verdict in verdicts for row in _evidence_rows(verdict)))


def _load_overrides(connection: Connection, record: RunRecord, folder: RunFolder, seen: Collection[str]) -> RunRecord:
    """Stores those in force on the day of the run; its state says what became of all that it keeps."""
    digest, overrides = kept(folder)
    if digest is None and "overrides" not in record.state:
        return record
    standing = Standing.of(overrides, record.day, seen, record.state["ruleset"]["rules"])
    _insert(connection, OverrideRow, (_override_row(record.id, override) for override in standing.applied))
    state = {**record.state, "overrides": {"digest": digest, **standing.to_json()}}
    connection.execute(update(RunRow).where(RunRow.id == record.id).values(state=state))
    return replace(record, state=state)


def _check(verdict: Verdict, run: str, path: Path, judged: int | None, rule: int) -> None:
    """Refuses, with its name, what the keys of the database would refuse without one."""
    if verdict.run != run:
        wrong = f"vient de l'audit {verdict.run} et non de {run}"
    elif judged is None:
        wrong = "porte sur un service que services.jsonl ne contient pas"
    elif judged & rule:
        wrong = "y figure deux fois"
    else:
        return
    raise InputError(
        f"{path} : le verdict « {verdict.rule} » de {verdict.service} {wrong} ; refaites-le avec « toise judge »."
    )


def _insert(connection: Connection, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    if lines := list(rows):
        connection.execute(insert(table), lines)


def _run_row(record: RunRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "started_at": record.started_at,
        "as_of": record.as_of,
        "registry_digest": record.registry_digest,
        "ruleset": record.ruleset,
        "state": record.state,
    }


def _service_row(run: str, service: Service, group: PhaseGroup) -> dict[str, Any]:
    return {
        "run_id": run,
        "id": service.id,
        "name": service.name,
        "url": service.url,
        "phase_group": group,
        "statistics_url": service.statistics_url,
        "budget_url": service.budget_url,
        "repository": service.repository,
        "accessibility_status": service.accessibility_status,
        "warnings": list(service.warnings),
        "entry": service.to_json(),
    }


def _list_rows(run: str, services: Sequence[Service], field: str) -> Iterator[dict[str, Any]]:
    for service in services:
        for position, value in enumerate(getattr(service, field)):
            yield {"run_id": run, "service_id": service.id, "position": position, field.removesuffix("s"): value}


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    return {
        "run_id": verdict.run,
        "service_id": verdict.service,
        "rule": verdict.rule,
        "version": verdict.version,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "value": verdict.value,
        "at": verdict.at,
        "warnings": list(verdict.warnings),
        "facts": dict(verdict.facts),
    }


def _override_row(run: str, override: Override) -> dict[str, Any]:
    return {
        "run_id": run,
        "service_id": override.service,
        "rule": override.rule,
        "outcome": override.outcome,
        "reason": override.reason,
        "author": override.author,
        "evidence": override.evidence,
        "until": override.until.isoformat(),
    }


def _evidence_rows(verdict: Verdict) -> Iterator[dict[str, Any]]:
    for position, evidence in enumerate(verdict.evidence):
        yield {
            "run_id": verdict.run,
            "service_id": verdict.service,
            "rule": verdict.rule,
            "position": position,
            "url": evidence.url,
            "status": evidence.status,
            "excerpt": evidence.excerpt,
            "locator": evidence.locator,
            "capture": evidence.capture,
        }


def _batches(lines: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(lines)
    while batch := list(islice(iterator, BATCH)):
        yield batch
