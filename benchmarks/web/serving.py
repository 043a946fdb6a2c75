"""A web of many hosts on loopback, each at an address of its own in 127.0.0.0/8 (Linux), served by nginx: cheap enough to leave
the processors to what is measured.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from benchmarks.web.pages import write_site

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
    listen 0.0.0.0:{port} backlog=4096;
    root {folder}/sites/$site;
    location / {{ try_files $uri $uri.html $uri/index.html =404; }}
    location = / {{ try_files /index.html =404; }}
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    port: int

    def url(self, number: int) -> str:
        """The home page of a host, of 15 million."""
        return f"http://{address(number)}:{self.port}/"


def address(number: int) -> str:
    rest, last = divmod(number, SITES)
    second, third = divmod(rest, 250)
    return f"127.{1 + second}.{third}.{1 + last}"


@contextmanager
def served() -> Iterator[Web]:
    program = which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if program is None:
        raise SystemExit("The benchmarks need nginx, to serve their web: apt-get install nginx-light")
    with tempfile.TemporaryDirectory(prefix="toise-web-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx gives up being root
        for number in range(1, SITES + 1):
            write_site(folder / "sites" / str(number), number, SEED)
        port = _free_port()
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port), "utf-8")
        server = subprocess.Popen([program, "-c", str(folder / "nginx.conf")])  # noqa: S603 - found above
        try:
            _wait_for(port)
            yield Web(port=port)
        finally:
            server.terminate()
            server.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("0.0.0.0", 0))  # noqa: S104 - asked for a number, never listened at
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("nginx does not answer")
