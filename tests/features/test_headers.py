"""``toise headers``: recorded responses in, scores out, a line each."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reports.cli import main

BARE = {"id": "nu", "status": 200, "headers": {"content-type": "text/html"}, "body": "", "scheme": "https"}
HSTS = {**BARE, "id": "hsts", "headers": {"strict-transport-security": "max-age=31536000"}}


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command on lines; gives the exit code, what was written, and what was said."""

    def run(*lines, preload=None):
        recorded = tmp_path / "reponses.ndjson"
        recorded.write_bytes(
            b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        )
        options = []
        if preload is not None:
            (tmp_path / "hsts.json").write_bytes(preload)
            options = ["--preload", str(tmp_path / "hsts.json")]
        with pytest.raises(SystemExit) as ended:
            main(["headers", str(recorded), *options])
        said = capsys.readouterr()
        return ended.value.code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


def test_a_score_a_line(run):
    code, (bare, hsts), said = run(BARE, HSTS)

    assert (code, said) == (0, "")
    assert {key: bare[key] for key in ("id", "score", "grade")} == {"id": "nu", "score": 30, "grade": "D"}
    assert (hsts["score"], hsts["grade"]) == (50, "C")
    assert set(bare) == {"id", "score", "grade", "tests"}
    assert len(bare["tests"]) == 12
    assert bare["tests"]["x-frame-options"] == {
        "result": "x-frame-options-not-implemented",
        "pass": False,
        "scoreModifier": -20,
    }


def test_an_answer_without_a_grade(run):
    code, (said,), _ = run({**BARE, "status": 503})

    assert code == 0
    assert said == {"id": "nu", "error": "Site did respond with an unexpected HTTP status code 503."}


WRONG = [
    (b"{", "line 1: "),
    (b"[]", "line 1: the line is no object"),
    (b"\xff", "line 1: "),
    (b"[" * 100_000, "line 1: "),
    ({"status": "200"}, "line 1: status is no whole number"),
    ({"status": True}, "line 1: status is no whole number"),
    ({"headers": []}, "line 1: headers is no object"),
    ({"headers": {"a": 1}}, "line 1: headers.a is no text"),
    ({"headers": {"a": [{}]}}, "line 1: headers.a is no text"),
    ({"body": 1}, "line 1: body is no text"),
    ({"scheme": "ftp"}, "line 1: scheme is neither https nor http"),
    ({"site": None}, "line 1: site is no text"),
    ({"redirects": {}}, "line 1: redirects is no list"),
    ({"redirects": [1]}, "line 1: redirects is no object"),
    ({"redirects": [{"url": None}]}, "line 1: redirects.url is no text"),
    ({"redirects": [{"url": "http://["}]}, "line 1: redirects.url is no address"),
    ({"site": "["}, "line 1: site is no address"),
    ({"cors": 1}, "line 1: cors is no object"),
    ({"https": 1}, "line 1: https is no object"),
]


@pytest.mark.parametrize("line,error", WRONG)
def test_a_line_that_cannot_be_read_costs_itself_alone(run, line, error):
    code, (wrong, bare), said = run(line, BARE)

    assert code == 2
    assert wrong["id"] == 1
    assert wrong["error"].startswith(error)
    assert bare["id"] == "nu"
    assert "la ligne 1 n'a pas pu être lue" in said


def test_several_lines_that_cannot_be_read(run):
    code, lines, said = run(BARE, b"{", b"", b"}")

    assert (code, [line["id"] for line in lines]) == (2, ["nu", 2, 4])
    assert "2 lignes n'ont pas pu être lues, dont la ligne 2" in said


def test_a_preload_list(run):
    named = {**BARE, "site": "ecluse.port.example"}
    entry = b'{"name": "port.example", "mode": "force-https", "include_subdomains": true}'
    chromium = b"// notes\n{\n  // more\n" + b'"entries": [' + entry + b"]}"
    observatory = b'{"port.example": {"mode": "force-https", "includeSubDomains": true}}'

    for preload in (chromium, observatory):
        _, (said,), _ = run(named, preload=preload)
        assert said["tests"]["strict-transport-security"]["result"] == "hsts-preloaded"


@pytest.mark.parametrize("preload", [b"", b"[]", b"<html>", b'{"a": 1}'])
def test_what_is_no_preload_list(run, preload):
    code, lines, said = run(BARE, preload=preload)

    assert (code, lines) == (2, [])
    assert "hsts.json n'est pas une liste HSTS" in said


def test_a_file_that_is_not_there(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["headers", "absent.ndjson"])

    assert ended.value.code == 2
    assert "le fichier 'absent.ndjson' ne peut pas être lu" in capsys.readouterr().err


def test_answers_come_before_the_end_of_the_input():
    command = [sys.executable, "-c", "from reports.cli import main; main()", "headers"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin
        assert running.stdout
        for name in ("un", "deux"):
            running.stdin.write(json.dumps({**BARE, "id": name}) + "\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == name
        running.stdin.close()

    assert running.returncode == 0
