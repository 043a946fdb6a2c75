from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

AS_OF = date(2026, 11, 23)
"""The day of the sample: its declarations, schemas and plans are dated, and would grow too old."""

SITES = Path(__file__).with_name("sites")

_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_NO_PAGE = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><hr>nginx</body></html>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """How one host behaves. By default: it serves the pages of ``sites/HOST``, with true 404s, and sends http to https.

    ``fallback`` names the file of the folder that answers every path without a page, with ``fallback_status``;
    ``statuses`` are those of single paths, 200 elsewhere.
    ``redirects`` says where single paths lead, ``moved_to`` is the origin where every path leads. ``headers`` go with
    every answer, the redirect from http aside, and so do ``cookies``. ``options_status`` answers ``OPTIONS``; a host that
    ``trusts_all`` lets any origin that asks read it with the session of its visitors. ``is_silent``: takes requests and
    never answers. ``has_plain_http``: serves its pages over http too. ``is_expired``: its certificate is.
    """

    fallback: str = ""
    fallback_status: int = 404
    statuses: Mapping[str, int] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    moved_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    options_status: int = HTTPStatus.NO_CONTENT
    trusts_all: bool = False
    is_silent: bool = False
    has_plain_http: bool = False
    is_expired: bool = False

    def reply(self, scheme: str, name: str, target: str) -> Reply:
        """The answer of the host of that name to ``GET target`` (a path and its query)."""
        if scheme == "http" and not self.has_plain_http:
            return Reply(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": f"https://{name}{target}"})
        if self.moved_to:
            return self._led(HTTPStatus.MOVED_PERMANENTLY, f"{self.moved_to}{target}")
        path = unquote(target.partition("?")[0]).rstrip("/") or "/"
        if path in self.redirects:
            return self._led(HTTPStatus.FOUND, self.redirects[path])
        return self._page(name, path)

    def preflight(self, origin: str) -> Reply:
        """The answer to ``OPTIONS``."""
        allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        headers = {"Allow": "GET, HEAD, OPTIONS", **(allowed if self.trusts_all and origin else {})}
        return Reply(status=self.options_status, headers=headers)

    def _led(self, status: int, location: str) -> Reply:
        return Reply(status=status, headers={**self.headers, "Location": location}, cookies=self.cookies)

    def _page(self, name: str, path: str) -> Reply:
        pages = _pages(name, self.fallback)
        status = self.statuses.get(path, HTTPStatus.OK) if path in pages else self.fallback_status
        fallback = SITES / name / self.fallback if self.fallback else None
        file = pages.get(path, fallback)
        headers = {"Content-Type": _MEDIA_TYPES[file.suffix if file else ".html"], **self.headers}
        body = file.read_bytes() if file else _NO_PAGE
        return Reply(status=status, headers=headers, cookies=self.cookies, body=body)


@cache
def _pages(name: str, fallback: str) -> Mapping[str, Path]:
    """The path of every file of a host but its fallback; nothing else can be served."""
    root = SITES / name
    files = (file for file in root.rglob("*") if file.is_file() and file != root / fallback)
    return {path: file for file in files for path in _paths(file.relative_to(root))}


def _paths(file: Path) -> Iterator[str]:
    """``stats.html`` answers ``/stats``, ``emploi/index.html`` ``/emploi``, other files their own name; those of an API
    (``repos/a/b.json``) answer without their suffix too."""
    page = file.with_suffix("") if file.suffix in {".html", ".json"} else file
    page = page.parent if page.name == "index" else page
    yield f"/{page.as_posix()}" if page.name else "/"
    if file.suffix == ".json":
        yield f"/{file.as_posix()}"


_CAREFUL = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_WORDPRESS = {"X-Powered-By": "PHP/8.2.20", "Vary": "Accept-Encoding", "X-Frame-Options": "SAMEORIGIN"}
_NEXT = {"X-Powered-By": "Next.js", "Strict-Transport-Security": "max-age=31536000", "Vary": "Accept-Encoding"}
_CHALLENGE = {"Cache-Control": "private, max-age=0, no-store", "cf-mitigated": "challenge"}
_SESSION = ("PHPSESSID=5f0e1c2d; path=/", "langue=fr; path=/; Max-Age=31536000")
_BALANCER = ("route=b7; Path=/",)
_STRICT_SESSION = ("session=0d9c7a; Path=/; Secure; HttpOnly; SameSite=Lax",)
_MAINTENANCE = {"Retry-After": "3600"}

HOSTS: Mapping[str, Host] = MappingProxyType(
    {
        # Services that can be read.
        "carnet-vert.example": Host(headers=_CAREFUL, fallback="404.html"),
        "guichet-demenage.example": Host(moved_to="https://www.guichet-demenage.example", cookies=_BALANCER),
        "www.guichet-demenage.example": Host(cookies=_STRICT_SESSION),
        "trajet-doux.example": Host(headers=_NEXT, fallback="404.html", options_status=405),
        "signal-plage.example": Host(headers=_WORDPRESS, fallback="404.html", cookies=_SESSION, trusts_all=True),
        "echo-conseils.example": Host(),
        "portail.example": Host(fallback="404.html"),
        "ma-mairie-simple.example": Host(redirects={"/statistiques": "/connexion"}),
        "ponts-ouverts.example": Host(has_plain_http=True, is_expired=True),
        # A service that has moved: the old name leads to the new one, path kept.
        "relais-quartier.example": Host(moved_to="https://www.voisins-solidaires.example"),
        "www.voisins-solidaires.example": Host(headers=_WORDPRESS),
        # Services that answer 200 whatever is asked: a page that says it is none, an empty shell, a bot wall.
        "covoit-marche.example": Host(fallback="introuvable.html", fallback_status=200),
        "agenda-civique.example": Host(fallback="index.html", fallback_status=200),
        "memoire-des-dunes.example": Host(fallback="index.html", fallback_status=200),
        # Services that cannot be read; quai-libre.example and pass-kermesse.example are dead, and so not here.
        "passe-bac.example": Host(is_silent=True),
        "permis-mouillage.example": Host(headers=_CHALLENGE, fallback="index.html", fallback_status=403),
        "aides-pedale.example": Host(headers=_MAINTENANCE, fallback="index.html", fallback_status=503),
        "registre-digues.example": Host(),  # its robots.txt closes it
        # Not a website.
        "api.marees-ouvertes.example": Host(),
        # The forges of their code: a repository that is renamed, one that is empty, some that are not there.
        "api.github.com": Host(
            fallback="404.json",
            statuses={"/repos/incubateur-civique/portail/commits": 409},
            redirects={"/repos/incubateur-civique/guichet-demenage": "https://api.github.com/repositories/4102"},
        ),
        "gitlab.com": Host(fallback="404.json"),
        # What services publish elsewhere: public dashboards, where any address gets the same shell, and shared pads.
        "indicateurs.incubateur-civique.example": Host(fallback="index.html", fallback_status=200),
        "pad.incubateur-civique.example": Host(),
    }
)
"""Every host of the network; any other name is a dead server."""
