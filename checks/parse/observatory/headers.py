"""The tests of the headers of one page that have no reading of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from http_sf import StructuredFieldError, Token, parse

from checks.parse.observatory.javascript import BLANK
from checks.parse.observatory.scan import Scan

_PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_UNSAFE = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
_COOP = {"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"}
_COEP = {"require-corp", "credentialless", "unsafe-none"}
_CORP = {"same-origin", "same-site", "cross-origin"}
_CORS = "cross-origin-resource-sharing"
_SHORT, _LONG = 256, 1_024
"""Characters read of a value."""


def content_type_options_test(scan: Scan) -> str:
    value = scan.header("x-content-type-options")
    if not value:
        return "x-content-type-options-not-implemented"
    is_good = _plain(value, _SHORT) == "nosniff"
    return "x-content-type-options-" + ("nosniff" if is_good else "header-invalid")


def frame_options_test(scan: Scan, *, frames: bool) -> str:
    """``frames``: the policy of the page has a ``frame-ancestors``, whatever it allows."""
    if frames:
        return "x-frame-options-implemented-via-csp"
    value = scan.header("x-frame-options")
    if not value:
        return "x-frame-options-not-implemented"
    value = _plain(value, _LONG)
    if value in {"deny", "sameorigin"}:
        return "x-frame-options-sameorigin-or-deny"
    return "x-frame-options-" + ("allow-from-origin" if value.startswith("allow-from") else "header-invalid")


def referrer_test(scan: Scan, meta: str | None) -> str:
    """``meta``: the content of the last ``<meta name="referrer">`` of the page, which comes after the header."""
    values = [value for value in (scan.header("referrer-policy"), meta) if value is not None]
    if not values:
        return "referrer-policy-not-implemented"
    tokens = [token.lower().strip(BLANK) for value in values for token in value.split(",")]
    last = next((token for token in reversed(tokens) if token in _PRIVATE | _UNSAFE), None)
    if last is None:
        return "referrer-policy-header-invalid"
    return "referrer-policy-" + ("private" if last in _PRIVATE else "unsafe")


def resource_policy_test(scan: Scan) -> str:
    value = _plain(scan.header("cross-origin-resource-policy") or "", _SHORT)
    if not value:
        return "corp-not-implemented"
    return f"corp-implemented-with-{value}" if value in _CORP else "corp-header-invalid"


def opener_policy_test(scan: Scan) -> str:
    return _isolation("coop", scan.header("cross-origin-opener-policy"), _COOP)


def embedder_policy_test(scan: Scan) -> str:
    return _isolation("coep", scan.header("cross-origin-embedder-policy"), _COEP)


def sharing_test(preflight: Mapping[str, str], origin: str) -> str:
    """``preflight``: the headers of the answer to ``OPTIONS``; ``origin``: the one sent.

    The Observatory in service loses the origin that it sent, so that for it universal access is restricted: a scan
    comparable with it gives an empty one.
    """
    allowed = preflight.get("access-control-allow-origin")
    if not allowed:
        return f"{_CORS}-not-implemented"
    if _plain(allowed, _SHORT) == "*":
        return f"{_CORS}-implemented-with-public-access"
    is_trusting = (preflight.get("access-control-allow-credentials") or "").lower().strip(BLANK) == "true"
    kind = "universal" if origin and origin == allowed and is_trusting else "restricted"
    return f"{_CORS}-implemented-with-{kind}-access"


def _isolation(name: str, header: str | None, tokens: set[str]) -> str:
    """A structured field of one token (RFC 8941), whatever its parameters."""
    if not header:
        return f"{name}-not-implemented"
    token = _token(header[:_LONG].strip(BLANK))
    return f"{name}-implemented-with-{token}" if token in tokens else f"{name}-header-invalid"


def _token(text: str) -> str | None:
    try:
        read: Any = parse(text.encode("utf-8", "replace"), tltype="item")
    except (StructuredFieldError, ValueError, OverflowError):
        return None
    return str(read[0]) if isinstance(read[0], Token) else None


def _plain(value: str, length: int) -> str:
    return value[:length].strip(BLANK).lower()
