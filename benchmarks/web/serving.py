"""A web of many hosts on loopback, each at an address of its own in 127.0.0.0/8 (Linux), served by nginx: cheap enough to leave
the processors to what is measured.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import trustme

from benchmarks.web.pages import write_site
from benchmarks.web.tiresome import Manner, serve

SITES = 250
"""Sites that are invented; a host shows that of the last number of its address."""

SEED = 20261123

_NGINX = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  types {{ text/html html; text/plain txt; }}
  charset utf-8;
  keepalive_timeout 5;
  open_file_cache max=4000;
  map $server_addr $site {{ ~\\.(?<last>\\d+)$ $last; }}
  server {{
    listen 0.0.0.0:{port} {tls} backlog=4096;
    root {folder}/sites/$site;
    location / {{ try_files $uri $uri.html $uri/index.html =404; }}
    location = / {{ try_files /index.html =404; }}
  }}
}}
"""

_TLS = """ssl_session_tickets off;
    ssl_certificate {folder}/certificates/$server_addr.pem;
    ssl_certificate_key {folder}/certificates/$server_addr.pem;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where the hosts answer. ``ports`` are those at which every address has hosts that answer badly, by their manner."""

    port: int
    ports: dict[Manner, int]
    ca_file: Path | None = None

    def url(self, number: int, manner: Manner | None = None) -> str:
        """The home page of a host."""
        port = self.ports[manner] if manner else self.port
        scheme = "https" if self.ca_file and not manner else "http"
        return f"{scheme}://{address(number)}:{port}/"

    def environment(self) -> dict[str, str]:
        """The variables with which a process sees this web, and asks no proxy."""
        inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return inherited | ({"SSL_CERT_FILE": str(self.ca_file)} if self.ca_file else {})


def address(number: int) -> str:
    rest, last = divmod(number, SITES)
    second, third = divmod(rest, 250)
    return f"127.{1 + second}.{third}.{1 + last}"


@contextmanager
def served(secure_hosts: int = 0, *, is_light: bool = False) -> Iterator[Web]:
    """Plain http, or https for that many hosts, each with its certificate; see :func:`write_site`."""
    program = which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        raise SystemExit("The benchmarks need nginx, to serve their web: apt-get install nginx-light")
    with tempfile.TemporaryDirectory(prefix="toise-web-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx gives up being root
        for number in range(1, SITES + 1):
            write_site(folder / "sites" / str(number), number, SEED, is_light=is_light)
        ca_file = _certified(folder, secure_hosts) if secure_hosts else None
        port, *others = _free_ports(1 + len(Manner))
        _configure(folder, port, is_secure=bool(secure_hosts))
        ports = dict(zip(Manner, others, strict=True))
        tiresome = multiprocessing.get_context("fork").Process(target=serve, args=(ports,), daemon=True)
        tiresome.start()
        nginx = subprocess.Popen([program, "-c", str(folder / "nginx.conf")])  # noqa: S603 - found above
        try:
            for one in (port, *others):
                _wait_for(one)
            yield Web(port=port, ports=ports, ca_file=ca_file)
        finally:
            for process in (nginx, tiresome):
                process.terminate()
            nginx.wait()


def _configure(folder: Path, port: int, *, is_secure: bool) -> None:
    text = _NGINX.format(folder=folder, port=port, tls="ssl" if is_secure else "")
    if is_secure:
        text = text.replace("    root ", f"    {_TLS.format(folder=folder)}    root ")
    (folder / "nginx.conf").write_text(text, "utf-8")


def _certified(folder: Path, hosts: int) -> Path:
    """The certificate of the authority that signed those of the hosts."""
    authority = trustme.CA()
    certificates = folder / "certificates"
    certificates.mkdir()
    for number in range(hosts):
        name = address(number)
        authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(str(certificates / f"{name}.pem"))
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return folder / "ca.pem"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("0.0.0.0", 0))  # noqa: S104 - asked for a number, never listened at
    numbers = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return numbers


def _wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing answers at port {port}")
