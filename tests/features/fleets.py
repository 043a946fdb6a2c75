"""A fleet on this machine: a queue in PostgreSQL, ``toise worker`` processes, and audits that they make."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Self

import psycopg
from psycopg.errors import UndefinedTable
from psycopg.rows import dict_row

from checks.model.place import Place
from checks.model.run_folder import RunFolder
from tests.features.killed import Network, broken, whole

SMALL = """
import crawler.fleet.local as local
local.SHARD, local.FEWEST = 4, 4
import reports.cli.audit as audit
audit.report_stage = lambda *given: __import__("pathlib").Path("none")
"""
"""Of an audit: shards of four, and no site, which is not what is tried here."""

HURRIED = """
import crawler.fleet.queue as queue
queue.HEARTBEAT, queue.STALLED = 1.0, 5.0
import crawler.fleet.worker as worker
worker.FENCE, worker.LATER = 3.0, 2.0
"""
"""Of a worker, where the time until a silent one is given up is not what is tried."""

POISONED = """
import sys
CODE = '''
import os, signal, sys
from crawler.spiders.services import ServicesSpider
begun = ServicesSpider._begun
def deadly(spider, owed):
    if owed.service.id.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    return begun(spider, owed)
ServicesSpider._begun = deadly
from crawler.fleet.shard import main
from reports.cli.bench import judging
sys.exit(main(sys.argv[1:], judging))
'''
import reports.cli.fleet, reports.cli.pipeline
reports.cli.fleet.JUDGING = reports.cli.pipeline.JUDGING = (sys.executable, "-c", CODE)
"""
"""Of a worker, or of an audit without one: some services kill the process that visits them."""

_HANDED = """
SELECT id, status::text AS status, attempts, worker_id,
    ARRAY(SELECT owed->'service'->>'id' FROM jsonb_array_elements(args->'owed') AS owed) AS services,
    ARRAY(SELECT (owed->>'visit')::int FROM jsonb_array_elements(args->'owed') AS owed) AS visits
FROM procrastinate_jobs WHERE args->>'run' LIKE %s ORDER BY id
"""


class Fleet(Network):
    """A network of many small sites, one of them broken and one dead, that take ``linger`` seconds for an answer, or up to four
    times as long."""

    names = (*(f"site-{number:02}" for number in range(10)), "panne", "muet")
    linger = 0.0
    environment: Mapping[str, str] = {"NO_PROXY": "127.0.0.1"}  # where the store is

    def __init__(self, web: Any, folder: Path, queue: str = "", more: Iterable[str] = ()) -> None:
        self.web, self.folder, self.queue = web, folder, queue
        self.names = (*self.names[:5], *more, *self.names[5:])
        web.hosts.update({f"{name}.example": self._slow(name) for name in self.names if name != "muet"})
        self.workers: list[subprocess.Popen[str]] = []
        self._commands: list[subprocess.Popen[str]] = []
        folder.mkdir(parents=True)
        self.register(*self.names)
        self.runs: Place = folder / "runs"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self._commands, *self.workers):
            if process.poll() is None:
                kill(process)

    def _slow(self, name: str) -> Callable[[Any], Iterable[bytes]]:
        quick = broken if name == "panne" else whole(name)
        slowness = 1 + self.names.index(name) % 4  # not all the visits of a shard end at the same moment

        def handler(asked: Any) -> Iterable[bytes]:
            time.sleep(self.linger * slowness)
            return quick(asked)

        return handler

    def audit(self, *options: str, prelude: str = SMALL) -> subprocess.Popen[str]:
        audit = ("audit", "registre.csv", "--second-visit", "0", "--render", "never", "--runs", str(self.runs))
        hearing = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
        with self._log(f"audit-{len(self._commands)}") as out, self._log(f"audit-{len(self._commands)}-err") as err:
            process = self.command(*audit, *options, prelude=prelude, preexec_fn=hearing, stdout=out, stderr=err)
        self._commands.append(process)
        return process

    def ended(self, process: subprocess.Popen[str], code: int = 0, patience: float = 120) -> str:
        """What an audit said, once it came to its end."""
        number = self._commands.index(process)
        process.wait(patience)
        said = self._read(f"audit-{number}-err")
        assert process.returncode == code, said
        return self._read(f"audit-{number}") + said

    def _log(self, name: str) -> IO[str]:
        return (self.folder / f"{name}.log").open("w", encoding="utf-8")

    def _read(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")

    def by_fleet(self, *options: str) -> subprocess.Popen[str]:
        return self.audit("--fleet", self.queue, *options)

    def worker(self, prelude: str = "", **how: Any) -> subprocess.Popen[str]:
        with self._log(f"worker-{len(self.workers)}") as log:
            args = ("worker", "--fleet", self.queue, "--processes", "1")
            process = self.command(*args, prelude=prelude, stdout=log, stderr=log, **how)
        self.workers.append(process)
        return process

    def ready_worker(self, prelude: str = "") -> subprocess.Popen[str]:
        """Their numbers in the queue are in the order in which they were ready."""
        process = self.worker(prelude)
        self.until(lambda: "prêt" in self.said_by(len(self.workers) - 1))
        return process

    def busy(self) -> set[int]:
        """The numbers of the workers that have something to do."""
        return {job["worker_id"] for job in self.jobs() if job["status"] == "doing"}

    def cut_short_by(self, number: int) -> set[str]:
        """The services whose visits would be cut short if a worker died now: begun, not whole, and none of the others'."""
        open_jobs = [job for job in self.jobs() if job["worker_id"] == number and job["status"] == "doing"]
        visits = self.visits()
        return {
            name for job in open_jobs for name in job["services"] if visits[name] and not self.run.warc(name).exists()
        }

    def said_by(self, number: int) -> str:
        return self._read(f"worker-{number}")

    def jobs(self) -> list[dict[str, Any]]:
        """The shards of the queue, as they stand in it."""
        with psycopg.connect(self.queue, row_factory=dict_row) as connection, suppress(UndefinedTable):
            return connection.execute(_HANDED, (f"{self.runs}/%",)).fetchall()
        return []

    def until(self, condition: Callable[[], object], patience: float = 90) -> float:
        """Seconds until a condition is met."""
        began = time.monotonic()
        while not condition():
            said = "\n".join(path.read_text("utf-8") for path in sorted(self.folder.glob("*.log")))
            assert time.monotonic() - began < patience, said
            time.sleep(0.25)
        return time.monotonic() - began

    def until_visited(self, count: int) -> None:
        self.until(lambda: [*RunFolder.all(self.runs)] and len(self.run.captured()) >= count)

    def end(self) -> None:
        """Stops all workers; each that was not killed gives back what it has, and says so."""
        for process in self.workers:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.workers:
            process.wait(30)

    @property
    def run(self) -> RunFolder:
        (run,) = RunFolder.all(self.runs)
        return run


def kill(process: subprocess.Popen[str]) -> None:
    """With its children, as a machine that is gone."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
