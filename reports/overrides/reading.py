"""``overrides.toml``, which people write and review: whatever is wrong in it is one sentence that says where and what to do."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from checks.model.errors import InputError
from checks.model.outcome import Outcome
from reports.handwritten import WrongError, cut, document, quoted, text, web_address
from reports.overrides.override import Override

LONGEST = timedelta(days=731)
"""Two years: sites change, so that nobody can vouch for one for longer without looking again."""

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNTESTED)

LENGTHS: Mapping[str, int] = {"service": 200, "rule": 200, "reason": 1000, "author": 100, "evidence": 2000}
"""Characters at most: what is shown to readers is never cut."""

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
        if override.rule not in rules:
            raise InputError(f"{where} : aucune règle {quoted(override.rule)}, « toise rules » en donne la liste.")
        if override.until > today + LONGEST:
            raise InputError(
                f"{where} : elle vaudrait jusqu'au {override.until.isoformat()}, soit plus de deux ans ; choisissez un"
                " jour plus proche, elle pourra être prolongée."
            )


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


def _text(key: str, value: object) -> str:
    return text(key, value, LENGTHS[key])


def _outcome(key: str, value: object) -> Outcome:
    if not isinstance(value, str) or value not in OUTCOMES:
        raise WrongError(f"« {key} » vaut {quoted(value)}, écrivez {', '.join(OUTCOMES[:-1])} ou {OUTCOMES[-1]}")
    return Outcome(value)


def _address(key: str, value: object) -> str:
    return web_address(key, value, LENGTHS[key])


def _day(key: str, value: object) -> date:
    # A time of TOML is a datetime, which Python takes for a date.
    if isinstance(value, datetime) or not isinstance(value, date):
        raise WrongError(f"« {key} » n'est pas un jour, écrivez par exemple {_EXAMPLE}")
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
