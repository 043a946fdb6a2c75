"""Reads the file of canaries: sites with known verdicts, by which a run tells whether it sees right."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from checks.model.address import host_of, split
from checks.model.canary import Canary
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Rule
from checks.model.run_folder import NAME_LENGTH
from checks.model.service import Service

_KEYS = {"service", "url", "name", "expected"}
_OUTCOMES = [outcome.value for outcome in Outcome]


def read_canaries(path: Path, services: Mapping[str, Service], rules: Mapping[str, Rule]) -> tuple[Canary, ...]:
    """The canaries of a TOML file: ``[[canary]]`` tables of ``service`` (an id of ``services``) or ``url``, and ``expected``.

    ``expected`` gives for a rule of ``rules`` its outcome, or ``outcome/reason``. Raises :class:`InputError`.
    """
    canaries = tuple(_canary(table, f"{path}, témoin n° {number}", services, rules) for number, table in _tables(path))
    names = [canary.service.id for canary in canaries]
    for number, name in enumerate(names, 1):
        if name in names[: number - 1]:
            raise InputError(f"{path}, témoin n° {number} : « {name} » y figure déjà ; réunissez les deux.")
    for number, canary in enumerate(canaries, 1):
        if canary.is_visited_apart:
            _check_name(canary.service.id, f"{path}, témoin n° {number}", services)
    return canaries


def _check_name(name: str, where: str, services: Mapping[str, Service]) -> None:
    """Its archive is its own, and is found again by its name."""
    if name in services:
        raise InputError(
            f"{where} : un service du registre se nomme aussi « {name} » ; donnez un autre nom (name) au témoin."
        )
    if len(quote(name)) > NAME_LENGTH:
        raise InputError(f"{where} : son nom est trop long ; donnez-lui un nom (name) plus court.")


def _tables(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        read = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"Le fichier de témoins {path} n'existe pas : vérifiez --canaries.") from error
    except OSError as error:
        raise InputError(f"Le fichier de témoins {path} ne peut pas être lu ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, or of brackets too deep
        raise InputError(f"{path} n'est pas un fichier TOML lisible ({error}).") from error
    tables = read.get("canary")
    if set(read) != {"canary"} or not isinstance(tables, list) or not tables:
        raise InputError(f"{path} : écrivez un ou plusieurs témoins, chacun sous le titre [[canary]], et rien d'autre.")
    return enumerate(tables, 1)


def _canary(table: Any, where: str, services: Mapping[str, Service], rules: Mapping[str, Rule]) -> Canary:
    if not isinstance(table, Mapping) or set(table) - _KEYS:
        raise InputError(f"{where} : les seules clés sont {', '.join(sorted(_KEYS))}.")
    expected = _expected(table.get("expected"), where, rules)
    service, url = table.get("service"), table.get("url")
    if isinstance(service, str) and url is None:
        if service not in services:
            raise InputError(
                f"{where} : l'audit ne visite pas de service « {service} » ; donnez plutôt son adresse (url)."
            )
        return Canary(service=services[service], expected=expected)
    if isinstance(url, str) and service is None and _is_site(url):
        return Canary.apart(_name(table.get("name") or host_of(url), where), url, expected)
    raise InputError(f"{where} : donnez soit service, un identifiant du registre, soit url, une adresse http(s).")


def _name(given: Any, where: str) -> str:
    if not isinstance(given, str):
        raise InputError(f"{where} : son nom (name) est un texte, entre guillemets.")
    return given


def _expected(given: Any, where: str, rules: Mapping[str, Rule]) -> Mapping[str, str]:
    if not isinstance(given, Mapping) or not given:
        raise InputError(f'{where} : écrivez ce qui est attendu, par exemple expected = {{ https = "passed" }}.')
    for rule, expected in given.items():
        if rule not in rules:
            raise InputError(f"{where} : aucune règle « {rule} » ; « toise rules » en donne la liste.")
        if not isinstance(expected, str) or expected.partition("/")[0] not in _OUTCOMES:
            raise InputError(f"{where} : « {rule} » attend l'un de {', '.join(_OUTCOMES)}, suivi ou non de /raison.")
        if "/" in expected and not _is_given_by(rules[rule], *expected.split("/", 1)):
            raise InputError(f"{where} : « {rule} » ne dit jamais « {expected} » (voir « toise explain {rule} »).")
    return dict(given)


def _is_given_by(rule: Rule, outcome: str, reason: str) -> bool:
    return {**OBSTACLES, **rule.outcomes}.get(reason) == outcome


def _is_site(url: str) -> bool:
    parts = split(url)
    return parts is not None and not parts.username
