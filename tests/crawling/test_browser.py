"""One browser, and pages that mean it harm."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.model.capture import Capture, FailureKind, Role
from checks.model.errors import InputError
from crawler.failures import FetchFailedError
from crawler.rendering import browser as module
from crawler.rendering import find
from crawler.rendering import page as shown_page
from crawler.rendering.browser import Browser
from crawler.rendering.find import VARIABLE, find_browser
from crawler.rendering.page import Ask, Part

HOME = "https://bac.example/"


def capture(html: str, url: str = HOME) -> Capture:
    return Capture(
        id="<urn:uuid:1>",
        service="bac",
        number=1,
        role=Role.HOME,
        url=url,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=html.encode(),
    )


class Web:
    """Answers by address, 404 for the rest; remembers what was asked."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.asked: list[Ask] = []

    async def __call__(self, ask: Ask) -> Part | None:
        self.asked.append(ask)
        text = self.answers.get(ask.url.rpartition("/")[2].partition("?")[0].replace(".", "_"))
        kind = "text/javascript" if ask.is_script else "text/html; charset=utf-8"
        return (
            Part(status=404)
            if text is None
            else Part(status=200, headers=(("Content-Type", kind),), body=text.encode())
        )


async def silence(_: Ask) -> None:
    return None


def show(program: Path, *pages: Capture, web=silence) -> list[str | FetchFailedError]:
    """What one browser shows of pages, one after the other: the text, or the failure."""

    async def shown() -> list[str | FetchFailedError]:
        browser, results = Browser(program), []
        try:
            for one in pages:
                try:
                    results.append((await browser.show(one, web)).html)
                except FetchFailedError as error:
                    results.append(error)
        finally:
            await browser.close()
        return results

    return asyncio.run(shown())


@pytest.fixture
def wrapped(browser, tmp_path) -> Path:
    """The browser behind a program that notes the number of its process."""
    program = tmp_path / "navigateur"
    program.write_text(f'#!/bin/sh\necho $$ >> "{tmp_path}/pids"\nexec "{browser}" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def kill(program: Path) -> None:
    os.kill(int(program.with_name("pids").read_text().split()[-1]), signal.SIGKILL)


QUIET = capture("<p>Le bac</p>")
WRITES = "<body><script>document.body.append('Le bac ' + (() => { %s })())</script>"


def test_scripts_and_data_of_the_site_are_fetched_and_nothing_else(browser):
    web = Web(
        app_js="fetch('/donnees.json').then(r => r.text()).then(t => document.body.append(t))", donnees_json="À quai"
    )
    html = """<link rel=stylesheet href=/style.css><link rel=preload as=font href=/marianne.woff2><img src=/mer.jpg>
    <script src="https://tiers.example/mesure.js"></script><iframe src="https://video.example/"></iframe>
    <script>fetch('https://tiers.example/suivi'); new WebSocket('wss://bac.example/direct')</script>
    <script src=/app.js></script>"""

    [shown] = show(browser, capture(html), web=web)

    assert "À quai" in shown
    assert [ask.url for ask in web.asked] == [f"{HOME}app.js", f"{HOME}donnees.json"]
    assert not {"cookie", "origin", "user-agent"} & {name for ask in web.asked for name in ask.headers}


def test_a_page_may_ask_for_so_much_and_no_more(browser):
    web = Web()
    [shown] = show(browser, capture(WRITES % "for (let i = 0; i < 500; i++) fetch('/x' + i); return 'à quai'"), web=web)
    assert "Le bac à quai" in shown
    assert len(web.asked) == shown_page.PARTS


def test_what_never_came_is_counted(browser):
    async def shown(web) -> int:
        one = Browser(browser)
        try:
            return (await one.show(capture("<script src=/a.js></script><script src=/b.js></script>"), web)).missing
        finally:
            await one.close()

    assert asyncio.run(shown(silence)) == 2
    assert asyncio.run(shown(Web())) == 0  # a 404 is an answer: it is what any visitor gets


def test_a_page_may_lead_on_by_itself(browser):
    web = Web(accueil="<p>Le bac est à quai.")
    [shown] = show(browser, capture('<meta http-equiv="refresh" content="0; url=/accueil">'), web=web)
    assert "Le bac est à quai." in shown


@pytest.mark.parametrize(
    "html",
    [
        "<script>while (true) {}</script>",
        "<script>for (;;) document.cookie = 'a=' + Math.random()</script>",
        "<script>location.reload()</script>",
        "<script>setInterval(() => { location.hash = Math.random() }, 1)</script><p>Le bac",
        "<script>alert(1); confirm(2); prompt(3); print(); window.open('/'); onbeforeunload = () => 'non'</script><p>Le bac",
        "<script>const a = []; while (true) a.push(new Array(1e6).fill(a.length))</script>",
        "<script>setInterval(() => document.body.append('mot '.repeat(1e5)), 1)</script><p>Le bac",
    ],
    ids=["loop", "cookies", "reload", "hash", "dialogs", "memory", "growth"],
)
def test_a_hostile_page_costs_only_itself(browser, monkeypatch, html):
    monkeypatch.setattr(module, "TIME_LIMIT", 6.0)
    monkeypatch.setattr(shown_page, "_PATIENCE", 3.0)

    [hostile, quiet] = show(browser, capture(html), QUIET)

    assert "Le bac" in quiet
    assert isinstance(hostile, FetchFailedError) or len(hostile.encode()) <= 5 * 2**20


def test_a_page_lost_to_a_dead_browser_is_shown_once_more(wrapped):
    class Killer(Web):
        async def __call__(self, ask: Ask) -> Part | None:
            if not self.asked:
                kill(wrapped)
            return await super().__call__(ask)

    [shown] = show(
        wrapped, capture("<body><script src=/app.js></script>"), web=Killer(app_js="document.body.append('Le bac')")
    )
    assert "Le bac" in shown


def test_a_page_that_kills_the_browser_costs_only_itself(wrapped):
    async def deadly(_: Ask) -> None:
        kill(wrapped)

    [lost, shown] = show(wrapped, capture("<script src=/app.js></script>"), QUIET, web=deadly)
    assert lost.failure.kind is FailureKind.OTHER
    assert "Le bac" in shown


def test_a_browser_that_never_lives_is_left_alone(tmp_path):
    program = tmp_path / "navigateur"
    program.write_text(f'#!/bin/sh\necho >> "{tmp_path}/tries"\nexit 1\n')
    program.chmod(0o755)

    lost = show(program, *[QUIET] * 6)

    assert [one.failure.kind for one in lost] == [FailureKind.OTHER] * 6
    assert (tmp_path / "tries").read_text().count("\n") == module.DEATHS


def test_what_playwright_disables_stays_so(tmp_path):
    """A browser heeds the last list alone, which is ours."""
    program = tmp_path / "navigateur"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{tmp_path}/arguments"\nexit 1\n')
    program.chmod(0o755)

    show(program, QUIET)

    arguments = (tmp_path / "arguments").read_text().splitlines()
    lists = [set(one.partition("=")[2].split(",")) for one in arguments if one.startswith("--disable-features=")]
    assert len(lists) > 1
    assert lists[-1] >= set().union(*lists)


def test_the_browser_is_found_in_order(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    own = tmp_path / "chromium-1200/chrome-linux/chrome"
    shell = tmp_path / "chromium_headless_shell-1100/chrome-headless-shell-linux64/chrome-headless-shell"
    system = tmp_path / "bin/chromium"
    system_shell = tmp_path / "bin/chromium-headless-shell"
    for program in (own, system):
        program.parent.mkdir(parents=True)
        program.touch(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    assert find_browser() is None

    monkeypatch.setenv("PATH", str(system.parent))
    assert find_browser() == system
    system_shell.touch(0o755)
    assert find_browser() == system_shell
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_browser() == own
    shell.parent.mkdir(parents=True)
    shell.touch(0o755)
    assert find_browser() == shell
    monkeypatch.setenv(VARIABLE, str(system))
    assert find_browser() == system

    monkeypatch.setattr(find, "find_spec", lambda _: None)
    assert find_browser() is None


@pytest.mark.parametrize("value", ["/nowhere/chromium", "."])
def test_a_variable_that_names_no_program_is_said(monkeypatch, value):
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(InputError, match=f"^{VARIABLE} : {value} n'est pas un programme"):
        find_browser()
