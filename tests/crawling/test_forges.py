"""Forges on loopback, as they are and as they fail: what is kept of them, what is asked again, and what is never written."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checks.catalogue import BY_ID
from checks.judge import Trial, judge_service
from checks.model.capture import Capture, FailureKind, Role
from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from crawler.archive import read_captures
from crawler.exchange_text import exchange_text
from crawler.fleet.local import crawl
from reports.cli.judging import judge_stage
from reports.cli.pipeline import load_stage
from reports.cli.reporting import report_stage
from reports.store.session import open_store
from tests.crawling.conftest import enter
from tests.crawling.local_web import Asked, Handler, LocalWeb, local_web, page
from tests.forge_answers import gitea, github, gitlab
from tests.forge_answers import page as shown

TOKENS = {"github.com": "ghp_S3CRETs3cretS3CRET", "git.echo.example": "echo-S3CRETs3cret"}
JSON = "Content-Type: application/json"


def api(answers: dict[str, tuple[int, str, tuple[str, ...]]]) -> Handler:
    """Answers by target: (status, JSON, more headers); one with an ETag says 304 to whoever knows it."""

    def handler(asked: Asked) -> Iterable[bytes]:
        status, body, headers = answers.get(asked.target, (404, '{"message": "Not Found"}', ()))
        tag = next((header.partition(": ")[2] for header in headers if header.startswith("ETag")), None)
        if tag and asked.headers.get("if-none-match", asked.headers.get("If-None-Match")) == tag:
            return page("", 304, (f"ETag: {tag}",))
        return page(body, status, (JSON, *headers))

    return handler


def echo(asked: Asked) -> Iterable[bytes]:
    """A forge that sends back all it is told, compressed though nobody asked for it."""
    body = gitea(html_url="https://git.echo.example/port/bac", description=json.dumps(dict(asked.headers)))
    return page(gzip.compress(body.encode()), 200, (JSON, "Content-Encoding: gzip", f"X-Echo: {dict(asked.headers)}"))


def repository(name: str, **more: str | int | bool | None) -> str:
    return github(full_name=f"port/{name}", html_url=f"https://github.com/port/{name}", **more)


GITHUB = api(
    {
        "/repos/port/ouvert": (200, repository("ouvert"), ('ETag: W/"1"',)),
        "/repos/port/archive": (200, repository("archive", archived=True), ('ETag: "2"',)),
        "/repos/port/ancien": (301, '{"message": "Moved"}', ("Location: https://api.github.com/repositories/9",)),
        "/repositories/9": (200, repository("nouveau"), ('ETag: "9"',)),
        "/repos/port/ailleurs": (301, "{}", ("Location: https://voleur.example/repos/x",)),
        "/repos/port/vide": (200, repository("vide", size=0, license=None), ()),
        "/repos/port/vide/commits?per_page=1": (409, '{"message": "Git Repository is empty."}', ()),
        "/repos/port/casse": (200, '{"html_url": ', ()),
        "/repos/port/boucle": (302, "{}", ("Location: /repos/port/boucle",)),
    }
)
LIMITED = api(
    {
        f"/api/v4/projects/port%2F{name}?license=true": (429, '{"message": "Retry later"}', ("Retry-After: 60",))
        for name in ("un", "deux")
    }
)


def limited(asked: Asked) -> Iterable[bytes]:
    if asked.target == "/port/un":
        return page(shown("port / un · GitLab"))
    return LIMITED(asked) if asked.target.startswith("/api") else page(shown("Introuvable"), 404)


def spent(asked: Asked) -> Iterable[bytes]:
    """A forge whose quota is spent, and whose pages are open."""
    if asked.target.startswith("/api"):
        return page(
            '{"message": "API rate limit exceeded"}', 403, (JSON, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1")
        )
    return page(shown("port / bac · GitLab")) if asked.target == "/port/bac" else page(shown("Introuvable"), 404)


# The repository declared: the reason of source-code and its warnings.
EXPECTED = {
    "https://github.com/port/ouvert": ("public-repository", ()),
    "https://github.com/port/archive": ("public-repository", ("archived",)),
    "https://github.com/port/ancien": ("public-repository", ("renamed",)),
    "https://github.com/port/ailleurs": ("not-public", ()),  # its page answers 404
    "https://github.com/port/absent": ("not-public", ()),
    "https://github.com/port/vide": ("empty-repository", ()),
    "https://github.com/port/casse": ("not-public", ()),
    "https://github.com/port/boucle": ("not-public", ()),
    "https://gitlab.limite.example/port/un": ("public-repository", ()),
    "https://gitlab.limite.example/port/deux": ("not-public", ()),
    "https://gitlab.quota.example/port/bac": ("public-repository", ()),
    "https://gitlab.panne.example/port/bac": ("forge-unavailable", ()),
    "https://gitlab.lent.example/port/bac": ("forge-unavailable", ()),
    "https://gitlab.muet.example/port/bac": ("forge-unavailable", ()),
    "https://gitlab.port.example/quais/bac/bac-a-voile": ("public-repository", ()),
    "https://git.echo.example/port/bac": ("public-repository", ()),
    "https://git.sr.ht/~port/bac": ("public-repository", ()),
    "https://github.com/port": ("organisation-only", ()),
}
SERVICES = tuple(
    Service(id=url.removeprefix("https://").replace("/", "-"), name=url, repository=url) for url in EXPECTED
)


def serve(web: LocalWeb) -> None:
    absent = lambda _: page(shown("Page not found"), 404)  # noqa: E731
    web.hosts |= {
        "api.github.com": GITHUB,
        "github.com": absent,
        "gitlab.limite.example": limited,
        "gitlab.quota.example": spent,
        "gitlab.panne.example": lambda _: page("panne", 500),
        "gitlab.lent.example": drip,
        "gitlab.muet.example": web.silence,
        "gitlab.port.example": api({"/api/v4/projects/quais%2Fbac%2Fbac-a-voile?license=true": (200, gitlab(), ())}),
        "git.echo.example": echo,
        "git.sr.ht": lambda asked: page(
            shown("~port/bac - sourcehut git") if asked.target == "/~port/bac" else "", 200
        ),
    }


def drip(_: Asked) -> Iterable[bytes]:
    """An answer that never ends, a byte at a time."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
    for _ in range(40):
        yield b" "
        time.sleep(0.25)


class Asking:
    """Two runs over the same forges, in one folder of runs, with tokens."""

    def __init__(self, runs: Path, web: LocalWeb) -> None:
        self.runs, self.web = runs, web
        self.first, asked = self._run(6), len(web.asked)
        self.second = self._run(7)
        self.asked = (web.asked[:asked], web.asked[asked:])

    def _run(self, hour: int) -> RunFolder:
        folder = RunFolder.create(self.runs, datetime(2026, 11, 23, hour, tzinfo=UTC))
        settings = {"delay": 0.02, "timeout": 2}
        registry = {"digest": "sha256:0", "kind": "csv", "source": "registre.csv", "entries": len(SERVICES)}
        clock = {"started_at": "2026-11-23T06:00:00Z", "as_of": "2026-11-23"}
        folder.update({"id": folder.path.name, "settings": settings, "registry": registry, **clock})
        folder.write_services(SERVICES)
        report = crawl(folder)
        assert (report.crashes, report.is_finished) == (0, True), folder.log.read_text()
        return folder

    def captures(self, folder: RunFolder, url: str) -> tuple[Capture, ...]:
        [service] = [one for one in SERVICES if one.repository == url]
        return read_captures(folder.warc(service.id))

    def verdict(self, folder: RunFolder, url: str) -> Verdict:
        [service] = [one for one in SERVICES if one.repository == url]
        trial = Trial(run="r", as_of=date(2026, 11, 23), started_at="2026-11-23T06:00:00Z")
        captures = self.captures(folder, url)
        [verdict], crashes = judge_service(service, PhaseGroup.ACCELERATION, captures, trial, [BY_ID["source-code"]])
        assert not crashes
        return verdict


@pytest.fixture(scope="module")
def asking(tmp_path_factory) -> Iterator[Asking]:
    tmp_path = tmp_path_factory.mktemp("forges")
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        serve(web)
        tokens = ",".join(f"{host}={token}" for host, token in TOKENS.items())
        enter(web, monkeypatch, TOISE_FORGE_TOKENS=tokens)
        yield Asking(tmp_path / "runs", web)


@pytest.mark.parametrize("url", EXPECTED)
@pytest.mark.parametrize("rank", [0, 1])
def test_every_answer_is_judged_as_the_rule_says(asking, url, rank):
    verdict = asking.verdict((asking.first, asking.second)[rank], url)

    assert (verdict.reason, verdict.warnings) == EXPECTED[url]


def test_the_second_run_asks_only_whether_anything_has_changed(asking):
    first, second = asking.asked
    assert not [one for one in first if "if-none-match" in map(str.lower, one.headers)]
    conditional = [one.target for one in second if "if-none-match" in map(str.lower, one.headers)]
    assert sorted(conditional) == ["/repos/port/archive", "/repos/port/ouvert", "/repositories/9"]
    [known, unchanged, *_] = asking.captures(asking.second, "https://github.com/port/ouvert")
    assert (known.status, unchanged.status) == (200, 304)
    assert known.body == unchanged.body == repository("ouvert").encode()
    [before, *_] = asking.captures(asking.first, "https://github.com/port/ouvert")
    assert (known.id, known.at) == (before.id, before.at)
    assert "Réponse inchangée" in exchange_text(unchanged)


def test_an_unchanged_answer_is_a_revisit_record_of_the_standard(asking):
    warc = gzip.decompress(asking.second.warc("github.com-port-ouvert").read_bytes())
    assert b"WARC-Type: revisit" in warc
    assert b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified" in warc
    for path in asking.second.captures.iterdir():
        done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", path], capture_output=True, check=False)
        assert done.returncode == 0, done.stdout


def test_one_question_a_repository(asking):
    first, _ = asking.asked
    targets = [one.target for one in first if one.host == "api.github.com"]
    assert targets.count("/repos/port/ouvert") == 1
    assert sorted(set(targets)) == sorted(GITHUB_TARGETS)


GITHUB_TARGETS = (
    "/repos/port/absent",
    "/repos/port/ailleurs",
    "/repos/port/ancien",
    "/repos/port/archive",
    "/repos/port/archive/contents/publiccode.yml",
    "/repos/port/ancien/contents/publiccode.yml",
    "/repos/port/boucle",
    "/repos/port/casse",
    "/repos/port/ouvert",
    "/repos/port/ouvert/contents/publiccode.yml",
    "/repos/port/vide",
    "/repos/port/vide/commits?per_page=1",
    "/repos/port/vide/contents/publiccode.yml",
    "/repositories/9",
)


def test_a_forge_that_limits_us_is_asked_no_more(asking):
    first, _ = asking.asked
    assert len([one for one in first if one.host == "gitlab.limite.example" and "/api/" in one.target]) == 1
    captures = [
        *asking.captures(asking.first, "https://gitlab.limite.example/port/un"),
        *asking.captures(asking.first, "https://gitlab.limite.example/port/deux"),
    ]
    told = [capture for capture in captures if capture.role is Role.FORGE]
    assert sorted(str(one.failure.message if one.failure else one.status) for one in told) == [
        "429",
        "limits its requests: not asked",
    ]


def test_a_forge_that_does_not_answer_is_soon_given_up(web, new_run):
    web.hosts["gitlab.muet.example"] = web.silence
    names = [f"https://gitlab.muet.example/port/{number}" for number in range(8)]
    services = [Service(id=str(rank), name="n", repository=url) for rank, url in enumerate(names)]

    folder = new_run(*services, timeout=0.3)
    crawl(folder)

    assert len([one for one in web.asked if "/api/" in one.target]) == 3
    failures = [
        one.failure for service in services for one in read_captures(folder.warc(service.id)) if one.role is Role.FORGE
    ]
    assert {failure.kind for failure in failures} == {FailureKind.TIMEOUT}
    assert sum("not asked" in failure.message for failure in failures) == 5


def test_tokens_go_to_their_own_forge_alone(asking):
    said = {one.host: one.headers for one in asking.web.asked}
    seen = {one.host for one in asking.web.asked if any("S3CRET" in value for value in one.headers.values())}
    assert seen == {"api.github.com", "git.echo.example"}
    assert "voleur.example" not in said


def test_no_token_is_written_anywhere(asking, tmp_path):
    """Neither in the captures, nor in the log, nor in what comes of them: verdicts, database, pages."""
    engine = open_store(f"sqlite:///{tmp_path / 'toise.db'}")
    for folder in (asking.first, asking.second):
        assert judge_stage(folder).crashes == ()
        report_stage(load_stage(folder, engine), engine, asking.runs, tmp_path / "report")
    engine.dispose()

    files = [path for root in (asking.runs, tmp_path) for path in root.rglob("*") if path.is_file()]
    assert {".gz", ".log", ".jsonl", ".json", ".db", ".html", ".txt"} <= {path.suffix for path in files}
    written = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]
    assert any(b"X-Echo" in content and b"***" in content for content in written)
    assert not [path for path, content in zip(files, written, strict=True) if b"S3CRET" in content]


@pytest.mark.parametrize("value", ["ghp_S3CRET", "github.com=", "=ghp_S3CRET", "github.com=é-S3CRET", "a b=S3CRET"])
def test_tokens_that_are_none_are_refused_in_one_sentence(new_run, monkeypatch, value):
    monkeypatch.setenv("TOISE_FORGE_TOKENS", value)
    with pytest.raises(InputError) as error:
        crawl(new_run(SERVICES[0]))
    assert str(error.value).startswith("TOISE_FORGE_TOKENS : le jeton n° ")
    assert "S3CRET" not in str(error.value)
