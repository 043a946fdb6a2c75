"""Figures and amounts of money as French pages write them."""

from __future__ import annotations

import re

from bs4 import Tag

from checks.parse.html import Block, Page

_SPACE = "[ \u00a0\u202f.]"
_NUMBER = rf"\d{{1,3}}(?:{_SPACE}?\d{{3}})*(?:[.,]\d+)?"
_MONEY = re.compile(
    rf"{_NUMBER}\s*(?:k|m|md)?\s*(?:€|euros?\b|eur\b)|€\s*{_NUMBER}|{_NUMBER}\s*(?:k€|m€|millions? d'euros|milliers d'euros|mille euros)",
    re.IGNORECASE,
)
_FIGURE = re.compile(rf"(?<![\w/.-]){_NUMBER}\s*(?:%|[a-zà-ÿ€]{{2,}}|millions?|k\b|m\b|\+)", re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,2}(?:er)?\s+(?:janvier|fevrier|février|mars|avril|mai|juin|juillet|aout|août|septembre|octobre|novembre|decembre|décembre)"
    r"|\b(?:19|20)\d\d\b|\d{1,2}[/h:]\d{2}|(?:\d{2}[\s.]){4}\d{2}|\b\d{5}\s+[A-Z]|article\s+\d+|n°\s*[\d-]+|rgaa\s*[\d.]+",
    re.IGNORECASE,
)
_DRAWN = ["table", "canvas", "meter", "svg", "iframe", "div", "section", "figure"]
_DIGITS_OF_A_TABLE = 6
_STROKES_OF_A_CHART = 9
_CHART_NAME = re.compile(
    r"chart|graph|highcharts|plotly|vega|recharts|apexcharts|metabase|dashboard|kpi|counter", re.IGNORECASE
)
_EMBEDDED = re.compile(
    r"/public/(?:dashboard|question)|metabase|superset|matomo|piwik|stats\.|grafana|looker|powerbi|plausible|grist",
    re.IGNORECASE,
)


def money(page: Page) -> Block | None:
    """The first block that gives an amount in euros."""
    return next((block for block in page.blocks if _MONEY.search(block.text)), None)


def figures(page: Page) -> list[Block]:
    """Blocks that give a number with a unit or a noun, or a number alone as big counters do; dates and addresses aside."""
    body = [block for block in page.blocks if not page.is_in_footer(block.element)]
    return [block for block in body if _is_figure(_DATE.sub(" ", block.text))]


def _is_figure(text: str) -> bool:
    alone = re.fullmatch(rf"\W*{_NUMBER}\s*(?:%|k|m|€|\+)?\W*", text, re.IGNORECASE)
    return bool(alone or _FIGURE.search(text))


def charts(page: Page) -> list[Tag]:
    """What draws figures on the page: tables with numbers, canvases, drawn charts, embedded dashboards."""
    return [tag for tag in page.soup.find_all(_DRAWN) if _is_chart(tag)]


def _is_chart(tag: Tag) -> bool:
    if tag.name == "table":
        return len(re.findall(r"\d", tag.get_text(" "))) >= _DIGITS_OF_A_TABLE
    if tag.name == "iframe":
        return bool(_EMBEDDED.search(str(tag.get("src", ""))))
    if tag.name == "svg":
        return len(tag.find_all(["rect", "path", "circle"])) >= _STROKES_OF_A_CHART
    if tag.name in {"canvas", "meter"}:
        return True
    return bool(_CHART_NAME.search(f"{tag.get('class') or ''} {tag.get('id') or ''}"))
