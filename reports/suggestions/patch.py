"""Changes of text files as a unified diff that ``git apply`` and ``patch -p1`` take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line ends with a line feed alone, as git has it: Unicode has other ends, and a carriage return is content."""
_NO_END = "\n\\ No newline at end of file\n"
_ESCAPES = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}


def file_patch(path: str, before: str, after: str) -> str:
    """The part of a patch that is about one file; empty if nothing changed. ``path`` is relative, with slashes."""
    return "".join(_lines(path, before, after))


def _lines(path: str, before: str, after: str) -> Iterator[str]:
    diff = unified_diff(_LINE.findall(before), _LINE.findall(after))
    for side, header in zip("ab", diff, strict=False):  # "--- ", "+++ "; nothing where the texts are the same
        yield f"{header[:4]}{_name(f'{side}/{path}')}\n"
    for line in diff:
        yield line if line.endswith("\n") else line + _NO_END


def _name(path: str) -> str:
    """A file name as git writes it: in quotes where it has more than plain ASCII, before a tab where it has spaces."""
    if path.isascii() and path.isprintable() and not set('"\\') & set(path):
        return f"{path}\t" if " " in path else path
    return f'"{"".join(map(_escaped, path))}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return f"\\{_ESCAPES[char]}"
    if char.isascii() and char.isprintable():
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))
