"""What is kept of a drawing of pygal: shapes and words, dressed by our own style sheet.

The site forbids styles and scripts inside a page, and pygal brings both, with tooltips and the date of the day. What is not
listed here is left out, so that a later version of it cannot bring more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from reports.render.foreign import shown

SHAPES: Mapping[str, frozenset[str]] = {
    "svg": frozenset({"viewBox"}),
    "g": frozenset({"transform"}),
    "path": frozenset({"d"}),
    "rect": frozenset({"x", "y", "width", "height"}),
    "circle": frozenset({"cx", "cy", "r"}),
    "text": frozenset({"x", "y"}),
}
"""The elements of a drawing, with the attributes that they keep."""

_LEFT_OUT = frozenset({"background", "tooltip-overlay"})
_PART = {"x": "across", "y": "along", "label": "label", "value": "value"}
"""What the classes of pygal that say something of a text or a group are called in our style sheet."""
_DECIMALS = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a drawing says to those who do not see it.

    ``name`` makes its id, unique in the page; ``title`` says what it shows, and what has the id ``described_by`` says it at
    length. ``style`` dresses a drawing that no style sheet reaches.
    """

    name: str
    title: str
    described_by: str = ""
    style: str = ""


def drawing(chart: Any, caption: Caption, bands: int = 0) -> Markup:
    """The SVG of a chart of pygal, to put in a page. The first ``bands`` of its series are areas."""
    root = ET.Element("svg", {"class": "chart", "role": "img"})
    root.set("aria-labelledby", f"{caption.name}-titre {caption.described_by}".strip())
    ET.SubElement(root, "title", {"id": f"{caption.name}-titre"}).text = shown(caption.title)
    if caption.style:
        ET.SubElement(root, "style").text = caption.style
    source = chart.render_tree()
    root.attrib.update(_attributes(source, "svg"))
    root.extend(list(_children(source, "", bands)))
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - every text went through the serialiser


def _children(element: Any, role: str, bands: int) -> Iterator[ET.Element]:
    for child in element:
        kept = _kept(child, role, bands)
        if kept is not None:
            yield kept


def _kept(element: Any, role: str, bands: int) -> ET.Element | None:
    tag = str(element.tag).rpartition("}")[2]
    if tag not in SHAPES:
        return None
    classes = element.get("class", "").split()
    if _LEFT_OUT.intersection(classes):
        return None
    role = _role(classes, bands) or role
    kept = ET.Element(tag, _attributes(element, tag))
    kept.extend(list(_children(element, role, bands)))
    if tag == "g" and len(kept) == 0:
        return None
    if tag == "text":
        kept.text = shown(element.text or "")
    if named := _class(tag, classes, role):
        kept.set("class", named)
    return kept


def _role(classes: list[str], bands: int) -> str:
    """What the shapes of a group are: lines of an axis, areas or lines of the series."""
    if "axis" in classes:
        return "guide"
    number = next((one.removeprefix("serie-") for one in classes if one.startswith("serie-")), "")
    if not number:
        return ""
    return "band" if int(number) < bands else "trend"


def _class(tag: str, classes: list[str], role: str) -> str:
    match tag:
        case "path":
            return role
        case "rect":
            return "bar"
        case "circle":
            return "dot"
        case _:
            return " ".join(_PART[one] for one in classes if one in _PART)


def _attributes(element: Any, tag: str) -> dict[str, str]:
    return {key: _rounded(value) for key, value in sorted(element.items()) if key in SHAPES[tag]}


def _rounded(value: str) -> str:
    return _DECIMALS.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
