"""The crawl as a process: its settings, and how it ends."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from checks.model.capture import FailureKind, Role
from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.archive import read_captures
from crawler.fleet.local import CrawlReport, Told, crawl
from tests.crawling.conftest import enter
from tests.crawling.crawled import ROOT, shard
from tests.crawling.local_web import local_web, page, site, to

LINKED = "<a href='/accessibilite'>Accessibilité</a><a href='/stats'>Statistiques</a><a href='/budget'>Budget</a>"
WHOLE = site({"/": LINKED, "/accessibilite": "<p>Oui", "/stats": "<p>12", "/budget": "<p>3 €"})


def services(*names: str) -> list[Service]:
    return [Service(id=name, name=name, urls=(f"https://{name}.example/",)) for name in names]


def shapes(folder: RunFolder, name: str) -> list[tuple[Role, str, int | None]]:
    return sorted(
        (one.role, one.url, one.status) for one in read_captures(folder.warc(name)) if one.role is not Role.ROBOTS
    )


# The environment.


def test_hosts_of_no_proxy_are_asked_directly(web, new_run, monkeypatch):
    enter(web, monkeypatch, NO_PROXY="127.0.0.1")
    web.hosts |= {"direct": site({"/": "<p>Direct"}, http=True), "a.example": WHOLE}
    direct = Service(id="direct", name="direct", urls=(f"http://127.0.0.1:{web.port}/",))
    closed = Service(id="closed", name="closed", urls=("http://127.0.0.1:9/",))
    folder = new_run(direct, closed, *services("a"), allow_private=True)
    crawl(folder)
    assert shapes(folder, "direct")[0] == (Role.CANDIDATE, f"http://127.0.0.1:{web.port}/accessibilite", 404)
    assert "http:/" in web.targets("direct")
    assert "https:/" in web.targets("a.example")
    assert read_captures(folder.warc("closed"))[-1].failure.kind is FailureKind.REFUSED


def test_certificates_are_those_of_the_environment(web, new_run, monkeypatch, tmp_path):
    with local_web(tmp_path / "..") as other:
        enter(web, monkeypatch, SSL_CERT_FILE=str(other.ca_file))
        web.hosts["a.example"] = WHOLE
        folder = new_run(*services("a"))
        crawl(folder)
    kinds = {one.failure.kind for one in read_captures(folder.warc("a")) if one.failure}
    assert kinds == {FailureKind.TLS}
    assert any(one.is_insecure and one.body == LINKED.encode() for one in read_captures(folder.warc("a")))


# Errors of ours.

CRASHES = """
import crawler.visit
from crawler.middlewares import robots
from crawler.middlewares.redirect import RedirectMiddleware

def crashing(function, is_victim):
    return lambda *given: 1 / 0 if is_victim(*given) else function(*given)

def at(place, position):
    return lambda *given: f"//{place}.example/" in given[position].url

Visit = crawler.visit.Visit
plan = crawler.visit.next_wave
first = crashing(plan, lambda sight, *rest: sight.service.id == "plan-first")
crawler.visit.next_wave = crashing(first, lambda sight, *rest: sight.asked and sight.service.id == "plan-later")
Visit.keep_answer = crashing(Visit.keep_answer, lambda visit, ticket, url, answer: url == "https://archive.example/")
robots._read = crashing(robots._read, at("robots", 0))
follow = crashing(RedirectMiddleware.process_response, at("redirect", 1))
RedirectMiddleware.process_response = lambda middleware, request, response: follow(middleware, request, response)
"""


def test_an_error_of_ours_costs_one_service_and_is_reported(web, new_run):
    victims, others = {"plan-first", "plan-later", "archive", "robots", "redirect"}, {"a", "b"}
    web.hosts |= {f"{name}.example": WHOLE for name in victims | others}
    folder = new_run(*services("a", *sorted(victims), "b"), ceiling=8)
    with shard(folder, CRASHES) as process:
        said = [json.loads(line) for line in process.stdout]
        assert process.stderr.read() == ""
    assert folder.captured() == others
    assert said[-1]["crashes"] >= len(victims)
    assert folder.log.read_text().count("ZeroDivisionError: division by zero") >= len(victims)
    assert crawl(folder).visited == len(victims)
    assert folder.captured() == victims | others


def test_a_disk_that_is_full_ends_the_crawl_with_one_sentence(web, new_run, capfd):
    noise = os.urandom(300_000)
    web.hosts |= {f"s{number}.example": site({"/": page(noise)}) for number in range(6)}
    folder = new_run(*services(*(f"s{number}" for number in range(6))))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(
            InputError, match=r"Visite arrêtée, .* n'accepte plus de captures \(.*File too large.*\) : libérez"
        ):
            crawl(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "Traceback" not in folder.log.read_text() + "".join(capfd.readouterr())
    assert folder.captured() == set()
    assert crawl(folder).visited == 6


# Ends that nobody planned.


def slow_web(web) -> list[str]:
    names = [f"s{number}" for number in range(12)]
    web.hosts |= {f"{name}.example": WHOLE for name in names}
    return names


def resumed(folder: RunFolder, names: list[str], web) -> None:
    """The rest is visited, each service as it would have been in one go, and no remains are left."""
    done = folder.captured()
    before = len(web.asked)
    report = crawl(folder)
    assert report == CrawlReport(visited=len(names) - len(done), crashes=0, requests=report.requests, is_finished=True)
    assert not any(asked.host.removesuffix(".example") in done for asked in web.asked[before:])
    for name in names:
        asked = [(role, url.partition(".example/")[2]) for role, url, _ in shapes(folder, name)]
        pages = [path for role, path in asked if role in {Role.HTTP, Role.HOME, Role.CANDIDATE}]
        assert sorted(pages) == ["", "", "accessibilite", "budget", "stats"]
        last = [(role, path) for role, path in asked if role in {Role.PREFLIGHT, Role.SECURITY_TXT}]
        assert last == [(Role.PREFLIGHT, ""), (Role.SECURITY_TXT, ".well-known/security.txt")]
    assert {path.name for path in folder.captures.iterdir()} == {f"{name}.warc.gz" for name in names}


def test_a_crawl_that_was_killed_is_resumed(web, new_run):
    names = slow_web(web)
    folder = new_run(*services(*names), delay=0.05)
    with shard(folder) as process:
        json.loads(process.stdout.readline())
        process.kill()
    assert 0 < len(folder.captured()) < len(names)
    resumed(folder, names, web)


PARENT = """
import sys
from pathlib import Path
from checks.model.run_folder import RunFolder
from crawler.fleet.local import Told, crawl
crawl(RunFolder(Path(sys.argv[1])), Told(visited=lambda service: print(service, flush=True)))
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_crawl_ends_with_its_parent(web, new_run, sent):
    names = slow_web(web)
    folder = new_run(*services(*names), delay=0.05)
    command = [sys.executable, "-c", PARENT, str(folder.path)]
    # A shell starts its background jobs deaf to SIGINT, and they hand that down.
    hearing = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hearing,  # noqa: PLW1509 - no lock is held
    ) as process:
        process.stdout.readline()
        process.send_signal(sent)
        process.stdout.read()
        errors = process.stderr.read()  # ends when nobody holds it: neither the parent nor the child
    assert process.returncode == -sent
    assert "Spider closed (shutdown)" in folder.log.read_text()
    assert "Traceback" not in folder.log.read_text()
    assert errors.strip().rpartition("\n")[2] == ("KeyboardInterrupt" if sent is signal.SIGINT else "")
    for name in folder.captured():
        assert read_captures(folder.warc(name))
    resumed(folder, names, web)


def test_a_crawl_that_ends_too_slowly_is_killed(web, new_run, monkeypatch):
    monkeypatch.setattr("crawler.fleet.crew.PATIENCE", 0.5)
    web.hosts |= {
        "a.example": WHOLE,
        "silent.example": lambda asked: web.silence(asked) if asked.target == "/" else WHOLE(asked),
    }
    folder = new_run(*services("a", "silent"), timeout=30)

    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        crawl(folder, Told(visited=interrupted))
    assert time.monotonic() - before < 10
    assert folder.captured() == {"a"}


# Where it runs.


def test_the_run_folder_may_be_relative_and_the_working_folder_strange(web, new_run, tmp_path, monkeypatch):
    web.hosts["a.example"] = WHOLE
    folder = new_run(*services("a"))
    (tmp_path / "crawler").mkdir()
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = nowhere.settings\n")
    monkeypatch.chdir(tmp_path)
    relative = RunFolder(folder.path.relative_to(tmp_path))
    assert crawl(relative).visited == 1
    assert folder.captured() == {"a"}


def test_the_checkout_is_a_scrapy_project(web, new_run):
    web.hosts["a.example"] = site({"/": to("/fr")})
    folder = new_run(*services("a"))
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout == "services\n"
    crawled = subprocess.run(
        [*scrapy, "crawl", "services", "-a", f"run={folder.path}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert folder.captured() == {"a"}
    assert "Traceback" not in crawled.stderr
    assert "'finish_reason': 'finished'" in crawled.stderr
