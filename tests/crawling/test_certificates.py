from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from types import SimpleNamespace

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL.crypto import X509

from checks.model.capture import MAX_NAMES, Certificate, Role
from checks.model.service import Service
from crawler.archive import read_captures
from crawler.certificates import MAX_LENGTH, certificate_of, read_der
from crawler.fleet.local import crawl
from crawler.verification import VerifyingContextFactory
from tests.crawling.certificates import self_signed, server_context
from tests.crawling.conftest import enter

KEY = ec.generate_private_key(ec.SECP256R1())
SOON = datetime.now(UTC) + timedelta(days=9)


def read(certificate: x509.Certificate) -> Certificate | None:
    return certificate_of(SimpleNamespace(original=X509.from_cryptography(certificate)))


@pytest.mark.parametrize(
    "called, issuer",
    [
        ({"organization_name": "Certigna", "common_name": "Certigna Services CA"}, "Certigna"),
        ({"common_name": "R11"}, "R11"),
        ({"organization_name": " ", "common_name": "R11"}, "R11"),
        ({"country_name": "FR"}, "C=FR"),
        ({}, ""),
        ({"organization_name": "Imprimerie\r\nNationale\0 é"}, "Imprimerie Nationale é"),
    ],
)
def test_issuers(called, issuer):
    assert read(self_signed(KEY, [], **called)).issuer == issuer


def test_names():
    names = [x509.DNSName("a.example"), x509.RFC822Name("a@a.example"), x509.DNSName("*.a.example")]
    found = read(self_signed(KEY, [*names, x509.IPAddress(ip_address("192.0.2.1"))], common_name="b.example"))
    assert found.names == ("a.example", "*.a.example", "192.0.2.1")
    assert read(self_signed(KEY, [], common_name="b.example")).names == ()
    many = [x509.DNSName(f"{number}.example") for number in range(300)]
    assert len(read(self_signed(KEY, many)).names) == MAX_NAMES
    assert read(self_signed(KEY, [x509.DNSName("a" * 999)])).names == ("a" * MAX_LENGTH,)


def test_the_end_is_in_utc_to_the_second():
    found = read(self_signed(KEY, []))
    assert found.expires.tzinfo is UTC
    assert abs(found.expires - SOON) < timedelta(minutes=30)  # SOON is as old as this module


def test_over_plain_http_there_is_none():
    assert certificate_of(None) is None


DER = self_signed(
    KEY, [x509.DNSName("a.example"), x509.IPAddress(ip_address("::1"))], organization_name="Éa"
).public_bytes(Encoding.DER)


@given(st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_certificate_is_too_strange(changes):
    spoilt = bytearray(DER)
    for at, byte in changes:
        spoilt[at] = byte
    read_der(bytes(spoilt))


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.ports.add(self.client_address[1])
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b"<p>Salut")

    do_OPTIONS = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def secure_site(authority: trustme.CA) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    server.ports = set()
    server.socket = server_context(authority, "127.0.0.1").wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_without_a_proxy_and_on_a_connection_used_again(web, new_run, monkeypatch):
    enter(web, monkeypatch, NO_PROXY="127.0.0.1")
    with secure_site(web._authority) as server:
        url = f"https://127.0.0.1:{server.server_address[1]}/"
        folder = new_run(Service(id="a", name="a", urls=(url,)), allow_private=True)
        crawl(folder)
    captures = read_captures(folder.warc("a"))
    assert {Role.HOME, Role.PREFLIGHT, Role.SECURITY_TXT} < {capture.role for capture in captures}
    assert {capture.certificate.names for capture in captures} == {("127.0.0.1",)}
    assert len(server.ports) < len(captures)


def test_the_authorities_are_read_once_for_all_hosts():
    factory = VerifyingContextFactory(verify_certificates=True)
    one, other = (factory.creatorForNetloc(host, 443) for host in (b"a.example", b"b.example"))
    options = {creator._createConnection.__self__ for creator in (one, other)}
    assert len(options) == 1
    assert (one._hostnameASCII, other._hostnameASCII) == ("a.example", "b.example")
