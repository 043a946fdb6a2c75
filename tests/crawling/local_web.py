"""A web on loopback, as hostile as a test wants it: an HTTP proxy that answers for the hosts that it is given."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import trustme

from tests.crawling.certificates import Fault, server_context


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request received; ``host`` carries its port if it has one of its own, ``target`` is path and query."""

    method: str
    scheme: str
    host: str
    target: str
    headers: Mapping[str, str]
    at: float = field(default_factory=time.monotonic)


class CutError(Exception):
    """Raised by a handler: the connection is reset."""


Handler = Callable[[Asked], Iterable[bytes]]


def page(
    body: str | bytes = "", status: int = 200, headers: Iterable[str] = ("Content-Type: text/html",)
) -> list[bytes]:
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Whatever", *headers, f"Content-Length: {len(content)}"]
    return [("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"), content]


def to(location: str, *headers: str, status: int = 302) -> list[bytes]:
    return page(status=status, headers=(f"Location: {location}", *headers))


def site(
    pages: Mapping[str, str | Iterable[bytes]], robots: str | Iterable[bytes] = "", *, http: bool = False
) -> Handler:
    """Pages by path, 404 elsewhere; plain http leads to https unless ``http``."""

    def handler(asked: Asked) -> Iterable[bytes]:
        if asked.scheme == "http" and not http:
            return to(f"https://{asked.host}{asked.target}", status=301)
        if asked.target == "/robots.txt":
            found = robots or page(status=404)
        else:
            found = pages.get(asked.target, page("<h1>Rien ici</h1>", 404))
        return page(found) if isinstance(found, str) else found

    return handler


class LocalWeb(ThreadingTCPServer):
    """``hosts`` by name, or ``name:port``; for any other it is a proxy that reaches nobody (502).

    ``asked`` holds the requests in order of arrival, ``busiest`` the most that one host had to serve at a time, ``most``
    what they all had, ``unknown`` the names for which a tunnel was asked in vain, ``sent`` the bytes that each host could
    get rid of. ``faults`` says what is wrong with the certificates of some hosts; ``tunnels`` is what others say in place
    of TLS. Requests without a proxy are for the host that they name, if it is known, else for ``direct``.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.hosts: dict[str, Handler] = {}
        self.faults: dict[str, Fault] = {}
        self.tunnels: dict[str, Callable[[], Iterable[bytes]]] = {}
        self.asked: list[Asked] = []
        self.busiest: Counter[str] = Counter()
        self.most = 0
        self.unknown: set[str] = set()
        self.sent: Counter[str] = Counter()
        self.ended = threading.Event()
        self.ca_file = folder / "ca.pem"
        self._authority = trustme.CA()
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def environment(self, user: str = "") -> dict[str, str]:
        proxy = f"http://{user}127.0.0.1:{self.port}"
        return {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": "", "SSL_CERT_FILE": str(self.ca_file)}

    def targets(self, host: str) -> list[str]:
        """``https:/`` for each page asked, ``OPTIONS https:/`` for a preflight."""
        return [
            f"{'' if asked.method == 'GET' else asked.method + ' '}{asked.scheme}:{asked.target}"
            for asked in self.asked
            if asked.host == host
        ]

    def context(self, host: str) -> ssl.SSLContext:
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = server_context(self._authority, host.partition(":")[0], self.faults.get(host))
            return self._contexts[host]

    @contextmanager
    def serving(self, asked: Asked) -> Iterator[None]:
        with self._lock:
            self.asked.append(asked)
            self._busy[asked.host] += 1
            self.busiest[asked.host] = max(self.busiest[asked.host], self._busy[asked.host])
            self.most = max(self.most, self._busy.total())
        try:
            yield
        finally:
            with self._lock:
                self._busy[asked.host] -= 1

    def wait_for(self, requests: int, patience: float = 60) -> None:
        """Returns when so many requests have come."""
        deadline = time.monotonic() + patience
        while len(self.asked) < requests:
            assert time.monotonic() < deadline, f"{len(self.asked)} requests only"
            time.sleep(0.005)

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that cut a connection are what some tests are about."""

    def silence(self, _: Asked) -> Iterable[bytes]:
        """A handler that takes the request and says nothing."""
        self.ended.wait(30)
        return []


class _Connection(StreamRequestHandler):
    server: LocalWeb
    disable_nagle_algorithm = True

    def handle(self) -> None:
        tunnel = ""
        while line := self.rfile.readline().split():
            headers = dict(self._headers())
            method, target = line[0].decode(), line[1].decode()
            if method == "CONNECT":
                tunnel = target.removesuffix(":443")
                if not self._tunnelled(tunnel):
                    return
            elif not self._answered(_asked(method, target, headers, tunnel, self._direct(headers))):
                return

    def _direct(self, headers: Mapping[str, str]) -> str:
        name = headers.get("host", "").partition(":")[0]
        return name if name in self.server.hosts else "direct"

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("latin-1").partition(": ")
            yield name.lower(), value

    def _tunnelled(self, host: str) -> bool:
        if host not in self.server.hosts:
            self.server.unknown.add(host)
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return False
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        if host in self.server.tunnels:
            self.connection.recv(0x10000)  # what is left unread would cut the connection
            self._written(self.server.tunnels[host](), host)
            return False
        self.rfile.close()
        self.connection.getpeername()  # raises where the client is gone already: ssl would leak the socket
        self.request = self.server.context(host).wrap_socket(self.connection, server_side=True)
        self.setup()
        return True

    def _answered(self, asked: Asked) -> bool:
        """Whether the connection can serve once more: a body that was promised has been given whole."""
        handler = self.server.hosts.get(asked.host)
        try:
            with self.server.serving(asked):
                pieces = handler(asked) if handler else page(status=502)
                if not isinstance(pieces, list):
                    self._write(pieces, asked.host)
            if isinstance(pieces, list):  # a client that has its whole answer may ask again before we note it
                self._write(pieces, asked.host)
        except CutError:
            self._cut()
            return False
        return isinstance(pieces, list)

    def _write(self, pieces: Iterable[bytes], host: str) -> None:
        for piece in pieces:
            self.wfile.write(piece)
            self.server.sent[host] += len(piece)

    def _written(self, pieces: Iterable[bytes], host: str) -> None:
        try:
            self._write(pieces, host)
        except CutError:
            self._cut()

    def _cut(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.connection.close()


def _asked(method: str, target: str, headers: Mapping[str, str], tunnel: str, direct: str) -> Asked:
    if tunnel:
        return Asked(method=method, scheme="https", host=tunnel, target=target, headers=headers)
    if target.startswith("/"):
        return Asked(method=method, scheme="http", host=direct, target=target, headers=headers)
    host, slash, path = target.removeprefix("http://").partition("/")
    return Asked(
        method=method, scheme="http", host=host.removesuffix(":80"), target=slash + path or "/", headers=headers
    )


@contextmanager
def local_web(folder: Path) -> Iterator[LocalWeb]:
    web = LocalWeb(folder)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.ended.set()
        web.shutdown()
        web.server_close()
        thread.join()
