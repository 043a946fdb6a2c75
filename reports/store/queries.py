from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from checks.model.errors import InputError
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.store.records import AuditedService, RunRecord
from reports.store.schema import EvidenceRow, IncubatorRow, RunRow, ServiceRow, SponsorRow, VerdictRow

BATCH = 500
"""Services read at once; with their verdicts and evidence, a few megabytes."""

NAMED = 10
"""How many of the known runs are named to someone who asks for another."""

DECLARED = ("statistics_url", "budget_url", "repository", "accessibility_status")
"""What a registry may declare of a service; each is a column of its table."""

_LATEST_FIRST = select(RunRow).order_by(RunRow.started_at.desc(), RunRow.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOutcomes:
    """What counting needs of a service.

    ``declared`` is the part of :data:`DECLARED` that the registry fills; ``outcomes`` holds, of the rules asked for,
    those that judged the service, and ``values`` what their verdicts give beside the outcome (a level, a grade).
    """

    id: str
    group: PhaseGroup
    has_url: bool
    incubators: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    declared: frozenset[str] = frozenset()
    outcomes: Mapping[str, Outcome]
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, service: Service, group: PhaseGroup, outcomes: Mapping[str, Outcome]) -> ServiceOutcomes:
        """As :func:`outcomes` gives it, of a service that was not read from the tables; without ``values``."""
        return cls(
            id=service.id,
            group=group,
            has_url=service.url is not None,
            incubators=tuple(service.incubators),
            sponsors=tuple(service.sponsors),
            declared=frozenset(name for name in DECLARED if getattr(service, name)),
            outcomes=outcomes,
        )


def runs(engine: Engine) -> tuple[RunRecord, ...]:
    """The runs loaded, the latest first."""
    with engine.connect() as connection:
        return tuple(_record(row) for row in connection.execute(_LATEST_FIRST))


def find_run(engine: Engine, run: str) -> RunRecord:
    """The run of an id, or ``latest``: the latest healthy one. Raises :class:`InputError`, naming the runs known, if there
    is none."""
    wanted = _LATEST_FIRST if run == "latest" else _LATEST_FIRST.where(RunRow.id == run)
    with engine.connect() as connection:
        records = map(_record, connection.execute(wanted))
        found = next((record for record in records if run != "latest" or record.is_healthy), None)
        known = [] if found else connection.execute(_LATEST_FIRST.with_only_columns(RunRow.id)).scalars().all()
    if found:
        return found
    if not known:
        raise InputError("La base ne contient aucun audit : chargez-en un avec « toise load ».")
    more = f" et {len(known) - NAMED} de plus" if len(known) > NAMED else ""
    wrong = "d'audit sain, nommez celui que vous voulez" if run == "latest" else f"d'audit « {run} »"
    raise InputError(f"La base n'a pas {wrong} ; elle a {', '.join(known[:NAMED])}{more}.")


def audited_services(engine: Engine, run_id: str, rules: Collection[str] | None = None) -> Iterator[AuditedService]:
    """The services of a run ordered by id, with their verdicts in the order of the run's ruleset: of all rules, or some."""
    ranks = {rule: rank for rank, rule in enumerate(find_run(engine, run_id).state["ruleset"]["rules"])}
    with engine.connect() as connection:
        for batch in _batches(connection, run_id, ServiceRow.entry):
            verdicts = _verdicts(connection, batch, rules)
            for row in batch:
                ordered = sorted(
                    verdicts[row.id], key=lambda verdict: (ranks.get(verdict.rule, len(ranks)), verdict.rule)
                )
                yield AuditedService(
                    service=Service.from_json(row.entry), group=row.phase_group, verdicts=tuple(ordered)
                )


def outcomes(engine: Engine, run_id: str, rules: Collection[str]) -> Iterator[ServiceOutcomes]:
    """The services of a run ordered by id, with the outcomes of some rules but nothing of their evidence."""
    declared = [getattr(ServiceRow, field) for field in DECLARED]
    with engine.connect() as connection:
        for batch in _batches(connection, run_id, ServiceRow.url, *declared):
            judged, values = _outcomes(connection, batch, rules)
            incubators = _lists(connection, batch, IncubatorRow, "incubator")
            sponsors = _lists(connection, batch, SponsorRow, "sponsor")
            for row in batch:
                yield ServiceOutcomes(
                    id=row.id,
                    group=row.phase_group,
                    has_url=row.url is not None,
                    incubators=tuple(incubators[row.id]),
                    sponsors=tuple(sponsors[row.id]),
                    declared=frozenset(field for field in DECLARED if getattr(row, field)),
                    outcomes=judged[row.id],
                    values=values[row.id],
                )


def _record(row: Row[Any]) -> RunRecord:
    return RunRecord(
        id=row.id,
        started_at=row.started_at,
        as_of=row.as_of,
        registry_digest=row.registry_digest,
        ruleset=row.ruleset,
        state=row.state,
    )


def _batches(connection: Connection, run_id: str, *columns: InstrumentedAttribute[Any]) -> Iterator[Sequence[Row[Any]]]:
    wanted = select(ServiceRow.run_id, ServiceRow.id, ServiceRow.phase_group, *columns)
    query = wanted.where(ServiceRow.run_id == run_id).order_by(ServiceRow.id).limit(BATCH)
    batch = connection.execute(query).all()
    while batch:
        yield batch
        batch = connection.execute(query.where(ServiceRow.id > batch[-1].id)).all()


def _of(table: type[VerdictRow | EvidenceRow | IncubatorRow | SponsorRow], batch: Sequence[Row[Any]]) -> Select[Any]:
    """The rows of a table that belong to the services of a batch: those ids are a range of the key."""
    return select(table).where(table.run_id == batch[0].run_id, table.service_id.between(batch[0].id, batch[-1].id))


def _verdicts(
    connection: Connection, batch: Sequence[Row[Any]], rules: Collection[str] | None
) -> Mapping[str, list[Verdict]]:
    def of(table: type[VerdictRow | EvidenceRow]) -> Select[Any]:
        return _of(table, batch) if rules is None else _of(table, batch).where(table.rule.in_(rules))

    evidence: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for row in connection.execute(of(EvidenceRow).order_by(EvidenceRow.position)):
        evidence[row.service_id, row.rule].append(
            Evidence(url=row.url, capture=row.capture, status=row.status, excerpt=row.excerpt, locator=row.locator)
        )
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for row in connection.execute(of(VerdictRow)):
        verdicts[row.service_id].append(_verdict(row, tuple(evidence[row.service_id, row.rule])))
    return verdicts


def _verdict(row: Row[Any], evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(
        run=row.run_id,
        service=row.service_id,
        rule=row.rule,
        version=row.version,
        outcome=row.outcome,
        reason=row.reason,
        value=row.value,
        warnings=tuple(row.warnings),
        at=row.at,
        evidence=evidence,
        facts=row.facts,
    )


def _outcomes(
    connection: Connection, batch: Sequence[Row[Any]], rules: Collection[str]
) -> tuple[Mapping[str, dict[str, Outcome]], Mapping[str, dict[str, str]]]:
    """The outcomes of services by rule, and the values of the verdicts that have one."""
    found: dict[str, dict[str, Outcome]] = defaultdict(dict)
    values: dict[str, dict[str, str]] = defaultdict(dict)
    columns = (VerdictRow.service_id, VerdictRow.rule, VerdictRow.outcome, VerdictRow.value)
    query = _of(VerdictRow, batch).where(VerdictRow.rule.in_(rules)).with_only_columns(*columns)
    for row in connection.execute(query):
        found[row.service_id][row.rule] = row.outcome
        if row.value is not None:
            values[row.service_id][row.rule] = row.value
    return found, values


def _lists(
    connection: Connection, batch: Sequence[Row[Any]], table: type[IncubatorRow | SponsorRow], column: str
) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(_of(table, batch).order_by(table.position)):
        found[row.service_id].append(getattr(row, column))
    return found
