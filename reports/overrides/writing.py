from __future__ import annotations

from collections.abc import Iterable

from checks.model.unseen import json_text
from reports.overrides.override import Override


def as_toml(overrides: Iterable[Override]) -> str:
    """The overrides as ``overrides.toml`` holds them: reading this gives the same, and it may be added to such a file."""
    return "\n".join(map(_table, overrides))


def _table(override: Override) -> str:
    # A string of JSON, unseen characters escaped, is a basic string of TOML.
    lines = {key: json_text(value) for key, value in override.to_json().items()} | {"until": override.until.isoformat()}
    return "\n".join(["[[override]]", *(f"{key} = {value}" for key, value in lines.items()), ""])
