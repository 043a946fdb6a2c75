"""The language that readers are spoken to in: French, which is what the code says, or one that a catalogue gives.

Every text a reader of the site sees is written in French where it is used: ``_("…")`` or ``many("…", "…", n)`` in Python,
``{{ _("…") }}`` or ``{% trans %}`` in templates. What stands in a table is a :class:`Spoken` table, or marked ``N_("…")`` and
spoken when it is shown. ``make messages`` gathers all of them in the catalogues of ``reports/locales/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any, ClassVar, Literal, TypeVar, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Key = TypeVar("Key")

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


class Spoken(Mapping[Key, str]):
    """A table of French texts, each of which is given in the language spoken."""

    tables: ClassVar[list[Spoken[Any]]] = []
    """All of them, for the catalogues."""

    def __init__(self, french: Mapping[Key, str]) -> None:
        self.french = french
        self.tables.append(self)

    def __getitem__(self, key: Key) -> str:
        return _(self.french[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self.french)

    def __len__(self) -> int:
        return len(self.french)


@cache
def _catalogue(language: Language) -> NullTranslations:
    if language == "fr":
        return NullTranslations()
    source = files("reports").joinpath("locales", language, "LC_MESSAGES", "toise.po")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return Translations(compiled, domain="toise")
