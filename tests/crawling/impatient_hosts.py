"""Hosts that ask to wait, each the site of a service of its name."""

from __future__ import annotations

import time
from collections.abc import Iterable
from email.utils import formatdate
from threading import Event

from checks.model.service import Service
from tests.crawling.local_web import Asked, CutError, Handler, page, site, to

PAUSE = 1.0
"""Seconds, which a ``Retry-After`` counts in whole ones."""

OPEN = site({"/": "<a href='/stats'>Statistiques</a>", "/stats": "<p>12"}, http=True)


def refusal(retry_after: str | None = "1", status: int = 429) -> list[bytes]:
    headers = () if retry_after is None else (f"Retry-After: {retry_after}",)
    return page("<p>Doucement", status, ("Content-Type: text/html", *headers))


class Once:
    """A host that answers the first request of a path by ``first``, and the rest as an open one."""

    def __init__(self, first: list[bytes], path: str = "/", then: Handler = OPEN) -> None:
        self.first, self.path, self.then = first, path, then
        self.is_said = False

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        if asked.target == self.path and not self.is_said:
            self.is_said = True
            return self.first
        return self.then(asked)


class Limit:
    """A host that refuses all, from its fifth request on, for the seconds that it says."""

    def __init__(self) -> None:
        self.count, self.until = 0, 0.0

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        self.count += 1
        if self.count == 5:
            self.until = time.monotonic() + PAUSE
        return refusal() if time.monotonic() < self.until else OPEN(asked)


class InTheEnd(Once):
    """Idem, with a date: in two seconds at most, one at least."""

    def __init__(self) -> None:
        super().__init__([])

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        self.first = refusal(formatdate(time.time() + 2, usegmt=True), 503)
        return super().__call__(asked)


def always(answer: list[bytes]) -> Handler:
    return lambda asked: page(status=404) if asked.target == "/robots.txt" else answer


class Cut(Once):
    def __call__(self, asked: Asked) -> Iterable[bytes]:
        if asked.target == self.path and not self.is_said:
            self.is_said = True
            raise CutError
        return OPEN(asked)


class Long:
    """A host that asks to be left alone for an hour, and one that leads there once it did."""

    def __init__(self) -> None:
        self.is_said = Event()

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        if asked.target == "/robots.txt":
            return page(status=404)
        self.is_said.set()
        return refusal("3600", 503)

    def late(self, asked: Asked) -> Iterable[bytes]:
        if asked.target != "/":
            return page(status=404)
        self.is_said.wait(20)
        time.sleep(0.8)
        return to("https://long.example/")


class RefusedTwice:
    """A host whose robots.txt is refused twice, a second each time, and forbids all then; and one that leads there later."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self, _: Asked) -> Iterable[bytes]:
        self.times.append(time.monotonic())
        return refusal() if len(self.times) <= 2 else page("User-agent: *\nDisallow: /")

    def later(self, asked: Asked) -> Iterable[bytes]:
        if asked.target == "/robots.txt":
            return page(status=404)
        time.sleep(0.6)
        is_time = len(self.times) > 1 and time.monotonic() > self.times[1] + 1.1 * PAUSE
        return to("https://refused-twice.example/" if is_time else f"{asked.target}a")


def spender(number: int) -> Handler:
    """One of many hosts to which a service leads, that each refuse at first and send elsewhere then."""
    pages = site({"/": to("/a"), "/a": to("/b"), "/b": "<p>Oui"}, http=True)
    return Once(refusal("0"), then=pages) if number else Once(refusal("0"), then=site({"/": LINKS}, http=True))


NAMES = ("Accessibilité", "RGAA", "Statistiques", "Impact", "Budget", "Transparence", "Mentions légales", "RGPD", "CGU")
LINKS = "".join(f"<a href='https://spender-{number}.example/'>{name}</a>" for number, name in enumerate(NAMES, 1))
LONG, REFUSED_TWICE = Long(), RefusedTwice()
FORBIDDEN = "User-agent: *\nDisallow: /stats"
HOSTS: dict[str, Handler] = {
    "short": Once(refusal("1")),
    "short-503": Once(refusal("1", 503)),
    "date": InTheEnd(),
    "past": Once(refusal("Sun, 06 Nov 1994 08:49:37 GMT")),
    "no-header": Once(refusal(None)),
    "negative": Once(refusal("-5")),
    "moved": Once(to("/", "Retry-After: 1")),
    "long": LONG,
    "huge": always(refusal("9" * 400)),
    "insisting": always(refusal("1")),
    "wall": always(refusal(None)),
    "forge": lambda asked: page("{}") if "/api/" in asked.target else always(refusal("3600"))(asked),
    "late": LONG.late,
    "limit": Limit(),
    "cut": Cut([]),
    "robots-429": Once(refusal("1"), "/robots.txt", site({"/": "<p>Oui"}, FORBIDDEN, http=True)),
    "robots-wall": lambda _: refusal(None),
    "robots-503": Once(refusal("1", 503), "/robots.txt"),
    "robots-long": lambda _: refusal("3600", 503),
    "refused-twice": site({"/": "<p>Oui"}, robots=to("https://www.refused-twice.example/robots.txt")),
    "www.refused-twice": REFUSED_TWICE,
    "later": REFUSED_TWICE.later,
    "open": OPEN,
    "spender-0": spender(0),
    **{f"spender-{number}": spender(number) for number in range(1, 10)},
}
LIMITED = [f"limit/{number}" for number in range(10)]


def service(name: str, **fields: str) -> Service:
    host, _, path = name.partition("/")
    return Service(id=name, name=name, urls=(f"https://{host}.example/{path and '?' + path}",), **fields)


SERVICES = [
    *(
        service(name)
        for name in HOSTS
        if name not in {"forge", "limit", "www.refused-twice"} and not name.startswith("spender-")
    ),
    service("forge", repository="https://forge.example/port/bac"),
    service("robots-429/stats", statistics_url="https://robots-429.example/stats"),
    service("spender-0"),
    *map(service, LIMITED),
]
