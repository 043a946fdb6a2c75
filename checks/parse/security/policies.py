"""``Content-Security-Policy`` as the specification parses it (W3C CSP Level 3, section 2.2): one policy at a time.

Browsers enforce every policy separately: what is allowed is what all of them allow.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

_BLANK = " \t\n\f\r"
_SPACES = re.compile(r"[ \t\n\f\r]+")
_NOT_IN_META = frozenset({"frame-ancestors", "report-uri", "sandbox"})

FETCH = frozenset(
    {
        "child-src", "connect-src", "default-src", "fenced-frame-src", "font-src", "frame-src", "img-src", "manifest-src",
        "media-src", "object-src", "prefetch-src", "script-src", "script-src-attr", "script-src-elem", "style-src",
        "style-src-attr", "style-src-elem", "worker-src",
    }
)  # fmt: skip
"""The directives that hold a list of sources, ``prefetch-src`` of an older draft among them."""

SOURCES = FETCH | {"base-uri", "form-action", "frame-ancestors", "navigate-to"}
KNOWN = SOURCES | {
    "block-all-mixed-content",
    "plugin-types",
    "reflected-xss",
    "referrer",
    "report-to",
    "report-uri",
    "require-sri-for",
    "require-trusted-types-for",
    "sandbox",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
}
_KEYWORDS = frozenset(
    {"none", "self", "unsafe-inline", "unsafe-eval", "unsafe-hashes", "strict-dynamic", "report-sample"}
)

_ONE_BY_ONE = ("nonce-", "sha256-", "sha384-", "sha512-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy: its directives by name in lower case, each with its values as written, the first of a name only.

    ``has_repeats``: a directive was written again, and ignored.
    """

    directives: Mapping[str, tuple[str, ...]]
    is_meta: bool = False
    has_repeats: bool = False

    @property
    def is_understood(self) -> bool:
        return any(name in KNOWN for name in self.directives)

    def sources(self, *names: str) -> tuple[str, ...] | None:
        """The sources, in lower case, of the first of these directives that is there; ``None`` if none restricts."""
        found = next((self.directives[name] for name in names if name in self.directives), None)
        return None if found is None else tuple(source.lower() for source in found)


def header_policies(lines: Iterable[str]) -> tuple[Policy, ...]:
    """Those of every header line: a comma begins another policy. A policy without a directive is none."""
    read = (_policy(one) for line in lines for one in line.split(","))
    return tuple(policy for policy in read if policy.directives)


def meta_policies(contents: Iterable[str]) -> tuple[Policy, ...]:
    """Those of ``<meta>``, in which some directives have no effect."""
    read = (_policy(content, is_meta=True) for content in contents)
    return tuple(policy for policy in read if policy.directives)


def _policy(text: str, *, is_meta: bool = False) -> Policy:
    found: dict[str, tuple[str, ...]] = {}
    has_repeats = False
    for token in text.split(";"):
        name, *words = _SPACES.split(token.strip(_BLANK))
        name = name.lower()
        if not name or not token.isascii() or (is_meta and name in _NOT_IN_META):
            continue
        has_repeats = has_repeats or name in found
        found.setdefault(name, tuple(words))
    return Policy(directives=found, is_meta=is_meta, has_repeats=has_repeats)


def picked(line: str, names: Container[str]) -> str:
    """The directives of these names, as they are written in a header line."""
    pieces = (piece.strip(_BLANK) for policy in line.split(",") for piece in policy.split(";"))
    return "; ".join(piece for piece in pieces if _SPACES.split(piece, maxsplit=1)[0].lower() in names)


def has_unknown(policies: Iterable[Policy]) -> bool:
    """Whether a directive is none of CSP, as ``script-src:``: browsers ignore it."""
    return any(name not in KNOWN for policy in policies for name in policy.directives)


def has_unquoted(policies: Iterable[Policy]) -> bool:
    """Whether a keyword, a nonce or a hash lacks its quotes, as in ``script-src self``: browsers take it for a host."""
    return any(
        value.lower() in _KEYWORDS or value.lower().startswith(_ONE_BY_ONE)
        for policy in policies
        for name, values in policy.directives.items()
        if name in SOURCES
        for value in values
    )
