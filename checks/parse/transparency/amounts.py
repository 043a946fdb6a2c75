"""Figures and amounts of money as French pages write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString

from checks.parse.html import Block, Page
from checks.parse.layout import attribute, within

DIGIT = re.compile(r"\d")
"""What every figure and every amount has, and few lines."""
_NUMBER = r"(?<!\d)\d{1,3}(?:[ .']?\d{3}){0,5}(?:[.,]\d{1,6})?"
MONEY = re.compile(
    rf"{_NUMBER} ?(?:k|m|md|keur|meur)? ?(?:€|\beuros?\b|\beur\b)|€ ?{_NUMBER}"
    rf"|{_NUMBER} ?(?:k€|m€|keur\b|meur\b|millions? d[’']euros|milliards? d[’']euros|milliers d[’']euros|mille euros)",
    re.IGNORECASE,
)
IN_EUROS = re.compile(r"€|\beuros?\b|\bk ?€|\bttc\b|\bht\b", re.IGNORECASE)
_NO_NOUN = r"(?!(?:et|ou|sur|de|des|du|les?|la|en|au|aux|par|pour|dans|puis|est|and|of|the)\b)"
_UNIT = rf"(?:%|€|{_NO_NOUN}[a-zà-ÿ]{{2,}}|k\b|m\b|\+)"
_FIGURE = re.compile(rf"(?<![\w/.,-])(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})", re.IGNORECASE)
_ALONE = re.compile(rf"^\W*(?P<number>{_NUMBER}) ?(?P<unit>%|k|m|€|\+)?\W*$", re.IGNORECASE)
_MONTH = "janvier|fevrier|février|mars|avril|mai|juin|juillet|aout|août|septembre|octobre|novembre|decembre|décembre"
_STREET = "rue|avenue|boulevard|place|quai|chemin|all[ée]e|cours|impasse|route|square|bd|av"
_YEAR = r"(?:19|20)\d\d"
_NOT_FIGURES = re.compile(
    rf"(?:\d{{1,2}}(?:er)? )?\b(?:{_MONTH})\b(?: {_YEAR}\b)?|\b(?:en|depuis|ann[ée]e|fin|d[ée]but|©|since|in) {_YEAR}\b"
    rf"|\b{_YEAR}\b(?! ?(?:[a-zà-ÿ]{{3,}}|%|€|\+))|\b\d{{1,2}}[/h:]\d{{2}}(?:[/:]\d{{2,4}})?|(?:\+33 ?\d|\b0\d)(?:[ .]?\d{{2}}){{4}}"
    rf"|\b\d{{1,4}}(?: ?(?:bis|ter))?,? (?:{_STREET})\b|\b\d{{5}} (?:[A-ZÀ-Ü]|cedex)|\bcs \d+|articles?\s[lrd]?\.? ?[\d-]+"
    r"|n[°º] ?[\d-]+|rgaa v?[\d.]+|\b(?:version|[ée]tape|chapitre|annexe|v) ?\d[\d.]*|\berreur \d+|licence [\w ]{0,20}\d\.\d",
    re.IGNORECASE,
)
_LARGE = 100
_A_FEW = 2
_MAX_DRAWN = 500
_DRAWN = ("canvas", "meter", "svg", "iframe", "embed", "object", "img", "div", "section", "figure")
_STROKES = {"rect", "path", "circle", "line", "polyline"}
_STROKES_OF_A_CHART = 3
_CHART_NAME = re.compile(
    r"(?:^|[\s_-])(?:charts?|charting|highcharts|plotly|vega|recharts|apexcharts|echarts|chartjs|c3|metabase|kpis?|sparkline|graphiques?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(
    r"/public/(?:dashboard|question)|metabase|superset|matomo|piwik|//stats\.|grafana|looker|datastudio|powerbi|plausible|grist"
    r"|posthog|umami|redash|kibana|datawrapper|dwcdn|flourish|infogram|public\.tableau|observablehq"
    r"|\bstats?\b|statisti|dashboard|tableau de bord|indicateurs|\bchiffres\b|\bimpact\b",
    re.IGNORECASE,
)
_COMPONENT = re.compile(r"(?:^|-)charts?$|^data-box$|^metabase-|^apexchart$")
"""Elements that scripts draw as charts: those of the DSFR are ``line-chart``, ``bar-chart``, ``data-box`` …"""
_FRAMES = {"iframe", "embed", "object"}
_OPT_OUT = re.compile(r"opt-?out", re.IGNORECASE)
_DRAWING = re.compile(
    r"\b(?:graphique|courbe|histogramme|diagramme|camembert|evolution|évolution|infographie|statistiques|chart|graph)\b",
    re.IGNORECASE,
)


def figures(page: Page) -> list[Block]:
    """The blocks that give figures, where the page gives enough: a large number, a rate, or two small ones.

    A figure is a number with a unit or a noun, or alone as big counters are; dates, addresses and versions are not.
    """
    found = [(block, weights) for block in page.body if (weights := _weights(block.text))]
    total = sum(sum(weights) for _, weights in found)
    return [block for block, _ in found] if total >= _A_FEW else []


def _weights(text: str) -> list[int]:
    """For each figure of a text, what it is worth: enough alone, or half of it."""
    if not DIGIT.search(text):
        return []
    bare = _NOT_FIGURES.sub(" ; ", text)
    return [_A_FEW if _is_large(found) else 1 for found in (_ALONE.match(bare), *_FIGURE.finditer(bare)) if found]


def _is_large(found: re.Match[str]) -> bool:
    unit = (found["unit"] or "").lower()
    whole = re.sub(r"[.,]\d{1,2}$|\D", "", found["number"])
    return unit in {"%", "k", "m", "€", "+"} or unit.startswith("million") or int(whole or 0) >= _LARGE


def charts(page: Page) -> Sequence[Tag]:
    """What draws figures on the page: canvases, drawn charts, pictures of them, embedded dashboards."""
    tags = (tag for tag in page.elements.all if tag.name in _DRAWN or _COMPONENT.search(tag.name))
    seen = [tag for tag in tags if not page.place(tag).is_hidden and not page.place(tag).is_chrome]
    named = [tag for tag in seen if _is_named_chart(tag)]
    return named or [tag for tag in [tag for tag in seen if tag.name == "svg"][:_MAX_DRAWN] if _is_drawn_chart(tag)]


def _is_named_chart(tag: Tag) -> bool:
    if tag.name in {"canvas", "meter"} or _COMPONENT.search(tag.name):
        return True
    if tag.name in _FRAMES:
        said = " ".join(attribute(tag, name) for name in ("src", "data-src", "data-url", "data", "title", "id"))
        return bool(_EMBEDDED.search(said)) and not _OPT_OUT.search(said)
    if tag.name == "img":
        return bool(_DRAWING.search(attribute(tag, "alt")))
    return bool(_CHART_NAME.search(f"{attribute(tag, 'class')} {attribute(tag, 'id')}"))


def _is_drawn_chart(tag: Tag) -> bool:
    """Strokes and the numbers of their axes: icons and pictures have no figures in them."""
    nodes = list(islice(within(tag), _MAX_DRAWN))
    strokes = sum(isinstance(node, Tag) and node.name in _STROKES for node in nodes)
    numbers = sum(isinstance(node, NavigableString) and re.search(r"\d", node) is not None for node in nodes)
    return strokes >= _STROKES_OF_A_CHART and numbers >= _A_FEW
