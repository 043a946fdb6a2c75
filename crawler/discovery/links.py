from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag

from parsel import Selector
from scrapy.http import HtmlResponse

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
    here = page_key(page.url)
    for anchor in page.xpath("//a[@href] | //area[@href]"):
        href = anchor.attrib["href"].strip()
        try:
            url = page.urljoin(href)
        except ValueError:  # "http://[" and its like
            continue
        if split(url) and (page_key(url) != here or "?" in href):
            yield Link(url=_whole(url), name=_name(anchor))


def _name(anchor: Selector) -> str:
    said = (
        *anchor.xpath(".//text()").getall(),
        *anchor.xpath(".//img/@alt").getall(),
    )
    name = " ".join(" ".join(said).split())
    return (anchor.attrib.get("aria-label", "").strip() or name or anchor.attrib.get("title", "").strip())[:MAX_NAME]


def _whole(url: str) -> str:
    bare, fragment = urldefrag(url)
    return f"{bare}#{fragment}" if fragment else bare
