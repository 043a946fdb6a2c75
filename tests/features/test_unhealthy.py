"""An audit that is not sound is kept and shown as such, exits with 3, and takes no one's place."""

from __future__ import annotations

import json

import pytest

from checks.model.run_folder import RunFolder
from tests.crawling.local_web import local_web, page
from tests.features.killed import Network, whole

CANARIES = """
[[canary]]
service = "atlas"
expected = { accessibility-mention = "passed/level-not", https = "passed" }

[[canary]]
url = "https://temoin.example/"
expected = { accessibility-mention = "passed" }
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory) -> Network:
    """A sound audit, then one whose registry has shrunk and whose canary is dead."""
    folder = tmp_path_factory.mktemp("unhealthy")
    with local_web(folder) as web:
        network = Network(web, folder / "audit")
        (network.folder / "temoins.toml").write_text(CANARIES, "utf-8")
        web.hosts["temoin.example"] = whole("temoin")
        sound = network.audited("--canaries", "temoins.toml")
        assert "pas sain" not in sound
        assert "Second passage chez" in sound
        assert sound.count("Un mandataire est réglé") == 1
        web.hosts["temoin.example"] = lambda _: page("<p>Bonjour à tous", headers=("Content-Type: text/plain",))
        network.register("atlas", "bocage")
        network.last = network.audited("--canaries", "temoins.toml", code=3)
        yield network


@pytest.fixture(scope="module")
def runs(network) -> tuple[RunFolder, RunFolder]:
    last, first = RunFolder.all(network.folder / "runs")
    return first, last


def test_it_says_why(network, runs):
    first, last = runs
    assert first.is_healthy
    assert not last.is_healthy
    reasons = last.state["health"]["reasons"]
    assert reasons[0].startswith("site témoin : temoin.example, accessibility-mention : cantTell/")
    assert reasons[1:] == [f"le registre n'a plus que 2 fiches, contre 6 à l'audit {first.id}"]
    assert f"Audit gardé, mais pas sain, ses chiffres ne sont pas à publier : {reasons[0]}" in network.last
    assert "Attention\N{NO-BREAK SPACE}: cet audit n'est pas sain" in network.last


def test_it_is_kept_whole(runs):
    _, last = runs
    assert last.captured() == {"atlas", "bocage", "canary:temoin.example"}
    assert last.is_judged


def test_canaries_are_visited_and_counted_nowhere(network, runs):
    for run in runs:
        assert run.captured() >= {"canary:temoin.example"}
        assert {verdict.service for verdict in run.read_verdicts()} <= set(network.names)
        assert {service.id for service in run.read_services()} <= set(network.names)


def test_the_latest_stays_the_sound_one(network, runs):
    first, last = runs
    said = network.said("summary", "--format", "json")
    assert json.loads(said[: said.rindex("}") + 1])["run"] == first.id
    assert f"L'audit {last.id}, plus récent, n'est pas sain : voici {first.id}, le dernier qui le soit." in said
    named = json.loads(network.said("summary", last.id, "--format", "json"))
    assert (named["run"], named["health"]["is_healthy"]) == (last.id, False)


def test_a_registry_is_not_corrected_by_a_run_that_is_not_sound(network, runs):
    first, last = runs
    assert f"D'après l'audit {first.id}, qui n'est pas le plus récent." in network.said(
        "registry", "--suggest", "latest"
    )
    assert f"Attention : l'audit {last.id} n'est pas sain" in network.said("registry", "--suggest", last.id)


def test_its_site_stands_in_its_folder_and_says_what_it_is(network, runs):
    first, last = runs
    site = network.folder / "report"
    assert (site / ".toise-site").read_text("utf-8").strip() == first.id
    index = (last.path / "report" / "index.html").read_text("utf-8")
    assert "pas sain" in index
    assert f"Rapport : {(last.path / 'report' / 'index.html').resolve()}" in network.last


def test_judging_again_finds_the_same(network, runs):
    _, last = runs
    before = last.state["health"]
    network.said("judge", last.id, code=3)
    assert last.state["health"] == before


def test_a_rule_that_says_nothing_of_a_canary_is_not_what_was_expected(network, runs):
    first, _ = runs
    known = first.canaries.read_text("utf-8")
    first.canaries.write_text(known.replace('"https": "passed"', '"https-of-old": "passed"'), "utf-8")
    network.said("judge", first.id, code=3)
    assert first.state["health"]["reasons"] == ["site témoin : atlas, https-of-old : aucun verdict au lieu de passed"]
    first.canaries.write_text(known, "utf-8")
    network.said("judge", first.id)
    assert first.is_healthy


def test_a_canary_that_is_not_visited_is_refused(network):
    (network.folder / "registre-arret.csv").write_text(
        "id,name,url,phase\natlas,Atlas,,construction\nbocage,Bocage,https://bocage.example/,alumni\n"
        "clos,Clos,https://clos.example/,construction\n",
        "utf-8",
    )
    for service in ("atlas", "bocage"):
        text = f"[[canary]]\nservice = '{service}'\nexpected = {{ https = 'passed' }}"
        (network.folder / "arret.toml").write_text(text, "utf-8")
        said = network.said("audit", "registre-arret.csv", "--canaries", "arret.toml", code=2)
        assert f"l'audit ne visite pas de service « {service} »" in said


def test_a_person_may_accept_it(network, runs):
    """Last of all: it changes the run."""
    first, last = runs
    assert "--accept demande une raison" in network.said("judge", last.id, "--accept", " ", code=2)
    network.said("judge", last.id, "--accept", "le registre a été nettoyé, le témoin a fermé")
    assert last.is_healthy
    network.said("load", last.id)
    said = network.said("summary")
    assert f"Audit {last.id}" in said
    assert "Audit accepté malgré ses contrôles de santé" in said
    assert "le témoin a fermé" in " ".join(said.split())
    network.said("report", "--output", "accepté")
    index = (network.folder / "accepté" / "index.html").read_text("utf-8")
    assert "le registre a été nettoyé, le témoin a fermé" in index
    assert "le registre n&#39;a plus que 2 fiches" in index
    assert first.is_healthy
