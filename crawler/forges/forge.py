from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.model.capture import Capture
from checks.model.repository import Repository


def _no_doubt(_: Repository, __: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


def _nothing_else(_: Repository) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """How the software of a forge is asked.

    ``question`` is the address of its API that tells of a repository. ``doubts`` are those that settle what its answer
    leaves open (a repository of size 0, a licence that the forge does not recognise), ``instead`` those that tell what may
    be there where no repository is. ``publiccode`` is that of the file
    which describes software to administrations (https://yml.publiccode.tools), asked for only with a token: no rule needs
    it. ``headers`` go with every request, ``scheme`` before a token.
    """

    question: Callable[[Repository], str]
    publiccode: Callable[[Repository], str]
    doubts: Callable[[Repository, Mapping[str, Any]], tuple[str, ...]] = _no_doubt
    instead: Callable[[Repository], tuple[str, ...]] = _nothing_else
    headers: Mapping[str, str] = field(default_factory=lambda: {"Accept": "application/json"})
    scheme: str = "Bearer"


def said(capture: Capture) -> Mapping[str, Any] | None:
    """The JSON object that an API answered, whatever its status; a list counts as an empty one, ``None`` is anything else."""
    try:
        read = json.loads(capture.body)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else {} if isinstance(read, list) else None
