from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A command that has ended: ``wall`` and ``cpu`` in seconds, its processes together; ``peak``, in MB, that of the largest."""

    wall: float
    cpu: float
    peak: float
    output: str


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Runs a command. Raises ``SystemExit``, with what it said, where it fails."""
    started = time.monotonic()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # noqa: S603 - ours
        assert process.stdout  # noqa: S101 - asked for
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    wall, cpu = time.monotonic() - started, used.ru_utime + used.ru_stime
    return Measured(wall=wall, cpu=cpu, peak=used.ru_maxrss / 1024, output=output)
