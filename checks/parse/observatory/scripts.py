from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from checks.model.address import public_domain
from checks.parse.observatory.markup import Script, is_html
from checks.parse.observatory.scan import Scan

_SAFE = "sri-implemented-and-external-scripts-loaded-securely"
_BONUS = "sri-implemented-and-all-scripts-loaded-securely"
_INSECURE = "sri-implemented-but-external-scripts-not-loaded-securely"
_BARE = "sri-not-implemented-but-external-scripts-loaded-securely"
_WORST = "sri-not-implemented-and-external-scripts-not-loaded-securely"
_ORDER = (_INSECURE, _BARE, _WORST)
"""From the mildest, as the Observatory believes: the first costs 20 points, the second 5."""

_PROTOCOL_RELATIVE = re.compile(r"//[^/]")
_ABSOLUTE = re.compile(r"https?://")


def sri_test(scan: Scan, scripts: Sequence[Script]) -> str:
    if not is_html(scan):
        return "sri-not-implemented-response-not-html"
    if scan.body is None:
        return "html-not-parseable"
    if not scripts:
        return "sri-not-implemented-but-no-scripts-loaded"
    found = [finding for _, finding in _findings(scan, scripts)]
    # The worst of the faults; a bonus counts only where there is none.
    faults = [finding for finding in found if finding in _ORDER]
    if faults:
        return max(faults, key=_ORDER.index)
    if _BONUS in found:
        return _BONUS
    return _SAFE if _SAFE in found else "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"


def faulty_scripts(scan: Scan, scripts: Sequence[Script]) -> tuple[Script, ...]:
    """The scripts for which the test takes points away."""
    return tuple(script for script, finding in _findings(scan, scripts) if finding in _ORDER)


def _findings(scan: Scan, scripts: Sequence[Script]) -> Iterator[tuple[Script, str]]:
    """What each script that has an address adds."""
    own = public_domain(scan.host)
    for script in scripts:
        if not script.source:
            continue
        is_absolute = _ABSOLUTE.match(script.source) is not None
        host = _host(script.source) if is_absolute else ""
        if host is None:
            continue  # no address at all: a browser loads nothing, and the reference gives up the scan
        if _PROTOCOL_RELATIVE.match(script.source):
            yield script, _INSECURE if script.integrity else _WORST
        elif is_absolute and public_domain(host) != own:
            yield script, _of_foreign(script)
        elif script.integrity and (script.source.startswith("https:") if is_absolute else scan.is_https):
            yield script, _BONUS


def _of_foreign(script: Script) -> str:
    is_secure = script.source.startswith("https:")
    if script.integrity:
        return _SAFE if is_secure else _INSECURE
    return _BARE if is_secure else _WORST


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
