"""The data that a site carries: its figures, its services and its verdicts, with their schemas, as one data package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from checks.model.rule import Rule
from checks.model.unseen import json_text
from reports.figures.figure import Figure
from reports.language import Spoken, _
from reports.render.exports import csv_verdicts
from reports.render.foreign import one_line, web_address
from reports.render.services_json import services_json
from reports.render.summary import render_summary
from reports.render.words import day
from reports.store.records import AuditedService, RunRecord

FOLDER = "data"

_SCHEMAS = Path(__file__).parent / "schemas"
_TABLE = {
    "profile": "tabular-data-resource",
    "format": "csv",
    "mediatype": "text/csv",
    "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
}
_JSON = {"profile": "data-resource", "format": "json", "mediatype": "application/json"}
_TITLES: Mapping[str, str] = Spoken(
    {
        "figures.csv": "Les chiffres, un par ligne",
        "verdicts.csv": "Les verdicts, un par ligne, chacun avec sa première preuve",
        "services.json": "Les services : ce que le registre en dit, et l'issue de chaque règle",
        "summary.json": "Les chiffres, avec ce qu'il faut pour les vérifier",
    }
)
_RESOURCES: Mapping[str, Mapping[str, Any]] = {
    "figures.csv": {
        "name": "figures",
        **_TABLE,
        "schema": "schemas/figures-table-1.json",
    },
    "verdicts.csv": {
        "name": "verdicts",
        **_TABLE,
        "schema": "schemas/verdicts-table-1.json",
    },
    "services.json": {
        "name": "services",
        **_JSON,
        "jsonSchema": "schemas/services-1.json",
    },
    "summary.json": {
        "name": "summary",
        **_JSON,
        "jsonSchema": "schemas/summary-1.json",
    },
}


class Measured:
    """The text of a file, a part at a time; once all of it was read, how many bytes there were and their digest."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = chunks
        self._size = 0
        self._digest = sha256()
        self._is_whole = False

    def __iter__(self) -> Iterator[str]:
        for chunk in self._chunks:
            content = chunk.encode("utf-8")
            self._size += len(content)
            self._digest.update(content)
            yield chunk
        self._is_whole = True

    def to_json(self) -> dict[str, Any]:
        return {"bytes": self._size, "hash": f"sha256:{self._digest.hexdigest()}"} if self._is_whole else {}


def data_files(  # noqa: PLR0913
    *,
    run: RunRecord,
    figures: Sequence[Figure],
    services: Iterable[AuditedService],
    bare_services: Iterable[AuditedService],
    rules: Mapping[str, Rule],
    page_names: Mapping[str, str],
    licence: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, Iterable[str]]]:
    """The path of each file in the site, and its text in chunks, to be read once, and before the next file is asked for.

    ``bare_services`` are the services without evidence nor facts; ``page_names`` holds the name of the page of each, without
    its extension. The last file is the package, which says how large the others were. ``licence`` has a ``title`` and a
    ``path``; there is none where nobody gave one.
    """
    files: Mapping[str, Measured] = {
        "figures.csv": Measured((render_summary(run, figures, "csv"),)),
        "verdicts.csv": Measured(csv_verdicts(services, rules)),
        "services.json": Measured(services_json(run, bare_services, page_names)),
        "summary.json": Measured((render_summary(run, figures, "json"),)),
    }
    for name, chunks in files.items():
        yield f"{FOLDER}/{name}", chunks
    for schema in sorted(_SCHEMAS.iterdir()):
        yield f"{FOLDER}/schemas/{schema.name}", (schema.read_text("utf-8"),)
    package = _package(run, licence) | {"resources": [_resource(name, chunks) for name, chunks in files.items()]}
    yield f"{FOLDER}/datapackage.json", (json_text(package, indent=2) + "\n",)


def _package(run: RunRecord, licence: Mapping[str, str] | None) -> dict[str, Any]:
    source = run.registry_source
    return {
        "profile": "data-package",
        "name": "toise",
        "title": _("Services publics numériques : audit du {day}").format(day=day(run.as_of)),
        "description": _(
            "Ce que Toise a constaté de chaque service, règle par règle, et les chiffres qui en sont tirés, chacun avec son "
            "dénominateur et ses bornes. « Indéterminé » n'est jamais compté comme un échec."
        ),
        "version": run.id,
        "created": run.started_at,
        **({"licenses": [dict(licence)]} if licence else {}),
        "sources": [{"title": one_line(source) or _("Registre"), **({"path": source} if web_address(source) else {})}],
    }


def _resource(name: str, chunks: Measured) -> dict[str, Any]:
    return {"path": name, "title": _TITLES[name], "encoding": "utf-8", **_RESOURCES[name], **chunks.to_json()}
