from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from checks.model.errors import InputError
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.store import load, queries
from reports.store.engine import writing
from reports.store.load import load_run
from reports.store.queries import audited_services, find_run, outcomes, runs
from reports.store.records import RunRecord
from reports.store.schema import Base, EvidenceRow, RunRow
from reports.store.session import open_store

NOVEMBER = datetime(2026, 11, 23, 6, tzinfo=UTC)
RULES = ("statistics-page", "https", "budget-page")

A_JUST = Service(
    id="a-just",
    name="À-JUST",
    urls=("https://a-just.beta.gouv.fr/",),
    incubators=("justice", "dinum"),
    sponsors=("anct",),
    phases=(Phase(name="construction", start="2021-03-01"), Phase(name="success", start="2027-01-01")),
    statistics_url="https://a-just.beta.gouv.fr/stats",
    warnings=("registry-value-repaired:budget_url",),
)
ZERO = Service(id="zéro", name="Zéro", phases=(Phase(name="en-pause", start="2024-01-01"),))
BAREME = Service(id="Bareme", name="Barème", urls=("https://bareme.fr/",), phases=(Phase(name="alumni"),))


def verdict(service, rule, outcome=Outcome.PASSED, **more):
    return Verdict(
        run="2026-11-23T0600Z",
        service=service,
        rule=rule,
        version=1,
        outcome=outcome,
        reason="found",
        at="2026",
        ruleset="sha256:22",
        **more,
    )


DETAILED = verdict(
    "a-just",
    "https",
    value="strict",
    warnings=("expires-soon",),
    evidence=(
        Evidence(url="https://a-just.beta.gouv.fr/", capture="<urn:uuid:2>", status=200, excerpt="é", locator="h1"),
        Evidence(url="http://a-just.beta.gouv.fr/", capture="<urn:uuid:1>"),
    ),
    facts={"days": 12, "issuer": {"name": "Certigna"}, "empty": None},
)
VERDICTS = (
    verdict("zéro", "https", Outcome.INAPPLICABLE),
    verdict("a-just", "budget-page", Outcome.CANT_TELL),
    DETAILED,
    verdict("a-just", "statistics-page", Outcome.FAILED),
)


@pytest.fixture
def engine(database):
    store = open_store(database)
    yield store
    store.dispose()


def write_run(runs_folder, services=(A_JUST, ZERO, BAREME), verdicts=VERDICTS, now=NOVEMBER, **state):
    folder = RunFolder.create(runs_folder, now)
    folder.update(
        {
            "id": folder.path.name,
            "toise": "0.1.0",
            "started_at": now.isoformat(timespec="seconds"),
            "as_of": now.date().isoformat(),
            "registry": {"source": "registry.json", "kind": "beta", "digest": "sha256:11", "entries": len(services)},
            "ruleset": {"digest": "sha256:22", "rules": {rule: {"version": 1, "status": "active"} for rule in RULES}},
            "settings": {"phase_rule": "latest-start", "as_of": "2026-11-23"},
        }
        | state
    )
    folder.write_services(services)
    folder.verdicts.write_text("".join(line.to_line() + "\n" for line in verdicts), "utf-8")
    return folder


def sizes(engine):
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in Base.metadata.sorted_tables
        }


def test_a_run_is_read_back_as_it_was_written(engine, tmp_path):
    folder = write_run(tmp_path / "runs")
    record = load_run(engine, folder)
    assert record == RunRecord(
        id="2026-11-23T0600Z",
        started_at="2026-11-23T06:00:00+00:00",
        as_of="2026-11-23",
        registry_digest="sha256:11",
        ruleset="sha256:22",
        state=folder.state,
    )
    assert find_run(engine, record.id) == record
    bareme, a_just, zero = audited_services(engine, record.id)
    assert (bareme.service, bareme.group, bareme.verdicts) == (BAREME, PhaseGroup.STOPPED, ())
    assert (zero.service, zero.group, zero.verdicts) == (ZERO, PhaseGroup.UNKNOWN, VERDICTS[:1])
    assert (a_just.service, a_just.group) == (A_JUST, PhaseGroup.CONSTRUCTION)
    assert [line.rule for line in a_just.verdicts] == list(RULES)
    assert a_just.verdict("https") == DETAILED


@pytest.mark.parametrize(
    "settings, group",
    [
        ({}, PhaseGroup.PERENNISED),
        ({"phase_rule": "latest-start", "as_of": None}, PhaseGroup.PERENNISED),
        ({"as_of": "2026-11-23"}, PhaseGroup.CONSTRUCTION),
        ({"phase_rule": "last-listed"}, PhaseGroup.CONSTRUCTION),
    ],
)
def test_the_group_follows_the_settings_of_the_run(engine, tmp_path, settings, group):
    service = replace(A_JUST, phases=tuple(reversed(A_JUST.phases)))
    folder = write_run(tmp_path / "runs", services=(service,), verdicts=())
    state = folder.state
    (folder.path / "run.json").write_text(json.dumps(state | {"settings": settings}), "utf-8")
    (audited,) = audited_services(engine, load_run(engine, folder).id)
    assert audited.group is group


def test_counting_reads_outcomes_without_evidence(engine, tmp_path):
    run = load_run(engine, write_run(tmp_path / "runs")).id
    bareme, a_just, zero = outcomes(engine, run, {"https", "budget-page", "unknown-rule"})
    assert a_just == queries.ServiceOutcomes(
        id="a-just",
        group=PhaseGroup.CONSTRUCTION,
        has_url=True,
        incubators=("justice", "dinum"),
        sponsors=("anct",),
        declared=frozenset({"statistics_url"}),
        outcomes={"https": Outcome.PASSED, "budget-page": Outcome.CANT_TELL},
        values={"https": "strict"},
    )
    assert (zero.has_url, zero.incubators, zero.outcomes) == (False, (), {"https": Outcome.INAPPLICABLE})
    assert bareme.outcomes == {}


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_the_batches_changes_nothing(engine, tmp_path, monkeypatch, size):
    run = load_run(engine, write_run(tmp_path / "runs")).id
    whole = list(audited_services(engine, run)), list(outcomes(engine, run, RULES))
    monkeypatch.setattr(load, "BATCH", size)
    monkeypatch.setattr(queries, "BATCH", size)
    load_run(engine, RunFolder(tmp_path / "runs" / run))
    assert (list(audited_services(engine, run)), list(outcomes(engine, run, RULES))) == whole


def test_loading_again_replaces_the_run_and_only_it(engine, tmp_path):
    other = load_run(engine, write_run(tmp_path / "runs", now=NOVEMBER.replace(month=10), verdicts=()))
    folder = write_run(tmp_path / "runs")
    load_run(engine, folder)
    once = sizes(engine)
    load_run(engine, folder)
    assert sizes(engine) == once
    folder.verdicts.write_text(verdict("a-just", "https", Outcome.FAILED).to_line() + "\n", "utf-8")
    run = load_run(engine, folder).id
    assert [len(audited.verdicts) for audited in audited_services(engine, run)] == [0, 1, 0]
    assert [record.id for record in runs(engine)] == [run, other.id]
    assert len(list(audited_services(engine, other.id))) == 3


FOREIGN = replace(VERDICTS[0], run="2020-01-01T0000Z")


@pytest.mark.parametrize(
    "verdicts, said",
    [
        ((*VERDICTS, verdict("nobody", "https")), "« https » de nobody porte sur un service"),
        ((*VERDICTS, DETAILED), "« https » de a-just y figure deux fois"),
        ((FOREIGN,), "« https » de zéro vient de l'audit 2020-01-01T0000Z et non de 2026-11-23T0600Z"),
    ],
)
def test_verdicts_that_contradict_the_run_leave_what_was_loaded(engine, tmp_path, monkeypatch, verdicts, said):
    folder = write_run(tmp_path / "runs")
    run = load_run(engine, folder).id
    before = list(audited_services(engine, run)), sizes(engine)
    monkeypatch.setattr(load, "BATCH", 1)
    folder.verdicts.write_text("".join(line.to_line() + "\n" for line in verdicts), "utf-8")
    with pytest.raises(InputError, match=r"verdicts\.jsonl") as raised:
        load_run(engine, folder)
    assert said in str(raised.value)
    assert (list(audited_services(engine, run)), sizes(engine)) == before


def test_a_service_listed_twice_is_refused(engine, tmp_path):
    folder = write_run(tmp_path / "runs", services=(A_JUST, ZERO, A_JUST), verdicts=())
    with pytest.raises(InputError, match=r"services\.jsonl : le service a-just y figure deux fois"):
        load_run(engine, folder)
    assert not any(sizes(engine).values())


@pytest.mark.parametrize("name", ["services.jsonl", "verdicts.jsonl"])
def test_a_stage_that_was_not_done_or_is_damaged_is_named(engine, tmp_path, name):
    folder = write_run(tmp_path / "runs")
    (folder.path / name).write_text("{}\n", "utf-8")
    with pytest.raises(InputError, match=f"{name}, ligne 1"):
        load_run(engine, folder)
    (folder.path / name).unlink()
    with pytest.raises(InputError, match=f"{name} manque"):
        load_run(engine, folder)
    assert not any(sizes(engine).values())


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"started_at": ""}, "started_at"),
        ({"started_at": "hier"}, "n'est pas une date ISO"),
        ({"as_of": None}, "as_of"),
        ({"registry": {}}, "registry.digest"),
        ({"registry": None}, "registry.digest"),
        ({"ruleset": {"rules": {}}}, "ruleset.digest"),
        ({"ruleset": {"digest": "sha256:22"}}, "ruleset.rules"),
        ({"settings": {"phase_rule": "first-listed"}}, "« first-listed »"),
    ],
)
def test_a_run_that_does_not_say_enough_is_refused(engine, tmp_path, changes, said):
    folder = write_run(tmp_path / "runs")
    path = folder.path / "run.json"
    path.write_text(json.dumps(folder.state | changes), "utf-8")
    with pytest.raises(InputError, match=r"run\.json") as raised:
        load_run(engine, folder)
    assert said in str(raised.value)


def test_a_folder_that_is_no_run_is_refused(engine, tmp_path):
    with pytest.raises(InputError, match=r"pas de fichier run\.json"):
        load_run(engine, RunFolder(tmp_path))


def test_a_database_that_another_command_writes_is_said_to_be_busy(engine, database, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.store.engine.BUSY_SECONDS", 0)
    impatient = open_store(database)
    folder = write_run(tmp_path / "runs")
    with writing(engine, f"run {folder.id}") as connection:
        connection.execute(RunRow.__table__.delete())
        with pytest.raises(InputError, match=r"database is locked|canceling statement due to lock timeout"):
            load_run(impatient, folder)
    impatient.dispose()


def test_characters_that_a_database_refuses_do_not_stop_a_run(engine, tmp_path):
    hostile = replace(
        DETAILED,
        value="a\0b",
        warnings=("\0",),
        evidence=(Evidence(url="https://x/\ud83d", capture="c", excerpt="\0"),),
        facts={"licence\0": [{"name": "\udc00", "days": 12}], "none": None},
    )
    folder = write_run(tmp_path / "runs", verdicts=())
    folder.verdicts.write_text(json.dumps(hostile.to_json()) + "\n", "utf-8")
    audited = list(audited_services(engine, load_run(engine, folder).id))[1]
    stored = audited.verdict("https")
    assert stored.value == "a\ufffdb"
    assert stored.warnings == ("\ufffd",)
    assert stored.facts == {"licence\ufffd": [{"name": "\ufffd", "days": 12}], "none": None}
    assert (stored.evidence[0].url, stored.evidence[0].excerpt) == ("https://x/\ufffd", "\ufffd")


def test_the_latest_run_is_the_one_that_started_last(engine, tmp_path):
    with pytest.raises(InputError, match="aucun audit"):
        find_run(engine, "latest")
    for month in (10, 12, 11):
        load_run(engine, write_run(tmp_path / "runs", verdicts=(), now=NOVEMBER.replace(month=month)))
    assert find_run(engine, "latest").id == "2026-12-23T0600Z"
    assert [run.id[5:7] for run in runs(engine)] == ["12", "11", "10"]


def test_an_unknown_run_is_answered_with_the_known_ones(engine, tmp_path):
    for day in range(1, 13):
        load_run(engine, write_run(tmp_path / "runs", services=(), verdicts=(), now=NOVEMBER.replace(day=day)))
    with pytest.raises(InputError) as raised:
        find_run(engine, "2026-11-31")
    assert "« 2026-11-31 »" in str(raised.value)
    assert "elle a 2026-11-12T0600Z, 2026-11-11T0600Z" in str(raised.value)
    assert "2026-11-02T0600Z" not in str(raised.value)
    assert str(raised.value).endswith("et 2 de plus.")


def test_evidence_cannot_outlive_its_verdict(engine, tmp_path):
    load_run(engine, write_run(tmp_path / "runs"))
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(EvidenceRow)).scalar() == 2
        with pytest.raises(IntegrityError):
            connection.exec_driver_sql("DELETE FROM verdicts")
