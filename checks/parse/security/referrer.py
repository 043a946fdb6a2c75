"""Which referrer policy a page has in the end (W3C Referrer Policy; HTML, standard metadata names)."""

from __future__ import annotations

from collections.abc import Iterable

DEFAULT = "strict-origin-when-cross-origin"
"""What browsers do where the page says nothing, or nothing that they know."""

POLICIES = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)
_LEGACY = {
    "never": "no-referrer",
    "default": DEFAULT,
    "always": "unsafe-url",
    "origin-when-crossorigin": "origin-when-cross-origin",
}
"""Words of an older draft, which only ``<meta>`` takes."""


def header_policy(values: Iterable[str]) -> str | None:
    """The last known token of the header: an older browser stops at those that it knows."""
    known = [value.lower() for value in values if value.lower() in POLICIES]
    return known[-1] if known else None


def meta_policy(contents: Iterable[str]) -> str | None:
    """The last ``<meta name=referrer>`` that says one known policy; a list of them is ignored."""
    said = (content.strip().lower() for content in contents)
    known = [policy for policy in (_LEGACY.get(one, one) for one in said) if policy in POLICIES]
    return known[-1] if known else None
