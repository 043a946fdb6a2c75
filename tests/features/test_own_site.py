"""The site of a report is held to the rules that it publishes: it is served with the headers it ships, then checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from lxml import html

from checks.catalogue import RULES
from checks.model.outcome import Outcome
from checks.model.verdict import Verdict
from reports.cli import main
from reports.publisher import reading
from tests.crawling.conftest import enter
from tests.crawling.local_web import Handler, local_web, page, site
from tests.features.static_host import headers_for, rules_of, static_host
from tests.forge_answers import github
from tests.reporting.hostile_run import RUN, harmless, write_run

PUBLISHER = Path(reading.__file__).with_name("sample.toml")
AS_OF = "2026-11-23"
STATISTICS = "<h1>Statistiques du site</h1><p>12 400 visites en 2026</p><ul><li>3 100 utilisateurs</li></ul>"
BUDGET = "<h1>Budget du site</h1><p>En 2026, ce service a coûté 42 000 € : 40 000 € de développement, 2 000 € d'hébergement.</p>"
SCHEMA = "<h1>Schéma pluriannuel d'accessibilité 2026-2028</h1><h2 id='plan-2026'>Plan d'action 2026</h2>"


def toise(*args: str) -> tuple[object, str, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(args)
    return ended.value.code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_run(folder / "runs", harmless)
    places = ("--database", f"sqlite:///{folder / 'toise.db'}", "--runs", str(folder / "runs"))
    assert toise("load", RUN, *places)[0] == 0
    code, _, err = toise("report", RUN, *places, "--output", str(folder / "site"), "--publisher", str(PUBLISHER))
    assert (code, err) == (0, "")
    return folder / "site"


def others() -> Mapping[str, Handler]:
    """What the publisher shows elsewhere."""
    answers = {
        "/accessibilite/schema-pluriannuel": SCHEMA,
        "/toise/statistiques": STATISTICS,
        "/toise/budget": BUDGET,
        "/": "<h1>Atelier</h1>",
    }
    repository = github(
        full_name="atelier-de-la-mesure/toise", html_url="https://github.com/atelier-de-la-mesure/toise"
    )
    api = {"/repos/atelier-de-la-mesure/toise": page(repository, headers=["Content-Type: application/json"])}
    return {"atelier-de-la-mesure.example": site(answers), "api.github.com": site(api)}


@pytest.fixture(scope="module")
def checked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Verdict]]:
    with local_web(tmp_path_factory.mktemp("web")) as web, pytest.MonkeyPatch.context() as monkeypatch:
        web.hosts.update({"toise.example": static_host(built), **others()})
        enter(web, monkeypatch)
        command = ("check", "https://toise.example/", "--allow-private", "--as-of", AS_OF, "--render", "never")
        code, out, err = toise(*command, "--format", "json")
        assert code == 0, err
        verdicts = (Verdict.from_json(json.loads(line)) for line in out.splitlines())
        yield {verdict.rule: verdict for verdict in verdicts}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_the_site_keeps_the_rule(checked: Mapping[str, Verdict], rule: str):
    verdict = checked[rule]
    assert verdict.outcome is Outcome.PASSED, verdict.to_line()


def test_its_headers_have_the_best_grade(checked: Mapping[str, Verdict]):
    graded = checked["security-headers"]
    assert (graded.value, graded.warnings) == ("A+", ())
    assert [name for name, test in graded.facts["tests"].items() if not test["pass"]] == []
    assert graded.facts["score"] >= 120


def test_nothing_is_held_against_it_but_what_the_test_brings(checked: Mapping[str, Verdict]):
    """A certificate of nine days, pages of the publisher's elsewhere, no registry to name them, and the day of the sample."""
    said = {warning for verdict in checked.values() for warning in verdict.warnings}
    brought = {"certificate-expires-soon", "external-host", "not-in-registry", "expires-far"}
    assert said - brought == {"by-meta"}, "pages read from a disk have no headers, so that they say it too"


def test_no_header_is_given_twice(built: Path):
    """Hosts differ on what they make of it: one value, the other, or both."""
    rules = rules_of((built / "_headers").read_text("utf-8"))
    files = (file.relative_to(built).as_posix() for file in built.rglob("*") if file.is_file())
    for path in ("/", "/badges/a/b.svg", "/feeds/a.atom", *(f"/{name}" for name in files)):
        names = [name for name, _ in headers_for(path, rules)]
        assert len(names) == len(set(names)), path
        assert "Content-Security-Policy" in names


def test_the_policy_of_pages_allows_no_more_than_that_of_the_header(built: Path):
    policy = dict(headers_for("/", rules_of((built / "_headers").read_text("utf-8"))))["Content-Security-Policy"]
    meta = html.fromstring((built / "index.html").read_bytes()).xpath("string(//meta[@http-equiv]/@content)")
    assert set(meta.replace(" file:", "").split("; ")) == set(policy.split("; ")) - {"frame-ancestors 'none'"}
