"""What the policies of a page let run, all of them together: what every one of them allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from checks.parse.security.policies import Policy
from checks.parse.security.sources import allows_inline, breadth, is_by_host, script_breadth

Sources = tuple[str, ...] | None
"""The sources of one policy for one use; ``None`` where it does not restrict that use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """``breadth``: the schemes from which any host is taken. ``is_strict``: no script is trusted for its host alone."""

    is_restricted: bool
    runs_inline: bool
    breadth: frozenset[str]
    is_strict: bool
    runs_eval: bool


def scripts(policies: Sequence[Policy]) -> Scripts:
    elements = [_script_sources(policy, "script-src-elem") for policy in policies]
    handlers = [_script_sources(policy, "script-src-attr") for policy in policies]
    given = [sources for sources in elements if sources is not None]
    return Scripts(
        is_restricted=bool(given),
        runs_inline=_is_allowed(elements, allows_inline) or _is_allowed(handlers, allows_inline),
        breadth=reduce(frozenset.intersection, map(script_breadth, given)) if given else frozenset(),
        is_strict=any(not is_by_host(sources) for sources in given),
        runs_eval=_is_allowed([_script_sources(policy) for policy in policies], _takes_eval),
    )


def runs_inline_styles(policies: Sequence[Policy]) -> bool:
    uses = ("style-src-elem", "style-src-attr")
    lists = ([policy.sources(use, "style-src", "default-src") for policy in policies] for use in uses)
    return any(_is_allowed(sources, lambda one: allows_inline(one, is_script=False)) for sources in lists)


def takes_any_object(policies: Sequence[Policy]) -> bool:
    return _is_allowed(
        [policy.sources("object-src", "default-src") for policy in policies], lambda one: bool(breadth(one))
    )


def frames_of_any_site(policies: Sequence[Policy]) -> bool | None:
    """Whether any site may hold the page in a frame; ``None`` where no policy says who may."""
    given = [sources for sources in (policy.sources("frame-ancestors") for policy in policies) if sources is not None]
    return bool(reduce(frozenset.intersection, map(breadth, given))) if given else None


def _script_sources(policy: Policy, *uses: str) -> Sources:
    sandbox = policy.directives.get("sandbox")
    if sandbox is not None and "allow-scripts" not in {word.lower() for word in sandbox}:
        return ()
    return policy.sources(*uses, "script-src", "default-src")


def _is_allowed(lists: Sequence[Sources], allows: Callable[[tuple[str, ...]], bool]) -> bool:
    return all(sources is None or allows(sources) for sources in lists)


def _takes_eval(sources: tuple[str, ...]) -> bool:
    return "'unsafe-eval'" in sources
