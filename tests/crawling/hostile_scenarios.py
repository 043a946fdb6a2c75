"""Every way that we know in which a site may harm its visit, by name, and the verdicts that it must cost: its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape

from checks.model.capture import FailureKind
from checks.model.service import Service
from tests.crawling import hostile_answers as answers
from tests.crawling.certificates import Fault
from tests.crawling.hostile_answers import (
    CHUNK,
    CHUNKED,
    GIVEN,
    HOME,
    WORDS,
    as_bytes,
    cut_after,
    drip_everything,
    encoded,
    endless,
    everywhere,
    head,
    home,
    linking,
    said,
    slowly,
    written,
)
from tests.crawling.local_web import Handler, page, to

READ = ("level-not", "redirects-to-https")
"""The reasons of ``accessibility-mention`` and ``https`` where the attempt changes nothing."""

ASTRAY = ("unreachable", "redirects-to-https")
UNREACHABLE = ("unreachable", "unreachable")
TOO_LARGE = ("too-large", "too-large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """``reasons`` are those of accessibility-mention and https, ``statistics`` that of statistics-page.

    ``failure`` is how the visit of the home page ends, where it has no answer. ``most``: the requests that the host may
    get. ``tunnel``: what it says in place of TLS. ``fault``: what is wrong with its certificate.
    """

    name: str
    tries: str
    handler: Handler
    reasons: tuple[str, str] = READ
    statistics: str = ""
    failure: FailureKind | None = None
    most: int = 30
    tunnel: answers.Answer | None = None
    fault: Fault | None = None
    declared: str | None = None

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    @property
    def service(self) -> Service:
        return Service(id=self.name, name=self.name, urls=(f"https://{self.host}/",), statistics_url=self.declared)


_slow = partial(Scenario, reasons=UNREACHABLE, failure=FailureKind.TIMEOUT, most=4)
_large = partial(Scenario, reasons=TOO_LARGE, failure=FailureKind.TOO_LARGE, most=4)
_odd = partial(Scenario, reasons=UNREACHABLE, failure=FailureKind.OTHER, most=4)
_lost = partial(Scenario, reasons=UNREACHABLE, failure=FailureKind.DATA_LOSS, most=5)
_cut = partial(Scenario, reasons=UNREACHABLE, failure=FailureKind.RESET, most=5)
_loop = partial(
    Scenario, reasons=("redirect-loop", "redirects-to-https"), failure=FailureKind.TOO_MANY_REDIRECTS, most=20
)
_away = partial(Scenario, reasons=("redirect-loop", "redirects-to-https"), most=6)
_bad = partial(Scenario, reasons=("level-not", "bad-certificate"), handler=home(page(HOME)))
_read = partial(Scenario, reasons=READ)

_BODY = head("Content-Length: 1000000")
_OK = b"HTTP/1.1 200 OK\r\n"

SLOW = (
    _slow(name="silent-home", tries="takes the request and says nothing", handler=home(slowly(b"", b""))),
    _slow(name="drip-head", tries="a letter of one header at a time", handler=home(slowly(_OK + b"X-A: ", b"a"))),
    _slow(name="drip-headers", tries="a header at a time", handler=home(slowly(_OK, b"X-A: a\r\n"))),
    _slow(name="drip-status", tries="a letter of the status at a time", handler=home(slowly(b"HTTP/1.1 200 ", b"O"))),
    _slow(name="drip-body", tries="a byte of a long body at a time", handler=home(slowly(_BODY, b"a"))),
    _slow(name="drip-chunks", tries="a chunk of a byte at a time", handler=home(slowly(CHUNKED, b"1\r\na\r\n"))),
    _slow(name="drip-1xx", tries="asks to wait, time and again", handler=home(slowly(b"", b"HTTP/1.1 102 W\r\n\r\n"))),
    _slow(name="drip-robots", tries="robots.txt a byte at a time", handler=home(page(HOME), robots_txt=slowly(_BODY, b"#")), most=2),
    _slow(name="tls-silent", tries="takes the connection and never shakes hands", handler=home(page(HOME)), tunnel=slowly(b"", b"")),
    _slow(name="tls-drip", tries="a handshake of a byte at a time", handler=home(page(HOME)), tunnel=slowly(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", b"\x00")),
    _read(name="drip-preflight", tries="answers OPTIONS a byte at a time", handler=home(page(HOME), preflight=slowly(_BODY, b"a"))),
    _read(name="drip-page", tries="a linked page a byte at a time", handler=home(linking("/stats"), stats=slowly(_BODY, b"a")), statistics="unreachable"),
    _read(name="drip-declared", tries="a declared page a byte at a time", handler=home(page(HOME), stats=slowly(_BODY, b"a")), declared="https://drip-declared.example/stats", statistics="unreachable"),
    _read(name="drip-everything", tries="all but the home page a byte at a time, to spend the time of all", handler=drip_everything, statistics="unreachable", most=12),
)  # fmt: skip
ENDLESS = (
    _large(name="endless-headers", tries="headers without end", handler=home(endless(_OK, b"X-A: " + b"a" * 9000 + b"\r\n"))),
    _large(name="endless-header", tries="one header without end", handler=home(endless(_OK + b"X-A: ", b"a" * 9000))),
    _large(name="endless-status", tries="a status line without end", handler=home(endless(b"HTTP/1.1 200 ", b"a" * 9000))),
    _large(name="endless-1xx", tries="asks to wait, as fast as it can", handler=home(endless(b"", b"HTTP/1.1 103 W\r\n\r\n" * 99))),
    _large(name="endless-chunks", tries="chunks without end", handler=home(endless(CHUNKED, CHUNK))),
    _large(name="endless-body", tries="a body without length or end", handler=home(endless(head(), bytes(0x10000)))),
    _large(name="endless-page", tries="the same for every page", handler=everywhere(endless(head(), b"<p>a</p>" * 999))),
    _lost(name="endless-trailers", tries="trailers without end", handler=home(endless(CHUNKED + b"0\r\n", b"X-A: a\r\n" * 99))),
    _lost(name="endless-extension", tries="the extension of a chunk without end", handler=home(endless(CHUNKED + b"1;a=", b"a" * 9000))),
    _read(name="endless-after", tries="goes on after the page, without end", handler=home(endless(head(f"Content-Length: {len(GIVEN)}") + GIVEN, bytes(0x10000)))),
    _read(name="endless-farewell", tries="says that it closes, and goes on", handler=home(endless(head("Connection: close", f"Content-Length: {len(GIVEN)}") + GIVEN, bytes(0x10000)))),
    _large(name="100-mb", tries="a hundred megabytes, announced and sent", handler=home(endless(head(f"Content-Length: {answers.HUGE}"), bytes(0x10000)))),
    _large(name="100-mb-announced", tries="a hundred megabytes, announced only", handler=home(said(f"Content-Length: {answers.HUGE}"))),
    _read(name="100-mb-robots", tries="robots.txt without end", handler=home(page(HOME), robots_txt=endless(head(), b"#" * 9000)), reasons=TOO_LARGE, failure=FailureKind.TOO_LARGE, most=2),
    _read(name="100-mb-linked", tries="a linked page without end", handler=home(linking("/stats"), stats=endless(head(), b"a" * 9000)), statistics="too-large"),
)  # fmt: skip
BOMBS = (
    _large(name="gzip-bomb", tries="100 kB that unpack to 100 MB", handler=home(encoded("gzip", answers.gzip_bomb))),
    _large(name="gzip-in-gzip", tries="a bomb in a bomb", handler=home(encoded("gzip, gzip", answers.gzip_twice))),
    _large(name="deflate-bomb", tries="the same with deflate", handler=home(encoded("deflate", answers.deflate_bomb))),
    _large(name="brotli-bomb", tries="the same with brotli", handler=home(encoded("br", answers.brotli_bomb))),
    _large(name="ten-to-one", tries="5 MB that unpack to 50 MB", handler=home(encoded("gzip", answers.ten_to_one))),
    _read(name="gzip-streams", tries="thousands of empty streams", handler=home(encoded("gzip", answers.many_streams)), reasons=("not-html", "redirects-to-https")),
    _large(name="gzip-robots", tries="a bomb for robots.txt", handler=home(page(HOME), robots_txt=encoded("gzip", answers.gzip_bomb))),
    _large(name="gzip-everywhere", tries="a bomb for every page", handler=everywhere(encoded("gzip", answers.gzip_bomb))),
    _read(name="largest", tries="every page as long as may be", handler=everywhere(encoded("gzip", answers.at_the_limit)), reasons=("level-not", "no-redirect")),
    _read(name="gzip-lie", tries="says gzip, sends text", handler=home(encoded("gzip", lambda: GIVEN))),
    _read(name="gzip-cascade", tries="says gzip a thousand times", handler=home(encoded(", ".join(["gzip"] * 1000), lambda: GIVEN))),
)  # fmt: skip
LENGTHS = (
    _lost(name="length-too-long", tries="announces more than it sends", handler=home(said("Content-Length: 50000"))),
    _read(name="length-too-short", tries="announces less than it sends", handler=home(said(f"Content-Length: {len(GIVEN)}", body=GIVEN * 2))),
    _odd(name="length-negative", tries="Content-Length: -1", handler=home(said("Content-Length: -1"))),
    _large(name="length-huge", tries="a length of thirty digits", handler=home(said(f"Content-Length: {'9' * 30}"))),
    _odd(name="length-of-5000-digits", tries="a length that no integer holds", handler=home(said(f"Content-Length: {'9' * 5000}"))),
    _odd(name="length-of-words", tries="Content-Length: beaucoup", handler=home(said("Content-Length: beaucoup"))),
    _odd(name="length-twice", tries="two lengths that differ", handler=home(said("Content-Length: 5", f"Content-Length: {len(GIVEN)}"))),
    _lost(name="length-and-chunks", tries="a length and chunks", handler=home(said("Content-Length: 5", "Transfer-Encoding: chunked"))),
    _lost(name="chunk-too-long", tries="a chunk shorter than its size", handler=home(said("Transfer-Encoding: chunked", body=b"ffff\r\nabc"))),
    _lost(name="chunk-negative", tries="a chunk of size -5", handler=home(said("Transfer-Encoding: chunked", body=b"-5\r\nabcde\r\n0\r\n\r\n"))),
    _lost(name="chunk-of-words", tries="a chunk of size « un »", handler=home(said("Transfer-Encoding: chunked", body=b"un\r\na\r\n"))),
)  # fmt: skip
BROKEN = (
    _cut(name="reset-head", tries="cuts the connection in the head", handler=home(cut_after(_OK))),
    _cut(name="reset-at-once", tries="cuts the connection at the request", handler=home(cut_after())),
    _lost(name="reset-body", tries="cuts the connection in the body", handler=home(cut_after(_BODY, GIVEN))),
    _cut(name="reset-tls", tries="cuts the connection at the handshake", handler=home(page(HOME)), tunnel=cut_after()),
    _cut(name="reset-everything", tries="cuts every connection", handler=lambda _: cut_after()(), tunnel=cut_after()),
    _read(name="tls-garbage", tries="noise in place of a handshake", handler=home(page(HOME)), tunnel=lambda: iter((b"\x00\xff" * 500,)), reasons=UNREACHABLE, failure=FailureKind.TLS, most=4),
    _read(name="tls-plain", tries="plain http on the port of https", handler=home(page(HOME)), tunnel=lambda: iter(page(HOME)), reasons=UNREACHABLE, failure=FailureKind.TLS, most=4),
    _cut(name="http-0.9", tries="a page without a head", handler=home(lambda: iter((GIVEN,)))),
    _odd(name="another-protocol", tries="SSH on the port of https", handler=home(lambda: iter((b"SSH-2.0-OpenSSH_9.6\r\n",)))),
    _cut(name="nothing", tries="closes without a word", handler=home(lambda: iter((b"",)))),
    _read(name="status-999", tries="a status that nobody defined", handler=home(page(HOME, 999)), reasons=("server-error", "redirects-to-https")),
    _odd(name="status-0", tries="the status 0", handler=home(said(status="HTTP/1.1 000 Non"))),
    _odd(name="status-negative", tries="the status -1", handler=home(said(status="HTTP/1.1 -1 Non"))),
    _odd(name="status-of-words", tries="a status that is a word", handler=home(said(status="HTTP/1.1 deux Non"))),
    _odd(name="status-1000000", tries="the status 1000000", handler=home(page(HOME, 1_000_000))),
    _read(name="status-204", tries="no content, and a body", handler=home(said(status="HTTP/1.1 204 Rien")), reasons=("not-html", "redirects-to-https")),
    _read(name="status-304", tries="says that we know the page already", handler=home(said(status="HTTP/1.1 304 Pareil")), reasons=("redirect-loop", "redirects-to-https")),
    *(_bad(name=f"tls-{fault}", tries=f"a certificate that is wrong: {fault}", fault=fault) for fault in Fault),
)  # fmt: skip
COOKIES = (
    _read(name="cookies-thousands", tries="five thousand cookies", handler=home(page(HOME, headers=("Content-Type: text/html", *(f"Set-Cookie: c{number}={'a' * 9}" for number in range(5000)))))),
    _large(name="cookies-megabytes", tries="a megabyte of cookies", handler=home(page(HOME, headers=("Content-Type: text/html", *(f"Set-Cookie: c{number}={'a' * 4000}" for number in range(250)))))),
    _read(name="cookies-along", tries="cookies that grow along a chain of redirects", handler=answers.cookie_chain),
    _read(name="cookies-odd", tries="cookies that are none", handler=home(page(HOME, headers=("Content-Type: text/html", "Set-Cookie:", "Set-Cookie: ;;;=;", "Set-Cookie: a=b; Max-Age=99999999999999999999; Domain=..; Expires=jamais", f"Set-Cookie: {'é' * 3000}", "Set-Cookie: a=\x01\x7f")))),
)  # fmt: skip
REDIRECTS = (
    _read(name="redirects-8", tries="eight redirects, and then the page", handler=answers.steps(7)),
    _loop(name="redirects-9", tries="nine redirects, that to https included", handler=answers.steps(8)),
    _loop(name="redirects-30", tries="thirty redirects", handler=answers.steps(29)),
    _loop(name="redirect-to-itself", tries="a redirect to itself", handler=home(to("/"))),
    _loop(name="redirect-and-back", tries="two pages that lead to one another", handler=home(to("/b"), b=to("/"))),
    _loop(name="redirect-growing", tries="to itself, under an address that grows", handler=answers.growing, reasons=("redirect-loop", "late-redirect")),
    _loop(name="redirect-robots", tries="robots.txt leads to the page, which leads on for ever", handler=lambda asked: to(f"/{len(asked.target)}{asked.target}"[:2000]), reasons=("redirect-loop", "late-redirect"), most=30),
    _loop(name="hosts-0", tries="a redirect to another host each time", handler=home(to("https://hosts-1.example/"))),
    _read(name="refresh-header", tries="redirects by a header that only browsers read", handler=home(page(HOME, headers=("Content-Type: text/html", "Refresh: 0; url=/")))),
    _loop(name="location-empty", tries="an address that is empty", handler=home(to(""))),
    _loop(name="location-no-host", tries="an address without a host", handler=home(to("https:///"))),
    *(
        _away(name=f"location-{name}", tries=f"leads to {location!r:.40}", handler=home(to(location)))
        for name, location in {
            "file": "file:///etc/passwd",
            "javascript": "javascript:alert(1)",
            "data": "data:text/html,<p>Bonjour",
            "ftp": "ftp://ftp.example/",
            "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
            "bracket": "http://[",
            "port": "https://location-port.example:99999/",
        }.items()
    ),
    *(
        Scenario(name=f"location-{name}", tries=f"leads to {location!r:.40}", handler=home(to(location)), reasons=ASTRAY, failure=FailureKind.UNSUPPORTED, most=6)
        for name, location in {
            "private": "http://127.0.0.1:9/",
            "metadata": "http://[::ffff:169.254.169.254]/latest/meta-data/",
            "credentials-private": "https://agent:secret@10.0.0.1/",
            "slashes-private": "//192.168.0.1/",
            "digits": as_bytes("http://１２７.0.0.1/"),
        }.items()
    ),
    Scenario(name="location-dots", tries="leads to a name that cannot be one", handler=home(to("http://a..example/")), reasons=ASTRAY, failure=FailureKind.REFUSED, most=6),
    _read(name="location-accents", tries="leads to a host with accents, of ours", handler=home(to(as_bytes("https://préfecture.example/")))),
    _read(name="location-credentials", tries="leads to itself with a password", handler=home(to("https://agent:secret@location-credentials.example/a"), a=page(HOME))),
    _read(name="location-lines", tries="a line end in the address", handler=home(said("Location: /a\r\nX-Injected: 1\rSet-Cookie: a=b", status="HTTP/1.1 302 Là"), a=page(HOME))),
    _loop(name="location-long", tries="an address of 100 kB", handler=everywhere(lambda: to(f"/{'a' * 100_000}")), reasons=("redirect-loop", "late-redirect")),
)  # fmt: skip
_CLOSING = "</a></td></tr></table></main></body><script>alert(1)</script>"
_REFRESH = '<meta http-equiv="refresh" content="0; url={}">'
_ASTRAY = ("file:///etc/passwd", "javascript:alert(1)", "http://127.0.0.1:9/", "http://[::1]:9/", "data:text/html,a")


def _written(name: str, tries: str, **places: str) -> Scenario:
    return Scenario(name=name, tries=tries, handler=home(page(written(**places))))


MARKUP = (
    _written("meta-refresh", "a page that leads to itself at once", head=_REFRESH.format("/")),
    _written("meta-private", "a page that leads to this machine", head=_REFRESH.format("http://127.0.0.1:9/")),
    _written("meta-file", "a page that leads to a file", head=_REFRESH.format("file:///etc/passwd")),
    _written("meta-javascript", "a page that leads to a script", head=_REFRESH.format("javascript:alert(1)")),
    _written("base", "a base that takes all links to this machine", head="<base href='http://127.0.0.1:9/'>"),
    _written("closing", "closes the tags of the report in its title and in its mention", title=_CLOSING, before=escape(_CLOSING)),
    _written("formulas", "formulas in its title and in its mention", title='=HYPERLINK("http://mal.example";"x")', before="=cmd|'/c calc'!A1 @SUM(1) +1 -1 "),
    _written("bidi", "words that turn the others round", title="\u202etêp\u2066\u200f", before="\u202e"),
    _written("one-word", "a word of 10 kB", words=f"{WORDS}<p>{'a' * 10_000}</p>"),
    _written("nulls", "null characters in its words", words=WORDS.replace("a", "\0a\0"), before="\0"),
    _read(name="nested", tries="tags in tags, two hundred thousand", handler=home(page(f"{'<div>' * 200_000}{HOME}")), reasons=("too-large", "redirects-to-https")),
    _read(name="links", tries="four thousand links to pages without end", handler=home(linking(*(f"/stats/{number}" for number in range(4_000)))), statistics="none"),
    _read(name="links-astray", tries="links to all that is not the web", handler=home(linking(*_ASTRAY, f"/{'a' * 9000}/stats")), statistics="unreachable"),
    _read(name="charset", tries="an encoding that unpacks", handler=home(page(HOME, headers=(f"Content-Type: text/html; charset=zip; {'a' * 9000}",)))),
)  # fmt: skip

SCENARIOS = (*SLOW, *ENDLESS, *BOMBS, *LENGTHS, *BROKEN, *COOKIES, *REDIRECTS, *MARKUP)

NAMES = (
    "../../../etc/passwd",
    "a/b",
    "..",
    ".cache",
    "nul\0nul",
    "é" * 30,
    "%2e%2e%2f",
    "=HYPERLINK(1)",
    "<script>alert(3)</script>",
    "index",
    "INDEX",
    "CON",
    "\u202ereversed",
    '"><img src=x onerror=alert(4)>',
    "{{ 7 * 7 }}",
)
NAMED = tuple(
    Service(id=name, name=f"{name} {'a' * 5_000}", urls=(f"https://named-{number}.example/",))
    for number, name in enumerate(NAMES)
)
"""Services whose ids and names are the attempt; their sites are like any other."""

OTHERS: dict[str, Handler] = {
    **{f"named-{number}.example": home(page(HOME)) for number in range(len(NAMES))},
    **{f"hosts-{number}.example": everywhere(to(f"https://hosts-{number + 1}.example/")) for number in range(1, 40)},
    "préfecture".encode("idna").decode() + ".example": everywhere(page(HOME)),
}
"""Hosts to which scenarios lead."""
