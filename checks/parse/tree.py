"""A page as BeautifulSoup's tree, within the limits of what is read."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any, ClassVar
from unicodedata import normalize

from bs4 import BeautifulSoup, Tag
from bs4.builder import HTMLTreeBuilder
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import (
    AttributeValueList,
    Comment,
    Doctype,
    NamespacedAttribute,
    NavigableString,
    PageElement,
    ProcessingInstruction,
)
from lxml import etree

from checks.model.markup import MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES, MAX_TEXT
from checks.parse.layout import Element, Place, lay_out

_SAID = ("alt", "aria-label", "title")
"""Attributes whose words stand for a text."""
_SPACES = BeautifulSoup.ASCII_SPACES
_XML = "http://www.w3.org/XML/1998/namespace"
_EMPTY = HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or set()
_PRESERVED = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
_STRINGS = HTMLTreeBuilder.DEFAULT_STRING_CONTAINERS


class _TooLargeError(Exception):
    pass


class _Element(Element):
    """An element of an HTML page: what is the same for all of them stands in the class, which halves what one costs."""

    parser_class = BeautifulSoup
    namespace = prefix = sourceline = sourcepos = None
    known_xml = hidden = can_be_empty_element = False
    cdata_list_attributes = None
    attribute_value_list_class = AttributeValueList
    preserve_whitespace_tags = _PRESERVED
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    _namespaces: ClassVar[dict[str, str]] = {}  # type: ignore[misc]

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        self.name = name
        self.attrs = attributes
        self.contents = []
        if name in _EMPTY:
            self.can_be_empty_element = True
        elif name in _STRINGS:
            self.interesting_string_types = {_STRINGS[name]}


class _Growth:
    """Makes of what lxml tells of a page the tree that BeautifulSoup makes of it, at a fraction of its cost: of HTML nothing
    has a namespace, and nothing is moved once it is there.

    It stops the parser as soon as a page passes the limits: nothing is read twice, and little of a page made to harm.
    """

    def __init__(self, tree: Tree, builder: HTMLTreeBuilder, *, is_counted: bool) -> None:
        self._builder = builder
        self._is_counted = is_counted
        self._characters = 0
        self._nodes, self._tags = tree.nodes, tree.tags
        self._open: list[Any] = [tree]
        self._previous: PageElement | None = None
        self._pieces: list[str] = []
        self._kinds: list[type[NavigableString]] = []
        self._preserved = 0

    def start(self, name: str, attributes: dict[str, Any]) -> None:
        """``attributes`` are of no other element, and may be kept; lxml gives what cannot be changed where there is none."""
        if self._pieces:
            self._end_text()
        if len(attributes) > MAX_ATTRIBUTES or len(self._open) > MAX_DEPTH:
            raise _TooLargeError
        tag = _Element(name, _written(attributes) if attributes else {})
        if name == "meta":
            self._builder.set_up_substitutions(tag)
        if self._is_counted and attributes:
            self._count(sum(len(attributes[said]) for said in _SAID if said in attributes))
        lay_out(tag, self._open[-1])
        tag.rank = len(self._tags)
        self._tags.append(tag)
        self._append(tag)
        self._open.append(tag)
        if name in _STRINGS:
            self._kinds.append(_STRINGS[name])
        self._preserved += name in _PRESERVED

    def end(self, name: str) -> None:
        """lxml tells the end of all that it began, the innermost first."""
        if self._pieces:
            self._end_text()
        self._open.pop().end = len(self._tags)
        if name in _STRINGS:
            self._kinds.pop()
        self._preserved -= name in _PRESERVED

    def data(self, text: str) -> None:
        if len(self._pieces) > MAX_TEXT:  # of a character or more
            raise _TooLargeError
        self._pieces.append(text)

    def comment(self, text: str) -> None:
        self._apart(text, Comment)

    def pi(self, target: str, text: str) -> None:
        self._apart(f"{target} {text}", ProcessingInstruction)

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        self._apart(Doctype.for_name_and_ids(name, public, system), Doctype)

    def close(self) -> None:
        if self._pieces:
            self._end_text()

    def _end_text(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        kind = self._kinds[-1] if self._kinds else NavigableString
        if self._is_counted and kind is NavigableString:
            self._count(_length(text))
        self._add(text, kind)

    def _apart(self, text: str, kind: type[NavigableString]) -> None:
        if self._pieces:
            self._end_text()
        self._add(text, kind)

    def _add(self, text: str, kind: type[NavigableString]) -> None:
        if not self._preserved and not text.strip(_SPACES):
            text = "\n" if "\n" in text else " "
        node = str.__new__(kind, text)
        node.hidden = False
        self._append(node)

    def _append(self, node: PageElement) -> None:
        holder, previous = self._open[-1], self._previous
        contents = holder.contents
        before = contents[-1] if contents else None
        node.parent, node.previous_element, node.previous_sibling = holder, previous, before
        node.next_element = node.next_sibling = None
        if previous is not None:
            previous.next_element = node
        if before is not None:
            before.next_sibling = node
        contents.append(node)
        self._nodes.append(node)
        self._previous = node
        if len(self._nodes) > MAX_NODES:
            raise _TooLargeError

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MAX_TEXT:
            raise _TooLargeError


def _written(attributes: dict[str, Any]) -> dict[str, Any]:
    if "{" not in "".join(attributes):
        return attributes
    return {_name_of(name): value for name, value in attributes.items()}


def _name_of(attribute: str) -> str:
    """``{a}b``, which no page means, is read by BeautifulSoup as lxml's way to say ``b`` of the namespace ``a``."""
    namespace, closing, name = attribute.removeprefix("{").partition("}")
    if not closing or not attribute.startswith("{"):
        return attribute
    return NamespacedAttribute("xml" if namespace == _XML else None, name, namespace)


class _Builder(LXMLTreeBuilder):
    """lxml's own, without what it does for XML, of which it warns by a filter of all threads. Attributes stay as they are
    written, classes too."""

    soup: Any

    def __init__(self) -> None:
        super().__init__(multi_valued_attributes=None)

    def prepare_markup(self, markup: Any, *_: Any, **__: Any) -> Iterator[tuple[str | bytes, str | None, None, bool]]:
        text = markup.removeprefix("\ufeff")
        yield text, None, None, False
        yield text.encode(), "utf8", None, False

    def parser_for(self, encoding: str | None) -> Any:
        growth: Any = _Growth(self.soup, self, is_counted=self.soup.may_be_long)
        return etree.HTMLParser(target=growth, encoding=encoding)


class Tree(BeautifulSoup):
    """The tree of a page. ``nodes`` are all that it holds, in the order of the page, and ``tags`` the elements of them."""

    def __init__(self, source: str) -> None:
        self.may_be_long = _may_say(source) > MAX_TEXT
        # As a file: of a short text BeautifulSoup would warn that it looks like the name of one.
        super().__init__(StringIO(source), builder=_Builder())
        self.end = len(self.tags)

    def reset(self) -> None:
        self.nodes: list[PageElement] = []
        self.tags: list[Element] = []
        super().reset()
        self.place, self.block, self.rank = Place(), None, -1

    def let_go(self) -> None:
        """Leaves it to Python, who frees at once what is held from before alone; the collector takes ten times as long."""
        for node in self.nodes:
            node.parent = node.previous_element = node.previous_sibling = None
        for tag in self.tags:
            tag.block = None
        self.nodes.clear()  # lxml's parser holds them too, and itself
        self.tags.clear()
        vars(self).clear()


def _may_say(source: str) -> int:
    """Characters that the texts of a page have at most once folded, by its length alone: eighteen for each that is foreign,
    three for each of ASCII, since entities take more to write than they say."""
    foreign = len(source.encode("utf-8", "replace")) - len(source)  # or more, as some take three bytes or four
    return 3 * len(source) + 18 * foreign


def _length(text: str) -> int:
    """Characters of a text once folded, or about: NFKC makes eighteen of one."""
    return len(text) if text.isascii() else len(normalize("NFKC", text))


def parsed(source: str) -> Tree | None:
    """The tree of a page; ``None`` where it is too large to be read."""
    try:
        return Tree(source)
    except _TooLargeError:
        return None


def empty() -> Tree:
    return Tree("")
