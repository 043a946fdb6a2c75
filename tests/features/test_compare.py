"""What moved between two audits of the sample network, and why."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from checks.catalogue import RULES
from checks.model.judgement import find_judgement
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, Service
from reports.cli.retrial import Retrial
from reports.figures.changes import Entry, Terms
from tests.features.two_audits import SERVICES, TwoAudits, printed


def compared(audits: TwoAudits, old: str, new: str, *options: str) -> dict[str, object]:
    return json.loads(shown(audits, old, new, "--format", "json", *options))


def shown(audits: TwoAudits, *args: str) -> str:
    return printed("compare", *args, "--runs", str(audits.runs))


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


def test_old_captures_under_a_changed_rule_are_changes_of_the_rule(audits: TwoAudits):
    found = compared(audits, audits.earlier, audits.old.id, "--all")

    assert found["rules"] == [{"rule": "accessibility-mention", "before": 100, "after": 1}]
    assert told(found) == {("rule", "guichet-demenage", "accessibility-mention", "failed", "passed")}
    moved = figure(found, "accessibility-obligations")
    assert moved["differences"]["rule"]["numerator"] == moved["differences"]["total"]["numerator"] > 0
    for cause in ("registry", "indistinct", "site"):
        for one in found["figures"]:
            assert not any(one["differences"][cause][key] for key in ("numerator", "denominator", "undecided"))


def test_captures_judged_again_by_the_comparison_say_the_same_as_those_judged_again_before(audits: TwoAudits):
    """Re-judging the old captures with the new rules gives what the rules did, whoever does it."""
    at_once = compared(audits, audits.earlier, audits.new.id, "--all")
    in_two = [
        compared(audits, audits.earlier, audits.old.id, "--all"),
        compared(audits, audits.old.id, audits.new.id, "--all"),
    ]

    assert told(at_once) == told(in_two[0]) | told(in_two[1])
    assert at_once["services"]["retried"] == len(SERVICES)
    assert in_two[1]["services"]["retried"] == 2, "only those whose entry is another, where the rules are the same"
    assert not list(audits.folder.glob("runs/*/*.part"))


def test_a_page_an_entry_and_a_rule_that_changed_are_told_apart(audits: TwoAudits):
    found = compared(audits, audits.earlier, audits.new.id)
    gone = {one for one in told(found) if one[1] == "signal-plage"}

    assert told(found) - gone == {
        ("rule", "guichet-demenage", "accessibility-mention", "failed", "passed"),
        ("registry", "guichet-demenage", "budget-page", "passed", "failed"),
        ("registry", "guichet-demenage", "budget-freshness", "passed", "inapplicable"),
        ("site", "carnet-vert", "accessibility-mention", "passed", "failed"),
        ("site", "carnet-vert", "accessibility-declaration-consistency", "passed", "cantTell"),
    }
    assert {(cause, after) for cause, _, _, _, after in gone} == {("registry", None)}


def test_an_entry_that_says_what_the_site_said_changes_the_reason_by_the_registry(audits: TwoAudits):
    words = [
        one
        for one in compared(audits, audits.earlier, audits.new.id, "--all")["changes"]
        if one["service"] == "trajet-doux"
    ]

    assert [(one["cause"], one["before"]["reason"], one["after"]["reason"]) for one in words] == [
        ("registry", "found-on-site", "declared-and-verified")
    ]


def test_in_one_figure_the_three_causes_add_up(audits: TwoAudits):
    moved = figure(compared(audits, audits.earlier, audits.new.id), "accessibility-obligations")
    parts = [moved["differences"][cause] for cause in ("rule", "registry", "indistinct", "site")]

    assert [(part["numerator"], part["denominator"]) for part in parts] == [(1, 0), (0, -1), (0, 0), (-1, 0)]
    for key in ("numerator", "denominator"):
        whole = moved["after"][key] - moved["before"][key]
        assert sum(part[key] for part in parts) == moved["differences"]["total"][key] == whole


def test_people_read_the_figures_then_who_changed_and_why(audits: TwoAudits):
    text = shown(audits, audits.earlier, audits.new.id).replace("\N{NO-BREAK SPACE}", " ")
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


def test_a_spreadsheet_has_one_change_a_line(audits: TwoAudits):
    rows = list(csv.DictReader(StringIO(shown(audits, audits.earlier, audits.new.id, "--format", "csv"))))

    assert len(rows) == len(compared(audits, audits.earlier, audits.new.id)["changes"])
    (site,) = (row for row in rows if row["cause"] == "site" and row["rule"] == "accessibility-mention")
    assert (site["outcome_before"], site["outcome_after"]) == ("passed", "failed")
    assert site["capture_after"].startswith("<urn:uuid:")


def test_rules_that_are_not_of_today_are_not_taken_for_the_site(audits: TwoAudits):
    found = [
        one
        for one in compared(audits, audits.new.id, audits.earlier)["changes"]
        if one["rule"] == "accessibility-mention"
    ]

    assert {(one["cause"], one["why"]) for one in found if one["before"]} == {("indistinct", "rules-not-of-today")}
    text = " ".join(shown(audits, audits.new.id, audits.earlier).split())
    assert f"« toise judge {audits.old.id} »" in text


@pytest.mark.parametrize("lose", [Path.unlink, lambda archive: archive.write_bytes(archive.read_bytes()[:-99])])
def test_captures_that_are_gone_or_damaged_are_not_taken_for_the_site(audits: TwoAudits, tmp_path: Path, lose):
    shutil.copytree(audits.runs, tmp_path / "runs")
    for archive in (tmp_path / "runs" / audits.old.id / "captures").iterdir():
        lose(archive)

    elsewhere = TwoAudits(tmp_path, audits.old, audits.new)
    found = compared(elsewhere, audits.earlier, audits.new.id)["changes"]

    doubts = {one["why"] for one in found if one["rule"] == "accessibility-mention" and one["after"]}
    assert doubts == {"captures-missing"}
    assert {
        one["cause"] for one in found if one["rule"] == "accessibility-declaration-consistency" and one["after"]
    } == {"site"}


def test_another_registry_over_the_same_captures_changes_nothing_by_the_site(audits: TwoAudits, tmp_path: Path):
    shutil.copytree(audits.runs, tmp_path / "runs")
    edited = RunFolder(tmp_path / "runs" / "edited")
    shutil.copytree(audits.old.path, edited.path)
    edited.update({"id": "edited"})
    services = {service.id: service for service in edited.read_services()}
    edits = {
        "carnet-vert": {"urls": ()},
        "guichet-demenage": {"phases": (Phase(name="investigation"),), "accessibility_status": "totalement"},
        "trajet-doux": {"repository": None, "budget_url": "https://ailleurs.example/budget", "name": "Autre"},
    }
    kept = [replace(services[name], **fields) for name, fields in edits.items()]
    edited.write_services([*kept, Service(id="neuf", name="Neuf", phases=(Phase(name="construction"),))])
    printed("judge", str(edited.path))

    found = compared(TwoAudits(tmp_path, audits.old, edited), audits.old.id, "edited", "--all")

    changed = {one["service"] for one in found["changes"]}
    assert changed == {"carnet-vert", "guichet-demenage", "trajet-doux", "signal-plage", "neuf"}
    assert {one["cause"] for one in found["changes"]} == {"registry"}
    assert found["services"] == {"both": 3, "entered": 1, "left": 1, "retried": 3}


def test_judging_again_settles_both_visits_as_the_audit_did(audits: TwoAudits):
    """The page that changed was visited twice: a comparison reads both visits as « toise judge » does."""
    judgement = find_judgement(audits.new.id, audits.runs)
    versions = {rule.id: rule.version for rule in RULES}
    retrial = Retrial(judgement.folder, Terms(before={}, after=versions, today=versions))
    group = judgement.folder.grouping()
    warnings = set()
    for service, verdicts in judgement.services():
        entry = Entry(service=service, group=group(service), verdicts={})
        assert list(retrial.of(entry, entry).ruled.values()) == list(verdicts)
        warnings |= {warning for verdict in verdicts for warning in verdict.warnings}

    assert "second-visit" in warnings


def test_a_run_compared_with_itself_changes_nothing(audits: TwoAudits):
    found = compared(audits, audits.new.id, str(audits.new.path), "--all")

    assert found["changes"] == []
    assert found["services"] == {"both": 4, "entered": 0, "left": 0, "retried": 0}


def test_an_audit_of_chosen_services_is_said_to_be_one(audits: TwoAudits, tmp_path: Path, capsys):
    warning = "ne porte que sur des services choisis"
    shutil.copytree(audits.old.path, tmp_path / "some")
    some = RunFolder(tmp_path / "some")
    some.update({"id": "some", "settings": {"only": [], "limit": 3}})

    shown(audits, str(some.path), audits.new.id)
    assert f"l'audit some {warning}" in " ".join(capsys.readouterr().err.split())
    shown(audits, str(some.path), str(some.path))
    assert warning not in capsys.readouterr().err


def test_an_incubator_is_told_of_its_sites_and_registry_apart_from_our_rules(audits: TwoAudits):
    """The database and the folders of both audits, with the true causes: only what is the incubator's is laid at its door."""
    said = printed("notify", audits.new.id, "--runs", str(audits.runs), "--database", audits.database)
    said = said.replace("\N{NO-BREAK SPACE}", " ")
    coast, civic = said.split("À      ")[1:]

    assert "1 point à corriger, incubateur fabrique-du-littoral" in coast
    assert "Mention d'accessibilité : La page d'accueil parle d'accessibilité" in coast
    ours, others = civic.split("AUTRES CHANGEMENTS")
    assert "Page de budget" in ours
    assert "(la fiche du registre a changé)" in ours
    assert "Mention d'accessibilité" not in ours
    assert "Mention d'accessibilité : non respecté → respecté (nos règles ont changé)." in others


def test_without_the_captures_no_rule_and_no_registry_is_accused(audits: TwoAudits, tmp_path: Path):
    said = printed("notify", audits.new.id, "--runs", str(tmp_path), "--database", audits.database)
    said = said.replace("\N{NO-BREAK SPACE}", " ")
    coast, civic = said.split("À      ")[1:]

    assert "cause inconnue" in coast, "the rule has another version, so that the site is not known to have fallen"
    assert "À CORRIGER" not in civic
    assert civic.count("(cause inconnue)") == 3
