"""Two audits of the sample network, the second under other rules, another registry and another page: what moved, and why."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from checks.model.run_folder import RunFolder
from crawler.sample_network.hosts import SITES
from crawler.sample_network.network import REGISTRY
from reports.cli import main

ROOT = Path(__file__).parent.parent.parent

PRELUDE = """
import os
from dataclasses import replace
from pathlib import Path

from checks import catalogue
from checks.rules.accessibility.accessibility_mention import RULE

EARLIER = os.environ.get("EARLIER_VERSION")
if EARLIER:  # of the rule: « non conforme » was no level yet
    def judge(site):
        found = RULE.judge(site)
        return replace(found, reason="no-legal-level", value=None) if found.reason == "level-not" else found

    earlier = replace(RULE, version=int(EARLIER), judge=judge)
    catalogue.RULES = tuple(earlier if rule is RULE else rule for rule in catalogue.RULES)
    catalogue.BY_ID.update({earlier.id: earlier})

from crawler.sample_network import hosts, sample_network

hosts.SITES = Path(os.environ.get("SITES", hosts.SITES))

from reports.cli import main

if not os.environ.get("NETWORK"):
    main()
with sample_network() as network:
    os.environ.update(network.environment())
    main()
"""
EARLIER = {"EARLIER_VERSION": "100"}
SERVICES = ("carnet-vert", "guichet-demenage", "trajet-doux", "signal-plage")


def toise(*args: str, cwd: Path, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE, *args],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def audited(cwd: Path, registry: Path, *only: str, **environment: str) -> RunFolder:
    chosen = [option for service in only for option in ("--only", service)]
    known = {run.id for run in RunFolder.all(cwd / "runs")}
    options = ("--as-of", "2026-11-23", "--render", "never", "--second-visit", "0")
    toise("audit", str(registry), *chosen, *options, cwd=cwd, NETWORK="1", **environment)
    (run,) = (run for run in RunFolder.all(cwd / "runs") if run.id not in known)
    return run


def printed(cwd: Path, *args: str) -> str:
    """What ``toise compare`` prints, in this process: today's rules are those of every process but the prelude's."""
    out = StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(["compare", *args, "--runs", str(cwd / "runs")])
    assert ended.value.code == 0
    return out.getvalue()


def compared(cwd: Path, old: str, new: str, *options: str) -> dict[str, object]:
    return json.loads(printed(cwd, old, new, "--format", "json", *options))


def kept(run: RunFolder) -> str:
    (path,) = run.path.glob("verdicts-*.jsonl")
    return f"{run.id}@{path.stem.removeprefix('verdicts-')}"


def told(found: dict[str, object]) -> set[tuple[str | None, ...]]:
    """(cause, service, rule, outcome before, outcome after) of every change."""
    return {
        (
            one["cause"],
            one["service"],
            one["rule"],
            *(one[side] and one[side]["outcome"] for side in ("before", "after")),
        )
        for one in found["changes"]
    }


def figure(found: dict[str, object], name: str) -> dict[str, dict[str, dict[str, int]]]:
    (one,) = (figure for figure in found["figures"] if figure["id"] == name)
    return one


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunFolder, RunFolder]:
    """The folder of two audits, the first judged by an earlier version of a rule, then by today's."""
    cwd = tmp_path_factory.mktemp("deux audits")
    sites = cwd / "sites"
    shutil.copytree(SITES, sites)
    home = sites / "carnet-vert.example" / "index.html"
    home.write_text(home.read_text("utf-8").replace("partiellement conforme", "bientôt"), "utf-8")
    registry = json.loads(REGISTRY.read_text("utf-8"))
    entries = {entry["id"]: entry["attributes"] for entry in registry["data"]}
    entries["trajet-doux"]["stats_url"] = "https://trajet-doux.example/chiffres-cles"
    entries["guichet-demenage"]["budget_url"] = "https://guichet-demenage.example/nulle-part"
    entries["signal-plage"]["phases"].append({"name": "abandon", "start": "2026-11-01"})
    (cwd / "registre.json").write_text(json.dumps(registry), "utf-8")

    old = audited(cwd, REGISTRY, *SERVICES, **EARLIER)
    new = audited(cwd, cwd / "registre.json", *SERVICES, SITES=str(sites))
    toise("judge", old.id, cwd=cwd)
    return cwd, old, new


def test_old_captures_under_a_changed_rule_are_changes_of_the_rule(audits):
    cwd, old, _ = audits

    found = compared(cwd, kept(old), old.id, "--all")

    assert found["rules"] == [{"rule": "accessibility-mention", "before": 100, "after": 1}]
    assert told(found) == {("rule", "guichet-demenage", "accessibility-mention", "failed", "passed")}
    moved = figure(found, "accessibility-obligations")
    assert moved["differences"]["rule"]["numerator"] == moved["differences"]["total"]["numerator"] > 0
    for cause in ("registry", "indistinct", "site"):
        for one in found["figures"]:
            assert not any(one["differences"][cause][key] for key in ("numerator", "denominator", "undecided"))


def test_captures_judged_again_by_the_comparison_say_the_same_as_those_judged_again_before(audits):
    """Re-judging the old captures with the new rules gives what the rules did, whoever does it."""
    cwd, old, new = audits

    at_once = compared(cwd, kept(old), new.id, "--all")
    in_two = [compared(cwd, kept(old), old.id, "--all"), compared(cwd, old.id, new.id, "--all")]

    assert told(at_once) == told(in_two[0]) | told(in_two[1])
    assert at_once["services"]["retried"] == len(SERVICES)
    assert in_two[1]["services"]["retried"] == 2, "only those whose entry is another, where the rules are the same"
    assert not list(cwd.glob("runs/*/*.part"))


def test_a_page_an_entry_and_a_rule_that_changed_are_told_apart(audits):
    cwd, old, new = audits

    found = compared(cwd, kept(old), new.id)
    gone = {one for one in told(found) if one[1] == "signal-plage"}

    assert told(found) - gone == {
        ("rule", "guichet-demenage", "accessibility-mention", "failed", "passed"),
        ("registry", "guichet-demenage", "budget-page", "passed", "failed"),
        ("registry", "guichet-demenage", "budget-freshness", "passed", "inapplicable"),
        ("site", "carnet-vert", "accessibility-mention", "passed", "failed"),
        ("site", "carnet-vert", "accessibility-declaration-consistency", "passed", "cantTell"),
    }
    assert {(cause, after) for cause, _, _, _, after in gone} == {("registry", None)}


def test_an_entry_that_says_what_the_site_said_changes_the_reason_by_the_registry(audits):
    cwd, old, new = audits

    words = [one for one in compared(cwd, kept(old), new.id, "--all")["changes"] if one["service"] == "trajet-doux"]

    assert [(one["cause"], one["before"]["reason"], one["after"]["reason"]) for one in words] == [
        ("registry", "found-on-site", "declared-and-verified")
    ]


def test_in_one_figure_the_three_causes_add_up(audits):
    cwd, old, new = audits

    moved = figure(compared(cwd, kept(old), new.id), "accessibility-obligations")
    parts = [moved["differences"][cause] for cause in ("rule", "registry", "indistinct", "site")]

    assert [(part["numerator"], part["denominator"]) for part in parts] == [(1, 0), (0, -1), (0, 0), (-1, 0)]
    for key in ("numerator", "denominator"):
        whole = moved["after"][key] - moved["before"][key]
        assert sum(part[key] for part in parts) == moved["differences"]["total"][key] == whole


def test_people_read_the_figures_then_who_changed_and_why(audits):
    cwd, old, new = audits

    text = printed(cwd, kept(old), new.id).replace("\N{NO-BREAK SPACE}", " ")
    lines = text.splitlines()

    assert all(len(line) <= 100 for line in lines)
    assert "accessibility-mention (version 100 → 1)" in text
    assert "par les règles : 1" in text
    row = " ".join(lines[lines.index("  2 sur 4 → 2 sur 3") + 1].split())
    assert row == "Oui / décidés 2 / 4 +1 / 0 0 / −1 −1 / 0 2 / 3"
    site = text[text.index("CE QUI CHANGE PAR LES SITES") :]
    assert "[carnet-vert]" in site
    assert "« Accessibilité : partiellement conforme »" in site
    assert "« Accessibilité : bientôt »" in site
    assert "guichet-demenage" not in site


def test_a_spreadsheet_has_one_change_a_line(audits):
    cwd, old, new = audits

    rows = list(csv.DictReader(StringIO(printed(cwd, kept(old), new.id, "--format", "csv"))))

    assert len(rows) == len(compared(cwd, kept(old), new.id)["changes"])
    (site,) = (row for row in rows if row["cause"] == "site" and row["rule"] == "accessibility-mention")
    assert (site["outcome_before"], site["outcome_after"]) == ("passed", "failed")
    assert site["capture_after"].startswith("<urn:uuid:")


def test_rules_that_are_not_of_today_are_not_taken_for_the_site(audits):
    cwd, old, new = audits

    found = [one for one in compared(cwd, new.id, kept(old))["changes"] if one["rule"] == "accessibility-mention"]

    assert {(one["cause"], one["doubt"]) for one in found if one["before"]} == {("indistinct", "rules-not-of-today")}
    text = " ".join(printed(cwd, new.id, kept(old)).split())
    assert f"« toise judge {old.id} »" in text


def test_captures_that_are_gone_are_not_taken_for_the_site(audits, tmp_path: Path):
    _, old, new = audits
    for run in (old, new):
        shutil.copytree(run.path, tmp_path / "runs" / run.id)
    for archive in (tmp_path / "runs" / old.id / "captures").iterdir():
        archive.unlink()

    found = compared(tmp_path, kept(old), new.id)["changes"]

    doubts = {one["doubt"] for one in found if one["rule"] == "accessibility-mention" and one["after"]}
    assert doubts == {"captures-missing"}
    assert {
        one["cause"] for one in found if one["rule"] == "accessibility-declaration-consistency" and one["after"]
    } == {"site"}
