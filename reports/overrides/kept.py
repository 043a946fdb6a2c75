from __future__ import annotations

from hashlib import sha256

from checks.model.place import replacing
from checks.model.run_folder import RunFolder
from reports.overrides.override import Override
from reports.overrides.reading import parse_overrides, read_file

FILE = "overrides.toml"
"""The copy that a run keeps, exactly as it was read: loading it again years later gives the same."""


def keep(folder: RunFolder, raw: bytes) -> None:
    """The copy of a run, in the place of the one it had."""
    with replacing(folder.path / FILE) as file:
        file.write(raw.decode("utf-8"))  # it was parsed: these are the same bytes


def kept(folder: RunFolder) -> tuple[str | None, tuple[Override, ...]]:
    """The digest (``sha256:…``) of the copy of a run and what it holds; ``None`` and nothing where it has none.

    Raises :class:`InputError`.
    """
    path = folder.path / FILE
    if not path.exists():
        return None, ()
    raw = read_file(path)
    return f"sha256:{sha256(raw).hexdigest()}", parse_overrides(raw, str(path))
