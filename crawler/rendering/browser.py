from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model.capture import Capture, FailureKind, FetchFailure
from crawler.archive import MAX_BODY
from crawler.failures import FetchFailedError
from crawler.rendering.farewell import within
from crawler.rendering.launch import launched
from crawler.rendering.page import Fetcher
from crawler.rendering.seats import Seats
from crawler.rendering.tab import Tab
from crawler.visit import Shown

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Playwright

TIME_LIMIT = 25.0
"""Seconds for one page, everything included."""

AT_ONCE = 4
"""Pages shown at the same time by one crawling process, each for some 50 MB: they wait for the web, and to be sure that
nothing more comes, nine tenths of their time."""

DEATHS = 5
"""Times in a row that the browser may die before it is left alone."""


class Browser:
    """One Chromium, started at the first page and again where it dies. Its methods all want the same event loop."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._starting = asyncio.Lock()
        self._seats = Seats(AT_ONCE)
        self._idle: list[Tab] = []
        self._deaths = 0
        self._home = tempfile.TemporaryDirectory(prefix="toise-browser-", ignore_cleanup_errors=True)

    async def show(
        self, capture: Capture, fetch: Fetcher, counted: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Shown:
        """The page of a capture when its scripts have done their work, a time that is ``counted`` from the moment when its
        turn comes. Raises :class:`FetchFailedError`.

        A page that was lost to the death of the browser, perhaps by another page's fault, is shown once more.
        """
        async with self._seats.taken(capture.service):
            with counted():
                shown = await self._tried(capture, fetch) or await self._tried(capture, fetch)
        if shown is None:
            raise _failed(FailureKind.OTHER, "the browser died")
        if len(shown.html.encode()) > MAX_BODY:
            raise _failed(FailureKind.TOO_LARGE, f"more than {MAX_BODY} bytes once shown")
        return shown

    async def close(self) -> None:
        if self._chromium:
            await within(self._chromium.close())
        if self._playwright:
            await within(self._playwright.stop())
        self._chromium = self._playwright = None
        self._idle.clear()
        self._home.cleanup()

    async def _tried(self, capture: Capture, fetch: Fetcher) -> Shown | None:
        """``None`` when the browser died."""
        from playwright.async_api import Error  # noqa: PLC0415 - an optional part, slow to import

        chromium = tab = shown = None
        try:
            async with asyncio.timeout(TIME_LIMIT):
                chromium = await self._started()
                tab = await self._tab(chromium, capture.service)
                shown = await tab.show(capture, fetch)
        except TimeoutError as error:
            raise _failed(FailureKind.TIMEOUT, f"no page after {TIME_LIMIT:.0f} seconds of browser") from error
        except Error as error:
            if chromium is None or not chromium.is_connected():
                self._deaths += 1
                return None
            raise _failed(FailureKind.OTHER, f"browser: {error.message.partition(chr(10))[0]}") from error
        finally:
            if tab:
                await self._put_away(tab, is_sound=shown is not None)
        self._deaths = 0
        return shown

    async def _tab(self, chromium: Chromium, service: str) -> Tab:
        """One that showed a page of the same service; else a new one, in place of the one that is idle for longest."""
        known = next((tab for tab in self._idle if tab.service == service and tab.chromium is chromium), None)
        if known:
            self._idle.remove(known)
            return known
        if self._idle:
            await self._idle.pop(0).close()
        return await Tab.opened(chromium, service)

    async def _put_away(self, tab: Tab, *, is_sound: bool) -> None:
        if is_sound and await tab.is_clear():
            self._idle.append(tab)
        else:
            await tab.close()

    async def _started(self) -> Chromium:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - idem

        async with self._starting:
            if self._chromium and self._chromium.is_connected():
                return self._chromium
            if self._deaths >= DEATHS:
                raise _failed(FailureKind.OTHER, f"the browser died {DEATHS} times in a row")
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            self._chromium = await launched(self._playwright, self._program, self._home.name)
            return self._chromium


def _failed(kind: FailureKind, message: str) -> FetchFailedError:
    return FetchFailedError(FetchFailure(kind=kind, message=message))
