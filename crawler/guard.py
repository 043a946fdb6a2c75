"""No request leaves for a private address: not by a literal, not by a name, not by a redirect."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from stringprep import in_table_b1
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import FetchFailedError

ALLOW_PRIVATE = "TOISE_ALLOW_PRIVATE"

_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that is assigned to the internet (RFC 4291 §2.4): outside it, forms like ``64:ff9b::7f00:1`` hide an IPv4 one."""

_refusals: dict[str, FetchFailure] = {}


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not of the public internet, in any form that clients accept.

    ``127.1``, ``0x7f.1``, ``2130706433`` and ``%3127.1`` are all 127.0.0.1; names are not resolved here.
    """
    # IDNA takes the ideographic full stop for a dot (RFC 3490 §3.1), which NFKC leaves alone, and hears no soft hyphen.
    host = normalize("NFKC", unquote(host)).replace("\u3002", ".").lower()
    host = "".join(character for character in host if not in_table_b1(character)).rstrip(".")
    addresses = _readings(host)
    if not addresses:
        return host == "localhost" or host.endswith(".localhost")
    return not all(map(_is_public, addresses))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
        if embedded is None:
            return address in _PUBLIC_IPV6 and address.is_global
        address = embedded
    return address.is_global and not address.is_multicast


def _readings(host: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """The addresses that a host may be read as; none for a name."""
    try:
        return (ip_address(host.strip("[]").partition("%")[0]),)
    except ValueError:
        pass
    read: list[IPv4Address] = []
    with suppress(OSError, UnicodeEncodeError):
        read.append(IPv4Address(socket.inet_aton(host)))
    # 0127.0.0.1 is 87.0.0.1 for the C library, and 127.0.0.1 for others (RFC 6943 §3.1.1): for a proxy perhaps.
    with suppress(ValueError):
        read.append(IPv4Address(bytes(map(int, host.split(".")))))
    return tuple(read)


def proxy_hosts() -> frozenset[str]:
    """The hosts of the proxies that the environment names, with or without a scheme before them."""
    addresses = (url if "//" in url else f"//{url}" for name, url in getproxies().items() if name != "no")
    return frozenset(host for address in addresses if (host := urlsplit(address).hostname))


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
