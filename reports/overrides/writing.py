from __future__ import annotations

import json
from collections.abc import Iterable

from reports.overrides.override import Override


def as_toml(overrides: Iterable[Override]) -> str:
    """The overrides as ``overrides.toml`` holds them: reading this gives the same, and it may be added to such a file."""
    return "\n".join(map(_table, overrides))


def _table(override: Override) -> str:
    lines = {key: _text(value) for key, value in override.to_json().items()} | {"until": override.until.isoformat()}
    return "\n".join(["[[override]]", *(f"{key} = {value}" for key, value in lines.items()), ""])


def _text(value: str) -> str:
    """A basic string of TOML: the escapes of JSON are among its own, and it must escape one character more."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
