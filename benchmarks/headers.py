"""What scoring headers costs: against the bare reading and writing of the same lines, and as a policy grows.

Prints ratios measured in one run: ``python -m benchmarks.headers [FILE]``, where FILE holds recorded responses, one JSON
object a line, as ``toise headers`` reads them; without it, some are made up.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.timing import seconds
from checks.parse.observatory.policies import InvalidPolicyError, merged, split_policies
from checks.parse.observatory.preload import bundled
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.score import is_graded, score

_SIZES = (4_096, 16_384, 65_536, 262_144)
_MADE = 4_000
_VALUES: Mapping[str, Sequence[str]] = {
    "strict-transport-security": ("max-age=31536000; includeSubDomains", "max-age=0", "max-age=15552000"),
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'nonce-abc' https://cdn.example.fr; style-src 'self' 'unsafe-inline'",
        "default-src 'none'; connect-src 'self' wss://ws.example.fr; frame-ancestors 'none', default-src 'self' https:",
        "frame-ancestors 'self'",
    ),
    "x-frame-options": ("DENY", "SAMEORIGIN", "ALLOWALL"),
    "x-content-type-options": ("nosniff",),
    "referrer-policy": ("no-referrer", "origin, strict-origin-when-cross-origin"),
    "cross-origin-opener-policy": ("same-origin", 'same-origin; report-to="x"'),
    "set-cookie": ("SESSIONID=1; Secure; HttpOnly; SameSite=Lax", "lang=fr; Domain=example.fr; Path=/", "csrf=1"),
}
_SOURCE = "https://cdn{}.example.fr/chemin/{}"


def made() -> list[bytes]:
    """Responses as servers send them, without a body: the same in every run."""
    chance = random.Random(5)  # noqa: S311 - no secret
    lines = []
    for rank in range(_MADE):
        headers = {name: chance.choice(values) for name, values in _VALUES.items() if chance.random() < 0.6}  # noqa: PLR2004
        said = {"id": rank, "site": "www.example.fr", "scheme": "https", "status": 200}
        lines.append(json.dumps({**said, "headers": {"content-type": "text/html", **headers}}).encode())
    return lines


def bare(lines: Sequence[bytes], tests: Mapping[str, Any]) -> None:
    """Reads the lines, and writes as much as a score takes."""
    for line in lines:
        said = json.loads(line)
        json.dumps({"id": said["id"], "score": 30, "grade": "D", "tests": tests})


def scored(lines: Sequence[bytes]) -> None:
    for line in lines:
        said = json.loads(line)
        scan = scan_of(said)
        if is_graded(scan.auto.status):
            found = score(scan, bundled)
            json.dumps({"id": said["id"], "score": found.score, "grade": found.grade, "tests": found.tests()})


def policy(size: int, kind: str) -> list[str]:
    """Policies of about ``size`` characters in all: one of many sources, of many directives, or many policies."""
    count = size // 40
    match kind:
        case "sources":
            return ["img-src " + " ".join(_SOURCE.format(rank, rank) for rank in range(count))]
        case "directives":
            return ["; ".join(f"x{rank}-src {_SOURCE.format(rank, rank)}" for rank in range(count))]
        case _:
            return split_policies([", ".join(f"x{rank}-src {_SOURCE.format(rank, rank)}" for rank in range(count))])


def read(policies: Sequence[str]) -> None:
    with suppress(InvalidPolicyError):
        merged(policies)


def microseconds(size: int, kind: str) -> float:
    """What a kilobyte of a policy of a size costs."""
    policies = policy(size, kind)
    return seconds(lambda: read(policies)) * 1e6 * 1024 / size


def row(name: str, cells: Iterable[str]) -> None:
    print(f"{name:24}" + "".join(f"{cell:>10}" for cell in cells))  # noqa: T201 - its output


def main(args: Sequence[str]) -> None:
    lines = Path(args[0]).read_bytes().splitlines() if args else made()
    tests = score(scan_of({}), bundled).tests()
    plain, full = seconds(lambda: bare(lines, tests)), seconds(lambda: scored(lines))
    row("recorded responses", [f"{len(lines)}"])
    row("  against bare JSON", [f"{full / plain:.1f} x"])
    row("  a second, here", [f"{len(lines) / full:.0f}"])
    row("one policy of", (f"{size // 1024} kB" for size in _SIZES))
    for kind in ("sources", "directives", "policies"):
        costs = [microseconds(size, kind) for size in _SIZES]
        row(f"  {kind}, us a kB", (f"{cost:.0f}" for cost in costs))
        row("  against 4 kB", (f"{cost / costs[0]:.2f} x" for cost in costs))


if __name__ == "__main__":
    main(sys.argv[1:])
