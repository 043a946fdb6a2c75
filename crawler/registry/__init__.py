"""Reads a registry, whatever its format, into services."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from checks.model.errors import InputError
from checks.model.service import Service
from crawler.registry import beta_api, csv_file, dashlord, front_matter, url_list
from crawler.registry.entry import Entry, Lost, cleaned
from crawler.registry.normalise import quoted
from crawler.registry.recognise import recognised
from crawler.registry.source import read_bytes, shown

__all__ = ["Kind", "Registry", "parse_registry", "read_registry"]

Kind = Literal["beta-api", "front-matter", "dashlord", "csv", "url-list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """A registry as read, and the services in it, cleaned, in its order.

    ``source`` is where it was read, without credentials. ``raw`` is exactly what was read; for a folder, a JSON object
    of its pages, ``{path: text}``. ``digest`` is ``sha256:…`` of ``raw``. ``incubators`` are their names by id, as far as it
    gives them. ``warnings`` are French sentences, one for each entry or value that was lost, with its file and line.
    """

    source: str
    kind: Kind
    raw: bytes
    digest: str
    services: tuple[Service, ...]
    incubators: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def read_registry(source: str, *, timeout: float = 30.0) -> Registry:
    """Reads a file, a folder or an http(s) address, within ``timeout`` seconds.

    Raises :class:`InputError` when there is nothing to read or no service in it; a malformed entry only costs itself.
    """
    return parse_registry(read_bytes(source, timeout), shown(source))


def parse_registry(raw: bytes, name: str) -> Registry:
    """The registry in bytes read before, such as those a run keeps; ``name`` stands for the file in sentences.

    Raises :class:`InputError`.
    """
    kind, entries, incubators = _entries(raw, name)
    warnings: list[str] = []
    services = tuple(_services(entries, kind, warnings))
    if not services:
        first = f" ; la première cause : {warnings[0]}" if warnings else "."
        raise InputError(f"{name} ne contient aucun service utilisable{first}")
    digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return Registry(
        source=name,
        kind=kind,
        raw=raw,
        digest=digest,
        services=services,
        incubators=incubators,
        warnings=tuple(warnings),
    )


def _entries(raw: bytes, name: str) -> tuple[Kind, Iterator[Entry | Lost], Mapping[str, str]]:
    shape, text = recognised(raw, name)
    if shape == "dashlord":
        return shape, dashlord.read(text, name), {}
    if shape == "csv":
        return shape, csv_file.read(text, name), {}
    if shape == "url-list":
        return shape, url_list.read(text, name), {}
    document = beta_api.parsed(text, name)
    if front_matter.is_folder(document):
        return "front-matter", front_matter.read(document, name), {}
    return "beta-api", beta_api.read(document, text, name), beta_api.incubators(document)


def _services(entries: Iterable[Entry | Lost], kind: Kind, warnings: list[str]) -> Iterable[Service]:
    """One service an id, the first; what is lost is added to ``warnings``."""
    known: dict[str, tuple[Service, Entry]] = {}
    for entry in entries:
        if isinstance(entry, Lost):
            warnings.append(entry.sentence)
            continue
        service, sentences = cleaned(entry)
        warnings += sentences
        if service is None:
            continue
        first, place = known.setdefault(service.id, (service, entry))
        if place is entry:
            continue
        fate = "cette entrée est ignorée"
        if kind == "dashlord" and service.url and service.url not in first.urls:
            # A DashLord dashboard lists sites: those of one betaId are the addresses of one service.
            known[service.id] = (replace(first, urls=(*first.urls, service.url)), place)
            fate = "son adresse est ajoutée à la première"
        where = f"la ligne {place.line}" if place.file == entry.file else place.where()
        warnings.append(f"{entry.where()} : l'identifiant {quoted(service.id)} est déjà celui de {where} ; {fate}.")
    return [service for service, _ in known.values()]
