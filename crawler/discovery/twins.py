"""Other addresses of one page: under the other scheme, on the sibling host. And one that no page has."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

from checks.model.address import registrable_domain


def with_scheme(url: str, scheme: str) -> str | None:
    """The same address under the other scheme; ``None`` where a port belongs to the given one (``http://host:8080``)."""
    parts = urlsplit(url)
    if parts.scheme == scheme:
        return url
    if parts.port not in {None, 80, 443}:
        return None
    return urlunsplit(parts._replace(scheme=scheme, netloc=_bracketed(parts.hostname or "")))


def sibling(url: str) -> str | None:
    """``www.`` for the apex and the apex for ``www.``; ``None`` for any other host."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.startswith("www."):
        other = host.removeprefix("www.")
    elif registrable_domain(host) == host and "." in host and not host[-1].isdigit():  # a digit ends an IPv4 address
        other = f"www.{host}"
    else:
        return None
    return urlunsplit(parts._replace(netloc=other + (f":{parts.port}" if parts.port else "")))


def random_path(host: str) -> str:
    """A path that no site has, the same for a host in every run; its words must not look like an error's."""
    return f"toise-{sha256(host.encode()).hexdigest()[:12]}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
