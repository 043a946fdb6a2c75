"""What earlier runs said of a service, and how its scorecard tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.overrides.kept import keep
from reports.render import words
from reports.render.spans import spans
from reports.store import history
from reports.store.history import History
from reports.store.load import load_run
from reports.store.records import RunRecord
from reports.store.session import open_store

START = datetime(2026, 1, 1, 6, tzinfo=UTC)
P, F, C = Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL
OVERRIDE = """[[override]]
service = "b"
rule = "https"
outcome = "passed"
reason = "Vu."
author = "une personne"
evidence = "https://b.invalid/"
until = 2026-12-01
"""


def run_of(number):
    started = START + timedelta(days=31 * number)
    return RunRecord(
        id=f"run-{number}",
        started_at=started.isoformat(),
        as_of=str(started.date()),
        registry_digest="",
        ruleset="",
        state={},
    )


@pytest.fixture
def store(database):
    engine = open_store(database)
    yield engine
    engine.dispose()


def load(store, runs, number, outcomes, override=""):
    """``outcomes`` by service, of one rule."""
    record = run_of(number)
    folder = RunFolder.create(runs, START + timedelta(days=number))
    folder.update(
        {
            "id": record.id,
            "started_at": record.started_at,
            "as_of": record.as_of,
            "registry": {"source": "a", "kind": "csv", "digest": "sha256:1", "warnings": []},
            "ruleset": {"digest": "sha256:2", "rules": {"https": {"version": 1, "status": "active"}}},
        }
    )
    folder.write_services(Service(id=one, name=one) for one in outcomes)
    lines = (
        Verdict(run=record.id, service=one, rule="https", version=1, outcome=outcome, reason="x", at="2026")
        for one, outcome in outcomes.items()
        if outcome
    )
    folder.verdicts.write_text("".join(f"{line.to_line()}\n" for line in lines), "utf-8")
    if override:
        keep(folder, override.encode())
    return load_run(store, folder)


def test_history_is_read_service_by_service_in_the_order_of_the_runs_given(store, tmp_path, monkeypatch):
    monkeypatch.setattr(history, "BATCH", 2)
    first = load(store, tmp_path / "runs", 1, {"a": P, "b": F, "c": C, "d": None})
    second = load(store, tmp_path / "runs", 2, {"a": F, "b": F, "c": P}, OVERRIDE)
    last = load(store, tmp_path / "runs", 3, {"a": P, "b": P, "c": P, "d": P, "e": P})
    past = History(store, last.id, [second, first])
    assert [past.of(one) for one in "abcde"] == [
        {"https": (F, P)},
        {"https": (P, F)},
        {"https": (P, C)},
        {},
        {},
    ], "what a person said is what counted"


def test_without_earlier_runs_nothing_is_asked(store):
    assert History(store, "none", []).of("a") == {}


def test_a_history_is_told_by_spans_from_the_latest():
    earlier = [run_of(number) for number in (4, 3, 2, 1)]
    found = spans(F, run_of(5), [F, P, P, C], earlier)
    assert [(one.outcome, one.first.id, one.last.id, one.count) for one in found] == [
        (F, "run-4", "run-5", 2),
        (P, "run-2", "run-3", 2),
        (C, "run-1", "run-1", 1),
    ]


def test_runs_before_the_rule_or_the_service_are_left_out_and_holes_are_not():
    earlier = [run_of(number) for number in (4, 3, 2, 1)]
    found = spans(P, run_of(5), [None, P, None, None], earlier)
    assert [(one.outcome, one.count) for one in found] == [(P, 1), (None, 1), (P, 1)]
    assert spans(P, run_of(5), [None] * 4, earlier) == ()
    assert spans(P, run_of(5), [], earlier) == ()


def test_a_history_in_words():
    earlier = [run_of(number) for number in (2, 1)]
    new, old = spans(F, run_of(3), [P, P], earlier)
    assert words.since([new, old], run_of(3)) == "Ce résultat est nouveau : voir les précédents"
    assert words.span(old) == "✓ Respecté, du 1er\u00a0février 2026 au 4\u00a0mars 2026 (2\u00a0audits)"
    (same,) = spans(F, run_of(3), [F, F], earlier)
    assert words.since([same], run_of(3)) == "Même résultat depuis le 1er\u00a0février 2026 au moins"
    assert words.since(spans(F, run_of(3), [F, P], earlier), run_of(3)) == "Même résultat depuis le 4\u00a0mars 2026"
    assert words.span(spans(F, run_of(2), [None, P], [run_of(1), run_of(0)])[1]).startswith("Aucun verdict, le 1er")
    assert date.fromisoformat(run_of(1).as_of) == date(2026, 2, 1)
