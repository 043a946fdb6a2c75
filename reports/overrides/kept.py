from __future__ import annotations

from hashlib import sha256

from checks.model.run_folder import RunFolder, replacing
from reports.overrides.override import Override
from reports.overrides.reading import parse_overrides, read_file

FILE = "overrides.toml"
"""The copy that a run keeps, exactly as it was read: loading it again years later gives the same."""


def keep(folder: RunFolder, raw: bytes) -> None:
    """The copy of a run, in the place of the one it had."""
    with replacing(folder.path / FILE) as file:
        file.write(raw.decode("utf-8"))  # it was parsed: these are the same bytes


def overrides_of(folder: RunFolder) -> tuple[Override, ...]:
    """What the copy of a run holds; nothing where it has none. Raises :class:`InputError`."""
    raw = _copy(folder)
    return parse_overrides(raw, str(folder.path / FILE)) if raw is not None else ()


def digest_of(folder: RunFolder) -> str | None:
    raw = _copy(folder)
    return f"sha256:{sha256(raw).hexdigest()}" if raw is not None else None


def _copy(folder: RunFolder) -> bytes | None:
    path = folder.path / FILE
    return read_file(path) if path.exists() else None
