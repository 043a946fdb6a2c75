from __future__ import annotations

import itertools
import json
import random
from collections import defaultdict
from datetime import UTC, datetime

import pytest

from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import SUPPORTED, Phase, Service
from checks.model.verdict import Verdict
from reports.figures.audited import FIGURES, audited_figures
from reports.store.load import load_run
from reports.store.session import open_store

RULES = sorted({rule for figure in FIGURES for rule in figure.rules})
ACTIVE = {rule: {"version": 2, "status": "active"} for rule in RULES}


def figure(figures, id_, group=""):
    (found,) = (figure for figure in figures if (figure.id, figure.group) == (id_, group))
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A run of 120 services, in the database, and the folder it was loaded from."""
    runs = tmp_path_factory.mktemp("runs")
    folder = RunFolder.create(runs, datetime(2026, 11, 23, 6, tzinfo=UTC))
    chance = random.Random(47)  # noqa: S311  # a fixed sample, not a secret
    folder.update(
        {
            "id": folder.id,
            "started_at": "2026-11-23T06:00:00+00:00",
            "as_of": "2026-11-23",
            "registry": {"digest": "sha256:11"},
            "ruleset": {"digest": "sha256:22", "rules": ACTIVE},
        }
    )
    names = ["investigation", "construction", "acceleration", "transfer", "opere", "abandon", "en-pause"]
    listed = [
        Service(
            id=f"service-{number}",
            name="",
            urls=("https://exemple.fr/",) * chance.randint(0, 1),
            incubators=tuple(chance.sample(["dinum", "mtes", "anct"], chance.randint(0, 2))),
            phases=(Phase(name=chance.choice(names)),),
        )
        for number in range(120)
    ]
    folder.write_services(listed)
    lines = [
        Verdict(run=folder.id, service=each.id, rule=rule, version=2, outcome=outcome, reason="any", at="2026")
        for each, rule in itertools.product(listed, RULES)
        if (outcome := chance.choice([*Outcome, Outcome.PASSED, Outcome.FAILED, None]))
    ]
    folder.verdicts.write_text("".join(line.to_line() + "\n" for line in lines), "utf-8")
    engine = open_store(f"sqlite:///{runs / 'toise.db'}")
    yield engine, load_run(engine, folder), folder
    engine.dispose()


def test_the_figures_of_the_database_are_those_of_the_files(loaded):
    engine, run, folder = loaded
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in folder.verdicts.read_text("utf-8").splitlines():
        verdict = json.loads(line)
        found[verdict["service"]][verdict["rule"]] = verdict["outcome"]
    passed = failed = undecided = 0
    for line in (folder.path / "services.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["phases"][0]["name"] == "abandon" or not entry["urls"]:
            continue
        pair = {found[entry["id"]].get(f"accessibility-{part}") for part in ("mention", "declaration")}
        passed += pair == {"passed"}
        failed += "failed" in pair
        undecided += "cantTell" in pair and "failed" not in pair
    share = figure(audited_figures(engine, run), "accessibility-obligations").share
    assert (share.passed, share.failed, share.undecided) == (passed, failed, undecided)
    assert min(passed, failed, undecided) > 0


def test_the_incubators_of_the_database_are_those_of_the_files(loaded):
    engine, run, folder = loaded
    lines = [json.loads(line) for line in folder.verdicts.read_text("utf-8").splitlines()]
    passing = {line["service"] for line in lines if line["rule"] == "budget-page" and line["outcome"] == "passed"}
    for incubator in ("dinum", "mtes", "anct"):
        expected = [
            each.id
            for each in folder.read_services()
            if incubator in each.incubators and each.id in passing and each.group() in SUPPORTED
        ]
        found = figure(audited_figures(engine, run, by="incubator"), "budget-pages", incubator)
        assert found.numerator == len(expected) > 0
