from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from checks.parse.observatory.javascript import BLANK, whole_number
from checks.parse.observatory.preload import Preload
from checks.parse.observatory.scan import Response, Scan

SIX_MONTHS = 15_552_000
"""Seconds: the threshold of the Observatory, whose texts say 15,768,000."""

_READ = 1_024


def hsts_test(scan: Scan, preload: Preload) -> str:
    if scan.https is None:
        return "hsts-not-implemented-no-https"
    if preload(scan.host):
        return "hsts-preloaded"
    if not scan.https.is_verified:
        return "hsts-invalid-cert"
    return _of_header(scan.https)


def _of_header(response: Response) -> str:
    header = response.headers.get("strict-transport-security")
    if header is None:
        return "hsts-not-implemented"
    header = header[:_READ]
    ages = [part[8:128] for part in (part.strip(BLANK).lower() for part in header.split(";")) if part[:8] == "max-age="]
    if "," in header or not ages:
        return "hsts-header-invalid"
    age = whole_number(ages[-1])
    # What is no number passes: it is compared in vain.
    is_short = age is not None and age < SIX_MONTHS
    return f"hsts-implemented-max-age-{'less-than' if is_short else 'at-least'}-six-months"


def redirection_test(scan: Scan, preload: Preload) -> str:
    if scan.http is None:
        return "redirection-not-needed-no-http"
    if not scan.http.is_verified:
        return "redirection-invalid-cert"
    hops = [urlsplit(url) for url in scan.route]
    if all(preload(hop.hostname or "") for hop in hops):
        return "redirection-all-redirects-preloaded"
    return _of_hops(hops)


def _of_hops(hops: Sequence[SplitResult]) -> str:
    if len(hops) == 1:
        return "redirection-missing"
    first, second = hops[:2]
    if hops[-1].scheme != "https":
        return "redirection-not-to-https"
    if second.scheme == "http":
        return "redirection-not-to-https-on-initial-redirection"
    is_upgraded = (first.scheme, second.scheme) == ("http", "https")
    return "redirection-" + ("off-host-from-http" if is_upgraded and first.hostname != second.hostname else "to-https")
