from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.model.address import host_of, page_key
from checks.model.capture import Capture, FailureKind, Role
from checks.model.chain import Chain
from checks.model.markup import decoded
from checks.parse.observatory.scan import Cookie, Response, Scan, joined
from checks.parse.site import Site

_JSON = "{[-0123456789tfn"
"""What a JSON text that is no string begins with."""


@dataclass(frozen=True, slots=True)
class Session:
    """A chain of exchanges asked for the home page over one scheme, with its answer."""

    hops: tuple[Capture, ...]

    @property
    def answer(self) -> Capture:
        return self.hops[-1]

    @property
    def response(self) -> Response:
        is_verified = not any(hop.is_insecure for hop in self.hops)
        return Response(status=self.answer.status or 0, headers=joined(self.answer.headers), is_verified=is_verified)


def graded(site: Site) -> Session | None:
    """The session that the Observatory grades: https where it answered, else http; ``None`` where neither did."""
    return _secure(site) or plain(site)


def captured_scan(site: Site) -> Scan | None:
    """What was seen of a site as the Observatory would retrieve it; ``None`` where its home page did not answer.

    The Observatory in service loses the origin that it sends with its preflight: the scan gives none, for the same score.
    """
    over_https, over_http, found = _secure(site), plain(site), graded(site)
    if found is None:
        return None
    return Scan(
        host=_host(site),
        scheme="https" if over_https else "http",
        auto=found.response,
        https=over_https.response if over_https else None,
        http=over_http.response if over_http else None,
        route=tuple(hop.url for hop in over_http.hops) if over_http else (),
        cookies=tuple(_cookies(found.hops)),
        last_cookies=tuple(found.answer.all("set-cookie")),
        body=_body(found.answer),
        preflight=joined(_preflight_headers(site)),
    )


def preflight(site: Site) -> Capture | None:
    """The answer to the preflight, where one was asked and answered."""
    chain = next((chain for chain in site.visited if chain.role is Role.PREFLIGHT), None)
    return chain.answer if chain and chain.is_answered else None


def _host(site: Site) -> str:
    return host_of(site.home.chain.first.url) if site.home else ""


def _asked(site: Site, scheme: str) -> Iterator[Chain]:
    """The chains asked for the home page over a scheme, on the host where it was found."""
    host = _host(site)
    for chain in site.visited:
        url = chain.first.url
        if chain.role in {Role.HTTP, Role.HOME} and host_of(url) == host and urlsplit(url).scheme == scheme:
            yield chain


def _secure(site: Site) -> Session | None:
    answered = [chain for chain in _asked(site, "https") if chain.is_answered]
    if answered:
        return Session(answered[0].hops)
    for chain in _asked(site, "http"):
        twin = page_key(chain.first.url)
        for rank, hop in enumerate(chain.hops):
            if chain.is_answered and urlsplit(hop.url).scheme == "https" and page_key(hop.url) == twin:
                return Session(chain.hops[rank:])
    return None


def plain(site: Site) -> Session | None:
    """The http chain; where a bad certificate ended it, with the answer that was read in spite of it."""
    chain = next(_asked(site, "http"), None)
    if chain is None:
        return None
    if chain.is_answered:
        return Session(chain.hops)
    is_bad = chain.answer.failure is not None and chain.answer.failure.kind is FailureKind.TLS
    if not is_bad:
        return None
    insecure = (other.hops for other in site.visited if other.is_answered and other.first.is_insecure)
    again = next((hops for hops in insecure if hops[0].role is Role.HOME), None)
    return Session((*chain.hops[:-1], *again)) if again else None


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
        said = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(said, str) else None


def _preflight_headers(site: Site) -> tuple[tuple[str, str], ...]:
    answer = preflight(site)
    return answer.headers if answer and answer.status in range(200, 300) else ()
