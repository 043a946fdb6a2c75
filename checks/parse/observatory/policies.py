"""The Observatory's own reading of a Content-Security-Policy: not how browsers read it, but how it is scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from checks.parse.observatory.collation import collation_key
from checks.parse.observatory.javascript import BLANK, unescaped, words

_SHORTEST = 6
_REPEATABLE = {"report-uri", "report-to"}
_NOT_IN_META = {"frame-ancestors", "report-uri", "sandbox"}

MOST_COMPARISONS = 200_000
"""Sources compared with their neighbours, far over any policy that is kept by people: what is longer is made to harm."""


class InvalidPolicyError(Exception):
    """The policies cannot be read as the Observatory does."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Several policies merged into one. ``sources`` by directive, in the collation's order; ``is_repeating``: one of them
    names a reporting address twice."""

    sources: Mapping[str, Sequence[str]]
    is_repeating: bool = False


@dataclass(slots=True)
class _Source:
    text: str
    policy: int
    is_kept: bool


def split_policies(values: Iterable[str]) -> list[str]:
    """The policies of headers or ``<meta>`` contents; an empty value is an empty policy."""
    return [policy.strip(BLANK) for value in values for policy in value.split(",")]


def is_empty(policies: Sequence[str]) -> bool:
    """Whether policies name no directive at all."""
    return not any(words(entry) for policy in policies for entry in policy.split(";"))


def is_empty_in_meta(policies: Sequence[str]) -> bool:
    """Whether nothing is left of policies once the directives are gone that only a header may give."""
    try:
        return not set(merged(policies).sources) - _NOT_IN_META
    except InvalidPolicyError:
        return True


def merged(policies: Sequence[str]) -> Policies:
    """Raises :class:`InvalidPolicyError` for one that is too short, repeats a directive, or escapes a path wrongly."""
    policies = [policy.replace("\r", "").replace("\n", "").strip(BLANK) for policy in policies]
    if any(len(policy) < _SHORTEST for policy in policies):
        raise InvalidPolicyError
    found: dict[str, list[_Source]] = {}
    left, is_repeating = MOST_COMPARISONS, False
    for rank, policy in enumerate(policies):
        seen: set[str] = set()
        for directive, texts in _directives(policy):
            if directive in seen and directive not in _REPEATABLE:
                raise InvalidPolicyError
            is_repeating |= directive in seen
            seen.add(directive)
            known = found.get(directive, []) if rank else []
            left -= len(known) + len(texts)
            if left < 0:
                raise InvalidPolicyError
            found[directive] = _met(known, texts, rank, is_alone=len(policies) == 1)
    return Policies({name: _texts(sources) for name, sources in found.items()}, is_repeating)


def _directives(policy: str) -> Iterator[tuple[str, list[str]]]:
    for entry in policy.split(";"):
        name, *texts = [word.lower() for word in words(entry)] or [""]
        if name:
            yield name, texts or (["'none'"] if name.endswith("-src") else [])


def _met(known: list[_Source], texts: Iterable[str], rank: int, *, is_alone: bool) -> list[_Source]:
    """The sources of a directive once those of one more policy have met those of the policies before.

    Each is compared with the one before it in the order of the collation, kept or not: one of the same policy makes
    those that it begins superfluous, one of another policy confirms those that its path holds.
    """
    sources = [*known, *(_Source(text, rank, rank == 0) for text in texts)]
    sources.sort(key=lambda source: collation_key(source.text))
    for before, source in pairwise(sources):
        if source.policy == before.policy:
            source.is_kept &= not source.text.startswith(before.text)
        elif _holds(before.text, source.text):
            source.is_kept = True
    kept = [source for source in sources if source.is_kept]
    if rank == 0 and not is_alone:  # the policies that follow have to confirm them
        for source in kept:
            source.is_kept = False
    return kept


def _texts(sources: Iterable[_Source]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.text for source in sources)) or ("'none'",)


def _holds(path: str, other: str) -> bool:
    """Whether an address is the other, or a folder above it. Raises :class:`InvalidPolicyError` for a wrong escape."""
    is_folder = path.endswith("/")
    parts, others = path.split("/"), other.split("/")
    if len(parts) > len(others) or (not is_folder and len(parts) != len(others)):
        return False
    try:
        pairs = zip(parts[:-1] if is_folder else parts, others, strict=False)
        return all(unescaped(part) == unescaped(twin) for part, twin in pairs)
    except ValueError as error:
        raise InvalidPolicyError from error
