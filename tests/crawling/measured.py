from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A process begins its life as a copy of the one that starts it, and its peak begins there too: a small one stands between.
_STARTER = """
import os, subprocess, sys
with subprocess.Popen(sys.argv[1:]) as process:
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
print(used.ru_maxrss // 1024, flush=True)
sys.exit(process.returncode)
"""


class Measured:
    """A Python process of ours, started at once, whose memory is measured."""

    def __init__(self, *arguments: str | Path) -> None:
        command = [sys.executable, "-c", _STARTER, sys.executable, *map(str, arguments)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ended(self) -> tuple[list[str], int]:
        """The lines that it printed, and the megabytes that it held at most."""
        with self._process as process:
            lines = process.stdout.read().splitlines()
        assert process.returncode == 0, lines
        return lines[:-1], int(lines[-1])
