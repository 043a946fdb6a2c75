from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain as chained
from typing import Any
from urllib.parse import quote, unquote, urljoin

from lxml import etree
from w3lib.url import safe_url_string

from checks.model.address import PLAIN, host_of, is_route, page_key, split
from checks.model.capture import Capture
from checks.model.french import fold
from checks.model.markup import MAX_ATTRIBUTES, decoded
from crawler.discovery.once import once_a_page

MAX_LINKS = 3000
"""Links read of one page; the longest real site maps hold about a thousand."""

MAX_NAME = 300

MAX_WRITTEN = 1_000_000
"""Characters of the addresses read of one page, ten times what the longest real site maps hold."""

_SMALL = 100_000
"""Characters of which an element cannot hold enough attributes to cost a second."""

_FRAMES = {"iframe", "frame"}

HTML = {"text/html", "application/xhtml+xml", ""}

_ORIGIN = re.compile(r"https?://[^/?#]{1,300}(?=[/?#]|$)")
_NO_PAGE = re.compile(r"(?:mailto|tel|javascript):", re.IGNORECASE)
_WORDS = re.compile(r"/(?:[\w-]+(?:\.[\w-]+)*/)*(?:[\w-]+(?:\.[\w-]+)*)?")
"""The paths of plain addresses, with letters that are not ASCII."""
_WHOLE = re.compile(r"https?://[a-z\d.-]+(?:[/?#][^\t\r\n]{0,200})?", re.ASCII)
"""Addresses that are relative to none, and short enough to be remembered: sites share what stands at their foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page: absolute address, and its name (text, ``alt``, ``aria-label`` or ``title``) as written.

    A frame is one too: what it holds is another page, which may be the one sought.
    """

    url: str
    name: str

    @property
    def words(self) -> str:
        return fold(self.name)

    @property
    def host(self) -> str:
        origin = _ORIGIN.match(self.url)
        return host_of(origin[0]) if origin else ""

    @property
    def address(self) -> str:
        """The address in words, folded."""
        return fold(unquote(self.url))

    @property
    def path(self) -> str:
        """What follows the host, in words, folded."""
        return fold(unquote(self.url.partition(self.host)[2]))


def _links_of(capture: Capture) -> tuple[Link, ...]:
    """The links of an HTML page to other pages, in the order of the page, each address once with its longest name."""
    if capture.media_type not in HTML:
        return ()
    encoding, root = _parsed(capture)
    if root is None:
        return ()
    found: dict[str, Link] = {}
    written = 0
    for link in _anchors(root, capture.url, encoding):
        known = found.get(link.url)
        if known is None or len(link.name) > len(known.name):
            found[link.url] = link
            written += len(link.url)
        if len(found) >= MAX_LINKS or written > MAX_WRITTEN:
            break
    return tuple(found.values())


def size(links: Sequence[Link]) -> int:
    """About the bytes that links take."""
    return 100 + sum(100 + len(link.url) + len(link.name) for link in links)


links_of = once_a_page(_links_of, 500_000, size)


def root_of(capture: Capture) -> etree._Element | None:
    """The tree of an HTML page; ``None`` of anything else, and of a page that is too large to be judged."""
    return _parsed(capture)[1] if capture.media_type in HTML else None


def _parsed(capture: Capture) -> tuple[str, etree._Element | None]:
    """The encoding of a page and its tree, which nobody changes: what one step read of it, the next one reads again."""
    return _parsed_once(capture) if len(capture.body) <= _SMALL else _parsed_anew(capture)


def _parsed_anew(capture: Capture) -> tuple[str, etree._Element | None]:
    encoding, text = decoded(capture)
    return encoding, _root(text)


_parsed_once = once_a_page(_parsed_anew, remembered=8)


def _root(text: str) -> etree._Element | None:
    if len(text) > _SMALL and _has_endless_tag(text):
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root: etree._Element | None = etree.fromstring(text.strip().encode() or b"<html/>", parser)
    return etree.fromstring(b"<html/>", parser) if root is None else root


class _Attributes:
    """Reads the tags of a page without building its tree, whose cost is the square of the attributes of an element."""

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        if len(attributes) > MAX_ATTRIBUTES:
            raise _EndlessTagError

    def close(self) -> None:
        pass


class _EndlessTagError(Exception):
    pass


def _has_endless_tag(text: str) -> bool:
    parser: Any = etree.HTMLParser(target=_Attributes(), huge_tree=True)  # type: ignore[call-overload]
    try:
        parser.feed(text)
        parser.close()
    except _EndlessTagError:
        return True
    return False


def _anchors(root: etree._Element, url: str, encoding: str) -> Iterator[Link]:
    leading = _Leading(url, _base(url, root), encoding)
    known: dict[str, str | None] = {}  # menus repeat their addresses, and reading one is what costs
    for anchor in root.iter("a", "area", "iframe", "frame"):
        href = (anchor.get("src" if anchor.tag in _FRAMES else "href") or "").strip()
        if not href or (href.startswith("#") and not is_route(href)):
            continue
        if href not in known:
            known[href] = leading.from_here(href)
        if elsewhere := known[href]:
            yield Link(url=elsewhere, name=_name(anchor))


class _Leading:
    """Where the addresses of a page lead, whose ``base`` they are relative to."""

    def __init__(self, url: str, base: str, encoding: str) -> None:
        self._here, self._base, self._encoding = page_key(url), base, encoding
        origin = _ORIGIN.match(base)
        self._top = (_top(origin[0]) if origin else _absolute(base, "/", encoding)) or ""

    def from_here(self, href: str) -> str | None:
        """The address as it will be asked; ``None`` for what is not one of the public web, or is the page itself."""
        if plain := PLAIN.fullmatch(href):
            if _is_plain(plain[1]) if plain[1] else self._top:
                return self._unless_here(f"{plain[1] or self._top[:-1]}{plain[2]}", plain[2])
        elif self._top and _WORDS.fullmatch(href):
            return self._unless_here(f"{self._top[:-1]}{quote(href)}", href)
        elif _NO_PAGE.match(href):
            return None
        is_whole = _WHOLE.fullmatch(href)
        found = _whole(href, self._encoding) if is_whole else _absolute(self._base, href, self._encoding)
        return found if found and ("?" in href or page_key(found) != self._here) else None

    def _unless_here(self, url: str, path: str) -> str | None:
        # A key holds the path, without its final slash or index file.
        is_elsewhere = path.rstrip("/").partition("/index.")[0] not in self._here or page_key(url) != self._here
        return url if is_elsewhere else None


@lru_cache(maxsize=1_000)
def _is_plain(origin: str) -> bool:
    return _absolute(origin, f"{origin}/", "utf-8") == f"{origin}/"


@lru_cache(maxsize=1_000)
def _whole(href: str, encoding: str) -> str | None:
    return _absolute(href, href, encoding)


@lru_cache(maxsize=1_000)
def _top(origin: str) -> str | None:
    return _absolute(origin, "/", "utf-8")


def _base(url: str, root: etree._Element) -> str:
    """What relative addresses are relative to: the first ``<base href>``, wherever it stands."""
    for base in root.iter("base"):
        if base.get("href"):
            return _absolute(url, base.get("href", ""), "utf-8") or url
    return url


def _absolute(base: str, href: str, encoding: str) -> str | None:
    """The address as it will be asked; ``None`` for what is not one of the public web."""
    try:
        parts = split(safe_url_string(urljoin(base, href.strip()), encoding=encoding))
    except ValueError:  # "http://[" and its like
        return None
    if parts is None or "@" in parts.netloc:
        return None
    return parts.geturl()


def _name(anchor: etree._Element) -> str:
    said = anchor.get("aria-label", "").strip()
    if not said:
        said = " ".join(_said(anchor).split())
    return (said or anchor.get("title", "").strip() or anchor.get("alt", "").strip())[:MAX_NAME]


def _said(anchor: etree._Element) -> str:
    if len(anchor) == 0:
        return "" if anchor.tag in _FRAMES else anchor.text or ""
    alternatives = (image.get("alt", "") for image in anchor.iter("img"))
    texts = () if anchor.tag in _FRAMES else map(str, anchor.itertext())
    return " ".join(chained(texts, alternatives))
