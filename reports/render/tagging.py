"""What PDF/UA asks of a tagged document, and WeasyPrint leaves undone: called before a document is written.

The objects are those of pydyf: dictionaries, arrays, and references such as ``b"12 0 R"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def finish(_document: Any, pdf: Any) -> None:
    """Says which cells each header is for, and that what runs in the margins is no part of the text."""
    elements = list(_elements(pdf, pdf.catalog["StructTreeRoot"]))
    for element in elements:
        if element.get("S") == "/TH":
            element["A"]["Scope"] = "/Column" if _row(element) == 0 else "/Row"
    content = {(element["Pg"], mark) for element in elements for mark in _kids(element) if isinstance(mark, int)}
    for page in pdf.objects:
        if isinstance(page, dict) and page.get("Type") == "/Page":
            _set_apart(pdf, page, content)


def _row(header: Any) -> int:
    """Of its table, from 0; WeasyPrint ends the id of a header by its row and its column."""
    return int(header["ID"].string.split("-")[-2])


def _set_apart(pdf: Any, page: Any, content: set[tuple[bytes, int]]) -> None:
    """Makes an artifact of each marked sequence of a page that no element of the structure holds."""
    marked = _at(pdf, page["Contents"]).stream
    for place, properties in enumerate(marked):
        if isinstance(properties, dict) and (page.reference, properties.get("MCID")) not in content:
            marked[place - 1] = "/Artifact"
            properties["Type"] = "/Pagination"
            del properties["MCID"]


def _elements(pdf: Any, root: bytes) -> Iterator[Any]:
    element = _at(pdf, root)
    yield element
    for kid in _kids(element):
        if isinstance(kid, bytes) and "S" in _at(pdf, kid):
            yield from _elements(pdf, kid)


def _kids(element: Any) -> list[Any]:
    return list(element.get("K", ()))


def _at(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
