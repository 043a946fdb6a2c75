"""A folder of beta.gouv.fr pages, ``content/_startups/ID.md``: YAML between two lines ``---``, then Markdown.

Handed over as one JSON object, ``{"content/_startups/ID.md": text}``, which is also what the run folder keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.registry.beta_fields import beta_fields, beta_lines
from crawler.registry.entry import Entry, Lost
from crawler.registry.normalise import one_line
from crawler.registry.yaml_text import YamlError, YamlText, lines

SUFFIX = ".md"
HEADER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
"""The YAML of a page is its first group, line ends included."""


def is_folder(document: Any) -> bool:
    """Whether a JSON document is a folder of pages: file names to texts."""
    return (
        isinstance(document, dict)
        and bool(document)
        and all(path.lower().endswith(SUFFIX) and isinstance(text, str) for path, text in document.items())
    )


def read(pages: Mapping[str, str], name: str) -> Iterator[Entry | Lost]:
    for path, text in pages.items():
        yield _entry(text, one_line(f"{name.rstrip('/')}/{path}"), service_id(path))


def service_id(path: str) -> str:
    """The id of the service of a page: the name of its file."""
    return path.rpartition("/")[2][: -len(SUFFIX)].strip()


def _entry(text: str, file: str, name: str) -> Entry | Lost:
    header = HEADER.match(text)
    if header is None:
        return Lost(sentence=f"{file}, ligne 1 : aucun en-tête YAML entre deux lignes « --- » ; ce fichier est ignoré.")
    try:
        # The line of the first "---" is given back to the YAML, so that its line numbers are those of the file.
        yaml = YamlText("\n" + header[1])
        fields = yaml.value(yaml.root)
    except YamlError as error:
        return Lost(
            sentence=f"{file}, ligne {error.line} : le YAML est illisible ; corrigez-le, ce fichier est ignoré."
        )
    if not isinstance(fields, dict):
        return Lost(sentence=f"{file}, ligne 2 : l'en-tête n'est pas une liste de champs YAML ; ce fichier est ignoré.")
    incubators = [fields.get("incubator"), *_listed(fields.get("incubators"))]
    where = beta_lines(lines(yaml.root))
    return Entry(file=file, line=1, lines=where, id=name, incubators=incubators, **beta_fields(fields))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
