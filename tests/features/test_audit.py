"""The whole chain, as its user runs it: the sample network, and a network that is not there."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.checker import Checker

from crawler.archive import read_captures
from crawler.rendering.find import find_browser

ROOT = Path(__file__).parent.parent.parent


def toise(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from reports.cli import main; main()", *args]
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def expected() -> dict[str, dict[str, str]]:
    spec = importlib.util.spec_from_file_location("expected", Path(__file__).with_name("sample_network_expected.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shown = module.RENDERED if find_browser() else {}
    return {service: {**rules, **shown.get(service, {})} for service, rules in module.EXPECTED.items()}


def verdicts(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "verdicts.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of one demo, and what it printed."""
    folder = tmp_path_factory.mktemp("démo du réseau")
    result = toise("demo", cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder / "demo", result.stdout


@pytest.fixture(scope="module")
def run(audited: tuple[Path, str]) -> Path:
    (folder,) = (audited[0] / "runs").iterdir()
    return folder


def test_every_service_gets_the_verdicts_that_the_rules_promise(run: Path):
    got: dict[str, dict[str, str]] = {}
    for verdict in verdicts(run):
        got.setdefault(str(verdict["service"]), {})[str(verdict["rule"])] = f"{verdict['outcome']}/{verdict['reason']}"
    known = {service: {rule: got[service].get(rule) for rule in rules} for service, rules in expected().items()}

    assert known == expected()
    assert set(got) == set(expected()), "a stopped service has no verdict"


def test_every_verdict_that_decides_points_into_an_archived_exchange(run: Path):
    ids = {capture.id for path in (run / "captures").glob("*.warc.gz") for capture in read_captures(path)}
    decided = [verdict for verdict in verdicts(run) if verdict["outcome"] in {"passed", "failed"}]

    assert decided
    for verdict in decided:
        evidence = verdict["evidence"]
        assert isinstance(evidence, list)
        assert evidence, verdict
        assert {one["capture"] for one in evidence} <= ids


def test_the_archives_are_whole(run: Path):
    class Given:
        inputs = tuple(map(str, (run / "captures").glob("*.warc.gz")))
        verbose = False

    checker = Checker(Given)
    checker.process_all()

    assert len(Given.inputs) > 15
    assert checker.exit_value == 0


def test_it_ends_with_the_percentages_and_the_path_of_the_report(audited: tuple[Path, str]):
    folder, out = audited
    last = out.strip().splitlines()[-1]

    assert re.search(r"\d+\s% \(\d+\s% à \d+\s%\)", out)
    assert last == f"Rapport : {(folder / 'report' / 'index.html').resolve()}"
    assert (folder / "report" / "index.html").is_file()
    assert (folder / "report" / "services" / "carnet-vert.html").is_file()


def test_the_report_shows_the_archived_exchange_behind_a_verdict(audited: tuple[Path, str]):
    report = audited[0] / "report"
    page = (report / "services" / "signal-plage.html").read_text("utf-8")
    (proof, *_) = re.findall(r'href="\.\./(preuves/[^"]+)"', page)

    assert "Capture <urn:uuid:" in (report / proof).read_text("utf-8")


def test_judging_again_gives_the_same_bytes(audited: tuple[Path, str], run: Path):
    before = (run / "verdicts.jsonl").read_bytes()

    result = toise("judge", str(run), cwd=audited[0])

    assert result.returncode == 0, result.stderr
    assert (run / "verdicts.jsonl").read_bytes() == before


def test_loading_again_leaves_one_run(audited: tuple[Path, str], run: Path):
    folder, _ = audited
    database = f"sqlite:///{folder / 'toise.db'}"

    result = toise("load", run.name, "--runs", str(run.parent), "--database", database, cwd=folder)

    assert result.returncode == 0, result.stderr
    with sqlite3.connect(folder / "toise.db") as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM verdicts").fetchone() == (len(verdicts(run)),)


def test_visiting_again_asks_nothing(audited: tuple[Path, str], run: Path):
    before = {path: path.read_bytes() for path in (run / "captures").iterdir()}

    result = toise("crawl", str(run), cwd=audited[0])

    assert result.returncode == 0, result.stderr
    assert {path: path.read_bytes() for path in (run / "captures").iterdir()} == before


@pytest.mark.parametrize("form", ["json", "csv", "markdown", "text"])
@pytest.mark.parametrize("by", [(), ("--by", "incubator"), ("--by", "phase"), ("--by", "sponsor")])
def test_figures_come_in_every_form(audited: tuple[Path, str], form: str, by: tuple[str, ...]):
    folder, _ = audited

    result = toise("summary", "--format", form, *by, "--database", f"sqlite:///{folder / 'toise.db'}", cwd=folder)

    assert result.returncode == 0, result.stderr
    assert "accessibility-obligations" in result.stdout
    if form == "json":
        figures = json.loads(result.stdout)["figures"]
        (first, *_) = [figure for figure in figures if figure["id"] == "accessibility-obligations"]
        assert {"numerator", "denominator", "undecided", "low", "high", "population"} <= set(first)


REGISTRY = """\
id;name;url;phase;incubator;statistics_url;repository
mairie;Mairie;https://mairie.invalid;construction;fabrique;https://stats.invalid/public/dashboard/1;
marché;Marché d'été;http://marche.invalid/accueil;acceleration;fabrique;;https://github.com/exemple/marche
recherche;Recherche;https://recherche.invalid;investigation;;;
arrêté;Arrêté;https://arrete.invalid;abandon;;;
sans;Sans site;;construction;;;
"""


@pytest.fixture(scope="module")
def unplugged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """An audit through a proxy that nobody runs: no network at all."""
    folder = tmp_path_factory.mktemp("sans-réseau")
    (folder / "registre.csv").write_bytes(REGISTRY.encode("cp1252"))
    dead = "http://127.0.0.1:9"
    return folder, toise("audit", "registre.csv", "--second-visit", "0", cwd=folder, HTTP_PROXY=dead, HTTPS_PROXY=dead)


def test_without_a_network_nothing_is_failed(unplugged: tuple[Path, subprocess.CompletedProcess[str]]):
    folder, result = unplugged
    (run,) = (folder / "runs").iterdir()
    said = {(verdict["service"], verdict["rule"]): verdict for verdict in verdicts(run)}

    assert result.returncode == 4, result.stderr
    assert "Aucun service n'a pu être audité" in result.stderr
    assert not [verdict for verdict in said.values() if verdict["outcome"] in {"passed", "failed"}]
    for service in ("mairie", "marché"):
        for rule in ("accessibility-mention", "statistics-page", "budget-page", "source-code", "https"):
            assert said[service, rule]["outcome"] == "cantTell"
            assert said[service, rule]["reason"] == "unreachable"
    assert said["recherche", "statistics-page"]["reason"] == "phase"
    assert said["sans", "accessibility-mention"]["reason"] == "no-url"
    assert "arrêté" not in {service for service, _ in said}


def test_without_a_network_the_run_is_whole_and_the_figures_are_not_known(
    unplugged: tuple[Path, subprocess.CompletedProcess[str]],
):
    folder, result = unplugged
    (run,) = (folder / "runs").iterdir()
    state = json.loads((run / "run.json").read_text("utf-8"))

    assert "n/d (0\xa0% à 100\xa0%)" in result.stdout
    assert (run / "registry.json").read_bytes() == (folder / "registre.csv").read_bytes()
    assert {name: stage["state"] for name, stage in state["stages"].items()} == dict.fromkeys(
        ("registry", "crawl", "judge", "load", "report"), "done"
    )
    assert state["registry"]["digest"].startswith("sha256:")
    assert (run / "report" / "index.html").is_file()  # it takes no sound one's place
    assert not list(folder.rglob("*.part"))


def test_a_missed_floor_is_exit_code_1(audited: tuple[Path, str], run: Path, tmp_path: Path):
    where = (
        "--runs",
        str(run.parent),
        "--database",
        f"sqlite:///{tmp_path / 'toise.db'}",
        "--report",
        str(tmp_path / "site"),
    )

    missed = toise("audit", "--resume", run.name, *where, "--fail-under", "https=100", cwd=audited[0])
    kept = toise("audit", "--resume", run.name, *where, "--fail-under", "https=10", cwd=audited[0])

    assert (missed.returncode, kept.returncode) == (1, 0)
    assert "https" in missed.stderr
    assert "sous le seuil" in missed.stderr


def test_saved_pages_are_judged_without_a_network(tmp_path: Path):
    pages = ROOT / "crawler" / "sample_network" / "sites" / "carnet-vert.example"
    given = [f"--page=/={pages / 'index.html'}", f"--page=/accessibilite={pages / 'accessibilite.html'}"]

    result = toise("check", "https://carnet-vert.example", *given, "--format", "json", cwd=tmp_path)
    said = {line["rule"]: line for line in map(json.loads, result.stdout.splitlines())}

    assert result.returncode == 0, result.stderr
    assert said["accessibility-mention"]["value"] == "partially"
    assert said["accessibility-declaration"]["reason"] == "declaration-found"
    assert said["https"]["outcome"] == "untested"
    assert list(tmp_path.iterdir()) == []


def test_a_scorecard_in_the_terminal_says_what_where_and_why(tmp_path: Path):
    pages = ROOT / "crawler" / "sample_network" / "sites" / "carnet-vert.example"

    result = toise("check", "https://carnet-vert.example", f"--page=/={pages / 'index.html'}", cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    assert "partiellement conforme" in result.stdout
    assert "https://carnet-vert.example" in result.stdout
    assert "\x1b" not in result.stdout
