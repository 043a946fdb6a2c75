"""The feeds of a site: one for each incubator, of what its last runs changed."""

from __future__ import annotations

import pytest
from lxml import etree

from checks.catalogue import BY_ID
from reports.cli import reporting as module
from reports.cli.reporting import changes_of
from reports.cli.since import since
from reports.render import feeds as rendered
from reports.render.addresses import Addresses
from reports.render.feeds import Feeds
from reports.store.past import earlier_runs
from tests.reporting.loaded_runs import STOPPED, Runs, service

A = service("a")
B = service("b", incubators=("anct", "dinum"))
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def says(https: str) -> dict[str, str]:
    return {"https": https, "statistics-page": https}


@pytest.fixture
def runs(tmp_path):
    """Five runs, each of which says the contrary of the one before for ``a``; ``b`` falls once, the second time."""
    made = Runs(tmp_path)
    turns = ("passed", "failed", "passed", "failed", "passed")
    stopped = service("stop"), service("stop", phases=STOPPED)
    trial = {"https": "active", "statistics-page": "evaluation"}
    for day, said in enumerate(turns):
        one = made.add(
            f"run-{day}", day,
            {A: says(said), B: says("passed" if day < 2 else "failed"), stopped[day == 4]: {} if day == 4 else says("passed")},
            rules=trial,
        )  # fmt: skip
    yield made, one
    made.engine.dispose()


def read(runs: Runs, run, base: str) -> dict[str, etree._Element]:
    pages = Addresses(
        base=base, services={"a": "a", "b": "b"}, incubators={"anct": "anct", "dinum": "dinum", "vide": "v%2F"}
    )
    feeds = Feeds(run, BY_ID, pages)
    earlier = earlier_runs(runs.engine, run)
    with since(runs.engine, earlier[0], run, None) as (found, _):
        for one in changes_of(runs.engine, found, earlier):
            feeds.add(one)
    return {path: etree.fromstring(text.encode()) for path, text in feeds.files()}


def entries(root: etree._Element) -> list[tuple[str, str]]:
    return [
        (entry.findtext("a:updated", namespaces=ATOM)[:10], entry.findtext("a:title", namespaces=ATOM))
        for entry in root.findall("a:entry", ATOM)
    ]


def test_a_feed_tells_of_several_runs_the_latest_first(runs):
    made, run = runs
    found = read(made, run, "../")

    assert list(found) == ["feeds/anct.atom", "feeds/dinum.atom", "feeds/v%2F.atom"]
    days = [day for day, _ in entries(found["feeds/dinum.atom"])]
    assert days == ["2026-11-05", "2026-11-04", "2026-11-03", "2026-11-03", "2026-11-02"], "rules on trial are left out"
    ((day, title),) = entries(found["feeds/anct.atom"])
    assert day == "2026-11-03"
    assert title.endswith("Connexion chiffrée (https), Respecté → Non respecté")
    assert entries(found["feeds/v%2F.atom"]) == []
    (summary,) = found["feeds/anct.atom"].xpath("//a:summary/text()", namespaces=ATOM)
    assert summary.startswith("Le site a changé. ")
    assert BY_ID["https"].messages["no-redirect"].replace(" ", "") in summary.replace("\N{NO-BREAK SPACE}", "").replace(
        " ", ""
    )
    ids = found["feeds/dinum.atom"].xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)


def test_ids_stay_whatever_is_published_later(runs):
    made, run = runs
    (earlier, *_) = earlier_runs(made.engine, run)
    before, after = (read(made, one, "../")["feeds/anct.atom"] for one in (earlier, run))

    assert before.xpath("//a:id/text()", namespaces=ATOM) == after.xpath("//a:id/text()", namespaces=ATOM)


@pytest.mark.parametrize("base", ["../", "https://toise.example.org/x/"])
def test_links_lead_to_the_site(runs, base):
    root = read(*runs, base)["feeds/v%2F.atom"]
    assert root.xpath("a:link/@href", namespaces=ATOM) == [
        f"{base}feeds/v%252F.atom",
        f"{base}incubators/v%252F.html",
    ]
    links = read(*runs, base)["feeds/anct.atom"].xpath("a:entry/a:link/@href", namespaces=ATOM)
    assert links == [f"{base}services/b.html#https"]


def test_a_service_that_has_no_incubator_and_is_gone_stops_no_feed(tmp_path):
    made, alone = Runs(tmp_path), service("seul", incubators=())
    made.add("run-0", 0, {A: says("passed"), alone: says("passed")})
    made.add("run-1", 1, {A: says("passed"), alone: says("failed")})
    run = made.add("run-2", 2, {A: says("failed")})
    found = read(made, run, "../")["feeds/dinum.atom"]
    made.engine.dispose()

    assert [day for day, _ in entries(found)] == ["2026-11-03", "2026-11-03"]


def test_a_feed_has_an_end(runs, monkeypatch):
    monkeypatch.setattr(rendered, "ENTRIES", 3)
    assert len(entries(read(*runs, "../")["feeds/dinum.atom"])) == 3


def test_how_far_back_a_feed_goes(runs, monkeypatch):
    monkeypatch.setattr(module, "PAST", 1)
    assert [day for day, _ in entries(read(*runs, "../")["feeds/dinum.atom"])] == ["2026-11-05", "2026-11-04"]
