from __future__ import annotations

import socket
import ssl
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

import trustme

from crawler.sample_network.hosts import AS_OF, HOSTS, Host, Reply


class Proxy(ThreadingTCPServer):
    """An HTTP proxy on loopback that is the whole web: it answers for every host of ``HOSTS`` and for no other.

    ``CONNECT host:443`` is ended here, with a certificate of ``authority`` made at the first visit. ``requests`` are
    the (method, host, path with its query) received, in order; the path of a ``CONNECT`` is empty.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, authority: trustme.CA) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, str, str]] = []
        self.closing = threading.Event()
        self._authority = authority
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def record(self, method: str, host: str, path: str) -> None:
        with self._lock:
            self.requests.append((method, host, path))

    def context(self, name: str, host: Host) -> ssl.SSLContext:
        with self._lock:
            if name not in self._contexts:
                self._contexts[name] = _server_context(self._authority, name, is_expired=host.is_expired)
            return self._contexts[name]

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # the client went away, or refused the certificate
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stops listening, wakes the silent hosts and cuts every open connection."""
        self.shutdown()
        self.server_close()
        self.closing.set()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client may have cut it first
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _server_context(authority: trustme.CA, name: str, *, is_expired: bool) -> ssl.SSLContext:
    # Clients check it today, and the rules judge its end as of the day of the sample.
    now, day = datetime.now(UTC), datetime.combine(AS_OF, time.min, UTC)
    end = min(now, day) - timedelta(days=2) if is_expired else max(now, day) + timedelta(days=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_before=min(now, end) - timedelta(days=30), not_after=end).configure_cert(context)
    return context


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client: plain requests, or a tunnel and the requests inside it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes: kept connections would wait 40 ms between them
    server: Proxy
    tunnel = ""

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        super().finish()
        self.server.closed(self.connection)
        if isinstance(self.connection, ssl.SSLSocket):
            with suppress(OSError, ValueError):  # says good-bye and does not wait for the answer
                self.connection.settimeout(0)
                self.connection.unwrap()
            self.connection.close()

    def do_CONNECT(self) -> None:
        name, _, port = self.path.lower().rpartition(":")
        host = HOSTS.get(name)
        self.server.record("CONNECT", name, "")
        if self.tunnel or host is None or port != "443":
            self._send(Reply(status=HTTPStatus.BAD_GATEWAY))
            return
        self.send_response_only(HTTPStatus.OK, "Connection established")
        self.end_headers()
        self._start_tls(self.server.context(name, host))
        self.tunnel = name
        self.close_connection = False

    def _start_tls(self, context: ssl.SSLContext) -> None:
        self.rfile.close()
        self.server.closed(self.connection)
        self.connection.getpeername()  # raises where the client is gone already: ssl would leak the socket
        # The handshake comes last: closing the network can already cut it.
        self.request = context.wrap_socket(self.connection, server_side=True, do_handshake_on_connect=False)
        self.setup()
        self.request.do_handshake()

    def _answer(self) -> None:
        asked = self._asked()
        if asked is None:
            self._send(Reply(status=HTTPStatus.BAD_REQUEST))
            return
        scheme, name, target = asked
        self.server.record(self.command, name, target)
        host = HOSTS.get(name)
        if host is None or host.is_silent:
            if host:
                self.server.closing.wait()
            self.close_connection = True
            return
        self._send(self._reply(host, scheme, name, target))

    do_GET = do_HEAD = do_OPTIONS = _answer  # noqa: N815, the names that http.server calls

    def _asked(self) -> tuple[str, str, str] | None:
        """Scheme, host and target of the request; ``None`` if it is not one for a proxy."""
        if self.tunnel:
            return "https", self.tunnel, self.path
        try:
            url = urlsplit(self.path)
            port = url.port
        except ValueError:
            return None
        if url.scheme != "http" or not url.hostname:
            return None
        name = url.hostname if port in {None, 80} else url.netloc
        target = self.path[len(f"http://{url.netloc}") :]
        return "http", name, target if target.startswith("/") else f"/{target}"

    def _reply(self, host: Host, scheme: str, name: str, target: str) -> Reply:
        if self.command == "OPTIONS":
            return host.preflight(self.headers.get("Origin", ""))
        return host.reply(scheme, name, target)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        for cookie in reply.cookies:
            self.send_header("Set-Cookie", cookie)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def version_string(self) -> str:
        return "nginx"

    def log_message(self, *_: object) -> None:
        """Nothing: what was asked is in ``Proxy.requests``."""
