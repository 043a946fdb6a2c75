"""A plain list of addresses, one a line; ``#`` starts a comment, and ``https://`` may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit

from crawler.registry.entry import Entry, Lost
from crawler.registry.normalise import UnusableValueError, quoted, repaired_url

_COMMENT = re.compile(r"(?:^|\s)#.*")
_SEVERAL_CELLS = re.compile(r"[^?#]*[,;]")


def is_list(text: str) -> bool:
    """Whether at least one line of the text is an address."""
    return any(_address(value) for _, value in _values(text))


def read(text: str, name: str) -> Iterator[Entry | Lost]:
    for line, value in _values(text):
        url = _address(value)
        if url is None:
            sentence = (
                f"{name}, ligne {line} : {quoted(value)} n'est pas une adresse http ou https ; cette ligne est ignorée."
            )
            yield Lost(sentence=sentence)
            continue
        # A bare host is how such a list may be written, no dirt to be warned of.
        given = url if url == f"https://{value}" else value
        yield Entry(file=name, line=line, has_own_id=False, url=given, name=urlsplit(url).hostname)


def _values(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(StringIO(text, newline=""), 1):
        if value := _COMMENT.sub("", line.strip()).strip():
            yield number, value


def _address(value: str) -> str | None:
    try:
        url = repaired_url(value)
    except UnusableValueError:
        return None
    is_one = len(value.split()) == 1 and not _SEVERAL_CELLS.match(url)
    return url if is_one and not url.startswith("/") else None
