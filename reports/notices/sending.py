"""The sending of notices: the only network of this room, in processes that may be ended at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from threading import Timer
from typing import Any, Self

from checks.model.errors import InputError
from reports.notices.recipients import Address
from reports.render.notice import Notice

LIMIT = 30.0
"""Seconds that one delivery may take in all, however slowly the other side answers."""

_START = 120.0
"""Seconds that the process may take to be ready, and to read every address: nothing is asked of anyone."""


class Courier:
    """Delivers notices one at a time, by a process that is started for the first and ended when too slow.

    Raises :class:`InputError` where Apprise is not installed.
    """

    def __init__(self, limit: float = LIMIT) -> None:
        if find_spec("apprise") is None:
            raise InputError(
                "L'envoi de messages demande Apprise, qui n'est pas installé : « pip install 'toise[notify]' »."
            )
        self._limit = limit
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def check(self, addresses: Iterable[Address]) -> None:
        """Raises :class:`InputError`, which quotes nothing of it, for an address that Apprise does not understand."""
        known = tuple(addresses)
        answer = self._asked({"urls": [address.url for address in known]}, _START)
        for address, is_understood in zip(known, answer or [False] * len(known), strict=True):
            if not is_understood:
                raise InputError(
                    f"{address.place} ({address.shown}) : Apprise ne connaît pas ce genre d'adresse, ou il y manque quelque"
                    " chose ; voyez https://github.com/caronc/apprise/wiki."
                )

    def deliver(self, notice: Notice, address: Address) -> str | None:
        """``None`` once the other side has taken it, else why it did not, in French."""
        message = {"subject": notice.subject, "text": notice.text, "markdown": notice.markdown}
        answer = self._asked({"url": address.url, **message}, self._limit)
        if answer and answer["is_sent"]:
            return None
        if answer and answer["code"]:
            return f"réponse HTTP {answer['code']}"
        if self._is_killed():
            return f"pas de réponse complète en {self._limit:.0f} s, le message est peut-être arrivé"
        return "adresse injoignable, ou message refusé"

    def _is_killed(self) -> bool:
        return self._process is not None and (self._process.poll() or 0) < 0

    def _asked(self, what: Any, limit: float) -> Any:
        """``None`` where the process is too slow, or fails."""
        process = self._running()
        assert process.stdin is not None  # noqa: S101 - it was opened so
        try:
            process.stdin.write(f"{json.dumps(what)}\n")
            process.stdin.flush()
        except BrokenPipeError:
            return None
        return _answer(process, limit)

    def _running(self) -> subprocess.Popen[str]:
        if self._process and self._process.poll() is None:
            return self._process
        self.__exit__()
        # -P: a folder named "reports" where the user stands is not ours. Standard error may hold addresses: nobody reads it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "reports.notices.delivery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(),
        )
        _answer(self._process, _START)
        return self._process


def _answer(process: subprocess.Popen[str], limit: float) -> Any:
    late = Timer(limit, process.kill)
    late.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        late.cancel()
    if not line:
        process.wait()
    return json.loads(line) if line else None


def _environment() -> dict[str, str]:
    """With the certificates under the name that the library of Apprise knows."""
    certificates = os.environ.get("SSL_CERT_FILE")
    return {**({"REQUESTS_CA_BUNDLE": certificates} if certificates else {}), **os.environ}
