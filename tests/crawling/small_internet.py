"""An internet of one public address for a process of tests: all else that it tries to reach is counted."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

PUBLIC = "93.184.215.14"
"""Where the local web stands, for those who are in this internet."""


class Counter:
    """Listens on loopback, IPv4 and IPv6, TCP and UDP; ``heard`` holds the first line of all that arrives, or nothing of a
    connection that says nothing. It answers 404, so that clients ask on."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port: int = self._sockets[0].getsockname()[1]
        with suppress(OSError):  # a machine without IPv6
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for server in self._sockets:
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._receive, args=(datagrams,), daemon=True).start()
        self._sockets.append(datagrams)

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=self._hear, args=(connection,), daemon=True).start()

    def _hear(self, connection: socket.socket) -> None:
        connection.settimeout(1)
        said = b""
        with suppress(OSError), connection:
            said = connection.recv(0x10000)
            connection.sendall(b"HTTP/1.1 404 Non\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.heard.append(said.partition(b"\r\n")[0].decode("latin-1"))

    def _receive(self, datagrams: socket.socket) -> None:
        with suppress(OSError):
            while True:
                self.heard.append(datagrams.recv(2000).decode("latin-1"))

    def close(self) -> None:
        for one in self._sockets:
            one.close()


@contextmanager
def counter() -> Iterator[Counter]:
    running = Counter()
    try:
        yield running
    finally:
        running.close()


class _Internet:
    def __init__(self, web: int, counted: int, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._web, self._counted = web, counted
        self._left = {name: list(answers) for name, answers in names.items()}
        self._connect, self._connect_ex = socket.socket.connect, socket.socket.connect_ex

    def addresses(self, host: str) -> Sequence[str]:
        with suppress(OSError, UnicodeEncodeError):
            return (socket.inet_ntoa(socket.inet_aton(host)),)
        if ":" in host:
            return (host,)
        answers = self._left.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def by_name(self, host: str) -> str:
        found = [address for address in self.addresses(host) if ":" not in address]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no IPv4 address")
        return found[0]

    def info(self, host: str, port: int | None, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port or 0))
            for one in self.addresses(host)
        ]

    def connect(self, one: socket.socket, address: tuple[str, int]) -> None:
        if _is_refused(address):
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
        self._connect(one, self._rerouted(one, address))

    def connect_ex(self, one: socket.socket, address: tuple[str, int]) -> int:
        if _is_refused(address):
            return errno.ECONNREFUSED
        return self._connect_ex(one, self._rerouted(one, address))

    def _rerouted(self, one: socket.socket, address: tuple[str, int]) -> tuple[str, int]:
        here = "127.0.0.1" if one.family == socket.AF_INET else "::ffff:127.0.0.1"
        is_web = address[0] == PUBLIC or address[:2] == ("127.0.0.1", self._web)
        return (here, self._web if is_web else self._counted)


def _is_refused(address: tuple[str, int]) -> bool:
    return address[:2] == (PUBLIC, 443)


def install(web: int, counted: int, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Changes this process: ``names`` holds the addresses of each name, at the first look-up, at the second, and so on.

    Connections to :data:`PUBLIC` end at the port ``web`` of this machine (none answers at 443), those to ``web`` itself are
    left alone, and all others end at ``counted``, whatever their address.
    """
    internet = _Internet(web, counted, names)
    socket.gethostbyname, socket.getaddrinfo = internet.by_name, internet.info

    def connect(one: socket.socket, address: tuple[str, int]) -> None:
        internet.connect(one, address)

    def connect_ex(one: socket.socket, address: tuple[str, int]) -> int:
        return internet.connect_ex(one, address)

    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex
