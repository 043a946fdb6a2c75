from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model.capture import Capture, FailureKind, FetchFailure
from crawler.archive import MAX_BODY
from crawler.failures import FetchFailedError
from crawler.rendering.page import Fetcher, ShownPage
from crawler.settings import USER_AGENT
from crawler.visit import Shown

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Playwright

TIME_LIMIT = 25.0
"""Seconds for one page, everything included."""

AT_ONCE = 2
"""Pages shown at the same time: each takes a core."""

DEATHS = 5
"""Times in a row that the browser may die before it is left alone."""

_GRACE = 3.0
_ARGUMENTS = (
    # Whatever escapes the answers given below finds no name and no proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-proxy-server",
    # WebRTC sends datagrams to the addresses that a page names, and heeds neither. A browser knows one of these two names.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--js-flags=--max-old-space-size=512",
)


class Browser:
    """One Chromium, started at the first page and again where it dies. Its methods all want the same event loop."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._starting = asyncio.Lock()
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._deaths = 0
        self._home = tempfile.TemporaryDirectory(prefix="toise-browser-", ignore_cleanup_errors=True)

    async def show(
        self, capture: Capture, fetch: Fetcher, counted: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Shown:
        """The page of a capture when its scripts have done their work, a time that is ``counted`` from the moment when its
        turn comes. Raises :class:`FetchFailedError`.

        A page that was lost to the death of the browser, perhaps by another page's fault, is shown once more.
        """
        async with self._seats:
            with counted():
                shown = await self._tried(capture, fetch) or await self._tried(capture, fetch)
        if shown is None:
            raise _failed(FailureKind.OTHER, "the browser died")
        if len(shown.html.encode()) > MAX_BODY:
            raise _failed(FailureKind.TOO_LARGE, f"more than {MAX_BODY} bytes once shown")
        return shown

    async def close(self) -> None:
        if self._chromium:
            await _within(_GRACE, self._chromium.close())
        if self._playwright:
            await _within(_GRACE, self._playwright.stop())
        self._chromium = self._playwright = None
        self._home.cleanup()

    async def _tried(self, capture: Capture, fetch: Fetcher) -> Shown | None:
        """``None`` when the browser died."""
        from playwright.async_api import Error  # noqa: PLC0415 - an optional part, slow to import

        chromium = None
        try:
            async with asyncio.timeout(TIME_LIMIT):
                chromium = await self._started()
                shown = await self._shown(chromium, capture, fetch)
        except TimeoutError as error:
            raise _failed(FailureKind.TIMEOUT, f"no page after {TIME_LIMIT:.0f} seconds of browser") from error
        except Error as error:
            if chromium is None or not chromium.is_connected():
                self._deaths += 1
                return None
            raise _failed(FailureKind.OTHER, f"browser: {error.message.partition(chr(10))[0]}") from error
        self._deaths = 0
        return shown

    async def _shown(self, chromium: Chromium, capture: Capture, fetch: Fetcher) -> Shown:
        context = await chromium.new_context(
            user_agent=USER_AGENT, locale="fr-FR", service_workers="block", accept_downloads=False
        )
        try:
            return await ShownPage(await context.new_page(), capture, fetch).shown()
        finally:
            await self._closed(chromium, context)

    async def _closed(self, chromium: Chromium, context: BrowserContext) -> None:
        """Closes the page of a context; a browser that does not manage it is of no use any more."""
        if not await _within(_GRACE, context.close()):
            await _within(_GRACE, chromium.close())

    async def _started(self) -> Chromium:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - idem

        async with self._starting:
            if self._chromium and self._chromium.is_connected():
                return self._chromium
            if self._deaths >= DEATHS:
                raise _failed(FailureKind.OTHER, f"the browser died {DEATHS} times in a row")
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            self._chromium = await self._playwright.chromium.launch(
                executable_path=self._program,
                args=_ARGUMENTS,
                chromium_sandbox=os.geteuid() != 0,  # which root has no right to
                env={"HOME": self._home.name, "PATH": os.environ.get("PATH", ""), "LANG": "fr_FR.UTF-8"},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            return self._chromium


async def _within(seconds: float, closing: object) -> bool:
    """Whether a farewell was said in time; what goes wrong while closing is of no interest."""
    with suppress(Exception):
        await asyncio.wait_for(closing, seconds)  # type: ignore[arg-type]
        return True
    return False


def _failed(kind: FailureKind, message: str) -> FetchFailedError:
    return FetchFailedError(FetchFailure(kind=kind, message=message))
