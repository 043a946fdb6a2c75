from __future__ import annotations

import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from checks.model.errors import InputError
from crawler.registry import read_registry, source

JSON = b'{"data": [{"id": "bac"}]}'
ANSWERS = {
    "/registre.json": (200, JSON),
    "/vide": (200, b""),
    "/page": (200, b"<!doctype html><title>Connexion</title>"),
    "/absent": (404, b"<html>404"),
    "/panne": (503, b""),
    "/grand": (200, b"x" * 5000),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        path = self.path.partition("?")[0].removeprefix("http://registre.exemple.fr")
        if path == "/lent":
            self.server.released.wait(5)
        elif path == "/goutte":
            self.drip()
        elif path in {"/ailleurs", "/boucle", "/ftp", "/interne"}:
            self.send_response(302)
            targets = {
                "/ailleurs": "/registre.json",
                "/boucle": "/boucle",
                "/ftp": "ftp://exemple.fr/",
                "/interne": "http://10.0.0.1/",
            }
            self.send_header("Location", targets[path])
            self.end_headers()
        else:
            status, body = ANSWERS[path]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def drip(self):
        """A server that never stops: each byte comes in time, the whole never does."""
        self.send_response(200)
        self.end_headers()
        while not self.server.released.wait(0.02):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def address(server, path, scheme="http", user=""):
    return f"{scheme}://{user}127.0.0.1:{server.server_port}{path}"


@pytest.mark.parametrize("path", ["/registre.json", "/ailleurs"])
def test_a_registry_is_read_on_the_web(server, path):
    registry = read_registry(address(server, path), timeout=5)

    assert registry.raw == JSON
    assert registry.source == address(server, path)
    assert [service.id for service in registry.services] == ["bac"]


@pytest.mark.parametrize(
    "path, sentence",
    [
        ("/absent", r"/absent répond 404 au lieu d'un registre : vérifiez l'adresse\.$"),
        ("/panne", r"/panne répond 503 au lieu d'un registre"),
        ("/page", r"/page est une page HTML, pas un registre"),
        ("/vide", r"/vide est vide"),
        ("/boucle", r"l'adresse renvoie sans fin vers une autre"),
        ("/ftp", r"une redirection mène hors de http et https"),
    ],
)
def test_an_answer_that_is_no_registry(server, path, sentence):
    with pytest.raises(InputError, match=sentence):
        read_registry(address(server, path), timeout=5)


def test_a_public_registry_does_not_lead_to_an_inner_network(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", address(server, ""))
    sentence = r"^http://registre\.exemple\.fr/interne renvoie vers une adresse privée"
    with pytest.raises(InputError, match=sentence):
        read_registry("http://registre.exemple.fr/interne", timeout=5)
    assert [path for path, _ in server.asked] == ["http://registre.exemple.fr/interne"]


@pytest.mark.parametrize("path", ["/lent", "/goutte"])
def test_a_slow_server_is_given_up(server, path):
    start = time.monotonic()
    with pytest.raises(InputError, match=r"le délai de 0\.3 s est dépassé"):
        read_registry(address(server, path), timeout=0.3)

    assert time.monotonic() - start < 3


def test_an_endless_registry_is_given_up(server, monkeypatch):
    monkeypatch.setattr(source, "SIZE_LIMIT", 1000)
    with pytest.raises(InputError, match=r"/grand dépasse .* Mo"):
        read_registry(address(server, "/grand"), timeout=5)


def test_credentials_are_sent_and_never_shown(server):
    given = address(server, "/registre.json?cle=secret", user="jeanne:secret@")
    registry = read_registry(given, timeout=5)

    assert server.asked[0][1].startswith("Basic ")
    assert registry.source == address(server, "/registre.json?…")

    with pytest.raises(InputError) as caught:
        read_registry(given.replace("registre.json", "absent"), timeout=5)
    assert "secret" not in str(caught.value)
    assert "jeanne" not in str(caught.value)


def test_nobody_listens(server):
    server.shutdown()
    server.server_close()
    with pytest.raises(InputError, match=r"la connexion est refusée"):
        read_registry(address(server, "/registre.json"), timeout=5)


def test_the_proxy_of_the_environment_is_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", address(server, ""))
    registry = read_registry("http://registre.exemple.fr/registre.json", timeout=5)

    assert server.asked[0][0] == "http://registre.exemple.fr/registre.json"
    assert [service.id for service in registry.services] == ["bac"]


def test_no_proxy_is_kept(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    assert read_registry(address(server, "/registre.json"), timeout=5).raw == JSON


def test_a_malformed_proxy_is_said_without_its_password(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "gopher://jeanne:secret@127.0.0.1")
    with pytest.raises(InputError, match=r"HTTP_PROXY, HTTPS_PROXY ou NO_PROXY est mal formé") as caught:
        read_registry(address(server, "/registre.json"), timeout=5)

    assert "secret" not in str(caught.value)


@pytest.fixture
def authority(server):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return authority


def test_the_authority_of_the_environment_is_trusted(server, authority, monkeypatch, tmp_path):
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    assert read_registry(address(server, "/registre.json", "https"), timeout=5).raw == JSON


def test_an_unknown_authority_is_refused(server, authority):
    with pytest.raises(InputError, match=r"le certificat n'est pas reconnu"):
        read_registry(address(server, "/registre.json", "https"), timeout=5)


def test_a_missing_file_of_authorities_is_said(server, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    with pytest.raises(InputError, match=r"SSL_CERT_FILE est illisible"):
        read_registry(address(server, "/registre.json"), timeout=5)
