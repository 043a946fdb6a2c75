"""No request leaves for a private address: not by a literal, not by a name, not by a redirect."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import FetchFailedError

ALLOW_PRIVATE = "TOISE_ALLOW_PRIVATE"


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not of the public internet, in any form that sockets accept.

    ``127.1``, ``0x7f.1`` and ``2130706433`` are all 127.0.0.1; names are not resolved here.
    """
    address = _literal(host)
    if address is None:
        return host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost")
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return not (mapped or address).is_global or address.is_multicast


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def refused(host: str) -> FetchFailure:
    return FetchFailure(kind=FailureKind.UNSUPPORTED, message=f"{host} is a private address: refused")


class PrivateAddressMiddleware:
    """Addresses written in a URL; also behind a proxy, where names are the proxy's business."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PrivateAddressMiddleware:
        if crawler.settings.getbool(ALLOW_PRIVATE):
            raise NotConfigured
        return cls()

    def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if is_private(host):
            raise FetchFailedError(refused(host))


class GuardedResolver(CachingThreadedResolver):
    """Names that resolve to a private address, checked at each connection. The user's own proxies are exempt."""

    def __init__(self, *args: Any, allow_private: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._allow_private = allow_private
        self._proxies = {urlsplit(url).hostname for url in getproxies().values()}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, settings.getfloat("DNS_TIMEOUT"), allow_private=settings.getbool(ALLOW_PRIVATE))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        resolved = super().getHostByName(name, timeout)
        if self._allow_private or name in self._proxies:
            return resolved
        return resolved.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if is_private(address):
            raise FetchFailedError(refused(f"{name} ({address})"))
        return address
