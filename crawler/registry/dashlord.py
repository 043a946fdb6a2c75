"""``dashlord.yml``, the list of sites of a DashLord dashboard: https://github.com/SocialGouv/dashlord

Its ``category`` is taken for the incubator, as the dashboards of beta.gouv.fr use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from checks.model.errors import InputError
from crawler.registry.entry import Entry, Lost
from crawler.registry.normalise import quoted
from crawler.registry.yaml_text import YamlError, YamlText, line, lines, member

URLS = re.compile(r"^urls[ \t]*:", re.MULTILINE)
_NAMES = {"id": "betaId", "url": "url", "name": "title", "incubators": "category", "repository": "repositories"}
_OWNER_AND_NAME = re.compile(r"[\w.-]+/[\w.-]+/?", re.ASCII)


def read(text: str, name: str) -> Iterator[Entry | Lost]:
    try:
        document = YamlText(text)
        urls = member(document.root, "urls")
        if not isinstance(urls, yaml.SequenceNode):
            raise InputError(f"{name} n'a pas de liste sous « urls: », attendue dans un fichier dashlord.yml.")
        for node in urls.value:
            yield _entry(document.value(node), node, name)
    except YamlError as error:
        raise InputError(f"{name}, ligne {error.line} : le YAML est illisible à cet endroit ; corrigez-le.") from error


def _entry(item: Any, node: yaml.Node, name: str) -> Entry | Lost:
    fields = {"url": item} if isinstance(item, str) else item
    if not isinstance(fields, dict):
        where = f"{name}, ligne {line(node)}"
        return Lost(
            sentence=f"{where} : {quoted(item)} n'est pas un site (« url: » attendu) ; cette entrée est ignorée."
        )
    values = {ours: fields.get(theirs) for ours, theirs in _NAMES.items()}
    values["repository"] = _repository(values["repository"])
    known = lines(node)
    where_fields = {ours: known[theirs] for ours, theirs in _NAMES.items() if theirs in known}
    return Entry(file=name, line=line(node), lines=where_fields, has_own_id=False, **values)


def _repository(value: Any) -> Any:
    """The first repository; ``owner/name`` is one of github.com."""
    first = next(iter(value), None) if isinstance(value, list) else value
    if isinstance(first, str) and _OWNER_AND_NAME.fullmatch(first):
        return f"https://github.com/{first.rstrip('/')}"
    return first
