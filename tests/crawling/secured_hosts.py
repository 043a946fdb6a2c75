"""A web of hosts that differ by what the rules on security look at, each the site of a service of its name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from checks.model.service import Service
from tests.crawling.certificates import Fault
from tests.crawling.local_web import Asked, Handler, page, site, to

HOME = "<h1>Bonjour</h1>"
PLAIN_TEXT = "Content-Type: text/plain; charset=utf-8"
CONTACT = "Contact: mailto:securite@a.example\r\nExpires: 2027-05-01T00:00:00Z\r\n"
SECURITY_TXT = page(CONTACT, headers=[PLAIN_TEXT])
PATH = "/.well-known/security.txt"
LONG = "a" * 100_000
COOKIES = [f"Set-Cookie: c{number}=S3CRET{number}; Path=/; HttpOnly" for number in range(500)]
REPEATED = [
    "Content-Type: text/html",
    "Set-Cookie: b=S3CRET; Path=/; Secure",
    "strict-transport-security: max-age=1",
    "CONTENT-SECURITY-POLICY: default-src 'self'",
    "set-cookie: a=S3CRET; HttpOnly",
    "Strict-Transport-Security: max-age=2",
    "content-security-policy: img-src *",
    "SET-COOKIE: b=S3CRET2",
]
ODD = [
    " continues: nothing",
    "Content-Type: text/html",
    "X-Nom: Pr\xe9fecture \xc3\xa9 \xff",
    "X-Empty:",
    "X-Empty: ",
    "X-Folded: un\r\n\t deux\r\n trois",
    "X-Null: a\0b\x01\x7f",
    "Referrer-Policy : no-referrer",
    "no colon here",
    "Bad Name: x",
    ": nameless",
    f"X-Long: {LONG}",
    "Set-Cookie: \xe9t\xe9=S3CRET; Path=/\xff",
    "Set-Cookie:",
    f"Set-Cookie: long=S3CRET{LONG[:5000]}",
    *COOKIES,
]  # fmt: skip


def answering(options: Iterable[bytes], pages: dict[str, str | Iterable[bytes]] | None = None) -> Handler:
    """A site that gives ``options`` to any preflight."""
    whole = site({"/": HOME, **(pages or {})})
    return lambda asked: options if asked.method == "OPTIONS" else whole(asked)


def reflecting(asked: Asked) -> Iterable[bytes]:
    if asked.method != "OPTIONS":
        return site({"/": page(HOME, headers=["Content-Type: text/html", "Set-Cookie: session=S3CRET"])})(asked)
    origin = asked.headers.get("origin", "nobody")
    allowed = [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true"]
    return page(status=204, headers=allowed)


def with_cookies(asked: Asked) -> Iterable[bytes]:
    """http leads to another host, which leads back; each hop sets a cookie of its own."""
    if asked.target in {"/robots.txt", PATH}:
        return page(status=404)
    if asked.scheme == "http":
        return to("https://relay.example/", "Set-Cookie: un=1", "Set-Cookie: un-bis=1; Secure", status=301)
    if asked.host == "relay.example":
        return to("https://chain.example/fr", "Set-Cookie: deux=2; HttpOnly")
    return page(HOME, headers=["Content-Type: text/html", "Set-Cookie: trois=3; SameSite=Lax"])


def late(asked: Asked) -> Iterable[bytes]:
    if asked.scheme == "http" and asked.target == "/":
        return to("http://late.example/x")
    return site({"/x": HOME, "/": HOME})(asked)


def endless_head(asked: Asked) -> Iterable[bytes]:
    if asked.target == "/robots.txt":
        return page(status=404)
    return _endless()


def _endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield f"X-{number}: {'a' * 1000}\r\n".encode()


HOSTS: dict[str, Handler] = {
    "chain": with_cookies,
    "relay": with_cookies,
    "late": late,
    "repeated": site({"/": page(HOME, headers=REPEATED)}),
    "odd": site({"/": page(HOME, headers=ODD)}),
    "endless-head": endless_head,
    "reflecting": reflecting,
    "refusing": answering(page(status=405, headers=["Allow: GET, HEAD"])),
    "leading": answering(to("/ailleurs")),
    "good-txt": site({"/": HOME, PATH: SECURITY_TXT}),
    "soft-txt": site({"/": HOME, PATH: page("<h1>Page introuvable")}),
    "no-txt": site({"/": HOME}),
    "moved-txt": site({"/": HOME, PATH: to("https://www.moved-txt.example/securite.txt")}),
    "www.moved-txt": site({"/securite.txt": SECURITY_TXT}),
    "closed-txt": site({"/": HOME, PATH: SECURITY_TXT}, robots="User-agent: *\nDisallow: /.well-known/"),
    "in-clear": lambda asked: site({"/": HOME}, http=True)(asked) if asked.scheme == "http" else page(status=404),
    "broken": site({"/": page("<h1>Erreur", 500)}),
    "telling": site({"/": to("https://agent:S3CRET@telling.example/entree"), "/entree": HOME}),
    **{fault.value: site({"/": HOME, PATH: SECURITY_TXT}) for fault in Fault},
}
FAULTS = {f"{fault.value}.example": fault for fault in Fault}
SERVICES = [
    Service(id=name, name=name, urls=(f"https://{name}.example/",))
    for name in (*HOSTS, "hanging")
    if name not in {"relay", "www.moved-txt"}
]
