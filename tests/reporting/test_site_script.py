"""The tables of a site with the script that sorts, searches and filters them, under the policy of the pages themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.reporting.plain_run import INCUBATORS

ALL = [
    *("À bicyclette", "Bac de rivière", "Carnet de verger", "Digues suivies", "École ouverte"),
    *("Guichet des dunes", "Halte fluviale", "Inventaire des haies"),
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    yield page
    assert said == []
    context.close()


@pytest.fixture(scope="module")
def listed(plain: Path) -> str:
    return (plain / "services" / "index.html").as_uri()


def shown(page: Page) -> list[str]:
    return page.locator("tbody tr:visible > th").all_inner_texts()


def status(page: Page) -> str:
    return page.locator("[role=status]").first.inner_text()


def test_without_the_script_everything_is_there_and_nothing_is_dead(chromium: Browser, listed: str, page: Page):
    page.goto(listed)
    assert page.locator("button.sort").count() > 24
    context = chromium.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(listed)
    assert shown(bare) == shown(page) == ALL
    assert bare.locator("button, input, select, .tools").count() == 0
    context.close()


def test_a_column_is_sorted_both_ways_and_says_so(page: Page, listed: str):
    page.goto(listed)
    page.get_by_role("button", name="À corriger", exact=True).click()
    assert shown(page)[0] == "Carnet de verger", "the one that has most to mend"
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("À corriger")
    assert status(page) == "8 sur 8. Trié par À corriger, décroissant."
    page.get_by_role("button", name="À corriger", exact=True).click()
    assert shown(page)[-1] == "Carnet de verger"
    assert page.locator("[aria-sort]").count() == 1
    page.get_by_role("button", name="Service", exact=True).click()
    assert shown(page) == ALL
    page.get_by_role("button", name="Trier par Mention d'accessibilité").click()
    signs = page.locator("tbody td:nth-child(5)").all_inner_texts()
    assert [sign[0] for sign in signs] == sorted((sign[0] for sign in signs), key="✗?✓–·".index)


def test_figures_are_sorted_as_numbers(page: Page, plain: Path):
    page.goto((plain / "incubators" / "index.html").as_uri())
    page.locator("button.sort").nth(3).click()
    ranks = page.locator("tbody td:nth-child(4)").evaluate_all("all => all.map(one => one.dataset.rank)")
    known = [float(rank) for rank in ranks if rank is not None]
    assert known == sorted(known)
    assert len(set(known)) > 1
    assert None not in ranks[: len(known)], "what has no figure is last"


def test_a_search_heeds_neither_case_nor_accents(page: Page, listed: str):
    page.goto(listed)
    page.get_by_role("searchbox", name="Chercher", exact=True).fill("ECOLE  ouv")
    page.wait_for_url("**#q=*")
    assert shown(page) == ["École ouverte"]
    assert status(page) == "1 sur 8."
    page.get_by_role("button", name="Tout afficher").click()
    assert shown(page) == ALL
    assert page.evaluate("document.activeElement.type") == "search"
    assert not page.get_by_role("button", name="Tout afficher").is_visible()


def test_filters_add_up_and_a_link_shows_the_same(page: Page, listed: str):
    page.goto(listed)
    page.get_by_role("combobox", name="Incubateur", exact=True).select_option(INCUBATORS[0])
    page.get_by_role("combobox", name="Règle", exact=True).select_option("hsts")
    page.wait_for_url("**rule=*")
    assert page.get_by_role("combobox", name="Résultat", exact=True).input_value() == "failed", (
        "who asks for a rule asks what is to be mended"
    )
    page.get_by_role("button", name="Service", exact=True).click(click_count=2)
    found = shown(page)
    assert "Carnet de verger" in found
    assert len(found) < len(ALL)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert shown(page) == found == sorted(found, reverse=True)
    assert page.get_by_role("combobox", name="Incubateur", exact=True).input_value() == INCUBATORS[0]


def test_a_fragment_that_means_nothing_hides_nothing(page: Page, listed: str):
    page.goto(f"{listed}#rule=<b>&outcome=never&phase=%ZZ&sort=__proto__&q=")
    assert shown(page) == ALL
    page.goto(f"{listed}#outcome=failed&q=carnet")
    assert shown(page) == ["Carnet de verger"]
    page.evaluate("location.hash = '#contenu'")
    assert shown(page) == ["Carnet de verger"], "the place of something is not another question"


def test_the_keyboard_sorts_and_keeps_its_place(page: Page, listed: str):
    page.goto(listed)
    page.get_by_role("button", name="Phase", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Phase")
    page.keyboard.press("Space")
    assert page.locator("th[aria-sort=descending] :focus").count() == 1


def test_what_a_link_leads_to_is_opened(page: Page, plain: Path):
    path = plain / "services" / "service-0.html"
    page.goto(path.as_uri())
    folded = page.locator("details.line").first.get_attribute("id")
    page.goto(f"{path.as_uri()}#{folded}")
    assert page.locator(f"#{folded}").evaluate("one => one.open")
