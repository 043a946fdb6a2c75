"""Audits that end otherwise than planned, and what they say: Ctrl-C, a full disk, a lost database, a second process."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from checks.model.run_folder import RunFolder
from tests.crawling.local_web import local_web
from tests.features.killed import DYING, Network

LOST = """
import os
import reports.cli.audit as audit
load = audit.load_stage
def losing(*given):
    os.remove("toise.db")
    return load(*given)
audit.load_stage = losing
"""

RESTING = """
import reports.cli.pipeline as pipeline
pipeline.time = type("Time", (), {"sleep": lambda seconds: print(f"repos de {seconds:.0f} s")})
"""


@pytest.fixture
def network(tmp_path) -> Iterator[Network]:
    with local_web(tmp_path) as web:
        yield Network(web, tmp_path / "audit")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_audit_that_is_stopped_says_how_to_go_on(network, sent):
    # A shell starts its background jobs deaf to SIGINT, and they hand that down.
    hearing = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    audit = ("audit", "registre.csv", "--second-visit", "0", "--render", "never")
    with network.command(*audit, preexec_fn=hearing) as process:
        network.web.wait_for(12)
        process.send_signal(sent)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    asked, ended = (
        said.find("Arrêt demandé : les visites en cours s'arrêtent"),
        said.find("Interrompu. Ce qui est complet est gardé"),
    )
    assert 0 <= asked < ended
    assert "un audit reprend par la même commande" in said
    assert "Traceback" not in said
    assert "Erreur" not in said
    assert "Traceback" not in network.run.log.read_text("utf-8")
    network.said("audit", "--resume", "latest")
    assert network.run.captured() == set(network.names)


def test_an_audit_that_is_killed_before_its_second_visits_gives_the_sites_their_time_all_the_same(network):
    rest = ("--second-visit", "86400")
    with network.begun(*rest, prelude=DYING.format(death=("reports.cli.pipeline", "_rest", 1))) as process:
        process.communicate()
    assert network.run.doubts.exists()
    asked = len(network.web.asked)
    said = network.audited(*rest, prelude=RESTING)
    assert "repos de 86" in said
    assert "Visite :" not in said
    assert len(network.web.asked) > asked


def test_an_audit_that_an_earlier_version_finished_is_not_looked_at_again(network):
    network.audited()
    run, asked = network.run, len(network.web.asked)
    lines = run.verdicts.read_bytes()
    run.doubts.unlink()
    for name in ("panne", "muet"):
        run.warc(name, 2).unlink()
    network.said("audit", "--resume")
    assert len(network.web.asked) == asked
    assert run.verdicts.read_bytes() != lines  # by the first visits alone
    assert {verdict.service for verdict in run.read_verdicts()} == set(network.names)


def test_a_crawling_process_that_dies_alone_costs_no_second_visit(network):
    with network.begun() as process:
        network.web.wait_for(12)
        (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
        whole = network.run.captured()
        os.kill(int(child), signal.SIGKILL)
        _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert network.run.captured() == set(network.names)
    assert network.run.captured(2) == {"panne", "muet"}
    assert not list(network.run.captures.glob(".*.part"))
    assert all(network.visits()[name] == 1 for name in whole - {"panne", "muet"})


def test_another_command_begins_another_audit(network):
    with network.begun() as process:
        network.web.wait_for(12)
        process.kill()
        process.communicate()
    network.audited("--only", "atlas")
    first, second = reversed(RunFolder.all(network.folder / "runs"))
    assert [service.id for service in second.read_services()] == ["atlas"]
    assert not first.is_judged


def test_two_processes_do_not_share_an_audit(network):
    with network.begun() as process:
        network.web.wait_for(12)
        process.send_signal(signal.SIGSTOP)  # however slow the second one is to begin
        said = network.audited(code=2)
        assert "est déjà en cours dans un autre processus" in said
        process.kill()
        process.communicate()
    network.audited()
    assert network.run.captured() == set(network.names)


def test_a_disk_that_is_full_at_the_judgement_leaves_the_verdicts_as_they_were(network):
    network.audited()
    before = network.run.verdicts.read_bytes()
    small = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    said = network.said("judge", "latest", code=2, preexec_fn=small)
    assert "Erreur : le disque refuse l'écriture" in said
    assert "File too large" in said
    assert "Traceback" not in said
    assert network.run.verdicts.read_bytes() == before
    assert not list(network.run.path.glob(".*.part"))


def test_a_lost_database_is_said_and_the_same_command_loads_the_rest(network):
    said = network.audited(prelude=LOST, code=2)
    assert "n'a pas pu être chargé dans sqlite:///toise.db (no such table: evidence)" in said
    assert network.run.is_judged
    asked = len(network.web.asked)
    network.audited()
    assert len(network.web.asked) == asked
    with sqlite3.connect(network.folder / "toise.db") as connection:
        count = len(network.run.verdicts.read_text("utf-8").splitlines())
        assert connection.execute("SELECT count(*) FROM verdicts").fetchone() == (count,)


def test_a_database_that_is_no_longer_one_is_said(network):
    network.audited("--only", "atlas")
    for path in network.folder.glob("toise.db*"):
        path.write_bytes(b"rien" * 5000)
    said = network.said("summary", code=2)
    assert "toise.db" in said
    assert "file is not a database" in said
    assert "Traceback" not in said
