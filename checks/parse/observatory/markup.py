from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from checks.parse.observatory.javascript import BLANK
from checks.parse.observatory.scan import Scan

_HTML = {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class Script:
    """``source`` is its address as written, empty for a script in the page."""

    source: str
    integrity: str


@dataclass(slots=True)
class Markup:
    """What the Observatory reads in a page: policies, the last referrer policy, scripts, each in the order of the page.

    Tags in ``<noscript>``, ``<template>`` and ``<body>`` count; those in comments and scripts do not.
    """

    policies: list[str] = field(default_factory=list)
    referrer: str | None = None
    scripts: list[Script] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "script":
            self.scripts.append(Script(attributes.get("src", ""), attributes.get("integrity", "")))
        elif tag == "meta" and attributes.get("content"):  # an empty one says nothing
            self._said(attributes)

    def close(self) -> None:
        """Nothing to give: a target of lxml has it."""

    def _said(self, attributes: Mapping[str, str]) -> None:
        if "http-equiv" in attributes:
            if attributes["http-equiv"].lower().strip(BLANK) == "content-security-policy":
                self.policies.append(attributes["content"])
        elif attributes.get("name", "").lower().strip(BLANK) == "referrer":
            self.referrer = attributes["content"]


def markup_of(scan: Scan) -> Markup:
    """The markup of the page of a scan; what its content type does not show is left out, as the Observatory does.

    A type is compared as it is written: ``Text/HTML`` is none. Without any, scripts are read and ``<meta>`` are not.
    """
    kind = media_type(scan)
    if not scan.body or (kind and kind not in _HTML):
        return Markup()
    markup = Markup()
    parser: Any = etree.HTMLParser(target=markup, huge_tree=True, encoding="utf-8")  # type: ignore[call-overload]
    try:
        parser.feed(scan.body.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError:
        pass  # a page without any markup, or deeper than libxml2 goes: what came before stands
    return markup if kind else Markup(scripts=markup.scripts)


def media_type(scan: Scan) -> str:
    return (scan.header("content-type") or "").partition(";")[0]


def is_html(scan: Scan) -> bool:
    """For scripts, a page without a type is HTML."""
    return media_type(scan) in {"", *_HTML}
