"""Which hosts are not of the public internet, and which are those of the user's own proxies."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from stringprep import in_table_b1
from unicodedata import normalize
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that is assigned to the internet (RFC 4291 §2.4): outside it, forms like ``64:ff9b::7f00:1`` hide an IPv4 one."""


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
