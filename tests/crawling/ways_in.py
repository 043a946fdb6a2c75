"""All that a site or a registry can do to have us ask an address for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checks.model.service import Service
from tests.crawling.local_web import page, to

Pages = Mapping[str, str | Iterable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A service and the pages of its site. ``is_tried``: an address is asked for, and so refused; a visit takes no notice of
    the other ways."""

    name: str
    pages: Pages = field(default_factory=dict)
    url: str | None = None
    declared: Mapping[str, str] = field(default_factory=dict)
    is_tried: bool = True

    @property
    def host(self) -> str:
        return f"{self.name}.public.example"

    def service(self, scheme: str) -> Service:
        return Service(id=self.name, name=self.name, urls=(self.url or f"{scheme}://{self.host}/",), **self.declared)


def linked(url: str) -> str:
    return f"<a href='{url}'>Statistiques d'usage</a>"


def ways(private: str, scheme: str) -> tuple[Way, ...]:
    """``private`` is an address without a path; each way asks for its own name there."""

    def at(name: str) -> str:
        return f"{private}/{name}"

    relay = f"{scheme}://relay.public.example/"
    return (
        Way(name="registry", url=at("registry")),
        Way(name="link", pages={"/": linked(at("link"))}),
        Way(name="frame", pages={"/": f"<iframe src='{at('frame')}' title='Statistiques'></iframe>"}),
        Way(name="area", pages={"/": f"<map><area href='{at('area')}' alt='Statistiques'></map>"}),
        Way(name="base", pages={"/": f"<base href='{private}/'>{linked('base')}"}),
        Way(name="no-scheme", pages={"/": linked(at("no-scheme").removeprefix("http:"))} if scheme == "http" else {"/": linked(at("no-scheme"))}),
        Way(name="credentials", pages={"/": to(at("credentials").replace("//", "//public.example:80@"))}),
        Way(name="meta-refresh", pages={"/": f'<meta http-equiv="refresh" content="0; url={at("meta")}">'}, is_tried=False),
        Way(name="canonical", pages={"/": f"<link rel=canonical href='{at('canonical')}'><link rel=preconnect href='{private}'>"}, is_tried=False),
        Way(name="headers", pages={"/": page("<p>Oui", headers=("Content-Type: text/html", f"Refresh: 0; url={at('h')}", f"Link: <{at('h')}>; rel=preload", f"Content-Location: {at('h')}", f'Alt-Svc: h2="{private[7:]}"'))}, is_tried=False),
        *(Way(name=f"redirect-{status}", pages={"/": to(at(f"redirect-{status}"), status=status)}) for status in (301, 302, 303, 307, 308)),
        Way(name="redirected-page", pages={"/": linked("/x"), "/x": to(at("redirected-page"))}),
        Way(name="chain", pages={"/": to("/2"), "/2": to("/3"), "/3": to(at("chain"))}),
        Way(name="other-host", pages={"/": to(f"{relay}?{at('other-host')}")}),
        Way(name="robots", pages={"/robots.txt": to(at("robots"))}),
        Way(name="statistics", declared={"statistics_url": at("statistics")}),
        Way(name="budget", declared={"budget_url": at("budget")}),
        Way(name="declared-redirect", declared={"statistics_url": f"{relay}?{at('declared-redirect')}"}),
    )  # fmt: skip


def https_ways(private: str) -> tuple[Way, ...]:
    """Those that need https, or the API of a forge."""
    return (
        Way(name="security-txt", pages={"/": "<p>Oui", "/.well-known/security.txt": to(f"{private}/security.txt")}),
        Way(name="preflight", pages={"OPTIONS": to(f"{private}/preflight"), "/": "<p>Oui"}, is_tried=False),
        Way(name="forge-redirect", declared={"repository": "https://gitlab.com/port/bac"}),
        Way(name="forge-answer", declared={"repository": "https://github.com/port/bac"}, is_tried=False),
        Way(name="forge-private", declared={"repository": f"{private}/gitlab/bac"}, is_tried=False),
    )
