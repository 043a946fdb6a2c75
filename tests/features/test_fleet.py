"""Audits made by a fleet whose workers, queue and store are lost in the middle, and what the same gives without one."""

from __future__ import annotations

import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from checks.catalogue import RULES
from checks.model.place import names
from crawler.archive import read_captures
from crawler.fleet.queue import STALLED
from crawler.places import place_of
from tests.crawling.local_web import LocalWeb, local_web
from tests.features.fleets import HURRIED, POISONED, SMALL, Fleet, kill
from tests.features.object_store import BUCKET, Store, serving
from tests.postgresql import PASSWORD, PostgreSQL

DOUBTED = {"panne", "muet"}
POISONS = ("poison",)


class Scene:
    """One audit, and what is to be remembered of how it went."""

    def __init__(self, fleet: Fleet, **seen: Any) -> None:
        self.fleet = fleet
        self.seen = seen
        self.verdicts = fleet.verdicts()
        self.visits = fleet.visits()
        self.jobs = fleet.jobs() if fleet.queue else []
        # Now: the store of some is gone by the time of the tests.
        run = fleet.run
        self.captured = {visit: run.captured(visit) for visit in (1, 2)}
        archives = (run.warc(service, visit) for visit, services in self.captured.items() for service in services)
        self.captures = {capture.id for archive in archives for capture in read_captures(archive)}
        self.shown = {evidence.capture for verdict in run.read_verdicts() for evidence in verdict.evidence}
        self.given_up = run.state["given_up"]
        self.logs = names(run.logs)


def here(web: LocalWeb, folder: Path) -> Scene:
    with Fleet(web, folder) as fleet:
        fleet.ended(fleet.audit())
        return Scene(fleet)


def in_store(web: LocalWeb, folder: Path) -> Scene:
    with Fleet(web, folder) as fleet:
        fleet.runs = place_of(f"s3://{BUCKET}/here")
        fleet.ended(fleet.audit())
        return Scene(fleet)


def a_worker_killed(web: LocalWeb, folder: Path, server: PostgreSQL) -> Scene:
    """The results are in the same database as the queue."""
    base = server.create_database()
    with Fleet(web, folder, server.url(base, "postgresql")) as fleet:
        fleet.linger = 0.3
        victim, _ = fleet.ready_worker(), fleet.ready_worker()
        audit = fleet.by_fleet("--database", server.url(base))
        fleet.until_visited(2)
        fleet.until(lambda: fleet.cut_short_by(1))
        kill(victim)
        dead = time.monotonic()
        left = {name for name in fleet.names if fleet.run.warc(name).exists()}
        fleet.until(lambda: any(job["status"] == "doing" and job["attempts"] for job in fleet.jobs()))
        taken = time.monotonic() - dead
        said = fleet.ended(audit)
        fleet.end()
        return Scene(fleet, left=left, taken=taken, said=said)


def the_queue_stopped(web: LocalWeb, folder: Path) -> Scene:
    """A worker that is there before the server, one that is there before the tables."""
    server = PostgreSQL()
    try:
        with Fleet(web, folder, server.url(server.create_database(), "postgresql")) as fleet:
            server.stop()
            fleet.linger = 0.2
            fleet.worker(HURRIED)
            fleet.until(lambda: "ne répond pas" in fleet.said_by(0))
            server.start()
            fleet.worker(HURRIED)
            audit = fleet.by_fleet()
            fleet.until_visited(2)
            server.stop()
            time.sleep(6)  # longer than workers go on without it
            server.start()
            said = fleet.ended(audit)
            fleet.end()
            return Scene(fleet, said=said)
    finally:
        server.close()


def all_stopped(web: LocalWeb, folder: Path, server: PostgreSQL) -> Scene:
    """The command is interrupted, taken up again and killed; its worker is stopped as a service is."""
    with Fleet(web, folder, server.url(server.create_database(), "postgresql")) as fleet:
        fleet.linger = 0.3
        worker = fleet.worker()
        first = fleet.by_fleet()
        fleet.until(lambda: any(job["status"] == "doing" for job in fleet.jobs()))
        first.send_signal(signal.SIGINT)
        said = fleet.ended(first, 130)
        kill(fleet.by_fleet())
        worker.terminate()
        code = worker.wait(30)
        given_back = fleet.jobs()
        fleet.linger = 0
        fleet.worker()
        resumed = fleet.ended(fleet.by_fleet())
        fleet.end()
        return Scene(fleet, said=said, code=code, given_back=given_back, resumed=resumed)


def two_at_once(web: LocalWeb, folder: Path, server: PostgreSQL, store: Store) -> tuple[Scene, Scene]:
    """One in a store that refuses for a moment, one of which a service kills the process that visits it; a worker whose disk
    is full was there before."""
    queue = server.url(server.create_database(), "postgresql")
    near = Fleet(web, folder / "near", queue, more=POISONS)
    far = Fleet(web, folder / "far", queue)
    with near, far:
        far.runs = place_of(f"s3://{BUCKET}/by-fleet")
        full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (9_000, resource.RLIM_INFINITY))
        audit = near.by_fleet()
        near.until(near.jobs)
        code = near.worker(HURRIED, preexec_fn=full).wait(60)
        given_back = near.jobs()
        far.linger = 0.1
        remote = far.by_fleet()
        for _ in range(2):
            far.worker(POISONED + HURRIED)
        far.until_visited(2)
        with store.refusing():
            far.until(lambda: "n'est pas accessible d'ici" in far.said_by(0) + far.said_by(1))
        said = far.ended(remote), near.ended(audit, 3)
        far.end()
        return Scene(far, said=said[0]), Scene(near, said=said[1], code=code, given_back=given_back)


def a_worker_frozen(web: LocalWeb, folder: Path, server: PostgreSQL) -> Scene:
    """Its processes go on, and all that they make is late."""
    with Fleet(web, folder, server.url(server.create_database(), "postgresql")) as fleet:
        fleet.linger = 0.15
        frozen = fleet.worker(HURRIED)
        audit = fleet.by_fleet()
        fleet.until(lambda: any(job["worker_id"] for job in fleet.jobs()) and len(web.asked) > 12)
        frozen.send_signal(signal.SIGSTOP)
        fleet.worker(HURRIED)
        fleet.ended(audit)
        files = {path.name: path.read_bytes() for path in fleet.run.captures.iterdir()}
        frozen.send_signal(signal.SIGCONT)
        fleet.until(lambda: "donnés à d'autres" in fleet.said_by(0))
        fleet.end()
        return Scene(fleet, files=files)


def poisoned_here(web: LocalWeb, folder: Path) -> Scene:
    with Fleet(web, folder, more=POISONS) as fleet:
        fleet.ended(fleet.audit("--processes", "1", prelude=SMALL + POISONED), 3)
        return Scene(fleet)


@dataclass(frozen=True)
class Stage:
    web: LocalWeb
    folder: Path
    server: PostgreSQL
    store: Store


SCENES: Mapping[str, Callable[[Stage], Any]] = {
    "killed": lambda at: a_worker_killed(at.web, at.folder, at.server),
    "stopped": lambda at: the_queue_stopped(at.web, at.folder),
    "both": lambda at: two_at_once(at.web, at.folder, at.server, at.store),
    "frozen": lambda at: a_worker_frozen(at.web, at.folder, at.server),
    "resumed": lambda at: all_stopped(at.web, at.folder, at.server),
    "one": lambda at: poisoned_here(at.web, at.folder),
    "cores": lambda at: here(at.web, at.folder),
    "store": lambda at: in_store(at.web, at.folder),
}
"""The longest first."""


def played(name: str, folder: Path, server: PostgreSQL, store: Store) -> Any:
    folder.mkdir()
    with local_web(folder) as web:
        return SCENES[name](Stage(web, folder / "audit", server, store))


@pytest.fixture(scope="module")
def scenes(tmp_path_factory) -> dict[str, Any]:
    """All of them side by side: each is mostly a matter of waiting."""
    folder = tmp_path_factory.mktemp("fleet")
    server = PostgreSQL()
    try:
        with serving() as store, ThreadPoolExecutor(max_workers=4) as pool:
            tasks = {name: pool.submit(played, name, folder / name, server, store) for name in SCENES}
        found: dict[str, Any] = {name: task.result() for name, task in tasks.items()}
    finally:
        server.close()
    found["far"], found["near"] = found.pop("both")
    return found


FLEETS = ("killed", "stopped", "frozen", "resumed", "far", "near")


def sound(scene: Scene) -> list[dict[str, object]]:
    return [line for line in scene.verdicts if line["service"] not in POISONS]


@pytest.mark.parametrize("name", ["cores", "store", "killed", "stopped", "frozen", "resumed", "far"])
def test_the_verdicts_are_those_of_one_process_line_for_line(scenes, name):
    assert len(sound(scenes["one"])) == len(RULES) * len(Fleet.names)
    assert scenes[name].verdicts == sound(scenes["one"])


def test_so_are_those_of_poison_and_of_the_services_beside_it(scenes):
    assert scenes["near"].verdicts == scenes["one"].verdicts


@pytest.mark.parametrize("name", FLEETS)
def test_nothing_is_lost_and_each_visit_is_written_once(scenes, name):
    scene = scenes[name]
    visited = set(scene.fleet.names) - set(POISONS)
    assert scene.captured == {1: visited, 2: DOUBTED}
    judged = [(line["service"], line["rule"]) for line in scene.verdicts]
    assert len(judged) == len(set(judged)) == len(RULES) * len(scene.fleet.names)
    handed = Counter(pair for job in scene.jobs for pair in zip(job["services"], job["visits"], strict=True))
    assert handed == Counter({(name, 1) for name in scene.fleet.names} | {(name, 2) for name in DOUBTED})


@pytest.mark.parametrize("name", FLEETS)
def test_evidence_is_in_the_archive_that_is_there(scenes, name):
    scene = scenes[name]
    assert len(scene.shown) > len(Fleet.names)
    assert scene.shown <= scene.captures


def test_what_a_killed_worker_did_is_under_way_again_within_a_minute(scenes):
    scene = scenes["killed"]
    print(f"{scene.seen['taken']:.1f} s")  # noqa: T201 - what the test is for
    assert STALLED / 2 < scene.seen["taken"] < 60
    assert {job["attempts"] for job in scene.jobs} == {1, 2}
    assert {job["status"] for job in scene.jobs} == {"succeeded"}


def test_what_was_whole_before_the_kill_is_not_visited_again(scenes):
    scene = scenes["killed"]
    left, visits = scene.seen["left"], scene.visits
    assert 0 < len(left) < len(Fleet.names)
    assert all(visits[name] == 1 for name in left - DOUBTED)
    assert any(visits[name] == 2 for name in set(Fleet.names) - left), "the worker was killed in the middle of its work"


def test_a_queue_that_stops_costs_no_attempt(scenes):
    scene = scenes["stopped"]
    assert {(job["status"], job["attempts"]) for job in scene.jobs} == {("succeeded", 1)}
    assert all("La file d'attente ne répond plus" in scene.fleet.said_by(number) for number in (0, 1))
    assert "ne répond pas : nouvel essai" in scene.fleet.said_by(0)


def test_a_worker_that_is_stopped_gives_back_what_it_has_at_once(scenes):
    seen = scenes["resumed"].seen
    assert seen["code"] == 0
    assert {(job["status"], job["attempts"], job["worker_id"]) for job in seen["given_back"]} == {("todo", 0, None)}
    assert "Arrêt demandé : les lots en cours sont rendus à la file" in scenes["resumed"].fleet.said_by(0)


def test_a_command_that_is_interrupted_says_that_the_workers_go_on(scenes):
    said = scenes["resumed"].seen["said"]
    assert "Arrêt demandé : les ouvriers continuent ce qui est en file" in said
    assert "Interrompu." in said
    assert "Traceback" not in said


def test_a_disk_that_is_full_ends_the_worker_and_costs_no_attempt(scenes):
    seen = scenes["near"].seen
    assert seen["code"] == 2
    assert "Le disque de cet ouvrier n'accepte plus de captures" in scenes["near"].fleet.said_by(0)
    assert {(job["status"], job["attempts"]) for job in seen["given_back"]} == {("todo", 0)}


def test_poison_alone_is_our_fault_after_three_attempts(scenes):
    scene = scenes["near"]
    said = {(line["service"], line["outcome"], line["reason"]) for line in scene.verdicts}
    ours = {one for one in said if one[2] == "scanner-error"}
    assert ours == {(name, "cantTell", "scanner-error") for name in POISONS}
    assert scene.given_up == sorted(POISONS)
    [failed] = [job for job in scene.jobs if job["status"] == "failed"]
    assert failed["attempts"] == 3
    told = [name.partition("-")[2] for name in scene.logs]
    assert {f"{failed['id']}-{attempt}.log" for attempt in range(3)} <= set(told)
    where = scene.fleet.run.logs
    assert f"1\xa0service n'a pas été visité jusqu'au bout (voir {where})" in scene.seen["said"]


def test_a_store_that_refuses_for_a_moment_costs_no_attempt(scenes):
    scene = scenes["far"]
    assert {(job["status"], job["attempts"]) for job in scene.jobs} == {("succeeded", 1)}


def test_what_a_frozen_worker_made_comes_too_late(scenes):
    scene = scenes["frozen"]
    files = {path.name: path.read_bytes() for path in scene.fleet.run.captures.iterdir()}
    assert files == scene.seen["files"]
    assert max(scene.visits.values()) == 2, "it had begun"


@pytest.mark.parametrize("name", FLEETS)
def test_nobody_shows_a_trace_or_a_secret(scenes, name):
    for log in scenes[name].fleet.folder.glob("*.log"):
        said = log.read_text("utf-8")
        assert "Traceback" not in said
        assert PASSWORD not in said
