"""YAML as texts, lists and mappings only, with the lines where things stand."""

from __future__ import annotations

from typing import Any

import yaml

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class YamlError(ValueError):
    """Text that is not YAML; ``line`` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class _Loader(yaml.BaseLoader):
    """Builds no type but text, list and mapping: dates stay as written, and nothing can run."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        is_plain = node.style is None
        return None if is_plain and node.value in _NULLS else node.value


class YamlText:
    """A YAML document of which every scalar is the text it is, or ``None``. Raises :class:`YamlError`."""

    def __init__(self, text: str) -> None:
        try:
            self._loader = _Loader(text)
            self.root = self._loader.get_single_node()
        except yaml.reader.ReaderError as error:
            raise YamlError(text.count("\n", 0, error.position) + 1) from error
        except (yaml.YAMLError, RecursionError) as error:
            raise _problem(error) from error

    def value(self, node: yaml.Node | None) -> Any:
        try:
            return None if node is None else self._loader.construct_document(node)
        except (yaml.YAMLError, RecursionError) as error:
            raise _problem(error) from error


def line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def member(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """The value of a key of a mapping."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def lines(node: yaml.Node | None) -> dict[str, int]:
    """The line of each key of a mapping."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value: line(key) for key, _ in pairs if isinstance(key, yaml.ScalarNode)}


def _problem(error: Exception) -> YamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return YamlError(mark.line + 1 if mark else 1)
