"""Files that people write in TOML: whatever is wrong in one is a sentence that says where and what to do."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from checks.model.address import split, without_credentials
from checks.model.errors import InputError

_QUOTED_LENGTH = 60
_SEEN = "\t\n\r\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{EN SPACE}\N{EM SPACE}\N{THIN SPACE}"
"""Of what Python does not print, what people write."""

_NOT_IN_ADDRESS = re.compile(r"[\s\"<>]")


class WrongError(Exception):
    """What is wrong with one key, as the end of a sentence."""


def document(raw: bytes, name: str) -> dict[str, Any]:
    """The tables of a file; ``name`` stands for it in sentences. Raises :class:`InputError`."""
    try:
        # The mark that some editors put first is no part of TOML.
        return tomllib.loads(raw.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, ligne {line} : ce fichier n'est pas en UTF-8, enregistrez-le ainsi.") from error
    except ValueError as error:
        raise InputError(
            f"{name}{_place(str(error), raw)} : ce n'est pas du TOML lisible ({one_line(str(error))})."
        ) from error
    except RecursionError as error:
        raise InputError(f"{name} : ce n'est pas du TOML lisible (trop de crochets imbriqués).") from error


def _place(said: str, raw: bytes) -> str:
    """The line, as far as the parser tells: its errors hold it in their text alone until Python 3.14."""
    if "at end of document" in said:
        return f", ligne {len(raw.splitlines())}"
    found = re.search(r"at line (\d+)", said)
    return f", ligne {found[1]}" if found else ""


def text(key: str, value: object, longest: int) -> str:
    """A text that is shown to readers: never cut, nothing in it unseen. Raises :class:`WrongError`."""
    if not isinstance(value, str):
        raise WrongError(f"« {key} » n'est pas un texte, mettez-le entre guillemets")
    said = value.strip()
    if not said:
        raise WrongError(f"« {key} » est vide, remplissez-le")
    if unseen := next((one for one in said if not one.isprintable() and one not in _SEEN), None):
        # Who reviews a change must see what readers will.
        raise WrongError(f"« {key} » contient un caractère invisible (U+{ord(unseen):04X}), retirez-le")
    if len(said) > longest:
        raise WrongError(f"« {key} » a {len(said)} caractères, {longest} au plus : raccourcissez-le")
    return said


def web_address(key: str, value: object, longest: int = 2000) -> str:
    """Raises :class:`WrongError`."""
    url = text(key, value, longest)
    if without_credentials(url) != url:
        raise WrongError(f"« {key} » contient un identifiant ou un mot de passe : retirez ce qui précède « @ »")
    if not split(url) or _NOT_IN_ADDRESS.search(url) or not url.isprintable():
        raise WrongError(f"« {key} » vaut {quoted(url)}, écrivez une adresse http:// ou https://")
    return url


def quoted(value: object) -> str:
    return f"« {cut(value)} »" if isinstance(value, str) else "autre chose qu'un texte"


def cut(said: str) -> str:
    line = one_line(said)
    return line if len(line) <= _QUOTED_LENGTH else line[: _QUOTED_LENGTH - 1] + "…"


def one_line(said: str) -> str:
    """The text on one line, where nothing can act on a terminal."""
    return "".join(one if one.isprintable() else f"⟨U+{ord(one):04X}⟩" for one in " ".join(said.split()))
