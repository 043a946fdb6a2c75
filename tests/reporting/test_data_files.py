from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from frictionless import Package

from checks.catalogue import BY_ID
from checks.model.outcome import Outcome
from checks.model.service import Service
from reports.figures.figure import Figure, Share
from reports.overrides.override import Override
from reports.render import data_files as published
from reports.render.data_files import data_files
from reports.render.exports import csv_verdicts
from reports.render.summary import render_summary
from tests.reporting.test_exports import BARE, RUN, VERDICT, audited

OVERRIDE = Override(
    service="a-just",
    rule="accessibility-mention",
    outcome=Outcome.FAILED,
    reason="=1+1 ; le lien est mort",
    author="Léa",
    evidence="https://a.invalid/preuve",
    until=date(2027, 5, 23),
)
ALONE = replace(OVERRIDE, rule="legal-notice", outcome=Outcome.PASSED)
SERVICE = Service(
    id="a-just",
    name="À-JUST",
    urls=("https://a-just.beta.gouv.fr/",),
    incubators=("justice",),
    sponsors=("sg-justice",),
    statistics_url="https://a-just.beta.gouv.fr/stats",
)
AUDITED = replace(audited(), service=SERVICE, overrides=(OVERRIDE, ALONE))
OTHER = replace(audited(replace(VERDICT, service="b")), service=Service(id="b", name="@B"))
SHARE = Figure(
    id="open-source",
    label="Services dont le code est ouvert",
    population="services",
    definition="source-code",
    share=Share(passed=2, failed=1, undecided=1),
    details={"A+": 1, "x;=1+1": 2},
    corrections=1,
)
FIGURES = (
    replace(SHARE, without=replace(SHARE, share=Share(passed=1, failed=2, undecided=1), corrections=0)),
    replace(SHARE, share=Share(), details=None, by="incubator", group="=justice", corrections=0),
    Figure(id="events", label="Événements", population="services", definition="tous", count=3, details={"events": []}),
)
HEALTH = {"is_healthy": False, "reasons": ["Un site témoin a changé."], "accepted": None, "measures": {}}
STATE = {
    "health": HEALTH,
    "versions": {"toise": "0.1.0"},
    "overrides": {"digest": "sha256:33"},
    "registry": {"source": "https://beta.gouv.fr/api/v2.6/startups.json"},
}
MADE = replace(RUN, state=STATE)
SCHEMAS = Path(published.__file__).parent / "schemas"


def files(services=(AUDITED, OTHER), figures=FIGURES, run=MADE, licence=None):
    return data_files(
        run=run,
        figures=figures,
        services=services,
        bare_services=services,
        rules=BY_ID,
        page_names={one.service.id: f"{one.service.id}~" for one in services},
        licence=licence,
    )


def read(**kwargs):
    return {path: "".join(chunks) for path, chunks in files(**kwargs)}


def write(folder, written):
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder / "data" / "datapackage.json"


def errors(package):
    report = Package(str(package)).validate()
    return [error.type for task in report.tasks for error in task.errors] + [error.type for error in report.errors]


def test_the_files_are_those_of_the_commands():
    found = read()
    assert list(found)[-1] == "data/datapackage.json"
    assert found["data/verdicts.csv"] == "".join(csv_verdicts([AUDITED, OTHER], BY_ID))
    assert found["data/figures.csv"] == render_summary(MADE, FIGURES, "csv")
    assert found["data/summary.json"] == render_summary(MADE, FIGURES, "json")
    for path in SCHEMAS.iterdir():
        assert found[f"data/schemas/{path.name}"] == path.read_text("utf-8")


def test_a_service_is_told_with_what_the_registry_and_the_rules_say():
    told = json.loads(read()["data/services.json"])
    assert (told["run"], told["as_of"]) == (RUN.id, RUN.as_of)
    first, _ = told["services"]
    verdicts = first.pop("verdicts")
    assert first == {
        "id": "a-just",
        "name": "À-JUST",
        "urls": ["https://a-just.beta.gouv.fr/"],
        "phase": "acceleration",
        "incubators": ["justice"],
        "sponsors": ["sg-justice"],
        "declared": {
            "statistics_url": "https://a-just.beta.gouv.fr/stats",
            "budget_url": None,
            "repository": None,
            "accessibility_status": None,
        },
        "page": "services/a-just~.html",
    }
    said = {
        "reason": "=1+1 ; le lien est mort",
        "author": "Léa",
        "evidence": "https://a.invalid/preuve",
        "until": "2027-05-23",
    }
    assert verdicts == {
        "accessibility-mention": {
            "outcome": "passed",
            "reason": "level-not",
            "value": "not",
            "correction": {"outcome": "failed", **said},
        },
        "retired-rule": {"outcome": "untested", "reason": "level-not", "value": None, "correction": None},
        "legal-notice": {
            "outcome": "untested",
            "reason": "not-run",
            "value": None,
            "correction": {"outcome": "passed", **said},
        },
    }


@pytest.mark.parametrize("services, figures", [((AUDITED, OTHER), FIGURES), ((), ())], ids=["some", "none"])
def test_frictionless_takes_the_package(tmp_path, services, figures):
    package = write(tmp_path, read(services=services, figures=figures))
    assert errors(package) == []
    told = json.loads(package.read_text("utf-8"))
    for resource in told["resources"]:
        content = (package.parent / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
        assert (package.parent / resource.get("schema", resource.get("jsonSchema"))).is_file()
    assert "licenses" not in told, "nobody but the publisher can give the data away"
    assert told["sources"] == [{"title": STATE["registry"]["source"], "path": STATE["registry"]["source"]}]


def test_the_package_says_the_licence_that_the_publisher_gives(tmp_path):
    licence = {"title": "Licence Ouverte 2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}
    package = write(tmp_path, read(licence=licence))
    assert errors(package) == []
    assert json.loads(package.read_text("utf-8"))["licenses"] == [licence]


@pytest.mark.parametrize(
    "old, new, error",
    [
        (",passed,", ",réussi,", "constraint-error"),
        ("2027-05-23", "mai 2027", "type-error"),
        (",200,", ",deux cents,", "type-error"),
        ("run,service", "audit,service", "incorrect-label"),
        ("a-just,À-JUST,retired-rule", "a-just,À-JUST,accessibility-mention", "primary-key"),
        ("À-JUST", "A-JUST", "hash-count"),
    ],
)
def test_frictionless_refuses_what_was_changed(tmp_path, old, new, error):
    written = read()
    assert old in written["data/verdicts.csv"]
    written["data/verdicts.csv"] = written["data/verdicts.csv"].replace(old, new)
    assert error in errors(write(tmp_path, written))


def test_a_file_that_was_not_read_has_no_size():
    *_, (path, chunks) = files()
    assert path == "data/datapackage.json"
    assert not [resource for resource in json.loads("".join(chunks))["resources"] if "bytes" in resource]


def test_a_source_that_is_no_address_is_no_path():
    told = json.loads(
        read(run=replace(MADE, state={"registry": {"source": "donnees/\x1bregistre.json"}}))["data/datapackage.json"]
    )
    assert told["sources"] == [{"title": "⟨U+001B⟩registre.json"}]
    assert json.loads(read(run=RUN)["data/datapackage.json"])["sources"] == [{"title": "Registre"}]


def test_memory_does_not_grow_with_the_services():
    class Many:
        def __init__(self, number):
            self.number = number

        def __iter__(self):
            return (replace(AUDITED, verdicts=(VERDICT, BARE)) for _ in range(self.number))

    def peak(number):
        tracemalloc.start()
        for _, chunks in data_files(
            run=MADE,
            figures=FIGURES,
            services=Many(number),
            bare_services=Many(number),
            rules=BY_ID,
            page_names={"a-just": "a"},
        ):
            for _ in chunks:
                pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is imported and kept once
    assert peak(600) < peak(50) + 200_000
