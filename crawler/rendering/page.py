from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from checks.model.address import is_same_site, split
from checks.model.capture import Capture, FailureKind, FetchFailure
from crawler.failures import FetchFailedError
from crawler.visit import Shown

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Route

PARTS = 80
"""Scripts and data fetched for one page; the heaviest applications of the network load about fifty."""

MAX_BYTES = 32 * 1024 * 1024
"""Bytes of these, unpacked; such applications weigh five."""

_LOOK = 0.25
_QUIET = 1.5
"""Seconds without a request or a change, after which a page is taken for finished."""

_CALM = 0.5
"""Seconds idem, after which the page is scrolled to its foot, once: an endless page would never stop growing."""

_PATIENCE = 12.0
"""Seconds for a page to come to rest; one that never does is taken as it stands."""

_ASSETS = {"script", "xhr", "fetch", "document", "other"}
_NOT_FORWARDED = re.compile(
    r"^(?:host|cookie|connection|content-length|accept-encoding|origin|referer|sec-.*|user-agent)$"
)
_NOT_PASSED_ON = re.compile(r"^(?:content-(?:encoding|length)|transfer-encoding|connection|keep-alive|alt-svc|link)$")

# The words of web components stand in trees of their own, which the page's own text does not hold.
_CONTENT = """() => {
  const unfold = (root) => {
    for (const host of [...root.querySelectorAll('*')].filter((element) => element.shadowRoot)) {
      unfold(host.shadowRoot);
      const box = document.createElement('div');
      box.append(...[...host.shadowRoot.childNodes].map((node) => node.cloneNode(true)));
      host.append(box);
    }
  };
  unfold(document);
  return '<!DOCTYPE html>' + document.documentElement.outerHTML;
}"""
_TO_THE_FOOT = """() => {
  window.scrollTo({top: document.documentElement?.scrollHeight ?? 0, behavior: 'instant'});
  window.dispatchEvent(new Event('scroll'));
}"""
_SIZE = "() => [document.getElementsByTagName('*').length, document.documentElement?.textContent.length]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request that a page makes."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_script: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The answer to a request of a page; ``body`` is decoded."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Fetcher = Callable[[Ask], Awaitable[Part | None]]
"""Answers a request of a page: ``None`` where nothing came, which is said of the page."""


class ShownPage:
    """One page in the browser, from its capture to what a visitor sees of it. ``has_led_on``: to another address.

    Scripts and data of the page's own site are fetched, at most :data:`PARTS` and :data:`MAX_BYTES`; style sheets are empty,
    and pictures, fonts and everything of other sites is refused.
    """

    def __init__(self, page: Page, capture: Capture, fetch: Fetcher) -> None:
        self._page = page
        self._capture = capture
        self._fetch = fetch
        self._parts = 0
        self._bytes = 0
        self._missing = 0
        self._pending = 0
        self._awaited = 0
        self.has_led_on = False

    @property
    def url(self) -> str:
        return self._capture.url

    async def shown(self) -> Shown:
        """Raises :class:`FetchFailedError` for a page that led to nothing: what stands there then is the browser's own."""
        await self._page.goto(self._capture.url, wait_until="commit")
        await self._rested()
        if split(self._page.url) is None:
            message = f"the page leads to an address that was not shown ({self._page.url.partition(':')[0]}:)"
            raise FetchFailedError(FetchFailure(kind=FailureKind.OTHER, message=message))
        html = await self._page.evaluate(_CONTENT)
        return Shown(url=self._page.url, html=html, missing=self._missing + self._awaited)

    async def _rested(self) -> None:
        """Waits until nothing is asked and nothing changes any more, the foot having been looked at, as some come late."""
        quiet, last, is_at_foot = 0.0, None, False
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while quiet < _QUIET:
                    await asyncio.sleep(_LOOK)
                    now = await self._evaluated(_SIZE)
                    is_still = now == last and not self._pending
                    quiet, last = (quiet + _LOOK if is_still else 0.0), now
                    if quiet >= _CALM and not is_at_foot:
                        is_at_foot = await self._evaluated(_TO_THE_FOOT) is None

    async def _evaluated(self, script: str) -> object:
        from playwright.async_api import Error  # noqa: PLC0415 - an optional part, slow to import

        try:
            return await self._page.evaluate(script)
        except Error:
            if self._page.is_closed():
                raise
            return object()  # it leaves for another address: a change like any other

    async def answer(self, route: Route) -> None:
        from playwright.async_api import Error  # noqa: PLC0415 - an optional part, slow to import

        self._pending += 1
        try:
            await self._answered(route, route.request)
        except Error:
            pass  # the page is gone, and its request with it
        finally:
            self._pending -= 1

    async def _answered(self, route: Route, request: Request) -> None:
        if self._is_page(request):
            page = self._capture
            await route.fulfill(status=page.status, headers=_passed_on(page.headers), body=page.body)
        elif request.resource_type == "stylesheet":
            await route.fulfill(status=200, content_type="text/css", body="")  # some scripts wait for them
        elif request.resource_type not in _ASSETS or not self._is_own(request):
            await route.abort("blockedbyclient")
        else:
            part = await self._part(request)
            if part is None:
                self._missing += 1
                await route.abort("failed")
            else:
                await route.fulfill(status=part.status, headers=_passed_on(part.headers), body=part.body)

    def _is_page(self, request: Request) -> bool:
        return request.is_navigation_request() and urldefrag(request.url).url == urldefrag(self._capture.url).url

    def _is_own(self, request: Request) -> bool:
        """A visitor may be led to another site; scripts and data are only asked of the page's own."""
        if request.is_navigation_request():
            is_own = request.frame == self._page.main_frame
            self.has_led_on = self.has_led_on or is_own
            return is_own
        return is_same_site(request.url, self._page.url)

    async def _part(self, request: Request) -> Part | None:
        self._parts += 1
        if self._parts > PARTS or self._bytes > MAX_BYTES:
            return None
        headers = {name: value for name, value in request.headers.items() if not _NOT_FORWARDED.match(name)}
        ask = Ask(
            url=request.url,
            method=request.method,
            headers=headers,
            body=request.post_data_buffer,
            is_script=request.resource_type == "script",
        )
        self._awaited += 1
        try:
            part = await self._fetch(ask)
        finally:
            self._awaited -= 1
        self._bytes += len(part.body) if part else 0
        return part


def _passed_on(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name: value for name, value in headers if not _NOT_PASSED_ON.match(name.lower())}
