"""The means by which the corpus is read, visited and counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.model.outcome import Outcome
from checks.model.verdict import Verdict
from tests.corpus.confusion import Pair, confusion, totals
from tests.corpus.labelled import Label, Labelled, read
from tests.corpus.web import visit

HOME = '<p>Bienvenue</p><a href="/accessibilite">Accessibilité : non conforme</a><a href="/stats">Stats</a>'
SHELL = '<div id="root"></div><script src="/app.js"></script>'


@pytest.fixture
def folder(tmp_path: Path):
    def written(answers: dict, url: str = "https://moulins.example/", **more) -> Labelled:
        for name, text in {"home.html": HOME, "shell.html": SHELL, "page.html": "<p>Une page</p>"}.items():
            (tmp_path / name).write_text(text, "utf-8")
        said = {"url": url, "name": "Moulins", "as_of": "2026-11-23", "answers": answers, "expected": {}, **more}
        (tmp_path / "service.json").write_text(json.dumps(said), "utf-8")
        return read(tmp_path)

    return written


def seen(labelled: Labelled) -> dict[str, object]:
    """How each address ended: its status, or its failure."""
    return {one.url: one.status or str(one.failure.kind) for one in visit(labelled) if one.rendering is None}


def test_a_page_answers_and_any_other_address_does_not(folder):
    ends = seen(folder({"/": "home.html", "/accessibilite": "page.html"}))

    assert ends["http://moulins.example/"] == 301
    assert ends["https://moulins.example/accessibilite"] == 200
    assert ends["https://moulins.example/stats"] == 404


def test_otherwise_is_for_the_service_own_host(folder):
    said = {"/": "home.html", "https://autre.example/x": "page.html"}
    ends = seen(folder(said, otherwise="page.html", registry={"statistics_url": "https://autre.example/stats"}))

    assert ends["https://moulins.example/accessibilite"] == 200
    assert ends["https://autre.example/stats"] == 404


def test_a_host_that_nothing_names_is_unknown(folder):
    ends = seen(folder({"/": "home.html"}, registry={"budget_url": "https://ailleurs.example/budget"}))

    assert ends["https://ailleurs.example/budget"] == "dns"


def test_redirects_are_followed_and_loops_given_up(folder):
    answers = {
        "/": "home.html",
        "/accessibilite": {"to": "/a"},
        "/a": "page.html",
        "/stats": {"to": "/b"},
        "/b": {"to": "/stats"},
    }
    ends = seen(folder(answers))

    assert ends["https://moulins.example/a"] == 200
    assert "too-many-redirects" in ends.values()


def test_a_home_that_fails_fails_over_http_too(folder):
    ends = seen(folder({"/": {"failure": "timeout"}}))

    assert ends["http://moulins.example/"] == ends["https://moulins.example/"] == "timeout"


@pytest.mark.parametrize(
    "rendered,shown",
    [
        ({"/": "home.html"}, b"Bienvenue"),
        ({"*": "home.html"}, b"root"),
        ({}, b"root"),
    ],
    ids=["named", "any-other-is-not-home", "unchanged"],
)
def test_a_shell_is_rendered_as_the_folder_says(folder, rendered: dict, shown: bytes):
    renderings = [one for one in visit(folder({"/": "shell.html"}, rendered=rendered)) if one.rendering]

    assert shown in renderings[0].body


def test_a_rendering_may_fail(folder):
    captures = visit(folder({"/": "shell.html"}, rendered={"/": {"failure": "timeout"}}))

    assert [one.failure.kind for one in captures if one.rendering] == ["timeout"]


def test_an_unknown_key_is_refused(folder):
    with pytest.raises(ValueError, match="expectd"):
        folder({"/": "home.html"}, expectd={})


def pair(expected: str, given: str, reason: str = "because", rule: str = "accessibility-declaration", **label) -> Pair:
    verdict = Verdict(
        run="r", service="s", rule=rule, version=1, outcome=Outcome(given), reason=reason, at="", facts={"rate": 62.0}
    )
    return Pair(service="s", rule=rule, label=Label(outcome=expected, reason=reason, **label), verdict=verdict)


def test_precision_and_recall():
    judged = [pair("passed", "passed")] * 3 + [
        pair("failed", "passed"),
        pair("passed", "cantTell"),
        pair("failed", "failed"),
    ]

    counted = confusion("accessibility-declaration", judged)

    assert (counted.services, counted.agreed) == (6, 4)
    assert (counted.precision("passed"), counted.recall("passed")) == ("75 % (3/4)", "75 % (3/4)")
    assert (counted.precision("failed"), counted.recall("failed")) == ("100 % (1/1)", "50 % (1/2)")
    assert (counted.expected("cantTell"), counted.given("cantTell")) == (0, 1)


def test_a_share_is_never_rounded_up_to_a_whole():
    judged = [pair("passed", "passed")] * 9999 + [pair("failed", "passed")]

    assert confusion("accessibility-declaration", judged).precision("passed") == "99.9 % (9999/10000)"


def test_only_what_is_labelled_is_compared():
    assert pair("passed", "passed", facts={"rate": 62}).differences == ()
    assert pair("passed", "passed", facts={"rate": 61}).differences == ("rate 61 expected, 62.0 given",)
    assert pair("passed", "failed").differences == ("passed/because expected, failed/because given",)


def test_a_crash_agrees_with_nothing():
    crashed = Pair(service="s", rule="r", label=Label(outcome="passed", reason="because"), verdict=None)

    assert crashed.differences == ("crashed",)


def test_the_mistakes_are_counted():
    judged = [
        pair("failed", "passed", "soft-404"),
        pair("failed", "failed", "soft-404"),
        pair("cantTell", "failed", "unreachable"),
    ]

    assert "declaration: **1** of 2" in totals(judged)
    assert "`failed`: **1** of 1" in totals(judged)
