"""Lines of a terminal, for what is read there at length."""

from __future__ import annotations

import textwrap

from reports.render.words import spaced

WIDTH = 100


def wrapped(line: str, indent: int = 0) -> list[str]:
    """Those after the first are indented. An address is not cut, since it is to be copied."""
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False, break_long_words=False)


def ours(line: str, indent: int = 0) -> list[str]:
    """Our own French, whose marks stay with their words; never for foreign text, which is shown as it is."""
    return wrapped(spaced(line), indent)
