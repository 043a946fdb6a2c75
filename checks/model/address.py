from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from tldextract import TLDExtract

# The list that the package carries: no network, no cache on the disk, the same answer on every machine.
_SUFFIXES = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)

_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")


PLAIN = re.compile(r"(https?://[a-z\d.-]{1,253})?(/(?:[\w-]+(?:\.[\w-]+)*/)*(?:[\w-]+(?:\.[\w-]+)*)?)", re.ASCII)
"""Addresses, an origin or none and a path, that are safe as they are, have no other part to find, and that joining to another
only puts behind its origin: most links of most pages."""


def without_credentials(text: str) -> str:
    """A text whose addresses say no user and no password: ``https://agent:secret@a.fr/`` -> ``https://a.fr/``."""
    return _CREDENTIALS.sub("", text) if "@" in text else text


@lru_cache(maxsize=10_000)
def registrable_domain(host: str) -> str:
    """The domain that one organisation holds, by the Public Suffix List: ``x.beta.gouv.fr`` -> ``beta.gouv.fr``.

    The private section counts (``pages.github.io`` hosts are strangers to each other), and a name of no known suffix
    follows the list's own default rule: its last label is the suffix. An address or a bare suffix is its own.
    """
    host = host.lower().rstrip(".")
    read = _SUFFIXES(host)
    if read.suffix or read.ipv4 or read.ipv6:
        return read.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


@lru_cache(maxsize=10_000)
def public_domain(host: str) -> str | None:
    """The domain that is registered, by the section of the list that registries keep: ``x.github.io`` -> ``github.io``.

    ``None`` for an address, a bare suffix, and a name of one label.
    """
    read = _SUFFIXES(host, include_psl_private_domains=False)
    if read.ipv4 or read.ipv6:
        return None
    if read.suffix:
        return read.top_domain_under_public_suffix or None
    labels = host.lower().rstrip(".").split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 and not labels[-1].isdigit() else None


@lru_cache(maxsize=1_000)
def is_top_level(label: str) -> bool:
    """Whether anyone may hold a name right under it: ``fr``, ``com``; not a name of an inner network, as ``local``."""
    return "." not in label and _SUFFIXES(f"x.{label}").suffix == label.lower()


@lru_cache(maxsize=2_048)
def split(url: str) -> SplitResult | None:
    """``urlsplit`` for foreign addresses: ``None`` where it would raise, or when there is no http(s) host."""
    plain = PLAIN.fullmatch(url)
    if plain and plain[1]:  # a tenth of the cost
        scheme, _, host = plain[1].partition("://")
        return SplitResult(scheme, host, plain[2], "", "")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def joined(base: str, address: str) -> str:
    """The address to which a link of a page of the address ``base`` leads, empty where it is none of http(s)."""
    plain = PLAIN.fullmatch(address)
    origin = _origin(base) if plain else ""
    if plain and origin:
        return address if plain[1] else f"{origin}{address}"
    try:
        url = urljoin(base, address)
    except ValueError:
        return ""
    return url if split(url) else ""


@lru_cache(maxsize=1_000)
def _origin(base: str) -> str:
    """What stands before the path of an address; empty where that is no http(s) host."""
    try:
        root = urljoin(base, "/")
    except ValueError:
        return ""
    return root.removesuffix("/") if split(root) else ""


@lru_cache(maxsize=2_048)
def host_of(url: str) -> str:
    """The host in lower case, empty if the address has none."""
    parts = split(url)
    return (parts.hostname or "") if parts else ""


@lru_cache(maxsize=2_048)
def page_key(url: str) -> str:
    """What two addresses of one page share: no scheme, no ``www.``, no fragment, no final slash or index file.

    A fragment that is a path (``#/accessibilite``) is kept: scripts show another page under each.
    """
    parts = split(url)
    if parts is None:
        return url
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    path = unquote(parts.path).rstrip("/")
    for index in ("/index.html", "/index.htm", "/index.php"):
        path = path.removesuffix(index)
    route = f"#{parts.fragment.rstrip('/')}" if is_route(url) else ""
    return f"{host}{port}{path}?{parts.query}".rstrip("?") + route


def is_route(url: str) -> bool:
    """Whether the fragment of an address is a path of an application that runs in the browser."""
    return len(url.partition("#")[2].strip("!/")) > 0 and url.partition("#")[2].startswith(("/", "!/"))


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses stand on one registrable domain."""
    return registrable_domain(host_of(one)) == registrable_domain(host_of(other))
