"""httpx under the same laws as the crawl: its proxies, its certificates, no private address, no body over the limit."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.request import getproxies, proxy_bypass

import httpx

from checks.model.capture import FailureKind, FetchFailure
from crawler.archive import MAX_BODY
from crawler.failures import FetchFailedError
from crawler.guard import refused
from crawler.private_addresses import is_private, proxy_hosts

_NOTHING_KEPT = httpx.Limits(max_keepalive_connections=0)
"""Connections are made to addresses, not to names: one that served a host must never serve another."""

_KINDS: tuple[tuple[type[BaseException], FailureKind], ...] = (
    (TimeoutError, FailureKind.TIMEOUT),  # first: giving up breaks whatever was under way
    (httpx.TimeoutException, FailureKind.TIMEOUT),
    (ssl.SSLError, FailureKind.TLS),
    (socket.gaierror, FailureKind.DNS),
    (httpx.ConnectError, FailureKind.REFUSED),
    (httpx.ProxyError, FailureKind.REFUSED),
    (httpx.TransportError, FailureKind.RESET),
    (httpx.InvalidURL, FailureKind.UNSUPPORTED),
    (UnicodeError, FailureKind.UNSUPPORTED),
)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Resolves each name itself, refuses what is private, and connects to the very address that was checked.

    Behind a proxy it is the proxy that resolves: then only addresses written as such are checked.
    Raises :class:`FetchFailedError` for a refusal.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._direct = httpx.AsyncHTTPTransport(limits=_NOTHING_KEPT)
        self._through = cache(lambda proxy: httpx.AsyncHTTPTransport(proxy=proxy, limits=_NOTHING_KEPT))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if not self._allow_private and (is_private(host) or host in proxy_hosts()):
            raise FetchFailedError(refused(host))
        proxy = getproxies().get(request.url.scheme)
        if proxy and not proxy_bypass(host):
            transport: httpx.AsyncHTTPTransport = self._through(proxy if "//" in proxy else f"http://{proxy}")
            return await transport.handle_async_request(request)
        address = await self._resolved(host, request.url.port)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return await self._direct.handle_async_request(request)

    async def _resolved(self, host: str, port: int | None) -> str:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        address = str(found[0][4][0])
        if not self._allow_private and is_private(address):
            raise FetchFailedError(refused(f"{host} ({address})"))
        return address

    async def aclose(self) -> None:
        await self._direct.aclose()


async def fetch(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], patience: float
) -> tuple[httpx.Request, httpx.Response, bytes]:
    """The request, its answer, and the body as received; ``patience`` is for the whole, in seconds.

    Raises :class:`FetchFailedError`, for an address that is none as for a server that does not answer.
    """
    try:
        request = client.build_request("GET", url, headers=headers)
        async with asyncio.timeout(patience):
            response = await client.send(request, stream=True)
            try:
                return request, response, await _body(response)
            finally:
                await response.aclose()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError) as error:
        raise FetchFailedError(_failure(error)) from error


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_BODY:
            raise FetchFailedError(FetchFailure(kind=FailureKind.TOO_LARGE, message=f"more than {MAX_BODY} bytes"))
    return bytes(body)


def _failure(error: BaseException) -> FetchFailure:
    causes = list(_causes(error))
    found = (kind for known, kind in _KINDS for cause in causes if isinstance(cause, known))
    # The words of an error may quote what was sent: its class is enough.
    return FetchFailure(kind=next(found, FailureKind.OTHER), message=type(causes[-1]).__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
