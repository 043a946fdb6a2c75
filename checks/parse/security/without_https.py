from __future__ import annotations

from collections.abc import Iterator

from checks.model.capture import Capture, FailureKind, Role
from checks.model.rule import Finding, Obstacle
from checks.parse.reading import http_obstacle
from checks.parse.security.sent import met
from checks.parse.site import Site

REFUSALS = frozenset({FailureKind.REFUSED, FailureKind.TLS, FailureKind.RESET})
"""How a server says that it has no https; one that is late says nothing."""


def ways_home(site: Site) -> Iterator[Capture]:
    """The exchanges with the home page, over http and https, redirects included."""
    return (hop for chain in site.visited if chain.role in {Role.HOME, Role.HTTP} for hop in chain.hops)


def refusal_of_https(site: Site) -> Capture | Finding:
    """The exchange that shows a site without https: refused, or led back to http; why nothing is known, where none does."""
    tried = [hop for hop in ways_home(site) if hop.url.lower().startswith("https:")]
    for hop in tried:
        if hop.is_redirect or (hop.failure and hop.failure.kind in REFUSALS):
            return hop
    reason = (http_obstacle(tried[0]) or Obstacle.UNREACHABLE) if tried else Obstacle.NOT_RUN
    return Finding(reason=reason, evidence=tuple(met(hop) for hop in tried[:1]))
