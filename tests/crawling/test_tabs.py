"""Tabs of the browser: kept for the pages of one service, and empty of what the last page left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crawler.rendering import farewell
from crawler.rendering import page as shown_page
from crawler.rendering.tab import Tab
from tests.crawling.test_browser import QUIET, Web, capture, show

TELLS = """<body><script type=module>
const found = async () => [document.cookie, {...localStorage}, {...sessionStorage}, window.name, history.length, history.state,
  (await indexedDB.databases()).length, (await caches.keys()).length, document.referrer, document.visibilityState, innerHeight];
document.body.append('Trouvé : ' + JSON.stringify(await found()));
document.cookie = 'a=1; max-age=1000'; document.cookie = 'b=1; domain=bac.example; max-age=1000';
localStorage.a = sessionStorage.a = window.name = 'a';
for (let i = 0; i < 3; i++) history.pushState({i}, '', '#' + i);
await caches.open('a'); await new Promise((done) => { indexedDB.open('a').onsuccess = done; });
document.body.append('Rempli : ' + JSON.stringify(await found()));
setInterval(() => { localStorage.b = sessionStorage.b = document.cookie = 'b=' + Date.now(); }, 1);
</script>"""


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The services for which a tab was opened."""
    monkeypatch.setattr(shown_page, "_QUIET", 0.75)  # nothing comes late here
    monkeypatch.setattr(farewell, "GRACE", 20.0)  # on a busy machine, a tab that is slow to clear is given up
    services: list[str] = []
    really = Tab.opened

    async def noted(chromium, service: str) -> Tab:
        services.append(service)
        return await really(chromium, service)

    monkeypatch.setattr(Tab, "opened", noted)
    return services


def test_a_page_finds_nothing_of_the_page_before_it(browser, opened):
    page = capture(TELLS, "https://quai.bac.example/")
    other = replace(page, service="voisin")

    shown = show(browser, page, page, other)

    found = [re.findall(r"(?:Trouvé|Rempli) : (\[.*?\])", one) for one in shown]
    assert [len(one) for one in found] == [2, 2, 2], shown
    assert found[0][0] != found[0][1]
    assert found[1] == found[2] == found[0]
    assert opened == ["bac", "voisin"]


@pytest.mark.parametrize(
    "html",
    ["<script>window.open('/')</script><p>Le bac", "<meta http-equiv=refresh content='0; url=/ailleurs'>"],
    ids=["opens another", "leads on"],
)
def test_a_tab_that_was_elsewhere_is_not_kept(browser, opened, html):
    shown = show(browser, capture(html), QUIET, web=Web(ailleurs="<p>Le bac"))

    assert all("Le bac" in one for one in shown), shown
    assert opened == ["bac", "bac"]
