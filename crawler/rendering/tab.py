from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from checks.model.capture import Capture
from crawler.rendering.farewell import within
from crawler.rendering.page import Fetcher, ShownPage
from crawler.settings import USER_AGENT
from crawler.visit import Shown

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, CDPSession, Page, Route

# What the storage of the browser cannot clear from outside.
_OWN_MEMORY = "() => { window.name = ''; sessionStorage.clear(); }"


class Tab:
    """Shows the pages of one service, one after the other, each as if it were the first: cookies, storage and history are
    cleared in between. Tabs share nothing, so that no service sees what another one left.
    """

    def __init__(
        self, service: str, chromium: Chromium, context: BrowserContext, page: Page, tools: CDPSession
    ) -> None:
        self.service = service
        self.chromium = chromium
        self._context = context
        self._page = page
        self._tools = tools
        self._shown: ShownPage | None = None

    @classmethod
    async def opened(cls, chromium: Chromium, service: str) -> Tab:
        context = await chromium.new_context(
            user_agent=USER_AGENT, locale="fr-FR", service_workers="block", accept_downloads=False
        )
        try:
            page = await context.new_page()
            tab = cls(service, chromium, context, page, await context.new_cdp_session(page))
            await page.route("**/*", tab._answer)
        except BaseException:
            await within(context.close())
            raise
        return tab

    async def show(self, capture: Capture, fetch: Fetcher) -> Shown:
        """Raises :class:`FetchFailedError`, and what Playwright raises."""
        self._shown = ShownPage(self._page, capture, fetch)
        return await self._shown.shown()

    async def is_clear(self) -> bool:
        """Whether another page may be shown, as nothing of the last one is left."""
        last, self._shown = self._shown, None
        # One that opened others, or led elsewhere, may have left something where nobody looks.
        if last is None or last.has_led_on or len(self._context.pages) > 1:
            return False
        return await within(self._cleared(last.url))

    async def _cleared(self, url: str) -> None:
        await self._page.evaluate(_OWN_MEMORY)
        await self._page.goto("about:blank")
        parts = urlsplit(url)
        origin = {"origin": f"{parts.scheme}://{parts.netloc}", "storageTypes": "all"}
        await asyncio.gather(
            self._tools.send("Network.clearBrowserCookies"),
            self._tools.send("Storage.clearDataForOrigin", origin),
            self._tools.send("Page.resetNavigationHistory"),
        )

    async def close(self) -> None:
        """A browser that does not manage to close a tab is of no use any more."""
        if self.chromium.is_connected() and not await within(self._context.close()):
            await within(self.chromium.close())

    async def _answer(self, route: Route) -> None:
        if self._shown:
            await self._shown.answer(route)
        else:
            await within(route.abort("blockedbyclient"))
