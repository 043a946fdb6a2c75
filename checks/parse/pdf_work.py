"""What reading a PDF would cost, told before it is read: by what is to be parsed, never by a clock."""

from __future__ import annotations

from collections.abc import Iterator

from pypdf import PageObject
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

_MAX_WORK = 2_000_000
"""Bytes of text operators, and of tables of characters, that pypdf parses again for each page that names them. A page of
text has some tens of thousands."""

_MAX_NESTED = 200
"""Forms and resources of one page, each in another."""

_MAX_FORMS = 10
"""Times that a page may draw forms, which may be the same one."""

_WIDTH = 8
"""Bytes that a width of a character stands for."""


def check_work(pages: Iterator[PageObject]) -> None:
    """Raises ``LimitReachedError`` as soon as the pages go beyond what a document made to be read costs."""
    work = 0
    for page in pages:
        for part in _parts(page):
            work += part
            if work > _MAX_WORK:
                raise LimitReachedError


def _parts(page: PageObject) -> Iterator[int]:
    contents = page.get_contents()
    yield len(contents.get_data()) if contents is not None else 0
    waiting, seen = [_held(page, "/Resources")], 0
    while waiting:
        resources = waiting.pop()
        seen += 1
        if seen > _MAX_NESTED:
            raise LimitReachedError
        yield from map(_font, _values(resources, "/Font"))
        for form in _values(resources, "/XObject"):
            if form.get("/Subtype") == "/Form" and isinstance(form, StreamObject):
                yield _MAX_FORMS * len(form.get_data())
                waiting.append(_held(form, "/Resources"))


def _font(font: DictionaryObject) -> int:
    """A font's table of characters and its widths, which pypdf reads for each page."""
    table = font.get("/ToUnicode")
    mapped = table.get_object() if table is not None else None
    size = len(mapped.get_data()) if isinstance(mapped, StreamObject) else 0
    descendants = font.get("/DescendantFonts", ArrayObject()).get_object()
    widths = [
        _held_array(one, key) for one in (font, *(one.get_object() for one in descendants)) for key in ("/Widths", "/W")
    ]
    return size + _WIDTH * sum(map(len, widths))


def _held(holder: DictionaryObject, key: str) -> DictionaryObject:
    found = holder.get(key, DictionaryObject()).get_object()
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _held_array(holder: DictionaryObject, key: str) -> ArrayObject:
    found = holder.get(key, ArrayObject()).get_object()
    return found if isinstance(found, ArrayObject) else ArrayObject()


def _values(resources: DictionaryObject, key: str) -> Iterator[DictionaryObject]:
    for name in (held := _held(resources, key)):
        value = held[name].get_object()
        if isinstance(value, DictionaryObject):
            yield value
