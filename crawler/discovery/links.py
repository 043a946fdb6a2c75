from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as chained
from urllib.parse import urljoin

from lxml import etree
from parsel import Selector
from scrapy.http import HtmlResponse
from w3lib.url import safe_url_string

from checks.model.address import page_key, split
from checks.model.capture import Capture
from checks.model.french import fold

MAX_LINKS = 3000
"""Links read of one page; the longest real site maps hold about a thousand."""

MAX_NAME = 300
HTML = {"text/html", "application/xhtml+xml", ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page: absolute address, and its name (text, ``alt``, ``aria-label`` or ``title``) as written."""

    url: str
    name: str

    @property
    def words(self) -> str:
        return fold(self.name)


def links_of(capture: Capture) -> tuple[Link, ...]:
    """The links of an HTML page to other pages, in the order of the page, each address once with its longest name."""
    if capture.media_type not in HTML:
        return ()
    page = HtmlResponse(
        capture.url, body=capture.body, headers={b"Content-Type": (capture.header("content-type") or "").encode()}
    )
    found: dict[str, Link] = {}
    for link in _anchors(page):
        known = found.get(link.url)
        if known is None or len(link.name) > len(known.name):
            found[link.url] = link
        if len(found) >= MAX_LINKS:
            break
    return tuple(found.values())


def _anchors(page: HtmlResponse) -> Iterator[Link]:
    root = Selector(text=page.text).root  # page.selector would choke on a bad <base>
    here, base = page_key(page.url), _base(page.url, root)
    known: dict[str, str | None] = {}  # menus repeat their addresses, and reading one is what costs
    for anchor in root.iter("a", "area"):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        url = known[href] = known[href] if href in known else _absolute(base, href, page.encoding)
        if url and (page_key(url) != here or "?" in href):
            yield Link(url=url, name=_name(anchor))


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
        alternatives = (image.get("alt", "") for image in anchor.iter("img"))
        said = " ".join(" ".join(chained(map(str, anchor.itertext()), alternatives)).split())
    return (said or anchor.get("title", "").strip() or anchor.get("alt", "").strip())[:MAX_NAME]
