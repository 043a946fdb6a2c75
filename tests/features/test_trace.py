"""From a figure of the sample network to the words, in the archive, that it rests on; whichever engine holds the verdicts."""

from __future__ import annotations

import io
import json
from collections import Counter
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from crawler.archive import read_captures
from reports.cli import main
from tests.features.two_audits import TwoAudits, printed
from tests.postgresql import PostgreSQL

NAMES = {"passed": "numerator", "failed": "failed", "cantTell": "undecided", "inapplicable": "inapplicable"}

OVERRIDES = """[[override]]
service = "carnet-vert"
rule = "https"
outcome = "failed"
reason = "Vu à la main."
author = "Une personne de l'équipe"
evidence = "https://carnet-vert.example/"
until = 2027-01-31
"""
SUMMARIES = [
    ("summary", "--format", form, *by)
    for form in ("text", "json", "csv", "markdown")
    for by in ((), ("--by", "phase"), ("--by", "incubator"), ("--by", "sponsor"))
]
TRACES = [
    ("trace", figure, "--format", form)
    for figure in ("accessibility-obligations", "statistics-pages", "security-headers")
    for form in ("text", "jsonl")
]
REVIEWS = [("review", "--format", form) for form in ("text", "csv", "json")]
EXPORTS = [("export", "--format", form) for form in ("jsonl", "csv", "xlsx", "ods", "earl")]


def traced(audits: TwoAudits, *args: str, runs: Path | None = None) -> str:
    return printed("trace", *args, "--database", audits.database, "--runs", str(runs or audits.runs))


def lines(audits: TwoAudits, *args: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in traced(audits, *args, "--format", "jsonl").splitlines()]


@pytest.mark.parametrize("by", [(), ("--by", "phase")])
def test_the_numbers_are_those_of_the_summary_and_the_services_add_up_to_them(audits: TwoAudits, by):
    summary = json.loads(printed("summary", audits.new.id, *by, "--format", "json", "--database", audits.database))
    for figure in summary["figures"]:
        part = ("--group", figure["group"]) if by else ()
        about, *services = lines(audits, figure["id"], audits.new.id, *by, *part)

        assert about["figure"] == figure
        assert (about["run"], about["registry"], about["ruleset"]) == (
            summary["run"], summary["registry"], summary["ruleset"],
        )  # fmt: skip
        counts = Counter(one["outcome"] for one in services)
        assert {key: counts[outcome] for outcome, key in NAMES.items()} == {key: figure[key] for key in NAMES.values()}


def test_the_excerpt_is_in_the_capture_that_is_named(audits: TwoAudits):
    _, *services = lines(audits, "accessibility-obligations", audits.old.id, "--outcome", "passed")
    verdicts = [
        verdict for one in services for verdict in one["verdicts"] if verdict["rule"] == "accessibility-mention"
    ]

    assert verdicts
    for verdict in verdicts:
        captures = {capture.id: capture for capture in read_captures(audits.runs / verdict["archive"]["path"])}
        for evidence in verdict["evidence"]:
            capture = captures[evidence["capture"]]
            page = " ".join(BeautifulSoup(capture.body, "lxml").get_text(" ").split())
            assert (capture.url, capture.status) == (evidence["url"], evidence["status"])
            assert evidence["excerpt"] in page


def test_a_verdict_of_the_second_visit_is_in_its_archive(audits: TwoAudits):
    """The page that lost its mention was looked at twice."""
    _, one = lines(audits, "accessibility-obligations", audits.new.id, "--service", "carnet-vert")
    (verdict,) = (each for each in one["verdicts"] if each["rule"] == "accessibility-mention")

    assert verdict["archive"]["visit"] == 2
    captures = {capture.id for capture in read_captures(audits.runs / verdict["archive"]["path"])}
    assert {evidence["capture"] for evidence in verdict["evidence"]} <= captures
    said = traced(audits, "accessibility-obligations", audits.new.id, "--service", "carnet-vert")
    assert "carnet-vert#2.warc.gz (second passage)" in said


def test_people_read_the_figure_then_each_service_and_its_proof(audits: TwoAudits):
    """The database has the judgement that was loaded, by the earlier rule."""
    said = traced(audits, "accessibility-obligations", audits.old.id).replace("\N{NO-BREAK SPACE}", " ")
    passed, failed = said[said.index("OUI : 2") :].split("NON : 2")

    assert said.startswith("Services qui respectent les obligations déclaratives d'accessibilité")
    assert "2 sur 4 : 2 oui sur 4 décidés (oui + non), 0 indéterminé ; à part, 0 sans objet" in said
    for about in ("Population", "Définition", audits.old.id, "Registre", "sha256:"):
        assert about in said
    assert "accessibility-mention, version 100 : ✓ Respecté (level-partially)" in passed
    assert "« Accessibilité : partiellement conforme »" in passed
    assert "capture <urn:uuid:" in passed
    assert f"Archive : {audits.old.id}/captures/carnet-vert.warc.gz (premier passage)" in passed
    assert "[guichet-demenage]" in failed


@pytest.mark.parametrize(
    "args,sentence",
    [
        (["beaute"], "il a : accessibility-obligations, "),
        (["beaute"], "services-supported"),
        (["https", "--group", "dinum"], "ajoutez --by"),
        (["https", "--by", "phase", "--group", "dinum"], "leaving"),
        (["fast-events", "--by", "phase"], "retirez cette option"),
        (["https", "--service", "personne"], "personne"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(audits: TwoAudits, capsys, args: list[str], sentence: str):
    with pytest.raises(SystemExit) as ended:
        main(["trace", args[0], audits.new.id, *args[1:], "--database", audits.database])

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_service_out_of_the_population_is_said_to_be(audits: TwoAudits, capsys):
    said = traced(audits, "https", audits.new.id, "--service", "signal-plage")

    assert "signal-plage" not in said
    assert "signal-plage n'est pas compté dans ce chiffre" in capsys.readouterr().err


def test_an_archive_that_is_gone_is_said(audits: TwoAudits, tmp_path: Path):
    said = traced(audits, "https", audits.old.id, "--service", "carnet-vert", runs=tmp_path)

    assert f"Archive absente : {audits.old.id}/captures/carnet-vert.warc.gz" in said


def test_a_figure_of_the_registry_shows_the_field_that_counts(audits: TwoAudits):
    about, *services = lines(audits, "services-by-phase", audits.new.id, "--group", "stopped")

    assert about["figure"]["numerator"] == len(services) == 1
    assert services[0]["service"] == "signal-plage"
    assert services[0]["fields"]["phases"][-1] == {"name": "abandon", "start": "2026-11-01", "end": None}
    assert "abandon (2026-11-01)" in traced(audits, "services-by-phase", audits.new.id, "--service", "signal-plage")
    declared = lines(audits, "statistics-declared", audits.new.id)
    assert {one["service"]: one["fields"]["statistics_url"] is not None for one in declared[1:]} == {
        one["service"]: one["outcome"] == "passed" for one in declared[1:]
    }
    assert declared[0]["figure"]["numerator"] == sum(one["outcome"] == "passed" for one in declared[1:])


@pytest.fixture(scope="module")
def bases(audits: TwoAudits, postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The URLs of both, each with the two runs."""
    folder = tmp_path_factory.mktemp("bases")
    corrections = folder / "corrections.toml"
    corrections.write_text(OVERRIDES, "utf-8")
    found = {
        "sqlite": f"sqlite:///{folder / 'toise.db'}",
        # As a hosting service gives it: without a driver.
        "postgresql": postgresql.url(postgresql.create_database(), "postgresql"),
    }
    for url in found.values():
        for run in (audits.old, audits.new):
            given = ("--overrides", str(corrections)) if run is audits.new else ()
            printed("load", run.id, "--runs", str(audits.runs), "--database", url, *given)
    return found


def said(audits: TwoAudits, bases: dict[str, str], verb: str, *args: str) -> dict[str, str]:
    """By engine, what a verb prints of the last run."""
    runs = ("--runs", str(audits.runs)) if verb in {"trace", "review"} else ()
    named = (args[0], audits.new.id, *args[1:]) if verb == "trace" else (audits.new.id, *args)
    return {name: printed(verb, *named, "--database", url, *runs) for name, url in bases.items()}


@pytest.mark.parametrize("command", SUMMARIES + TRACES, ids=" ".join)
def test_what_is_printed_is_the_same(audits: TwoAudits, bases: dict[str, str], command: tuple[str, ...]):
    found = said(audits, bases, *command)
    assert len(found["sqlite"]) > 200
    assert found["postgresql"] == found["sqlite"]


@pytest.mark.parametrize("command", EXPORTS + REVIEWS, ids=" ".join)
def test_what_is_written_is_the_same(
    audits: TwoAudits, bases: dict[str, str], tmp_path: Path, command: tuple[str, ...]
):
    for name, url in bases.items():
        runs = ("--runs", str(audits.runs)) if command[0] == "review" else ()
        printed(command[0], audits.new.id, *command[1:], "--output", str(tmp_path / name), "--database", url, *runs)
    written = (tmp_path / "sqlite").read_bytes()
    assert len(written) > 200
    assert (tmp_path / "postgresql").read_bytes() == written


def test_the_site_is_the_same(audits: TwoAudits, bases: dict[str, str], tmp_path: Path):
    sites = {}
    for name, url in bases.items():
        folder = tmp_path / name
        with redirect_stderr(io.StringIO()):
            printed("report", audits.new.id, "--database", url, "--runs", str(audits.runs), "--output", str(folder))
        files = (path for path in folder.rglob("*") if path.is_file())
        sites[name] = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    assert len(sites["sqlite"]) > 50
    assert sites["postgresql"].keys() == sites["sqlite"].keys()
    assert {name for name, content in sites["sqlite"].items() if sites["postgresql"][name] != content} == set()
