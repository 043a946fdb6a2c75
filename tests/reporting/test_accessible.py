"""Every kind of page, in a browser: what axe-core finds, what the keyboard reaches, what a small screen or a large text does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Route

from reports.render.theme import PACKAGE
from tests.reporting.hostile_run import HOSTILE, RUN, write_run
from tests.reporting.plain_run import LAST, toise

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ORIGIN = "https://toise.invalid"
Look = tuple[str, int, bool]
"""A colour scheme, a width, and whether what folds is opened; contrast, slow to tell, is only told of what is opened, and
is all that another scheme can change."""
LOOKS: tuple[Look, ...] = (
    ("light", 1280, False),
    *((scheme, width, True) for scheme in ("light", "dark") for width in (320, 1280)),
)
CONTRAST = ("color-contrast", "link-in-text-block")
AXE = """async ([asked, isOpen]) => (await axe.run({
    runOnly: asked, resultTypes: ['violations'], preload: false, rules: {'color-contrast': {enabled: isOpen}},
})).violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html.slice(0, 200)}`))"""
OPEN = "is => document.querySelectorAll('details').forEach(one => { one.open = is })"
UNFOLD = f"({OPEN})(true)"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
REACHABLE = """() => { window.reachable = [...document.querySelectorAll(
    'a[href], button, input, select, summary, [tabindex="0"]')].filter(one => one.checkVisibility()) }"""
REACHED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    return [window.reachable.indexOf(one), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
}"""
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""  # WCAG 1.4.12
CLIPPED = """() => [...document.querySelectorAll('body *:not(.unseen)')].filter(one => {
    const { overflowX, overflowY } = getComputedStyle(one);
    const box = one.getBoundingClientRect(), head = one.closest('th.rule')?.getBoundingClientRect();
    return (overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1)
        || (overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1)
        || (head && !one.closest('.sort') && (box.left < head.left - 1 || box.right > head.right + 1));
}).map(one => one.outerHTML.slice(0, 200))"""
MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
    const style = getComputedStyle(one);
    return style.scrollBehavior === 'smooth' || style.animationName !== 'none' || style.transitionDuration !== '0s';
}).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_run(folder / "runs", HOSTILE.__getitem__)
    places = ("--database", f"sqlite:///{folder / 'toise.db'}", "--runs", str(folder / "runs"))
    toise("load", RUN, *places)
    toise("report", RUN, *places, "--output", str(folder / "site"))
    return folder / "site"


@pytest.fixture(scope="module")
def pages(plain: Path) -> list[Path]:
    return kinds(plain)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    # Our pages allow no script nor style but their own: axe is one more, and only a test may let it in.
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(AXE_SCRIPT)
    yield context.new_page()
    context.close()


def kinds(site: Path) -> list[Path]:
    """Every page that is the only one of its kind, and the longest of those that are many: each folder's, but its index."""
    alone, many = [], defaultdict(list)
    for path in sorted(site.rglob("*.html")):
        (alone if path.parent == site or path.name == "index.html" else many[path.parent]).append(path)
    return [*alone, *(max(paths, key=lambda path: path.stat().st_size) for paths in many.values())]


def found_by_axe(page: Page, site: Path, paths: Iterable[Path], looks: Iterable[Look], asked: str = "") -> list[str]:
    """The site is answered by ourselves, as a server would: its page of errors names its style from the root."""

    def answer(route: Route) -> None:
        file = site / unquote(urlsplit(route.request.url).path).lstrip("/")
        route.fulfill(path=file) if file.is_file() else route.abort()

    page.route(f"{ORIGIN}/**", answer)
    found = []
    for address in (quote(path.relative_to(site).as_posix()) for path in paths):
        page.goto(f"{ORIGIN}/{address}{asked}")
        for scheme, width, is_open in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(OPEN, is_open)
            asked_of_axe = TAGS if scheme == "light" else CONTRAST
            found += [
                f"{address[-40:]} {scheme} {width} {fault}" for fault in page.evaluate(AXE, [asked_of_axe, is_open])
            ]
    return found


def test_axe_finds_nothing_on_any_kind_of_page(page: Page, plain: Path, pages: list[Path]):
    assert len(pages) > 12
    assert found_by_axe(page, plain, pages, LOOKS) == []


def test_axe_finds_nothing_where_every_text_is_hostile(page: Page, hostile: Path):
    assert found_by_axe(page, hostile, kinds(hostile), [("light", 320, True)]) == []


def test_axe_finds_nothing_in_a_table_that_is_sorted_and_filtered(page: Page, plain: Path):
    asked = "#rule=hsts&outcome=failed&sort=-1"
    looks = [("light", 320, True), ("dark", 1280, True)]
    assert found_by_axe(page, plain, [plain / "services" / "index.html"], looks, asked) == []
    assert page.locator("[aria-sort]").count() == 1


def test_axe_finds_nothing_in_the_clothes_of_the_state(page: Page, plain: Path):
    pytest.importorskip("dsfr", reason=f"{PACKAGE} comes with the development group")
    site = plain.with_name("dsfr")
    folder = plain.parent
    places = ("--database", f"sqlite:///{folder / 'toise.db'}", "--runs", str(folder / "runs"))
    toise("report", LAST, *places, "--output", str(site), "--theme", "dsfr")
    looks = [("light", 1280, True), ("dark", 320, True)]
    assert found_by_axe(page, site, [site / "index.html", site / "services" / "service-0.html"], looks) == []
    assert page.evaluate("document.fonts.check('1rem Marianne')")


def test_nothing_scrolls_sideways_on_a_small_screen_or_at_four_times_the_size(page: Page, pages: list[Path]):
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 % (WCAG 1.4.10)
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate(UNFOLD)
        assert page.evaluate(SIDEWAYS) <= 0, path


def test_more_space_in_the_text_clips_nothing(page: Page, pages: list[Path]):
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate(UNFOLD)
        page.add_style_tag(content=SPACING)
        assert page.evaluate(CLIPPED) == [], path
        assert page.evaluate(SIDEWAYS) <= 0, path


@pytest.mark.parametrize("name", ["index.html", "services/index.html", "services/service-0.html"])
def test_the_keyboard_reaches_everything_in_the_order_of_the_page(page: Page, plain: Path, name: str):
    page.goto((plain / name).as_uri())
    page.evaluate(REACHABLE)
    count = page.evaluate("window.reachable.length")
    assert count > 20
    for place in range(count):
        page.keyboard.press("Tab")
        assert page.evaluate(REACHED) == [place, True]
    page.keyboard.press("Tab")
    assert page.evaluate(REACHED)[0] in {-1, 0}, "the page lets go"


def test_the_first_link_leads_to_the_content(page: Page, plain: Path):
    page.goto((plain / "services" / "index.html").as_uri())
    page.keyboard.press("Tab")
    box = page.locator(":focus").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_nothing_moves_for_who_asked_so(page: Page, pages: list[Path]):
    page.goto(pages[-1].as_uri())
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert len(page.evaluate(MOVING)) == 1, "only the way to a place of the page"


def test_forced_colours_keep_what_colours_say(page: Page, plain: Path):
    page.goto((plain / "services" / "service-2.html").as_uri())
    page.emulate_media(forced_colors="active")
    assert page.evaluate("getComputedStyle(document.querySelector('.line')).borderTopWidth") == "1px"
    assert page.locator(".line.failed .outcome").first.inner_text() == "✗ Non respecté"


def test_paper_says_how_to_mend_and_has_no_controls(page: Page, plain: Path):
    page.goto((plain / "services" / "service-0.html").as_uri())
    folded = page.locator(".line.failed > .more > details").first.locator("p, ul").first
    assert not folded.evaluate("one => one.checkVisibility()")
    page.emulate_media(media="print")
    assert folded.evaluate("one => one.getBoundingClientRect().height > 0 && one.checkVisibility()")
    assert not page.locator("details.line.passed .said").first.evaluate("one => one.checkVisibility()")
    page.goto((plain / "services" / "index.html").as_uri())
    assert not page.locator(".tools").is_visible()
