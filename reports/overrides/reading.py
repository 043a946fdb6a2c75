"""``overrides.toml``, which people write and review: whatever is wrong in it is one sentence that says where and what to do."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from checks.model.errors import InputError
from reports.handwritten import WrongError, cut, document, quoted
from reports.overrides.fields import check_rule, check_until, read_address, read_outcome, read_text
from reports.overrides.override import Override

_EXAMPLE = "until = 2027-05-23, sans guillemets ni heure"


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
    for number, table in enumerate(_tables(document(raw, name), name), 1):
        where = _where(name, number, table)
        try:
            override = _override(table)
        except WrongError as error:
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
        try:
            check_rule(override.rule, rules)
            check_until(override.until, today)
        except WrongError as error:
            raise InputError(f"{where} : {error}.") from error


def _tables(document: Mapping[str, Any], name: str) -> list[Any]:
    if unknown := sorted(document.keys() - {"override"}):
        raise InputError(
            f"{name} : {quoted(unknown[0])} est inconnu, chaque correction commence par une ligne [[override]]."
        )
    tables = document.get("override", [])
    if not isinstance(tables, list):
        raise InputError(f"{name} : écrivez [[override]], entre doubles crochets, au début de chaque correction.")
    return tables


def _where(name: str, number: int, table: object) -> str:
    """Which override it is, by its place and as far as it says whose it is."""
    said = [table.get(key) for key in ("service", "rule")] if isinstance(table, dict) else []
    names = [cut(text) for text in said if isinstance(text, str) and text.strip()]
    return f"{name}, correction {number}" + (f" ({', '.join(names)})" if names else "")


def _override(table: object) -> Override:
    if not isinstance(table, dict):
        raise WrongError("écrivez ses clés sous une ligne [[override]]")
    if unknown := sorted(table.keys() - _READERS.keys()):
        raise WrongError(f"la clé {quoted(unknown[0])} est inconnue, les clés sont {', '.join(_READERS)}")
    if missing := [key for key in _READERS if key not in table]:
        raise WrongError(f"il manque « {missing[0]} », les clés sont {', '.join(_READERS)}")
    return Override(**{key: read(key, table[key]) for key, read in _READERS.items()})


def _day(key: str, value: object) -> date:
    # A time of TOML is a datetime, which Python takes for a date.
    if isinstance(value, datetime) or not isinstance(value, date):
        raise WrongError(f"« {key} » n'est pas un jour, écrivez par exemple {_EXAMPLE}")
    return value


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "service": read_text,
    "rule": read_text,
    "outcome": read_outcome,
    "reason": read_text,
    "author": read_text,
    "evidence": read_address,
    "until": _day,
}
