"""A web of difficult hosts, each the site of a service of its name."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable

import brotli

from checks.model.service import Phase, Service
from tests.crawling.local_web import Asked, Handler, page, site, to

NO_ROBOTS = page(status=404)


def without_robots(handler: Callable[[Asked], Iterable[bytes]]) -> Handler:
    return lambda asked: NO_ROBOTS if asked.target == "/robots.txt" else handler(asked)


def with_cookies(asked: Asked) -> list[bytes]:
    """Sets a cookie, sends to itself, and shows its page to those who bring it back."""
    cookie = asked.headers.get("cookie", "")
    if asked.scheme == "http":
        return to(f"https://{asked.host}/")
    return page(f"<p>{cookie}") if "session=1" in cookie else to("/", "Set-Cookie: session=1; Path=/")


def encoded(encoding: str, body: bytes) -> Handler:
    return site({"/": page(body, headers=("Content-Type: text/html", f"Content-Encoding: {encoding}"))})


def answering(status: int, location: str = "") -> Handler:
    headers = [f"Location: {location}"] if location else []
    return without_robots(lambda _: page("<p>Voici", status, ["Content-Type: text/html", *headers]))


def greedy_pages() -> dict[str, str | list[bytes]]:
    """More of everything than a visit may cost: each link leads on twice, and every host is another one."""
    names = (
        "Accessibilité",
        "RGAA",
        "Statistiques",
        "Impact",
        "Budget",
        "Transparence",
        "Mentions légales",
        "RGPD",
        "CGU",
    )
    links = [f"<a href='https://greedy-{number}.example/'>{name}</a>" for number, name in enumerate(names)]
    return {"/": "".join(links)}


PLAIN = site({"/": "<p>Bonjour"}, http=True)
HOSTS: dict[str, Handler] = {
    "redirects": site({"/": to("https://www.redirects.example/"), "/fr/": "<p>Bienvenue"}),
    "www.redirects": site({"/": to("/fr/#contenu", status=308), "/fr/": "<p>Bienvenue"}),
    "cookies": with_cookies,
    "cookies-too": with_cookies,
    "gzip": encoded("gzip", gzip.compress(b"<p>Bonjour")),
    "deflate": encoded("deflate", zlib.compress(b"<p>Bonjour", wbits=-15)),
    "brotli": encoded("br", brotli.compress(b"<p>Bonjour")),
    "lie": encoded("gzip", b"<p>Bonjour"),
    "stranger": site({"/": "<a href='/stats'>Statistiques</a>"}, robots="User-agent: *\nDisallow: /stats"),
    "disallowed": site({"/": "<p>Bonjour"}, robots="User-agent: *\nDisallow:\n\nUser-agent: toise\nDisallow: /"),
    "others-disallowed": site({"/": "<p>Bonjour"}, robots="User-agent: *\nDisallow: /\n\nUser-agent: Toise\nAllow: /"),
    "marked": site({"/": "<p>Bonjour"}, robots="\ufeffUser-agent: *\nDisallow: /"),
    "robots-page": site({"/": "<p>Bonjour"}, robots="<html><body><p>User-agent: *<p>Disallow: /</body></html>"),
    "robots-401": site({"/": "<p>Bonjour"}, robots=page(status=401)),
    "robots-503": site({"/": "<p>Bonjour"}, robots=page(status=503)),
    "robots-loop": site({"/": "<p>Bonjour"}, robots=to("/robots.txt")),
    "robots-moved": site({"/": "<p>Bonjour"}, robots=to("https://disallowed.example/robots.txt")),
    "shared": site({"/": "<p>Bonjour", "/un/": "<p>Un", "/deux/": "<p>Deux"}, robots="User-agent: *\nDisallow: /stats"),
    "greedy": site(greedy_pages()),
    **{f"greedy-{number}": site({"/": to("/a"), "/a": to("/b"), "/b": "<p>Oui"}) for number in range(9)},
    "linked": site({"/": f"<a href='/{'a' * 9000}/stats'>Statistiques</a><a href='http://127.0.0.1/budget'>Budget</a>"}),
    "plain": PLAIN,
    **{f"status-{status}": answering(status) for status in (401, 403, 404, 410, 429, 500, 503)},
}  # fmt: skip


def service(name: str, path: str = "/", **fields) -> Service:
    return Service(id=name, name=name, urls=(f"https://{name.partition('/')[0]}.example{path}",), **fields)


SERVICES = [
    *(service(name) for name in HOSTS if name not in {"www.redirects", "shared"} and not name.startswith("greedy-")),
    service("silent"),
    service("dead"),
    service("shared/un", "/un/"),
    service("shared/deux", "/deux/", statistics_url="https://shared.example/stats"),
    service("shared/trois"),
    service("stopped", phases=(Phase(name="alumni", start="2020-01-01"),)),
    Service(id="nothing", name="nothing"),
    Service(id="suffix", name="suffix", urls=("https://un.gouv.fr/",)),
]
