"""Every kind of page, in a browser: what axe-core finds, what the keyboard reaches, what a small screen or a large text does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from tests.reporting.hostile_run import HOSTILE, RUN, write_run
from tests.reporting.plain_run import site_of, toise

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = """async tags => (await axe.run({runOnly: tags, resultTypes: ['violations'], preload: false})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html.slice(0, 200)}`))"""
OPEN = "is => document.querySelectorAll('details').forEach(one => { one.open = is })"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_of(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_run(folder / "runs", HOSTILE.__getitem__)
    places = ("--database", f"sqlite:///{folder / 'toise.db'}", "--runs", str(folder / "runs"))
    toise("load", RUN, *places)
    toise("report", RUN, *places, "--output", str(folder / "site"))
    return folder / "site"


@pytest.fixture(scope="module")
def chromium(browser: Path) -> Iterator[Browser]:
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])


def kinds(site: Path, of_each: int = 1) -> list[Path]:
    """Every page that is the only one of its kind, and the longest of those that are many: each folder's, but its index."""
    alone, many = [], defaultdict(list)
    for path in sorted(site.rglob("*.html")):
        (alone if path.parent == site or path.name == "index.html" else many[path.parent]).append(path)
    longest = (sorted(paths, key=lambda path: -path.stat().st_size)[:of_each] for paths in many.values())
    return [*alone, *(path for paths in longest for path in paths)]


def faults(page: Page) -> list[str]:
    return page.evaluate(AXE, list(TAGS))


def found_by_axe(chromium: Browser, paths: list[Path], looks: list[tuple[str, int, bool]]) -> list[str]:
    """In each look: a scheme, a width, and whether what is folded is opened."""
    # Our pages allow no script but their own: axe is one more, and only a test may let it in.
    context = chromium.new_context(bypass_csp=True)
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    found = []
    for path in paths:
        page.goto(path.as_uri())
        for scheme, width, is_open in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(OPEN, is_open)
            found += [f"{path.name} {scheme} {width} {fault}" for fault in faults(page)]
    context.close()
    return found


def test_axe_finds_nothing_on_any_kind_of_page(chromium: Browser, plain: Path):
    looks = [(scheme, width, True) for scheme in ("light", "dark") for width in (320, 1280)]
    assert found_by_axe(chromium, kinds(plain), [("light", 1280, False), *looks]) == []


def test_axe_finds_nothing_where_every_text_is_hostile(chromium: Browser, hostile: Path):
    assert found_by_axe(chromium, kinds(hostile), [("light", 320, True)]) == []
