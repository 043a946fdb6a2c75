from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from checks.model.address import host_of, page_key
from checks.model.capture import Capture, FailureKind, Role
from checks.model.chain import Chain
from checks.model.markup import decoded
from checks.parse.observatory.scan import Cookie, Response, Scan, joined
from checks.parse.site import Site

_HOME = {Role.HTTP, Role.HOME}
_JSON = "{[-0123456789tfn"
"""What a JSON text that is no string begins with."""


def graded(site: Site) -> Chain | None:
    """The chain that the Observatory grades: https where it answered, else http; ``None`` where neither did."""
    return _secure(site) or plain(site)


def captured_scan(site: Site) -> Scan | None:
    """What was seen of a site as the Observatory would retrieve it; ``None`` where its home page did not answer.

    The Observatory in service loses the origin that it sends with its preflight: the scan gives none, for the same score.
    """
    over_https, over_http = _secure(site), plain(site)
    found = over_https or over_http
    if found is None:
        return None
    return Scan(
        host=_host(site),
        scheme="https" if over_https else "http",
        auto=_response(found),
        https=_response(over_https) if over_https else None,
        http=_response(over_http) if over_http else None,
        route=tuple(hop.url for hop in over_http.hops) if over_http else (),
        cookies=tuple(_cookies(found.hops)),
        last_cookies=tuple(found.answer.all("set-cookie")),
        body=_body(found.answer),
        preflight=joined(_preflight_headers(site)),
    )


def _response(chain: Chain) -> Response:
    return Response(
        status=chain.answer.status or 0,
        headers=joined(chain.answer.headers),
        is_verified=not any(hop.is_insecure for hop in chain.hops),
    )


def preflight(site: Site) -> Capture | None:
    """The answer to the preflight, where one was asked and answered."""
    chain = next((chain for chain in site.visited if chain.role is Role.PREFLIGHT), None)
    return chain.answer if chain and chain.is_answered else None


def plain(site: Site) -> Chain | None:
    """The chain that was asked over http; ``None`` where it did not answer."""
    return next(_asked(site, "http"), None)


def _secure(site: Site) -> Chain | None:
    """The chain that was asked over https, or that http led to at the same address."""
    asked = next(_asked(site, "https"), None)
    over_http = None if asked else plain(site)
    if over_http is None:
        return asked
    twin = page_key(over_http.hops[0].url)
    for rank, hop in enumerate(over_http.hops):
        if urlsplit(hop.url).scheme == "https" and page_key(hop.url) == twin:
            return Chain(hops=over_http.hops[rank:])
    return None


def _asked(site: Site, scheme: str) -> Iterator[Chain]:
    """The chains asked for the home page over a scheme, on the host of the site, that ended with an answer; those that
    checked no certificate come last."""
    host = _host(site)
    for chain in sorted(site.visited, key=lambda chain: chain.first.is_insecure):
        parts = urlsplit(chain.first.url)
        if chain.role in _HOME and (parts.scheme, parts.hostname) == (scheme, host):
            hops = _completed(site, chain)
            if hops[-1].status is not None:
                yield Chain(hops=hops)


def _completed(site: Site, chain: Chain) -> tuple[Capture, ...]:
    """The hops of a chain; one that a bad certificate ended goes on with what was read in spite of it."""
    if chain.answer.failure is None or chain.answer.failure.kind is not FailureKind.TLS:
        return chain.hops
    again = (other for other in site.visited if other.role is Role.HOME and other.first.is_insecure)
    found = next((other for other in again if other.first.url == chain.answer.url), None)
    return (*chain.hops[:-1], *found.hops) if found else chain.hops


def _host(site: Site) -> str:
    """The host that was asked for: the one of the registry, unless it was its sibling that answered."""
    declared = host_of(site.service.url or "")
    asked = [chain.first for chain in site.visited if chain.role in _HOME and host_of(chain.first.url) == declared]
    is_heard = any(first.status is not None or _has_certificate(first) for first in asked)
    return declared if is_heard or site.home is None else host_of(site.home.chain.first.url)


def _has_certificate(capture: Capture) -> bool:
    return capture.failure is not None and capture.failure.kind is FailureKind.TLS


def _cookies(hops: Iterable[Capture]) -> Iterator[Cookie]:
    for hop in hops:
        for line in hop.all("set-cookie"):
            yield Cookie(line=line, host=host_of(hop.url), path=urlsplit(hop.url).path or "/")


def _body(capture: Capture) -> str | None:
    """The page; ``None`` for JSON under any type, which the retriever parses into something that is no page."""
    text = decoded(capture)[1]
    if text.lstrip()[:1] not in _JSON:
        return text
    try:
        said = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(said, str) else None


def _no_constant(name: str) -> None:
    """``NaN`` and the infinities, which Python reads and JSON has not (RFC 8259 §6)."""
    raise ValueError(name)


def _preflight_headers(site: Site) -> tuple[tuple[str, str], ...]:
    answer = preflight(site)
    return answer.headers if answer and answer.status in range(200, 300) else ()
