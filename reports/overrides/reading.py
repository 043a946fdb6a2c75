"""``overrides.toml``, which people write and review: whatever is wrong in it is one sentence that says where and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from checks.model.address import split, without_credentials
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from reports.overrides.override import Override

LONGEST = timedelta(days=731)
"""Two years: sites change, so that nobody can vouch for one for longer without looking again."""

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNTESTED)

LENGTHS: Mapping[str, int] = {"service": 200, "rule": 200, "reason": 1000, "author": 100, "evidence": 2000}
"""Characters at most: what is shown to readers is never cut."""

_EXAMPLE = "until = 2027-05-23, sans guillemets ni heure"
_NOT_IN_ADDRESS = re.compile(r"[\s\"<>]")
_QUOTED_LENGTH = 60


class _WrongError(Exception):
    """What is wrong with one override, as the end of a sentence."""


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"Le fichier de corrections {path} n'existe pas : vérifiez --overrides.") from error
    except OSError as error:
        raise InputError(f"Le fichier de corrections {path} ne peut pas être lu ({error.strerror}).") from error


def parse_overrides(raw: bytes, name: str) -> tuple[Override, ...]:
    """The overrides of a file; ``name`` stands for it in sentences. An empty file holds none.

    Raises :class:`InputError`.
    """
    found: dict[tuple[str, str], tuple[int, Override]] = {}
    for number, table in enumerate(_tables(_document(raw, name), name), 1):
        where = _where(name, number, table)
        try:
            override = _override(table)
        except _WrongError as error:
            raise InputError(f"{where} : {error}.") from error
        if override.key in found:
            first, _ = found[override.key]
            raise InputError(
                f"{where} : la correction {first} porte déjà sur ce service et cette règle, gardez-en une."
            )
        found[override.key] = number, override
    return tuple(override for _, override in found.values())


def check_new(overrides: Iterable[Override], name: str, rules: Container[str], today: date) -> None:
    """What is asked of a file that is given, and not of the copy that a run has kept: rules go, and days pass.

    ``rules`` are the ids of those that may judge a run. Raises :class:`InputError`.
    """
    for number, override in enumerate(overrides, 1):
        where = _where(name, number, override.to_json())
        if override.rule not in rules:
            raise InputError(f"{where} : aucune règle {_quoted(override.rule)}, « toise rules » en donne la liste.")
        if override.until > today + LONGEST:
            raise InputError(
                f"{where} : elle vaudrait jusqu'au {override.until.isoformat()}, soit plus de deux ans ; choisissez un"
                " jour plus proche, elle pourra être prolongée."
            )


def _document(raw: bytes, name: str) -> dict[str, Any]:
    try:
        # The mark that some editors put first is no part of TOML.
        return tomllib.loads(raw.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, ligne {line} : ce fichier n'est pas en UTF-8, enregistrez-le ainsi.") from error
    except ValueError as error:
        raise InputError(
            f"{name}{_place(str(error), raw)} : ce n'est pas du TOML lisible ({_one_line(str(error))})."
        ) from error
    except RecursionError as error:
        raise InputError(f"{name} : ce n'est pas du TOML lisible (trop de crochets imbriqués).") from error


def _place(said: str, raw: bytes) -> str:
    """The line, as far as the parser tells: its errors hold it in their text alone until Python 3.14."""
    if "at end of document" in said:
        return f", ligne {len(raw.splitlines())}"
    found = re.search(r"at line (\d+)", said)
    return f", ligne {found[1]}" if found else ""


def _tables(document: Mapping[str, Any], name: str) -> list[Any]:
    if unknown := sorted(document.keys() - {"override"}):
        raise InputError(
            f"{name} : {_quoted(unknown[0])} est inconnu, chaque correction commence par une ligne [[override]]."
        )
    tables = document.get("override", [])
    if not isinstance(tables, list):
        raise InputError(f"{name} : écrivez [[override]], entre doubles crochets, au début de chaque correction.")
    return tables


def _where(name: str, number: int, table: object) -> str:
    """Which override it is, by its place and as far as it says whose it is."""
    said = [table.get(key) for key in ("service", "rule")] if isinstance(table, dict) else []
    names = [_cut(text) for text in said if isinstance(text, str) and text.strip()]
    return f"{name}, correction {number}" + (f" ({', '.join(names)})" if names else "")


def _override(table: object) -> Override:
    if not isinstance(table, dict):
        raise _WrongError("écrivez ses clés sous une ligne [[override]]")
    if unknown := sorted(table.keys() - _READERS.keys()):
        raise _WrongError(f"la clé {_quoted(unknown[0])} est inconnue, les clés sont {', '.join(_READERS)}")
    if missing := [key for key in _READERS if key not in table]:
        raise _WrongError(f"il manque « {missing[0]} », les clés sont {', '.join(_READERS)}")
    return Override(**{key: read(key, table[key]) for key, read in _READERS.items()})


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _WrongError(f"« {key} » n'est pas un texte, mettez-le entre guillemets")
    text = value.strip()
    if not text:
        raise _WrongError(f"« {key} » est vide, remplissez-le")
    if unseen := next((one for one in text if not one.isprintable() and not one.isspace()), None):
        # Who reviews a change must see what readers will.
        raise _WrongError(f"« {key} » contient un caractère invisible (U+{ord(unseen):04X}), retirez-le")
    if len(text) > LENGTHS[key]:
        raise _WrongError(f"« {key} » a {len(text)} caractères, {LENGTHS[key]} au plus : raccourcissez-le")
    return text


def _outcome(key: str, value: object) -> Outcome:
    if not isinstance(value, str) or value not in OUTCOMES:
        raise _WrongError(f"« {key} » vaut {_quoted(value)}, écrivez {', '.join(OUTCOMES[:-1])} ou {OUTCOMES[-1]}")
    return Outcome(value)


def _address(key: str, value: object) -> str:
    url = _text(key, value)
    if without_credentials(url) != url:
        raise _WrongError(f"« {key} » contient un identifiant ou un mot de passe : retirez ce qui précède « @ »")
    if not split(url) or _NOT_IN_ADDRESS.search(url) or not url.isprintable():
        raise _WrongError(f"« {key} » vaut {_quoted(url)}, écrivez une adresse http:// ou https://")
    return url


def _day(key: str, value: object) -> date:
    # A time of TOML is a datetime, which Python takes for a date.
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _WrongError(f"« {key} » n'est pas un jour, écrivez par exemple {_EXAMPLE}")
    return value


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "service": _text,
    "rule": _text,
    "outcome": _outcome,
    "reason": _text,
    "author": _text,
    "evidence": _address,
    "until": _day,
}


def _quoted(value: object) -> str:
    return f"« {_cut(value)} »" if isinstance(value, str) else "autre chose qu'un texte"


def _cut(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= _QUOTED_LENGTH else line[: _QUOTED_LENGTH - 1] + "…"


def _one_line(text: str) -> str:
    """The text on one line, where nothing can act on a terminal."""
    return "".join(one if one.isprintable() else f"⟨U+{ord(one):04X}⟩" for one in " ".join(text.split()))
