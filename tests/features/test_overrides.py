"""Corrections as the quality team gives them: to an audit, then to a run it has looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.cli import main

REGISTRY = "id,name,url,phase\nun,Un,,construction\ndeux,Deux,,construction\n"
CORRECTION = """\
[[override]]
service = "{service}"
rule = "budget-page"
outcome = "passed"
reason = "Le budget est affiché dans le hall."
author = "prenom.nom"
evidence = "https://un.example/budget"
until = {until}
"""
GOOD = CORRECTION.format(service="un", until="2027-05-23")


@dataclass(frozen=True)
class Ended:
    code: object
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command in an empty folder, where there is a registry without addresses: nothing to visit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reports.cli.pipeline.find_browser", lambda: None)
    monkeypatch.setattr("reports.cli.overrides.now", lambda: datetime(2026, 11, 28, tzinfo=UTC))
    (tmp_path / "liste.csv").write_text(REGISTRY, "utf-8")

    def run(*args: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(args)
        captured = capsys.readouterr()
        return Ended(ended.value.code, captured.out, captured.err.replace("\N{NO-BREAK SPACE}", " "))

    return run


def given(folder: Path, text: str) -> str:
    (folder / "corrections.toml").write_text(text, "utf-8")
    return "corrections.toml"


def budget(run: Callable[..., Ended]) -> tuple[int, int]:
    """How many services have a budget, with corrections and without."""
    figures = json.loads(run("summary", "--format", "json").out)["figures"]
    (figure,) = (figure for figure in figures if figure["id"] == "budget-pages")
    return figure["numerator"], figure["without"]["numerator"]


def kept(folder: Path) -> Path:
    (path,) = folder.glob("runs/*/overrides.toml")
    return path


def test_a_bad_file_starts_nothing(run, tmp_path: Path):
    bad = given(tmp_path, GOOD.replace("budget-page", "beaute"))
    result = run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", bad)
    assert result.code == 2
    assert "corrections.toml, correction 1 (un, beaute) : aucune règle « beaute »" in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("runs/*"))
    assert not (tmp_path / "toise.db").exists()
    assert run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", "absent.toml").code == 2


def test_an_audit_keeps_its_corrections_and_its_figures_have_both_values(run, tmp_path: Path):
    text = GOOD + CORRECTION.format(service="parti", until="2026-12-01")
    result = run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", given(tmp_path, text))
    assert kept(tmp_path).read_text("utf-8") == text
    assert "1 correction en vigueur au 23 novembre 2026." in result.err
    assert "cet audit ne contient pas : parti (budget-page)" in result.err
    assert "Sans la correction" in result.out
    assert budget(run) == (1, 0)
    assert "Le budget est affiché dans le hall." in (tmp_path / "report" / "services" / "un.html").read_text("utf-8")
    state = json.loads(kept(tmp_path).with_name("run.json").read_text("utf-8"))["overrides"]
    assert (state["applied"], [one["service"] for one in state["without_service"]]) == (1, ["parti"])


def test_a_run_is_corrected_after_it_was_looked_at_and_keeps_it(run, tmp_path: Path):
    run("audit", "liste.csv", "--as-of", "2026-11-23")
    verdicts = next(tmp_path.glob("runs/*/verdicts.jsonl"))
    before = verdicts.read_bytes()
    assert budget(run) == (0, 0)

    assert run("load", "--overrides", given(tmp_path, GOOD)).code == 0
    assert budget(run) == (1, 0)
    (tmp_path / "corrections.toml").unlink()
    run("load")
    run("audit", "--resume", "latest")
    assert budget(run) == (1, 0)

    both = GOOD + CORRECTION.format(service="deux", until="2027-05-23")
    run("audit", "--resume", "latest", "--overrides", given(tmp_path, both))
    assert budget(run) == (2, 0)
    result = run("load", "--overrides", given(tmp_path, "# aucune\n"))
    assert "correction" not in result.err
    assert budget(run) == (0, 0)
    assert verdicts.read_bytes() == before


def test_a_refused_file_leaves_the_corrections_of_the_run(run, tmp_path: Path):
    run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", given(tmp_path, GOOD))
    result = run("load", "--overrides", given(tmp_path, GOOD.replace("2027-05-23", "2999-01-01")))
    assert result.code == 2
    assert "plus de deux ans" in result.err
    assert kept(tmp_path).read_text("utf-8") == GOOD
    assert budget(run) == (1, 0)


@pytest.mark.parametrize(
    "until, said, figures",
    [
        ("2026-11-22", "la correction de prenom.nom sur un (budget-page) a expiré le 22 novembre 2026", (0, 0)),
        ("2026-11-23", "la correction de prenom.nom sur un (budget-page) expire le 23 novembre 2026", (1, 0)),
        ("2026-12-23", "la correction de prenom.nom sur un (budget-page) expire le 23 décembre 2026", (1, 0)),
        ("2026-12-24", "", (1, 0)),
    ],
)
def test_an_end_is_announced_on_the_day_of_the_run(
    run, tmp_path: Path, until: str, said: str, figures: tuple[int, int]
):
    text = CORRECTION.format(service="un", until=until)
    result = run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", given(tmp_path, text))
    assert said in result.err
    assert ("expir" in result.err) == bool(said)
    assert budget(run) == figures


def test_a_correction_without_effect_is_announced(run, tmp_path: Path):
    same = GOOD.replace('"passed"', '"inapplicable"')
    result = run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", given(tmp_path, same))
    assert "disent ce que dit déjà le verdict automatique, retirez-les : un (budget-page)." in result.err
    assert budget(run) == (0, 0)


def test_many_announcements_are_counted(run, tmp_path: Path):
    many = "".join(CORRECTION.format(service=f"parti-{number}", until="2020-01-01") for number in range(13))
    many += "".join(CORRECTION.format(service=f"absent-{number}", until="2027-05-23") for number in range(13))
    result = run("audit", "liste.csv", "--as-of", "2026-11-23", "--overrides", given(tmp_path, many))
    assert len(re.findall("a expiré le", result.err)) == 10
    assert "et 3 autres : le rapport les donne toutes." in result.err
    assert "absent-9 (budget-page) et 3 autres." in result.err
