"""The design system of the French State (DSFR), taken from a package that is installed beside Toise, if it is.

Only the sites of the State may wear it (https://www.systeme-de-design.gouv.fr, terms of use), so nothing of it is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal, get_args

from checks.model.errors import InputError

Theme = Literal["toise", "dsfr"]
THEMES: tuple[Theme, ...] = get_args(Theme)

PACKAGE = "django-dsfr"
"""Of numerique-gouv; its files are read where they lie, and Django is never imported."""

_OURS = Path(__file__).parent / "themes" / "dsfr.css"
_DIST = "dsfr/static/dsfr/dist"
_STYLES = ("core/core.main.min.css", "component/logo/logo.main.min.css", "scheme/scheme.min.css")
_FONTS = ("Marianne-Regular.woff2", "Marianne-Regular_Italic.woff2", "Marianne-Medium.woff2", "Marianne-Bold.woff2")
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_DARK = re.compile(r"(?<=[{}])([^{}]*)\[data-fr-theme=dark\]([^{},]*)\{([^{}]*)\}")
"""Looked for after a brace only: a search from every sign of a style of one line would take minutes."""
_LOCAL = re.compile(r"url\((?:\.\./)+((?:icons|fonts)/[\w./-]+)\)")


def theme_files(theme: Theme) -> Iterator[tuple[str, bytes]]:
    """What a theme adds to a site: nothing for ours. Raises :class:`InputError` where its package is missing."""
    if theme == "dsfr":
        package = _package()
        folder = Path(str(package.locate_file(_DIST)))
        style = _style(folder)
        yield "dsfr/dsfr.css", style.encode()
        for name in sorted(set(re.findall(r"url\(((?:icons|fonts)/[\w./-]+)\)", style))):
            yield f"dsfr/{name}", _read(folder / name)
        yield "dsfr/toise-dsfr.css", _OURS.read_bytes()
        yield "dsfr/LICENSE.txt", _license(package)


def _package() -> Distribution:
    try:
        return distribution(PACKAGE)
    except PackageNotFoundError:
        raise InputError(
            f"Le thème dsfr demande le paquet {PACKAGE}, qui n'est pas installé : pip install 'toise[dsfr]'."
        ) from None


def _style(folder: Path) -> str:
    whole = "".join(_read(folder / name).decode() for name in _STYLES)
    whole = _FONT_FACE.sub(_known_font, whole)
    return _LOCAL.sub(r"url(\1)", _following_the_system(whole))


def _known_font(found: re.Match[str]) -> str:
    """Fonts that our pages do not use are left out, and the older form of each."""
    name = next((name for name in _FONTS if name in found[0]), None)
    return re.sub(r",url\([^)]*\.woff\) format\(.?woff.?\)", "", found[0]) if name else ""


def _following_the_system(style: str) -> str:
    """The dark scheme where the reader's system asks for it; theirs waits for a script to say so on the root."""
    dark = "".join(f"{before or ':root'}{after}{{{rules}}}" for before, after, rules in _DARK.findall(style))
    return f"{_DARK.sub('', style)}@media (prefers-color-scheme:dark){{{dark}}}"


def _license(package: Distribution) -> bytes:
    found = (file for file in package.files or () if file.name == "LICENSE")
    return b"\n".join(dict.fromkeys(_read(Path(str(package.locate_file(file)))) for file in found))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"Le paquet {PACKAGE} installé ne contient pas {file.name} : installez une version 3.6 (toise[dsfr])."
        ) from error
