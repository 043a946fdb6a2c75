"""What the rules on security ask of a site beside its pages: a preflight, and security.txt."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from checks.model.capture import Capture, Role
from checks.model.chain import Chain
from checks.model.kinds import is_not_a_website
from crawler.discovery.sight import Fetch, Sight

SECURITY_TXT = "/.well-known/security.txt"
"""RFC 9116 §3; the older place, at the root, is for readers of before."""

_BLOCKED = {401, 403}


def preflight_and_security_txt(sight: Sight) -> Iterable[Fetch]:
    """Last, and so the first to be given up where a visit nears its ceiling: no page of the service depends on them."""
    home = _end_of_home(sight)
    if home is None or any(is_not_a_website(url) for url in (sight.service.url or "", home.url)):
        return
    yield Fetch(role=Role.PREFLIGHT, url=urldefrag(home.url).url)
    if urlsplit(home.url).scheme == "https":
        yield Fetch(role=Role.SECURITY_TXT, url=urljoin(home.url, SECURITY_TXT))


def _end_of_home(sight: Sight) -> Capture | None:
    """Where the home page ended: asked over https, or else over http, as the HTTP Observatory chooses. ``None`` for an
    answer that it does not grade (404, 5xx)."""
    asked = [chain for chain in sight.visited if chain.role in {Role.HOME, Role.HTTP} and chain.is_answered]
    end = max(asked, key=_is_secure, default=None)
    status = end.answer.status if end else None
    return end.answer if end and status and (status < 400 or status in _BLOCKED) else None  # noqa: PLR2004


def _is_secure(chain: Chain) -> tuple[bool, bool]:
    return any(hop.url.startswith("https:") for hop in chain.hops), chain.role is Role.HOME
