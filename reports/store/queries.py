from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from checks.model.errors import InputError
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.store.records import AuditedService, RunRecord
from reports.store.schema import EvidenceRow, IncubatorRow, OverrideRow, RunRow, ServiceRow, SponsorRow, VerdictRow

BATCH = 500
"""Services read at once; with their verdicts and evidence, a few megabytes."""

NAMED = 10
"""How many of the known runs are named to someone who asks for another."""

DECLARED = ("statistics_url", "budget_url", "repository", "accessibility_status")
"""What a registry may declare of a service; each is a column of its table."""

# A row whose columns are in a known order, that of its table, is taken apart in half the time that their names take.
_BARE = [column for column in VerdictRow.__table__.columns if column.name != "facts"]

_LATEST_FIRST = select(RunRow).order_by(RunRow.started_at.desc(), RunRow.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOutcomes:
    """What counting needs of a service.

    ``declared`` is the part of :data:`DECLARED` that the registry fills; ``outcomes`` holds, of the rules asked for,
    those that judged the service, and ``values`` what their verdicts give beside the outcome (a level, a grade).
    ``overrides`` holds the outcomes that people put in their place.
    """

    id: str
    group: PhaseGroup
    has_url: bool
    incubators: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    declared: frozenset[str] = frozenset()
    outcomes: Mapping[str, Outcome]
    values: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Outcome] = field(default_factory=dict)

    @property
    def corrections(self) -> frozenset[str]:
        """The rules whose outcome an override changes; one that says what the machine says has no effect."""
        return frozenset(rule for rule, outcome in self.overrides.items() if self.outcomes.get(rule) is not outcome)

    @property
    def corrected(self) -> ServiceOutcomes:
        """The service as people found it. A value goes with the outcome that it led to: nobody said another one."""
        changed = self.corrections
        if not changed:
            return self
        return replace(
            self,
            outcomes={**self.outcomes, **self.overrides},
            values={rule: value for rule, value in self.values.items() if rule not in changed},
            overrides={},
        )

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


def audited_services(
    engine: Engine,
    run_id: str,
    rules: Collection[str] | None = None,
    *,
    is_bare: bool = False,
    between: tuple[str, str] | None = None,
) -> Iterator[AuditedService]:
    """The services of a run ordered by id, with their verdicts in the order of the run's ruleset: of all rules, or some.

    ``is_bare``: without their evidence and facts, which are most of what there is to read. ``between``: from an id to another,
    both included, in the order of the database.
    """
    run = find_run(engine, run_id)
    ranks = {rule: rank for rank, rule in enumerate(run.state["ruleset"]["rules"])}
    with engine.connect() as connection:
        for batch in _batches(connection, run_id, ServiceRow.entry, between=between):
            verdicts = _verdicts(connection, batch, rules, run.ruleset, is_bare=is_bare)
            overrides = _overrides(connection, batch)
            for row in batch:
                ordered = sorted(
                    verdicts[row.id], key=lambda verdict: (ranks.get(verdict.rule, len(ranks)), verdict.rule)
                )
                yield AuditedService(
                    service=Service.from_json(row.entry),
                    group=row.phase_group,
                    verdicts=tuple(ordered),
                    overrides=tuple(overrides[row.id]),
                )


def some_services(engine: Engine, run_id: str, ids: Collection[str]) -> Mapping[str, AuditedService]:
    """Those of some ids (at most :data:`BATCH`) that a run lists, with their verdicts but nothing of their evidence."""
    run = find_run(engine, run_id)
    columns = (ServiceRow.run_id, ServiceRow.id, ServiceRow.phase_group, ServiceRow.entry)
    listed = select(*columns).where(ServiceRow.run_id == run_id, ServiceRow.id.in_(ids)).order_by(ServiceRow.id)
    judged = (
        select(VerdictRow).where(VerdictRow.run_id == run_id, VerdictRow.service_id.in_(ids)).order_by(VerdictRow.rule)
    )
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    with engine.connect() as connection:
        rows = connection.execute(listed).all()
        for row in connection.execute(judged):
            verdicts[row.service_id].append(_verdict(row, (), run.ruleset))
        overrides = _overrides(connection, rows) if rows else {}
    return {
        row.id: AuditedService(
            service=Service.from_json(row.entry),
            group=row.phase_group,
            verdicts=tuple(verdicts[row.id]),
            overrides=tuple(overrides.get(row.id, ())),
        )
        for row in rows
    }


def outcomes(engine: Engine, run_id: str, rules: Collection[str]) -> Iterator[ServiceOutcomes]:
    """The services of a run ordered by id, with the outcomes of some rules but nothing of their evidence."""
    declared = [getattr(ServiceRow, field) for field in DECLARED]
    with engine.connect() as connection:
        for batch in _batches(connection, run_id, ServiceRow.url, *declared):
            judged, values = _outcomes(connection, batch, rules)
            overrides = _overrides(connection, batch)
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
                    overrides={one.rule: one.outcome for one in overrides[row.id] if one.rule in rules},
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


def _batches(
    connection: Connection, run_id: str, *columns: InstrumentedAttribute[Any], between: tuple[str, str] | None = None
) -> Iterator[Sequence[Row[Any]]]:
    wanted = select(ServiceRow.run_id, ServiceRow.id, ServiceRow.phase_group, *columns)
    query = wanted.where(ServiceRow.run_id == run_id).order_by(ServiceRow.id).limit(BATCH)
    if between:
        query = query.where(ServiceRow.id.between(*between))
    batch = connection.execute(query).all()
    while batch:
        yield batch
        batch = connection.execute(query.where(ServiceRow.id > batch[-1].id)).all()


def _of(
    table: type[VerdictRow | EvidenceRow | IncubatorRow | SponsorRow | OverrideRow], batch: Sequence[Row[Any]]
) -> Select[Any]:
    """The rows of a table that belong to the services of a batch: those ids are a range of the key."""
    return select(table).where(table.run_id == batch[0].run_id, table.service_id.between(batch[0].id, batch[-1].id))


def _verdicts(
    connection: Connection, batch: Sequence[Row[Any]], rules: Collection[str] | None, ruleset: str, *, is_bare: bool
) -> Mapping[str, list[Verdict]]:
    def of(table: type[VerdictRow | EvidenceRow]) -> Select[Any]:
        return _of(table, batch) if rules is None else _of(table, batch).where(table.rule.in_(rules))

    evidence: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    proofs = () if is_bare else connection.execute(of(EvidenceRow).order_by(EvidenceRow.position))
    for _, service, rule, _, url, status, excerpt, locator, capture in proofs:
        one = Evidence(url=url, capture=capture, status=status, excerpt=excerpt, locator=locator)
        evidence[service, rule].append(one)
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    judged = of(VerdictRow).with_only_columns(*_BARE) if is_bare else of(VerdictRow)
    for row in connection.execute(judged):
        _, service, rule, *_ = row
        verdicts[service].append(_verdict(row, tuple(evidence.get((service, rule), ())), ruleset))
    return verdicts


def _verdict(row: Sequence[Any], evidence: tuple[Evidence, ...], ruleset: str) -> Verdict:
    """Of a row of verdicts, or of :data:`_BARE`: then without facts."""
    run, service, rule, version, outcome, reason, value, at, warnings, *facts = row
    return Verdict(
        run=run,
        service=service,
        rule=rule,
        version=version,
        outcome=outcome,
        reason=reason,
        value=value,
        warnings=tuple(warnings),
        at=at,
        evidence=evidence,
        facts=facts[0] if facts else {},
        ruleset=ruleset,
    )


def _overrides(connection: Connection, batch: Sequence[Row[Any]]) -> Mapping[str, list[Override]]:
    found: dict[str, list[Override]] = defaultdict(list)
    for row in connection.execute(_of(OverrideRow, batch).order_by(OverrideRow.rule)):
        found[row.service_id].append(
            Override(
                service=row.service_id,
                rule=row.rule,
                outcome=row.outcome,
                reason=row.reason,
                author=row.author,
                evidence=row.evidence,
                until=date.fromisoformat(row.until),
            )
        )
    return found


def _outcomes(
    connection: Connection, batch: Sequence[Row[Any]], rules: Collection[str]
) -> tuple[Mapping[str, dict[str, Outcome]], Mapping[str, dict[str, str]]]:
    """The outcomes of services by rule, and the values of the verdicts that have one."""
    found: dict[str, dict[str, Outcome]] = defaultdict(dict)
    values: dict[str, dict[str, str]] = defaultdict(dict)
    columns = (VerdictRow.service_id, VerdictRow.rule, VerdictRow.outcome, VerdictRow.value)
    query = _of(VerdictRow, batch).where(VerdictRow.rule.in_(rules)).with_only_columns(*columns)
    for row in connection.execute(query.order_by(VerdictRow.service_id, VerdictRow.rule)):
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
