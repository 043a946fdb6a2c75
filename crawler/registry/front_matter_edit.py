"""Writes one field of a front matter, and moves nothing else: comments, order, quotes and line ends stay."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import yaml

from crawler.registry.front_matter import HEADER
from crawler.registry.yaml_text import YamlError, YamlText

_USUAL = (
    "contact",
    "link",
    "repository",
    "stats",
    "stats_url",
    "impact_url",
    "budget_url",
    "dashlord_url",
    "accessibility_status",
)
"""Keys that are about the same things, so that a new one stands among them; no order is imposed on the pages."""

_PLAIN = re.compile(r"[A-Za-z](?:[^#:]|:(?=[^\s:]))*(?<!\s)")
_TYPED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_PROPERTIES = ("&", "!", "*", "|", ">")

_Pair = tuple[yaml.Node, yaml.Node]


class RefusedEditError(ValueError):
    """A page that cannot be changed with certainty; the message is a French clause that says why."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """``text`` takes the place of what stands from ``start`` to ``end``, in characters of the YAML."""

    start: int
    end: int
    text: str


def edited(page: str, key: str, value: str) -> str:
    """The text of a page with ``value`` (one printable line) under ``key`` of its front matter.

    An absent key is added after its nearest relative. Raises :class:`RefusedEditError`, also when the YAML of the
    result would differ by anything else than that key.
    """
    header = HEADER.match(page)
    if header is None:
        raise RefusedEditError("elle n'a pas d'en-tête YAML")
    root = _mapping(header[1])
    edit = _edit(header[1], root, key, value)
    start = header.start(1)
    result = page[: start + edit.start] + edit.text + page[start + edit.end :]
    again = HEADER.match(result)
    is_same_text = again is not None and result[again.end(1) :] == page[header.end(1) :]
    if again is None or not is_same_text or not _is_but(_mapping(again[1]), root, key, value):
        raise RefusedEditError("le reste de son en-tête en serait changé")
    return result


def _mapping(text: str) -> yaml.MappingNode:
    try:
        root = YamlText(text).root
    except YamlError as error:
        raise RefusedEditError("son en-tête n'est pas du YAML lisible") from error
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise RefusedEditError("son en-tête n'est pas une liste de champs, un par ligne")
    return root


def _edit(text: str, root: yaml.MappingNode, key: str, value: str) -> _Edit:
    if not value.isprintable():
        raise RefusedEditError("la valeur ne tient pas sur une ligne")
    known = [pair for pair in root.value if pair[0].value == key]
    if len(known) > 1:
        raise RefusedEditError(f"la clé « {key} » y figure plusieurs fois")
    return _replacement(text, known[0], value) if known else _addition(text, root, key, value)


def _replacement(text: str, pair: _Pair, value: str) -> _Edit:
    key, node = pair
    if not isinstance(node, yaml.ScalarNode) or not _is_one_line(text, pair):
        raise RefusedEditError(f"la valeur de « {key.value} » n'est pas un texte écrit sur la ligne de sa clé")
    start, end = node.start_mark.index, node.end_mark.index
    gap = "" if text[start - 1].isspace() else " "  # nothing stands after the colon of an empty value
    return _Edit(start, end, gap + _scalar(value, node.style))


def _addition(text: str, root: yaml.MappingNode, key: str, value: str) -> _Edit:
    first = root.value[0][0].start_mark
    place = _after(text, root, key) or len(text)
    line_end = "\r\n" if text[:place].endswith("\r\n") else "\n"
    return _Edit(place, place, f"{' ' * first.column}{key}: {_scalar(value)}{line_end}")


def _after(text: str, root: yaml.MappingNode, key: str) -> int | None:
    """Where the line of the nearest relative of a key ends; ``None`` if the page has none that holds on one line."""
    known = {pair[0].value: pair[1] for pair in root.value if _is_one_line(text, pair)}
    rank = _USUAL.index(key) if key in _USUAL else len(_USUAL)
    near = [(abs(place - rank), place > rank, name) for place, name in enumerate(_USUAL) if name in known]
    return text.index("\n", known[min(near)[2]].end_mark.index) + 1 if near else None


def _is_one_line(text: str, pair: _Pair) -> bool:
    """A text that stands, with its key, on one line: no alias or anchor, no block, no list."""
    key, node = pair
    if not isinstance(key, yaml.ScalarNode) or not isinstance(node, yaml.ScalarNode):
        return False
    start, end = node.start_mark, node.end_mark
    is_beside = start.index >= key.end_mark.index and key.start_mark.line == start.line == end.line
    return is_beside and not text.startswith(_PROPERTIES, start.index)


def _scalar(value: str, style: str | None = None) -> str:
    """A text as YAML, in the quotes that stood there; without any only where every reader takes it for that text."""
    if style == '"':
        return json.dumps(value, ensure_ascii=False)
    is_plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _TYPED
    return value if style is None and is_plain else "'" + value.replace("'", "''") + "'"


def _is_but(after: yaml.MappingNode, before: yaml.MappingNode, key: str, value: str) -> bool:
    """Whether two documents differ by the text under one key alone."""
    values = [node.value for name, node in after.value if name.value == key]
    return values == [value] and _others(after, key) == _others(before, key)


def _others(root: yaml.MappingNode, key: str) -> list[tuple[str, str]]:
    # As YAML and not as values: compared as values, a few aliases of aliases would cost hours.
    pairs = [pair for pair in root.value if pair[0].value != key]
    try:
        return [(yaml.serialize(name), yaml.serialize(node)) for name, node in pairs]
    except RecursionError as error:
        raise RefusedEditError("son en-tête est imbriqué à l'excès") from error
