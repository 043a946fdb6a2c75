from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.parse.observatory.jar import Kept, jar
from checks.parse.observatory.javascript import BLANK
from checks.parse.observatory.scan import Scan

_ORDER = (
    "cookies-without-secure-flag-but-protected-by-hsts",
    "cookies-without-secure-flag",
    "cookies-session-without-secure-flag-but-protected-by-hsts",
    "cookies-samesite-flag-invalid",
    "cookies-anticsrf-without-samesite-flag",
    "cookies-session-without-httponly-flag",
    "cookies-session-without-secure-flag",
)
"""From the mildest, as the Observatory believes: not the order of the points."""


def cookies_test(scan: Scan, *, is_protected: bool) -> str:
    """``is_protected``: the test of HSTS is passed, so that no cookie is sent in clear."""
    kept = jar(scan.cookies)
    if not kept:
        return "cookies-not-found"
    faults = {fault for cookie in kept for fault in _faults(cookie, is_protected=is_protected)}
    if _has_wrong_same_site(scan.last_cookies):
        faults.add("cookies-samesite-flag-invalid")
    if faults:
        return max(faults, key=_ORDER.index)
    are_same_site = all(cookie.same_site for cookie in kept)
    return "cookies-secure-with-httponly-sessions" + ("-and-samesite" if are_same_site else "")


def _faults(cookie: Kept, *, is_protected: bool) -> Iterator[str]:
    name = cookie.name.lower()
    is_session = "login" in name or "sess" in name
    if not cookie.is_secure:
        if cookie.same_site == "none":
            yield "cookies-samesite-flag-invalid"
        yield f"cookies-{'session-' if is_session else ''}without-secure-flag{'-but-protected-by-hsts' if is_protected else ''}"
    if "csrf" in name and not cookie.same_site:
        yield "cookies-anticsrf-without-samesite-flag"
    if is_session and not cookie.is_http_only:
        yield "cookies-session-without-httponly-flag"


def _has_wrong_same_site(lines: Iterable[str]) -> bool:
    """Whether one of the lines of the last answer, kept or not, has a ``SameSite`` that means nothing."""
    for line in lines:
        for part in line.split(";"):
            name, _, value = part.partition("=")
            value = value.partition("=")[0].strip(BLANK).lower()
            if name.strip(BLANK).lower() == "samesite" and value not in {"lax", "strict", "none"}:
                return True
    return False
