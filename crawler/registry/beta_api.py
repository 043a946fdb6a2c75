"""The API of beta.gouv.fr: JSON:API since v1.9 (``data``, ``included``), a bare list of flat entries in others."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from checks.model.errors import InputError
from crawler.registry.beta_fields import beta_fields
from crawler.registry.entry import Entry, Lost
from crawler.registry.normalise import quoted

LONGEST_NAME = 200
"""Characters of the name of an incubator."""

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")
_OTHER_TYPES = ("author", "incubator", "job", "member", "organisation", "sponsor", "team")
_ADVICE = "donnez l'adresse ou une copie de https://beta.gouv.fr/api/v2.7/startups.json"


def parsed(text: str, name: str) -> Any:
    """The JSON document. Raises :class:`InputError` with the line and the column where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name}, ligne {error.lineno}, colonne {error.colno} : le JSON est invalide ou tronqué à cet endroit ; "
            "téléchargez le registre de nouveau."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{name} est un JSON démesuré (nombre ou imbrication), pas un registre ; {_ADVICE}."
        ) from error


def read(document: Any, text: str, name: str) -> Iterator[Entry | Lost]:
    """The entries of ``document``, parsed from ``text``, with their lines in it."""
    entries = document.get("data") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise InputError(f"{name} est un JSON sans liste « data », pas un registre de services ; {_ADVICE}.")
    newlines = [match.start() for match in re.finditer("\n", text)]
    for offset, item in zip(_offsets(text), entries, strict=True):
        yield _entry(item, name, bisect_left(newlines, offset) + 1)


def incubators(document: Any) -> dict[str, str]:
    """What the incubators are called, by id, where the document includes them."""
    included = document.get("included") if isinstance(document, dict) else None
    found: dict[str, str] = {}
    for item in included if isinstance(included, list) else ():
        fields = item.get("attributes") if isinstance(item, dict) and item.get("type") == "incubator" else None
        key, name = (item.get("id"), fields.get("title")) if isinstance(fields, dict) else (None, None)
        if isinstance(key, str) and isinstance(name, str) and name.strip():
            found[key] = " ".join(name.split())[:LONGEST_NAME]
    return found


def _entry(item: Any, name: str, line: int) -> Entry | Lost:
    where = f"{name}, ligne {line}"
    if not isinstance(item, dict):
        return Lost(sentence=f"{where} : {quoted(item)} n'est pas un objet JSON ; cette entrée est ignorée.")
    if item.get("type") in _OTHER_TYPES:
        kind = quoted(item["type"])
        return Lost(sentence=f"{where} : l'entrée est de type {kind}, pas un service ; elle est ignorée.")
    fields = item.get("attributes", item)
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        return Lost(sentence=f"{where} : « attributes » n'est pas un objet JSON ; cette entrée est ignorée.")
    incubators = [one for key in ("incubator", "incubators") for one in _related(item, fields, key)]
    return Entry(file=name, line=line, id=item.get("id"), incubators=incubators, **beta_fields(fields))


def _related(item: dict[str, Any], fields: dict[str, Any], key: str) -> list[Any]:
    """The ids of a relationship: ``{"data": {"id": …}}``, ``{"data": [{"id": …}]}`` or, in a flat entry, plain ids."""
    relationships = item.get("relationships") or {}
    if not isinstance(relationships, dict):
        return [relationships]  # the cleaning says that it is no id
    relation = relationships.get(key) or fields.get(key)
    data = relation.get("data") if isinstance(relation, dict) else relation
    linked = data if isinstance(data, list) else [data]
    return [one.get("id") if isinstance(one, dict) else one for one in linked]


def _offsets(text: str) -> Iterator[int]:
    """Where each entry starts; the text is known to be a JSON list, or an object whose last ``data`` is one."""
    start = _skip(text, 0)
    if text[start] == "{":
        start = dict(_members(text, start))["data"]
    at = _skip(text, start + 1)
    while text[at] != "]":
        yield at
        at = _after(text, at)


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Each key of a JSON object, with the offset of its value."""
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, end) + 1)  # the colon
        yield key, at
        at = _after(text, at)


def _after(text: str, at: int) -> int:
    """Past the value that starts at ``at`` and the comma that may follow it."""
    at = _skip(text, _DECODER.raw_decode(text, at)[1])
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at
