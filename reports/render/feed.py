"""The verdicts of one incubator that changed from one run to the next, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from checks.model.outcome import Outcome
from reports.language import _, spoken
from reports.render.foreign import cut, one_line
from reports.render.words import OUTCOMES, spaced

ATOM = "http://www.w3.org/2005/Atom"

_IDS = uuid5(NAMESPACE_URL, "toise/feeds")
"""The name space of our ids: they never change, wherever a site is published and whatever a service is called."""

_OF_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ISOLATE = "\N{FIRST STRONG ISOLATE}%s\N{POP DIRECTIONAL ISOLATE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A verdict that the run ``run`` changed, ``updated`` being its time (ISO, with a zone): ``before`` is ``None`` where there
    was none, ``after`` where there is none any more.

    ``service`` and ``rule`` are ids, ``name`` and ``title`` what they are called; ``message`` is the French sentence of
    the verdict. ``page`` is the address of the page that shows it, absolute or relative to the feed.
    """

    run: str
    updated: str
    service: str
    name: str
    rule: str
    title: str
    before: Outcome | None
    after: Outcome | None
    message: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """``updated`` is the time of the last run that a feed tells of.

    ``site`` is the address of the pages of the incubator, absolute or relative to the feed, and ``own`` the feed's own.
    """

    updated: str
    site: str
    own: str


def feed(incubator: str, entries: Iterable[Entry], source: Source, name: str = "") -> str:
    """The feed, in the order of the entries. Raises ``ValueError`` where a time is no ISO one."""
    root = etree.Element(f"{{{ATOM}}}feed", {_LANGUAGE: spoken()}, nsmap={None: ATOM})
    _add(root, "id", _id("feed", incubator))
    _add(root, "title", _("Toise, ce qui a changé : incubateur {name}").format(name=_name(name or incubator)))
    _add(root, "updated", _time(source.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=source.own)
    _add(root, "link", rel="alternate", type="text/html", href=source.site)
    _add(_add(root, "author"), "name", "Toise")
    for entry in entries:
        _entry(_add(root, "entry"), entry)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True).decode("utf-8")


def _entry(element: etree._Element, entry: Entry) -> None:
    change = f"{_outcome(entry.before)} → {_outcome(entry.after)}"
    _add(element, "id", _id("verdict", entry.run, entry.service, entry.rule))
    _add(
        element,
        "title",
        _("{service} : {rule}, {change}").format(service=_name(entry.name), rule=cut(entry.title), change=change),
    )
    _add(element, "updated", _time(entry.updated))
    _add(element, "link", rel="alternate", type="text/html", href=entry.page)
    _add(element, "category", term=one_line(entry.rule))
    if entry.message.strip():
        _add(element, "summary", spaced(cut(entry.message, 300)))


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    if "href" in attributes:
        attributes["href"] = quote(attributes["href"], safe=_OF_ADDRESSES, errors="replace")
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _id(*parts: str) -> str:
    # JSON tells where each part ends, and its ASCII form takes any text.
    return uuid5(_IDS, json.dumps(parts)).urn


def _name(foreign: str) -> str:
    """A title is plain text, where only these marks keep a name written from right to left out of what is around it."""
    return _ISOLATE % cut(foreign)


def _outcome(outcome: Outcome | None) -> str:
    return OUTCOMES[outcome] if outcome else _("Aucun verdict")


def _time(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
