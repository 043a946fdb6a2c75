"""Recorded responses, one JSON object each, as scans: what ``toise headers`` reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from checks.parse.observatory.scan import Cookie, Response, Scan, joined

DEFAULT_HOST = "www.example.fr"
"""The site of a response that names none."""

ORIGIN = "https://http-observatory.security.mozilla.org"
"""The origin of the Observatory's preflight, where a recorded one does not say which it sent."""


def scan_of(said: Mapping[str, Any]) -> Scan:
    """Reads ``{status, headers, body, scheme}`` and, where given, ``site``, ``verified``, ``https``, ``http``, ``redirects``
    and ``cors``: a response that was asked over https stands for a site whose http leads there.

    Raises ``ValueError`` naming the key that is not as it should be.
    """
    scheme = _one_of(said.get("scheme", "https"), "scheme", "https", "http")
    host = _text(said.get("site", DEFAULT_HOST), "site").lower()
    _address(f"{scheme}://{host}/", "site")
    headers = _mapping(said.get("headers", {}), "headers")
    verified = said.get("verified", True) is not False
    auto = Response(status=_status(said), headers=_headers(headers), is_verified=verified)
    https = _response(said["https"], "https") if "https" in said else auto if scheme == "https" else None
    http = _response(said["http"], "http") if "http" in said else Response(is_verified=verified)
    lines = tuple(_cookies(headers))
    preflight = _mapping(said.get("cors") or {}, "cors")
    return Scan(
        host=host,
        scheme=scheme,
        auto=auto,
        https=https,
        http=http,
        route=_route(said, host, scheme),
        cookies=tuple(Cookie(line=line, host=host) for line in lines),
        last_cookies=lines,
        body=_text(said.get("body") or "", "body"),
        preflight=_headers(_mapping(preflight.get("headers", {}), "cors.headers")),
        origin=_text(preflight.get("origin", ORIGIN) or "", "cors.origin"),
    )


def _status(said: Mapping[str, Any]) -> int:
    status = said.get("status", 200)
    if not isinstance(status, int) or isinstance(status, bool):
        raise ValueError("status is no whole number")  # noqa: TRY004 - one error for all that is foreign
    return status


def _response(said: Any, key: str) -> Response | None:
    if said is None:
        return None
    found = _mapping(said, key)
    headers = _headers(_mapping(found.get("headers", {}), f"{key}.headers"))
    return Response(status=_status(found), headers=headers, is_verified=found.get("verified", True) is not False)


def _route(said: Mapping[str, Any], host: str, scheme: str) -> tuple[str, ...]:
    """The addresses of the http chain: unless they are given, http leads to the page as it was asked."""
    redirects = said.get("redirects")
    if redirects is None:
        start = f"http://{host}/"
        return (start, f"https://{host}/") if scheme == "https" else (start,)
    if not isinstance(redirects, list):
        raise ValueError("redirects is no list")  # noqa: TRY004 - idem
    return tuple(_address(_mapping(hop, "redirects").get("url"), "redirects.url") for hop in redirects)


def _address(said: Any, key: str) -> str:
    url = _text(said, key)
    try:
        urlsplit(url)
    except ValueError as error:
        raise ValueError(f"{key} is no address") from error
    return url


def _headers(said: Mapping[str, Any]) -> Mapping[str, str]:
    return joined(_pairs(said))


def _cookies(said: Mapping[str, Any]) -> Iterator[str]:
    return (value for name, value in _pairs(said) if name.lower() == "set-cookie")


def _pairs(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield name, _text(one, f"headers.{name}")


def _mapping(said: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise ValueError(f"{key} is no object")  # noqa: TRY004 - idem
    return said


def _text(said: Any, key: str) -> str:
    if not isinstance(said, str):
        raise ValueError(f"{key} is no text")  # noqa: TRY004 - idem
    return said


def _one_of(said: Any, key: str, *values: str) -> str:
    if said not in values:
        raise ValueError(f"{key} is neither {' nor '.join(values)}")
    return str(said)
