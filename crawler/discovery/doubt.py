"""Which pages a browser must show before they can be judged: pure, and told from the raw page alone.

Reading a page is the judge's business; here it is enough to tell a page that decides by itself from one in doubt. Where
the two could differ this side asks for a browser, and a test holds the two together.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from checks.model.address import is_route
from checks.model.capture import Capture, Role
from checks.model.foot import HOLDERS, names_foot
from checks.model.french import fold
from crawler.discovery.links import root_of
from crawler.discovery.once import once_a_page

LITTLE = 200
"""Characters under which a page may be the shell of an application."""

_FEW_LINKS = 3
_READ = 50_000
"""Characters read at both ends of a page: a mention stands at the foot of a real one, and one made up may be endless."""

_HOMES = {Role.HOME, Role.HTTP}
_UNSEEN = {"script", "style", "template", "noscript", "head", "datalist"}
_LOADING = re.compile(r"\b(?:chargement|loading)\b|(?:activer|activez|enable|requires?|necessite) javascript")
_MENTION = re.compile(
    r"(?:accessib|rgaa)[^.?!]{0,60}\b(?:non|partiellement|totalement|not|partially|fully)[\s-]*(?:conforme|compliant)\b"
)


@once_a_page
def is_in_doubt(capture: Capture) -> bool:
    """Whether scripts may change what is to be judged: a shell, a page still loading, a home page without a foot."""
    root = root_of(capture) if capture.status == 200 and capture.body.strip() else None  # noqa: PLR2004
    if root is None:
        return False
    return is_route(capture.url) or _leads_on(root) or (_has_scripts(root) and _may_change(root, capture.role))


def _may_change(root: etree._Element, role: Role) -> bool:
    is_bare, is_footless = _has_few_links(root), role in _HOMES and not _has_foot(root)
    if role is not Role.CANDIDATE and not is_bare and not is_footless:
        return False  # whatever it says, and reading that is what costs
    words = _said(root)
    if role is Role.CANDIDATE and _LOADING.search(words):
        return True
    if _MENTION.search(words):
        return False
    return is_footless or (is_bare and len(words) < LITTLE)


def _has_few_links(root: etree._Element) -> bool:
    links = islice((link for link in root.iter("a") if link.get("href", "#")[:1] != "#"), _FEW_LINKS)
    return len(list(links)) < _FEW_LINKS


def _has_scripts(root: etree._Element) -> bool:
    return any(script.get("src") or len(script.text or "") > LITTLE for script in root.iter("script"))


def _has_foot(root: etree._Element) -> bool:
    return any(
        (tag.tag == "footer" or tag.get("role") == "contentinfo") and next(tag.iterancestors("article"), None) is None
        for tag in root.iter("footer", *HOLDERS)
    ) or any(names_foot(f"{tag.get('id', '')} {tag.get('class', '')}") for tag in root.iter(*HOLDERS))


def _leads_on(root: etree._Element) -> bool:
    """What stands here is elsewhere: in frames, or behind a refresh."""
    if next(root.iter("frameset"), None) is not None:
        return True
    return any(
        meta.get("http-equiv", "").lower() == "refresh" and "url" in meta.get("content", "").lower()
        for meta in root.iter("meta")
    )


def _said(root: etree._Element) -> str:
    """The words that a visitor may see, folded: the beginning and the end of those of a long page."""
    walk = etree.iterwalk(root, events=("start", "end", "comment"))
    said = []
    for event, tag in walk:
        if event != "start":
            said.append(tag.tail or " ")
        elif _is_unseen(tag):
            walk.skip_subtree()
        else:
            said.append(tag.text or " ")
    text = "".join(said)
    return fold(text if len(text) <= 2 * _READ else f"{text[:_READ]} {text[-_READ:]}")


def _is_unseen(tag: etree._Element) -> bool:
    if tag.tag in {"html", "body"}:  # hidden until a script shows them, as anti-flicker scripts do
        return False
    return (
        tag.tag in _UNSEEN or tag.get("hidden") is not None or "display:none" in tag.get("style", "").replace(" ", "")
    )
