"""Every result of every test, with what it adds to the score and whether the test counts as passed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

ALGORITHM = 6
"""The version of the algorithm (2026-08-19), kept with every score: scores of two versions cannot be compared."""


class Criterion(StrEnum):
    """The twelve tests, in the order in which the Observatory gives them."""

    CSP = "content-security-policy"
    COOKIES = "cookies"
    COEP = "cross-origin-embedder-policy"
    COOP = "cross-origin-opener-policy"
    CORS = "cross-origin-resource-sharing"
    REDIRECTION = "redirection"
    REFERRER = "referrer-policy"
    HSTS = "strict-transport-security"
    SRI = "subresource-integrity"
    XCTO = "x-content-type-options"
    XFO = "x-frame-options"
    CORP = "cross-origin-resource-policy"


class Result(NamedTuple):
    """Points added to the score, negative ones always, positive ones from 90 points on; and whether the test is passed:
    the two are independent."""

    modifier: int
    is_passed: bool


def _passed(modifier: int = 0) -> Result:
    return Result(modifier, is_passed=True)


def _failed(modifier: int) -> Result:
    return Result(modifier, is_passed=False)


RESULTS: Mapping[Criterion, Mapping[str, Result]] = {
    Criterion.CSP: {
        "csp-implemented-with-no-unsafe-default-src-none": _passed(10),
        "csp-implemented-with-no-unsafe": _passed(5),
        "csp-implemented-with-unsafe-inline-in-style-src-only": _passed(),
        "csp-implemented-but-duplicate-directives": _passed(),
        "csp-implemented-with-insecure-scheme-in-passive-content-only": _passed(-10),
        "csp-implemented-with-unsafe-eval": _failed(-10),
        "csp-implemented-with-unsafe-inline": _failed(-20),
        "csp-implemented-with-insecure-scheme": _failed(-20),
        "csp-header-invalid": _failed(-25),
        "csp-not-implemented": _failed(-25),
        "csp-not-implemented-but-reporting-enabled": _failed(-25),
    },
    Criterion.COOKIES: {
        "cookies-secure-with-httponly-sessions-and-samesite": _passed(5),
        "cookies-secure-with-httponly-sessions": _passed(),
        "cookies-not-found": _passed(),
        "cookies-without-secure-flag-but-protected-by-hsts": _failed(-5),
        "cookies-session-without-secure-flag-but-protected-by-hsts": _failed(-10),
        "cookies-without-secure-flag": _failed(-20),
        "cookies-samesite-flag-invalid": _failed(-20),
        "cookies-anticsrf-without-samesite-flag": _failed(-20),
        "cookies-session-without-httponly-flag": _failed(-30),
        "cookies-session-without-secure-flag": _failed(-40),
    },
    Criterion.COEP: {
        "coep-not-implemented": _passed(),
        "coep-implemented-with-unsafe-none": _passed(),
        "coep-implemented-with-require-corp": _passed(10),
        "coep-implemented-with-credentialless": _passed(10),
        "coep-header-invalid": _failed(-5),
    },
    Criterion.COOP: {
        "coop-not-implemented": _passed(),
        "coop-implemented-with-unsafe-none": _passed(),
        "coop-implemented-with-same-origin": _passed(10),
        "coop-implemented-with-same-origin-allow-popups": _passed(10),
        "coop-implemented-with-noopener-allow-popups": _passed(10),
        "coop-header-invalid": _failed(-5),
    },
    Criterion.CORS: {
        "cross-origin-resource-sharing-not-implemented": _passed(),
        "cross-origin-resource-sharing-implemented-with-public-access": _passed(),
        "cross-origin-resource-sharing-implemented-with-restricted-access": _passed(),
        "cross-origin-resource-sharing-implemented-with-universal-access": _failed(-50),
    },
    Criterion.REDIRECTION: {
        "redirection-all-redirects-preloaded": _passed(),
        "redirection-to-https": _passed(),
        "redirection-not-needed-no-http": _passed(),
        "redirection-off-host-from-http": _failed(-5),
        "redirection-not-to-https-on-initial-redirection": _failed(-10),
        "redirection-not-to-https": _failed(-20),
        "redirection-missing": _failed(-20),
        "redirection-invalid-cert": _failed(-20),
    },
    Criterion.REFERRER: {
        "referrer-policy-private": _passed(5),
        "referrer-policy-not-implemented": _passed(),
        "referrer-policy-unsafe": _failed(-5),
        "referrer-policy-header-invalid": _failed(-5),
    },
    Criterion.HSTS: {
        "hsts-preloaded": _passed(5),
        "hsts-implemented-max-age-at-least-six-months": _passed(),
        "hsts-implemented-max-age-less-than-six-months": _failed(-10),
        "hsts-not-implemented": _failed(-20),
        "hsts-header-invalid": _failed(-20),
        "hsts-not-implemented-no-https": _failed(-20),
        "hsts-invalid-cert": _failed(-20),
    },
    Criterion.SRI: {
        "sri-implemented-and-all-scripts-loaded-securely": _passed(5),
        "sri-implemented-and-external-scripts-loaded-securely": _passed(5),
        "sri-not-implemented-response-not-html": _passed(),
        "sri-not-implemented-but-no-scripts-loaded": _passed(),
        "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": _passed(),
        "sri-not-implemented-but-external-scripts-loaded-securely": _failed(-5),
        "sri-implemented-but-external-scripts-not-loaded-securely": _failed(-20),
        "sri-not-implemented-and-external-scripts-not-loaded-securely": _failed(-50),
        "html-not-parseable": _failed(-20),
    },
    Criterion.XCTO: {
        "x-content-type-options-nosniff": _passed(),
        "x-content-type-options-not-implemented": _failed(-5),
        "x-content-type-options-header-invalid": _failed(-5),
    },
    Criterion.XFO: {
        "x-frame-options-implemented-via-csp": _passed(5),
        "x-frame-options-sameorigin-or-deny": _passed(5),
        "x-frame-options-allow-from-origin": _passed(),
        "x-frame-options-not-implemented": _failed(-20),
        "x-frame-options-header-invalid": _failed(-20),
    },
    Criterion.CORP: {
        "corp-not-implemented": _passed(),
        "corp-implemented-with-cross-origin": _passed(),
        "corp-implemented-with-same-site": _passed(10),
        "corp-implemented-with-same-origin": _passed(10),
        "corp-header-invalid": _failed(-5),
    },
}

BONUS_FROM = 90
"""Points without any bonus from which the bonuses count."""

GRADES = (
    "F",
    "F",
    "F",
    "F",
    "F",
    "D-",
    "D",
    "D",
    "D+",
    "C-",
    "C",
    "C",
    "C+",
    "B-",
    "B",
    "B",
    "B+",
    "A-",
    "A",
    "A",
    "A+",
)
"""By steps of five points, from 0 to 100."""


def grade(score: int) -> str:
    """The grade of a score, which may be over 100.

    >>> grade(120), grade(69), grade(24)
    ('A+', 'B-', 'F')
    """
    return GRADES[min(score, 100) // 5]
