"""What changed since the run before, on the site: its own page, the pages of incubators, the feeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from reports.cli.reporting import report_stage
from reports.render.pages import changes
from tests.reporting.loaded_runs import STOPPED, Runs, service

RULES = {"https": "active", "statistics-page": "active"}


def says(https: str, statistics: str = "passed") -> dict[str, str]:
    return {"https": https, "statistics-page": statistics}


@pytest.fixture
def runs(tmp_path):
    made = Runs(tmp_path)
    yield made
    made.engine.dispose()


def site_of(runs: Runs, run, tmp_path: Path) -> Path:
    return report_stage(run, runs.engine, tmp_path / "nowhere", tmp_path / "site").parent


def page_of(site: Path, path: str) -> html.HtmlElement:
    return html.fromstring((site / path).read_bytes())


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(page: html.HtmlElement, heading: str) -> list[str]:
    return [text_of(row) for row in page.xpath(f"//h2[@id='{heading}']/following::table[1]/tbody/tr")]


@pytest.fixture
def site(runs, tmp_path):
    old = {service("a"): says("passed"), service("b"): says("failed"), service("c"): says("passed", "cantTell")}
    new = {service("a"): says("failed"), service("b"): says("passed"), service("c"): says("cantTell", "failed")}
    runs.add("run-1", 1, {**old, service("gone"): says("passed")}, rules=RULES)
    run = runs.add("run-2", 2, {**new, service("come"): says("failed")}, rules=RULES)
    return site_of(runs, run, tmp_path)


def test_each_kind_of_change_is_listed_with_its_cause(site):
    page = page_of(site, "changements.html")
    (worse,) = rows(page, "worse")
    assert "✓ Respecté" in worse
    assert "✗ Non respecté" in worse
    assert worse.endswith("le site a changé")
    unread = [row for kind in ("undecided", "decided") for row in rows(page, kind)]
    assert all(row.endswith("le site a changé, ou n'a pas été lu de la même façon") for row in unread), unread
    assert [len(rows(page, kind)) for kind in ("worse", "better", "undecided", "decided")] == [1, 1, 1, 1]
    assert page.xpath("//h2[@id='worse']/following::table[1]//th/a/@href") == ["services/a.html#https"]
    assert text_of(page.xpath("//h2[@id='entered']/following-sibling::ul[1]")[0]) == "Service come"
    assert text_of(page.xpath("//h2[@id='left']/following-sibling::ul[1]")[0]) == "Service gone"


def test_an_incubator_sees_its_own_changes_and_has_its_feed(site):
    page = page_of(site, "incubators/dinum.html")
    changed = [text_of(row) for row in page.xpath("//table[caption/@id='changements']/tbody/tr")]
    assert [row.split()[1] for row in changed] == ["a", "b"], "what got worse comes first"
    assert page.xpath("//a[contains(@href, '.atom')]/@href") == ["../feeds/dinum.atom"]
    assert (site / "feeds" / "dinum.atom").read_text("utf-8").count("<entry>") == 4


def test_a_long_list_says_how_many_it_leaves_out(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(changes, "SHOWN", 1)
    names = ("a", "b", "c")
    runs.add("run-1", 1, {service(name): says("passed") for name in names}, rules=RULES)
    run = runs.add("run-2", 2, {service(name): says("failed") for name in names}, rules=RULES)
    page = page_of(site_of(runs, run, tmp_path), "changements.html")
    assert len(rows(page, "worse")) == 1
    assert "(3)" in text_of(page.get_element_by_id("worse"))
    assert "et 2 autres, dans les données publiées." in text_of(page)


def test_without_a_run_before_it_says_so(runs, tmp_path):
    run = runs.add("run-1", 1, {service("a"): says("passed")}, rules=RULES)
    page = page_of(site_of(runs, run, tmp_path), "changements.html")
    assert "il n’y a rien à quoi comparer" in text_of(page)


def test_where_nothing_changed_it_says_so(runs, tmp_path):
    runs.add("run-1", 1, {service("a"): says("passed"), service("z", phases=STOPPED): {}}, rules=RULES)
    run = runs.add("run-2", 2, {service("a"): says("passed"), service("z", phases=STOPPED): {}}, rules=RULES)
    assert "Rien n’a changé." in text_of(page_of(site_of(runs, run, tmp_path), "changements.html"))


def test_figures_are_not_compared_with_an_audit_of_other_services(runs, tmp_path):
    """Nor drawn on one line with it; what it said of each service is history all the same."""
    some = [service(f"s{number:02}", urls=("https://a.invalid/",)) for number in range(20)]
    runs.add("run-1", 1, {one: says("failed") for one in some}, rules=RULES)
    only = {"only": [one.id for one in some[:12]]}
    run = runs.add("run-2", 2, {one: says("passed") for one in some[:12]}, rules=RULES, settings=only)
    built = site_of(runs, run, tmp_path)
    said = text_of(page_of(built, "bilan.html"))
    assert "Aucun audit antérieur ne permet de comparer" in said
    assert "seul audit qui donne ce chiffre en pourcentage" in said
    assert "En hausse" not in said
    assert "Non respecté, le 2 novembre 2026 (1 audit)" in text_of(page_of(built, "services/s00.html"))
