"""The language that readers are spoken to in: French, which is what the code says, or one that a catalogue gives.

Every text a reader sees is written in French where it is used, as ``_("…")`` in Python and ``{{ _("…") }}`` or ``{% trans %}``
in templates; where it is kept in a table, as ``N_("…")``, and spoken when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_SPOKEN: ContextVar[Language] = ContextVar("language", default="fr")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """All that is shown meanwhile is said in this language."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> Language:
    return _SPOKEN.get()


def _(text: str) -> str:
    """A French text in the language spoken; one that the catalogue lacks stays French, and a test refuses it."""
    return _catalogue(spoken()).gettext(text) if text else text


def many(singular: str, plural: str, number: int) -> str:
    """The French form for a number (zero is singular), or that of the language spoken."""
    if spoken() == "fr":
        return singular if number < 2 else plural  # noqa: PLR2004
    return _catalogue(spoken()).ngettext(singular, plural, number)


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Marks a text of a table for the catalogues, and leaves it French."""
    return text


@cache
def _catalogue(language: Language) -> NullTranslations:
    if language == "fr":
        return NullTranslations()
    source = files("reports.render").joinpath("locales", language, "LC_MESSAGES", "toise.po")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return Translations(compiled, domain="toise")
