from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from checks.model.address import host_of
from checks.model.capture import Candidate, Capture, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One planned fetch as it went: the redirects in order, then the answer or the failure. Never empty.

    ``rendering`` is the answer as a browser showed it, or why it could not; ``None`` where no browser was asked.
    """

    hops: tuple[Capture, ...]
    rendering: Capture | None = None

    @property
    def first(self) -> Capture:
        return self.hops[0]

    @property
    def answer(self) -> Capture:
        """How the exchange ended."""
        return self.hops[-1]

    @property
    def last(self) -> Capture:
        """What a visitor sees in the end: the page that the browser showed, else the answer."""
        return self.rendering if self.rendering and self.rendering.status is not None else self.answer

    @property
    def role(self) -> Role:
        return self.first.role

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return self.first.candidates

    @property
    def is_answered(self) -> bool:
        return self.answer.status is not None


def chains(captures: Iterable[Capture]) -> tuple[Chain, ...]:
    """The captures of one service as chains, in the order of the plan. Of a fetch that was tried twice, the last try."""
    ordered = sorted(captures, key=lambda capture: (capture.number, capture.at, capture.id))
    return tuple(_chain(list(group)) for _, group in groupby(ordered, key=lambda capture: capture.number))


def _chain(captures: Sequence[Capture]) -> Chain:
    hops = _last_try([capture for capture in captures if capture.rendering is None] or captures)
    shown = (one for one in reversed(captures) if one.rendering and one.rendering.of == hops[-1].id)
    return Chain(hops=tuple(hops), rendering=next(shown, None))


def _last_try(captures: Sequence[Capture]) -> list[Capture]:
    by_id: Mapping[str, Capture] = {capture.id: capture for capture in captures}
    followed = {capture.previous for capture in captures}
    ends = [capture for capture in captures if capture.id not in followed]
    # An answer is worth more than a failure that came after it; two of a kind: the later one.
    end = max(ends or captures, key=lambda capture: (capture.status is not None, capture.at))
    hops = [end]
    while (previous := hops[0].previous) in by_id and len(hops) < len(captures):
        hops.insert(0, by_id[previous])  # type: ignore[index]
    return hops


def home_chain(url: str, visited: Sequence[Chain]) -> Chain | None:
    """The chain that shows the home page of a service whose registry gives ``url``; ``None`` if none was asked.

    An answer wins over a failure, a page over an error, the declared host over its sibling, then what was asked as the
    home page over the plain http visit made for the https rule, unless the registry itself says http.
    """
    says_http = urlsplit(url).scheme == "http"
    asked = [chain for chain in visited if chain.role in {Role.HOME, Role.HTTP}]

    def preference(chain: Chain) -> tuple[bool, bool, bool, bool]:
        status = chain.last.status
        is_page = status is not None and status < 400  # noqa: PLR2004 - the errors of HTTP begin there
        is_declared = host_of(chain.first.url) == host_of(url)
        return status is not None, is_page, is_declared, (chain.role is Role.HTTP) is says_http

    return max(asked, key=preference, default=None)
