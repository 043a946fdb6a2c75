"""A review as the quality team does it: list, fill the table, give it back, and read the figures with and without."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.cli import main

REGISTRY = """\
id,name,url,phase,incubator
un,Un,,construction,dinum
deux,"Deux ; « =2 »",,construction,mtes
trois,Trois,,construction,dinum
"""
EDIT = {
    "decision": "passed",
    "decision_reason": "Le budget est affiché dans le hall ; « vu ».",
    "decision_author": "équipe.qualité",
    "decision_evidence": "https://un.example/budget",
    "decision_until": "23/05/2027",
}
KEPT = """\
# Gardé dans git
[[override]]
service = "trois"
rule = "budget-page"
outcome = "failed"
reason = "Vu."
author = "a.b"
evidence = "https://trois.example/"
until = 2027-05-23
"""


@dataclass(frozen=True)
class Ended:
    code: object
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command in a folder with an audit of three services whose verdicts a slow network left undecided."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reports.cli.pipeline.find_browser", lambda: None)
    monkeypatch.setattr("reports.cli.overrides.now", lambda: datetime(2026, 11, 28, tzinfo=UTC))

    def run(*args: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(args)
        captured = capsys.readouterr()
        return Ended(ended.value.code, captured.out, captured.err.replace("\N{NO-BREAK SPACE}", " "))

    (tmp_path / "liste.csv").write_text(REGISTRY, "utf-8")
    run("audit", "liste.csv", "--as-of", "2026-11-23")
    (verdicts,) = tmp_path.glob("runs/*/verdicts.jsonl")
    lines = [json.loads(line) for line in verdicts.read_text("utf-8").splitlines()]
    for line in lines:
        if line["rule"] in {"budget-page", "statistics-page"}:
            line |= {"outcome": "cantTell", "reason": "unreachable"}
    verdicts.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    state = verdicts.with_name("run.json")
    healthy = {"health": {"is_healthy": True, "reasons": []}}
    state.write_text(json.dumps(json.loads(state.read_text("utf-8")) | healthy), "utf-8")
    assert run("load").code == 0
    return run


def table(run: Callable[..., Ended], *args: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run("review", "--format", "csv", *args).out, newline="")))


def filled(folder: Path, lines: list[dict[str, str]], encoding: str = "utf-8", **dialect: str) -> str:
    with (folder / "decisions.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), **dialect)
        writer.writeheader()
        writer.writerows(lines)
    return "decisions.csv"


def decided(lines: list[dict[str, str]], *services: str, **change: str) -> list[dict[str, str]]:
    return [
        line | EDIT | change if line["service"] in services and line["rule"] == "budget-page" else line
        for line in lines
    ]


def budget(run: Callable[..., Ended]) -> tuple[int, int]:
    """How many services have a budget, with corrections and without."""
    figures = json.loads(run("summary", "--format", "json").out)["figures"]
    (figure,) = (figure for figure in figures if figure["id"] == "budget-pages")
    return figure["numerator"], figure["without"]["numerator"]


def kept(folder: Path) -> str:
    (path,) = folder.glob("runs/*/overrides.toml")
    return path.read_text("utf-8")


def test_what_is_doubtful_is_listed_and_one_obstacle_is_one_line(run):
    result = run("review")
    assert result.code == 0
    text = result.out.replace("\N{NO-BREAK SPACE}", " ")
    assert "6 verdicts à regarder, en 3 lignes, sur " in text
    assert "    3 lignes  Indéterminé (6 verdicts) [undecided]" in text
    assert "n/d (0 % à 100 %)" in text
    assert "de 0 % à 100 %" in text
    assert "? Indéterminé : statistics-page, budget-page" in text
    assert "Chiffres : statistics-pages, budget-pages" in text


@pytest.mark.parametrize("encoding, delimiter", [("utf-8", ","), ("cp1252", ";"), ("utf-8-sig", ";")])
def test_decisions_come_back_as_corrections(run, tmp_path: Path, encoding: str, delimiter: str):
    lines = table(run)
    assert len(lines) == 6
    assert {line["decision"] for line in lines} == {""}
    given = filled(tmp_path, decided(lines, "un", "deux"), encoding, delimiter=delimiter)
    result = run("load", "--overrides", given)
    assert result.code == 0, result.err
    assert "2 corrections en vigueur" in result.err
    assert "Attention" not in result.err
    assert budget(run) == (2, 0)
    run("load")
    assert budget(run) == (2, 0), "the run has kept them"
    assert "Sans les 2 corrections" in run("summary").out.replace("\N{NO-BREAK SPACE}", " ")
    assert [(line["service"], line["rule"]) for line in table(run, "--rule", "budget-page")] == [
        ("trois", "budget-page")
    ]


def test_decisions_become_entries_for_the_file_that_is_kept_in_git(run, tmp_path: Path):
    given = filled(tmp_path, decided(table(run), "deux"))
    result = run("review", "--decisions", given)
    assert (result.code, result.err) == (0, "")
    (tmp_path / "overrides.toml").write_text(KEPT + result.out, "utf-8")
    assert [one["service"] for one in tomllib.loads(KEPT + result.out)["override"]] == ["trois", "deux"]
    run("load", "--overrides", "overrides.toml")
    assert budget(run) == (1, 0)
    assert kept(tmp_path) == KEPT + result.out, "byte for byte"


def test_several_files_are_read_together_and_the_last_one_wins(run, tmp_path: Path):
    (tmp_path / "overrides.toml").write_text(KEPT, "utf-8")
    given = filled(tmp_path, decided(table(run), "un", "trois"))
    result = run("load", "--overrides", "overrides.toml", "--overrides", given)
    assert "trois (budget-page) : la correction de decisions.csv remplace celle de overrides.toml." in result.err
    assert budget(run) == (2, 0)
    assert kept(tmp_path).startswith("# overrides.toml sha256:")
    result = run("load", "--overrides", given, "--overrides", "overrides.toml")
    assert budget(run) == (1, 0)
    assert "Attention" not in result.err


def test_a_table_adds_to_what_the_run_keeps(run, tmp_path: Path):
    (tmp_path / "overrides.toml").write_text(KEPT.replace("failed", "passed"), "utf-8")
    run("load", "--overrides", "overrides.toml")
    lines = table(run)
    run("load", "--overrides", filled(tmp_path, decided(lines, "un")))
    assert budget(run) == (2, 0)
    run("load", "--overrides", filled(tmp_path, lines))
    assert budget(run) == (2, 0), "an empty table withdraws nothing"
    result = run("load", "--overrides", filled(tmp_path, decided(lines, "un", decision="failed")))
    assert "un (budget-page) : la correction de decisions.csv remplace celle de " in result.err
    assert budget(run) == (1, 0)
    run("load", "--overrides", "overrides.toml")
    assert budget(run) == (1, 0), "a file in TOML is all there is"
    assert "un" not in {one["service"] for one in tomllib.loads(kept(tmp_path))["override"]}


def test_a_faulty_table_changes_nothing(run, tmp_path: Path):
    good = filled(tmp_path, decided(table(run), "un"))
    run("load", "--overrides", good)
    before = kept(tmp_path)
    bad = filled(tmp_path, decided(table(run), "deux", decision_until="demain"))
    for verb in (("load", "--overrides", bad), ("review", "--decisions", bad)):
        result = run(*verb)
        assert result.code == 2
        assert "decisions.csv, ligne " in result.err
        assert "colonne decision_until : « decision_until » vaut « demain »" in result.err
        assert len(result.err.strip().splitlines()) == 1
    result = run("audit", "liste.csv", "--overrides", bad)
    assert (result.code, len(list(tmp_path.glob("runs/*")))) == (2, 1)
    assert kept(tmp_path) == before
    assert budget(run) == (1, 0)


def test_a_workbook_is_to_be_saved_as_csv(run, tmp_path: Path):
    assert run("review", "--format", "xlsx", "--output", "a.xlsx").code == 0
    result = run("load", "--overrides", "a.xlsx")
    assert result.code == 2
    assert "a.xlsx est un classeur : enregistrez-le en CSV (UTF-8)" in result.err


def test_another_table_is_told_which_columns_are_wanted(run, tmp_path: Path):
    result = run("load", "--overrides", "liste.csv")
    assert result.code == 2
    assert "liste.csv n'a pas les colonnes d'un tableau de « toise review » (service, rule, decision)" in result.err


def test_a_decision_on_a_verdict_that_has_changed_since_is_announced(run, tmp_path: Path):
    lines = decided(table(run), "un", "deux")
    seen = [line | {"outcome": "failed"} if line["service"] == "un" else line for line in lines]
    given = filled(tmp_path, seen)
    for verb in (("load", "--overrides", given), ("review", "--decisions", given)):
        result = run(*verb)
        assert result.code == 0
        assert result.err.count("regardez de nouveau") == 1
        assert "la décision sur un (budget-page) a été prise sur le verdict « Non respecté »" in result.err
        assert "il est ici « Indéterminé »" in result.err
    assert budget(run) == (2, 0)


def test_a_decision_on_a_service_that_the_run_does_not_hold_is_announced(run, tmp_path: Path):
    lines = [line | {"service": "quatre"} if line["service"] == "un" else line for line in decided(table(run), "un")]
    given = filled(tmp_path, lines)
    for verb in (("load", "--overrides", given), ("review", "--decisions", given)):
        result = run(*verb)
        assert result.code == 0
        assert re.search("Attention : .* sur des services que .* ne contient pas : quatre", result.err)


def test_a_line_that_was_begun_is_announced(run, tmp_path: Path):
    lines = decided(table(run), "un", decision="")
    result = run("load", "--overrides", filled(tmp_path, lines))
    assert "Attention : decisions.csv : une ligne est remplie sans que « decision » le soit" in result.err
    assert budget(run) == (0, 0)


def test_a_part_is_listed(run):
    assert {line["service"] for line in table(run, "--incubator", "mtes")} == {"deux"}
    assert {line["rule"] for line in table(run, "--service", "un", "--limit", "1")} == {
        "statistics-page",
        "budget-page",
    }
    assert table(run, "--kind", "flip") == []
    assert "Rien à regarder" in run("review", "--kind", "flip").out
    for option, name in (("--service", "quatre"), ("--incubator", "x"), ("--rule", "beaute")):
        result = run("review", option, name)
        assert (result.code, result.out) == (2, "")
        assert f"{option} {name} : l'audit" in result.err


def test_programs_have_it_whole(run):
    document = json.loads(run("review", "--format", "json").out)
    assert (document["doubtful"], document["kinds"]) == (6, {"undecided": {"cases": 3, "verdicts": 6}})
    (figure,) = [figure for figure in document["figures"] if figure["id"] == "budget-pages"]
    assert (figure["share"], figure["worst"], figure["best"]) == (None, 0.0, 1.0)
    case = document["cases"][0]
    assert case["concerns"][0]["kind"] == "undecided"
    assert [verdict["rule"] for verdict in case["verdicts"]] == ["statistics-page", "budget-page"]
