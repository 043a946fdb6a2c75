"""Answers of servers that mean harm, or that nobody looks after: bytes as they leave, fast or slow."""

from __future__ import annotations

import gzip
import itertools
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import brotli

from crawler.archive import MAX_BODY
from tests.crawling.local_web import Asked, CutError, Handler, page, to

NO_PAGE = page("<h1>Page introuvable</h1>", 404)
WORDS = "<p>Le bac traverse le fleuve toutes les vingt minutes, par tous les temps, sauf en cas de crue.</p>" * 8
FOOT = "<footer><a href='/accessibilite'>Accessibilité : non conforme</a></footer>"


def written(*, title: str = "Le bac", head: str = "", before: str = "", words: str = WORDS) -> str:
    """A home page that says its level, with these things in the places that a page has for them."""
    foot = FOOT.replace("Accessibilité", f"{before}Accessibilité")
    return f"<html><head>{head}<title>{title}</title></head><body>{words}{foot}</body></html>"


HOME = written()
GIVEN = HOME.encode()
DRIP = 0.1
"""Seconds between two bytes of a slow server: none is late, the whole never comes."""

Answer = Iterable[bytes] | Callable[[], Iterable[bytes]]
"""Made anew for each request where it is a function, as generators are read once."""


def made(answer: Answer) -> Iterable[bytes]:
    return answer() if callable(answer) else answer


def home(answer: Answer, **others: Answer) -> Handler:
    """A site whose home page over https is that answer; plain http leads there, ``others`` are by their paths."""

    def handler(asked: Asked) -> Iterable[bytes]:
        name = asked.target.strip("/").replace(".", "_")
        if asked.method == "OPTIONS" and "preflight" in others:
            return made(others["preflight"])
        if name in others:
            return made(others[name])
        if asked.scheme == "http" and name != "robots_txt":
            return to(f"https://{asked.host}{asked.target}", status=301)
        return made(answer) if name == "" else NO_PAGE

    return handler


def everywhere(answer: Answer) -> Handler:
    """A site of one answer, whatever is asked of it but robots.txt."""
    return lambda asked: NO_PAGE if asked.target == "/robots.txt" else made(answer)


def linking(*links: str) -> list[bytes]:
    """A home page like any other, and these links with the words of statistics."""
    anchors = "".join(f'<a href="{link}">Statistiques d\'usage</a>' for link in links)
    return page(HOME.replace(FOOT, f"{anchors}{FOOT}"))


def head(*lines: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join((status, "Content-Type: text/html", *lines, "", "")).encode("latin-1")


def as_bytes(text: str) -> str:
    """UTF-8 as a header carries it: a character for each byte."""
    return text.encode().decode("latin-1")


def said(*lines: str, body: bytes = GIVEN, status: str = "HTTP/1.1 200 OK") -> Callable[[], Iterator[bytes]]:
    """The head with these lines and the body, after which the connection is closed."""
    return lambda: iter((head(*lines, status=status), body))


def encoded(encoding: str, body: Callable[[], bytes]) -> Callable[[], list[bytes]]:
    return lambda: page(body(), headers=("Content-Type: text/html", f"Content-Encoding: {encoding}"))


# Slow.


def slowly(start: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    def dripping() -> Iterator[bytes]:
        yield start
        while True:
            time.sleep(DRIP)
            yield piece

    return dripping


def drip_everything(asked: Asked) -> Iterable[bytes]:
    """A home page, and a slow answer to all else."""
    if asked.scheme == "http" or asked.target == "/robots.txt":
        return home(page(HOME))(asked)
    if asked.target == "/" and asked.method == "GET":
        return linking("/stats", "/chiffres", "/impact")
    return slowly(head("Content-Length: 1000000"), b"a")()


# Without end.


def endless(start: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: itertools.chain((start,), itertools.repeat(piece))


CHUNKED = head("Transfer-Encoding: chunked")
CHUNK = b"10000\r\n" + bytes(0x10000) + b"\r\n"


def cut_after(*pieces: bytes) -> Callable[[], Iterator[bytes]]:
    def cutting() -> Iterator[bytes]:
        yield from pieces
        yield b""
        raise CutError

    return cutting


# Bombs.

HUGE = 100 * 1024 * 1024


@cache
def gzip_bomb() -> bytes:
    return gzip.compress(bytes(HUGE), 6)


@cache
def gzip_twice() -> bytes:
    return gzip.compress(gzip_bomb())


@cache
def deflate_bomb() -> bytes:
    return zlib.compress(bytes(HUGE))


@cache
def brotli_bomb() -> bytes:
    return brotli.compress(bytes(HUGE), quality=1)


@cache
def many_streams() -> bytes:
    return gzip.compress(b"") * 50_000 + gzip.compress(GIVEN)


@cache
def ten_to_one() -> bytes:
    """What unpacks to ten times its size, from just under the limit: no ratio gives it away."""
    noise = random.Random(6)  # noqa: S311 - the same at each run
    blocks = (noise.randbytes(1024) * 11 for _ in range(MAX_BODY // 1200))
    packed = gzip.compress(b"".join(blocks), 1)
    assert MAX_BODY * 0.8 < len(packed) < MAX_BODY
    return packed


@cache
def at_the_limit() -> bytes:
    """A page like any other, as long as a body may be, packed."""
    filler = "le bac " * ((MAX_BODY - 2000) // 7)
    return gzip.compress(HOME.replace("</head>", f"<script>/*{filler}*/</script></head>").encode())


@cache
def at_the_limit_as_it_is() -> bytes:
    return gzip.decompress(at_the_limit())


def largest(asked: Asked) -> Iterable[bytes]:
    """The home page comes as it is, the others packed."""
    if asked.target == "/robots.txt":
        return page("", 404)
    return page(at_the_limit_as_it_is()) if asked.target == "/" else encoded("gzip", at_the_limit)()


# Redirects.


def steps(number: int) -> Handler:
    """A page behind so many redirects over https."""

    def handler(asked: Asked) -> Iterable[bytes]:
        if asked.target == "/robots.txt":
            return NO_PAGE
        if asked.scheme == "http":
            return to(f"https://{asked.host}/", status=301)
        at = int(asked.target.strip("/")) if asked.target[1:].isdigit() else 0
        return to(f"/{at + 1}") if at < number else page(HOME)

    return handler


def growing(asked: Asked) -> Iterable[bytes]:
    return NO_PAGE if asked.target == "/robots.txt" else to(f"/?{'a' * len(asked.target)}")


def cookie_chain(asked: Asked) -> Iterable[bytes]:
    """Each redirect sets two hundred more cookies, as large as a cookie may be."""
    if asked.target == "/robots.txt":
        return NO_PAGE
    if asked.scheme == "http":
        return to(f"https://{asked.host}/0", status=301)
    at = int(asked.target.strip("/")) if asked.target.strip("/").isdigit() else 5
    cookies = [f"Set-Cookie: c{at}-{number}={'a' * 1000}; Path=/" for number in range(200)]
    return to(f"/{at + 1}", *cookies) if at < 5 else page(HOME)


def prepare() -> None:
    """Makes what takes time to make, before anybody waits for it."""
    for body in (gzip_twice, deflate_bomb, brotli_bomb, many_streams, ten_to_one, at_the_limit):
        body()
