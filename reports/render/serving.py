"""With which headers the site is to be served: one table, and how each server is told.

The home page is held to the rules of ``checks/rules/security``; what is made to be taken elsewhere (data, badges, feeds) may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_POLICY: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",  # the mark of the State is in its style
        "font-src": "'self'",
        "require-trusted-types-for": "'script'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
)
_FROM_DISK = ("style-src", "script-src", "img-src", "font-src")


def policy() -> str:
    """The Content-Security-Policy of every page, as a header."""
    return "; ".join(f"{name} {sources}" for name, sources in _POLICY.items())


def policy_in_page() -> str:
    """The same as a ``<meta>``, which cannot say who may frame the page, and must do for pages read from a disk.

    ``file:`` lets style in there, where browsers disagree on what ``'self'`` means.
    """
    parts = {name: sources for name, sources in _POLICY.items() if name != "frame-ancestors"}
    return "; ".join(f"{name} {sources}{' file:' if name in _FROM_DISK else ''}" for name, sources in parts.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of the site, by its path or, with a star, by the folder that it is; and what it is served with.

    A path is in several places: what they say adds up. No header may stand in two of them, because Cloudflare Pages joins both
    values by a comma where Netlify takes one.
    """

    path: str
    headers: Mapping[str, str]
    media_type: str = ""


_SHARED = {"Access-Control-Allow-Origin": "*"}

EVERYWHERE = Place(
    path="/*",
    headers={
        "Strict-Transport-Security": "max-age=31536000",
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        # All is public and nobody has a session: pages of others may show badges, and read feeds and data.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cache-Control": "public, max-age=600",
    },
)
PLACES = (
    EVERYWHERE,
    # Copies of pages of others: text, whatever they hold, and nothing that a search engine should give for the page itself.
    Place(path="/preuves/*", headers={"X-Robots-Tag": "noindex"}, media_type="text/plain; charset=utf-8"),
    Place(path="/data/*", headers=_SHARED),
    Place(path="/badges/*", headers=_SHARED, media_type="image/svg+xml; charset=utf-8"),
    Place(path="/feeds/*", headers=_SHARED, media_type="application/atom+xml; charset=utf-8"),
    Place(path="/.well-known/security.txt", headers={}, media_type="text/plain; charset=utf-8"),
)
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "html": "text/html",
        "css": "text/css",
        "js": "text/javascript",
        "json": "application/json",
        "jsonld": "application/ld+json",
        "csv": "text/csv",
        "txt": "text/plain",
        "svg": "image/svg+xml",
        "atom": "application/atom+xml",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "zip": "application/zip",
        "woff2": "font/woff2",
    }
)
"""Of the files of a site; servers do not know them all."""
_TEXTS = tuple(
    media for media in TYPES.values() if media.startswith("text/") or media.endswith(("json", "xml")) or "+" in media
)
_ABOUT = "Écrit par Toise avec le site : voir docs/publishing.md."


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How one site is served: its folder, as a path with both slashes, and the table."""

    root: str = "/"
    places: tuple[Place, ...] = field(default=PLACES)

    def path_of(self, place: Place) -> str:
        return f"{self.root}{place.path.removeprefix('/')}"


def headers_file(serving: Serving) -> str:
    """``_headers``, which Cloudflare Pages, Netlify and others read."""
    return "\n".join([f"# {_ABOUT}", *(line for place in serving.places for line in _ruled(serving, place)), ""])


def _ruled(serving: Serving, place: Place) -> Iterator[str]:
    yield serving.path_of(place)
    if place.media_type:
        yield f"  Content-Type: {place.media_type}"
    yield from (f"  {name}: {value}" for name, value in place.headers.items())


def nginx_file(serving: Serving) -> str:
    """``nginx.conf``, to be included in the ``server`` block that serves the site over https.

    A location that adds a header inherits none, so that each says them all.
    """
    types = (f"    {media} {ending};" for ending, media in TYPES.items())
    texts = " ".join(dict.fromkeys(media for media in _TEXTS if media != "text/html"))  # which nginx has of its own
    return "\n".join(
        [
            f"# {_ABOUT}",
            "# À inclure dans le bloc server qui sert ce site en https ; le port 80 ne fait que rediriger.",
            "types {",
            *types,
            "}",
            "charset utf-8;",
            f"charset_types {texts};",
            f"error_page 404 {serving.root}404.html;",
            *(line for place in serving.places for line in _located(serving, place)),
            "",
        ]
    )


def _located(serving: Serving, place: Place) -> Iterator[str]:
    path = serving.path_of(place)
    kind = "" if place is EVERYWHERE else "^~ " if path.endswith("*") else "= "
    yield f"location {kind}{path.removesuffix('*')} {{"
    if place.media_type:
        media, _, _ = place.media_type.partition(";")
        yield "    types { }"
        yield f"    default_type {media};"
    headers = EVERYWHERE.headers if place is EVERYWHERE else {**EVERYWHERE.headers, **place.headers}
    yield from (f'    add_header {name} "{value}" always;' for name, value in headers.items())
    yield "}"


def apache_file(serving: Serving) -> str:
    """``.htaccess``, for Apache 2.4 with ``mod_headers`` and ``AllowOverride All``."""
    return "\n".join(
        [
            f"# {_ABOUT}",
            f"ErrorDocument 404 {serving.root}404.html",
            *(f"AddType {media} .{ending}" for ending, media in TYPES.items()),
            f"AddCharset utf-8 {' '.join(f'.{ending}' for ending, media in TYPES.items() if media in _TEXTS)}",
            *(line for place in serving.places for line in _conditioned(serving, place)),
            "",
        ]
    )


def _conditioned(serving: Serving, place: Place) -> Iterator[str]:
    path = serving.path_of(place)
    is_everywhere = place is EVERYWHERE
    if not is_everywhere:
        pattern = re.escape(path.removesuffix("*")) + ("" if path.endswith("*") else "$")
        yield f'<If "%{{REQUEST_URI}} =~ m#^{pattern}#">'
    if place.media_type:
        yield f'ForceType "{place.media_type}"'
    yield from (f'Header always set {name} "{value}"' for name, value in place.headers.items())
    if not is_everywhere:
        yield "</If>"
