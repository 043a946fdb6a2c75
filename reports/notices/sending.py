"""The sending of notices: the only network of this room, in processes that may be ended at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from checks.model.errors import InputError
from reports.notices.recipients import Address
from reports.render.notice import Notice

LIMIT = 30.0
"""Seconds that one delivery may take in all, however slowly the other side answers."""

_CHECK = 120.0
"""Seconds to read every address: nothing is asked of anyone."""


def check(addresses: Iterable[Address]) -> None:
    """Raises :class:`InputError`, which quotes nothing of it, for an address that Apprise does not understand, and where
    Apprise is not installed."""
    known = tuple(addresses)
    if find_spec("apprise") is None:
        raise InputError(
            "L'envoi de messages demande Apprise, qui n'est pas installé : « pip install 'toise[notify]' »."
        )
    answer = _asked({"urls": [address.url for address in known]}, _CHECK)
    for address, is_understood in zip(known, answer or [False] * len(known), strict=True):
        if not is_understood:
            raise InputError(
                f"{address.place} ({address.shown}) : Apprise ne connaît pas ce genre d'adresse, ou il y manque quelque"
                " chose ; voyez https://github.com/caronc/apprise/wiki."
            )


def deliver(notice: Notice, address: Address, limit: float = LIMIT) -> str | None:
    """``None`` once the other side has taken it, else why it did not, in French."""
    message = {"subject": notice.subject, "text": notice.text, "markdown": notice.markdown}
    try:
        answer = _asked({"url": address.url, **message}, limit)
    except subprocess.TimeoutExpired:
        return f"pas de réponse complète en {limit:.0f} s, le message est peut-être arrivé"
    if answer and answer["is_sent"]:
        return None
    code = answer["code"] if answer else None
    return f"réponse HTTP {code}" if code else "adresse injoignable, ou message refusé"


def _asked(what: Any, limit: float) -> Any:
    """``None`` where the process fails; its standard error, which may hold an address, is read by nobody."""
    # -P: a folder named "reports" where the user stands is not ours.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "reports.notices.delivery"],
        input=json.dumps(what),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=limit,
        env=_environment(),
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def _environment() -> dict[str, str]:
    """With the certificates under the name that the library of Apprise knows."""
    certificates = os.environ.get("SSL_CERT_FILE")
    return {**({"REQUESTS_CA_BUNDLE": certificates} if certificates else {}), **os.environ}
