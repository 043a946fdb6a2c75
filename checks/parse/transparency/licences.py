"""Which licence a forge or a file names, as an SPDX id (https://spdx.org/licenses/)."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from checks.model.french import fold

_TEXTS = {
    spdx: re.compile(pattern)
    for spdx, pattern in tomllib.loads(
        files("checks.parse.transparency").joinpath("licences.toml").read_text("utf-8")
    ).items()
}
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([\w.+ ()-]{1,100})", re.IGNORECASE)
_NO_ID = {"NOASSERTION", "NONE", "OTHER"}
_LONGEST_ID = 200
_READ = 20_000
"""Characters read of a licence: each says what it is at its beginning, and the longest are under 40,000."""


def spdx_id(name: object) -> str | None:
    """The id, spelt as SPDX does, that a forge gives (``agpl-3.0``); ``None`` for what is none (``NOASSERTION``, ``other``)."""
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_ID or name.upper() in _NO_ID:
        return None
    try:
        return str(canonicalize_license_expression(name.strip()))
    except InvalidLicenseExpression:
        return None


def licence_of(text: str) -> str | None:
    """The id of the licence whose text this is, by its tag, else by what it says of itself first."""
    tag = _TAG.search(text[:_READ])
    if tag and (known := spdx_id(tag[1])):
        return known
    words = fold(" ".join(text[:_READ].split()))
    found = [(match.start(), spdx) for spdx, pattern in _TEXTS.items() if (match := pattern.search(words))]
    return min(found, key=lambda one: one[0], default=(0, None))[1]
