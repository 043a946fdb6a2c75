"""Two ways of writing a message: as plain text, and in the Markdown that chats and wikis share.

What others wrote is text in both: it calls nobody (``@all``), leads nowhere and formats nothing.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable

from reports.render.foreign import cut
from reports.render.rule_page import Span
from reports.render.words import spaced

LONG = 300
"""Characters of a sentence of others, where a name has the length of one."""

_LINKED = re.compile(r"(://|\bwww\.)(?=\S)", re.IGNORECASE)
_EMOJI = re.compile(r":(?=[\w+-]+:)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", **{sign: f"&#{ord(sign)};" for sign in "~|${}"}}
"""Signs that not every dialect lets a backslash protect; each reads entities."""
_SIGNS = str.maketrans({**{sign: f"\\{sign}" for sign in "\\`*_[]#"}, **_ENTITIES})


class Pen(ABC):
    @abstractmethod
    def _written(self, text: str) -> str:
        """The text, none of which is read as a sign of the format."""

    @abstractmethod
    def spans(self, spans: Iterable[Span]) -> str:
        """A line of the page of a rule."""

    @abstractmethod
    def subject(self, written: str) -> list[str]:
        """What stands over a message, where that has no subject of its own."""

    @abstractmethod
    def heading(self, text: str) -> list[str]: ...

    @abstractmethod
    def link(self, written: str, url: str) -> list[str]: ...

    @abstractmethod
    def item(self, *written: str) -> list[str]:
        """An entry of a list, in one or several lines."""

    def ours(self, text: str) -> str:
        """Our own French."""
        return self._written(spaced(text))

    def theirs(self, text: str, length: int = 120) -> str:
        """What others wrote: on one line and short; an at sign that calls nobody, no address that a program makes a link of."""
        return self._written(_LINKED.sub(r"\1 ", cut(text, length).replace("@", "＠")))


class Plain(Pen):
    def _written(self, text: str) -> str:
        return text

    def spans(self, spans: Iterable[Span]) -> str:
        return "".join(span.text for span in spans)

    def subject(self, written: str) -> list[str]:
        del written
        return []

    def heading(self, text: str) -> list[str]:
        return ["", spaced(text).upper()]

    def link(self, written: str, url: str) -> list[str]:
        return ["", written, *([url] if url else [])]

    def item(self, *written: str) -> list[str]:
        return [f"{'    ' if number else '  - '}{line}" for number, line in enumerate(written)]


class Markdown(Pen):
    def _written(self, text: str) -> str:
        return _EMOJI.sub("&#58;", text.translate(_SIGNS))

    def spans(self, spans: Iterable[Span]) -> str:
        return "".join(f"`{span.text}`" if span.kind == "code" else self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        return span.text if span.kind == "link" else self._written(span.text)

    def subject(self, written: str) -> list[str]:
        return [f"**{written}**", ""]

    def heading(self, text: str) -> list[str]:
        return ["", f"#### {self.ours(text)}"]

    def link(self, written: str, url: str) -> list[str]:
        return ["", f"**[{written}]({url})**" if url else f"**{written}**", ""]

    def item(self, *written: str) -> list[str]:
        return [f"{'  ' if number else '- '}{line}" for number, line in enumerate(written)]
