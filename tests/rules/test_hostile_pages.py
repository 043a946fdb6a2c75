"""Pages made to harm: patterns stay linear, trees may be deep, and a verdict takes seconds at most."""

from __future__ import annotations

import importlib
import re
import time
from pathlib import Path

import pytest

CHECKS = Path(__file__).parents[2] / "checks"


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of the parsers and the rules, with its name."""
    files = [path for room in ("parse", "rules") for path in sorted((CHECKS / room).rglob("*.py"))]
    modules = [
        importlib.import_module(".".join(path.relative_to(CHECKS.parent).with_suffix("").parts)) for path in files
    ]
    return [
        (f"{module.__name__}.{name}", value)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    ]


PATTERNS = patterns()
SIZE = 100_000
LONGEST = 20
"""Seconds; a machine of today needs a quarter of them for the worst of these pages."""
# What the patterns wait for, over and over, and never the end of it.
SEEDS = [
    "a", " ", "1", "1 ", "123 ", "1.", "12,", "-", ": ", "/", "[", "{{", "[nom", "é", "?", "_", "0 1", "accessibilite ",
    "accessibilite du site ", "accessibilite : ", "conformite au rgaa ", "declaration d'", "declaration de conformite ",
    "rgaa 4.1 ", "non ", "partiellement ", "le site est ", "ce site est actuellement ", "etat : ", "est a ", "est le la ",
    "page ", "page introuvabl", "document ", "domaine ", "site ", "index.php?idsite=", "/public/dashboard/a", "/d/a",
    "gitlab.", "http://x.annuaire", "https://a-annuaire-", "budget ", "calcul ", "1 million", "12 rue", "licence a ", "2024 ",
    "display:", "footer-", "a-footer_", "[non/", "est non, ", "avant apres ", "charts-", "java", "erreur : ", "accessibilite non ", "x ", "est x ", "site x ", "accessibilite x ",
]  # fmt: skip


@pytest.mark.parametrize("name,pattern", PATTERNS, ids=[name for name, _ in PATTERNS])
def test_no_pattern_hangs(name: str, pattern: re.Pattern[str]):
    slowest = 0.0
    for seed in SEEDS:
        hostile = f"{(seed * SIZE)[:SIZE]}\n!"
        started = time.perf_counter()
        for _ in pattern.finditer(hostile):
            pass
        slowest = max(slowest, time.perf_counter() - started)

    assert slowest < 2, f"{name}: {slowest:.1f} s on {SIZE} characters"


FOOT = "<footer>Accessibilité : non conforme</footer>"
MANY = 40_000
PAGES = {
    "nested": "<div>" * 200_000 + "Le bac" + "</div>" * 200_000 + FOOT,
    "never closed": "<p>Le bac</p>" + FOOT + "<b><i>" * MANY,
    "nested links": FOOT + "<a href=/a>b<div>" * MANY,
    "nested drawings": FOOT + "<svg><g>" * MANY,
    "nested articles": FOOT + "<article>" * MANY + "<footer></footer>" * MANY,
    "nested tables": FOOT + "<table><tr><td>1" * (MANY // 4),
    "links": FOOT + "<a href='/page'>Page</a> " * 100_000,
    "frames": FOOT + "<iframe src=/a></iframe><canvas></canvas>" * (MANY // 2),
    "one line": f"<p>{'Le bac est à quai, 12 fois par an. ' * 150_000}</p>" + FOOT,
    "one word": f"<p>{'accessibilite' * MANY}</p>" + FOOT,
    "digits": f"<p>{'1 234 567 ' * MANY}</p>" + FOOT,
    "null bytes": "\0".join("<p>Le bac</p>") + "\0" * 1_000_000 + FOOT,
    "attributes": "<p " + "a=b " * 300_000 + ">Le bac</p>" + FOOT,
    "comments": "<!-- -->" * MANY + FOOT,
    "blocks": "<p>accessibilité</p>" * MANY + FOOT,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_home_page_takes_seconds_at_most(judge, name: str):
    started = time.perf_counter()

    assert judge("accessibility-mention", f"<html><head><title>Bac</title></head><body>{PAGES[name]}").evidence

    assert time.perf_counter() - started < LONGEST


@pytest.mark.parametrize("name", ["nested", "nested drawings", "nested tables", "frames", "one line", "digits"])
def test_a_page_of_figures_takes_seconds_at_most(judge, name: str):
    started = time.perf_counter()

    assert judge(
        "statistics-page", "<p>Le bac traverse le fleuve.</p>", pages=[("declared", "/page", PAGES[name])]
    ).evidence

    assert time.perf_counter() - started < LONGEST
