"""No request leaves for a private address: not by a literal, not by a name, not by a redirect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import FetchFailedError
from crawler.private_addresses import is_private, proxy_hosts

ALLOW_PRIVATE = "TOISE_ALLOW_PRIVATE"

_refusals: dict[str, FetchFailure] = {}


def refused(host: str) -> FetchFailure:
    return FetchFailure(kind=FailureKind.UNSUPPORTED, message=f"{host} is a private address: refused")


def refusal_of(name: str) -> FetchFailure | None:
    """Why the resolver said nothing of a name, if that was us: Twisted only tells that there was no answer."""
    return _refusals.get(name)


class PrivateAddressMiddleware:
    """Addresses written in a URL; also behind a proxy, where names are the proxy's business."""

    def __init__(self, proxies: frozenset[str]) -> None:
        self._proxies = proxies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PrivateAddressMiddleware:
        if crawler.settings.getbool(ALLOW_PRIVATE):
            raise NotConfigured
        return cls(proxy_hosts())

    def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        # The resolver lets the names of proxies pass: no page may use them.
        if is_private(host) or host in self._proxies:
            raise FetchFailedError(refused(host))


class GuardedResolver(CachingThreadedResolver):
    """Names that resolve to a private address, checked at each connection. The user's own proxies are exempt."""

    def __init__(self, *args: Any, allow_private: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._allow_private = allow_private
        self._proxies = proxy_hosts()

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
        if not is_private(address):
            return address
        _refusals[name] = refused(f"{name} ({address})")
        raise DNSLookupError(f"{name} is at a private address")
