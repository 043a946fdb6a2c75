"""Pages made to harm: patterns stay linear, trees may be deep, and a verdict takes seconds at most."""

from __future__ import annotations

import gc
import importlib
import os
import random
import re
import resource
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from checks.judge import Trial, judge_service
from checks.model.capture import Candidate, Capture, Found, Role, Topic
from checks.model.service import PhaseGroup, Service
from checks.parse.html import Page
from checks.parse.legal.groups import Group

CHECKS = Path(__file__).parents[2] / "checks"


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of the parsers and the rules, with its name."""
    files = [path for room in ("parse", "rules") for path in sorted((CHECKS / room).rglob("*.py"))]
    modules = [
        importlib.import_module(".".join(path.relative_to(CHECKS.parent).with_suffix("").parts)) for path in files
    ]
    named = [(f"{module.__name__}.{name}", value) for module in modules for name, value in vars(module).items()]
    named += [
        (f"{name}.{field.name}", getattr(group, field.name))
        for name, group in named
        if isinstance(group, Group)
        for field in fields(group)
    ]
    return [(name, value) for name, value in named if isinstance(value, re.Pattern)]


PATTERNS = patterns()
SIZE = 10_000
# What the patterns wait for, over and over, and never the end of it.
SEEDS = [
    "a", " ", "1", "1 ", "123 ", "1.", "12,", "-", ": ", "/", "[", "{{", "[nom", "é", "?", "_", "0 1", "accessibilite ",
    "accessibilite du site ", "accessibilite : ", "conformite au rgaa ", "declaration d'", "declaration de conformite ",
    "rgaa 4.1 ", "non ", "partiellement ", "le site est ", "ce site est actuellement ", "etat : ", "est a ", "est le la ",
    "page ", "page introuvabl", "document ", "domaine ", "site ", "index.php?idsite=", "/public/dashboard/a", "/d/a",
    "gitlab.", "http://x.annuaire", "https://a-annuaire-", "budget ", "calcul ", "1 million", "12 rue", "licence a ", "2024 ",
    "display:", "footer-", "a-footer_", "[non/", "est non, ", "avant apres ", "charts-", "java", "erreur : ", "accessibilite non ", "x ", "est x ", "site x ", "accessibilite x ",
    "edite et ", "directeur de la ", "heberge ", "nous collecte ", "donnees utilise ", "conserve ", "l'", "a b et ", "service permet ", "- ",
]  # fmt: skip


@pytest.mark.parametrize("name,pattern", PATTERNS, ids=[name for name, _ in PATTERNS])
def test_no_pattern_hangs(name: str, pattern: re.Pattern[str]):
    slowest = 0.0
    for seed in SEEDS:
        hostile = f"{(seed * SIZE)[:SIZE]}\n!"
        started = time.process_time()
        for _ in pattern.finditer(hostile):
            pass
        slowest = max(slowest, time.process_time() - started)

    assert slowest < 0.5, f"{name}: {slowest:.1f} s on {SIZE} characters"


FOOT = "<footer><a href=/a>Accessibilité : non conforme</a></footer>"
DECLARATION = (
    "<h1>Déclaration d’accessibilité</h1><p>Article 47 : ce site est non conforme. L’audit du 3 mars 2026 révèle que 41 % des "
    "critères sont respectés.</p><h2>Contact</h2><p>quai@port.example</p>"
)
ENTITIES = "".join(f"<!ENTITY {chr(98 + rank)} '{f'&{chr(97 + rank)};' * 10}'>" for rank in range(10))
TEXT = "<p>Le bac traverse le fleuve toutes les vingt minutes, par tous les temps.</p>" * 8
MANY = 40_000
PAGES = {
    "nested": "<div>" * 200_000 + "Le bac" + "</div>" * 200_000,
    "nested, below the limit": "<div>" * 1_990 + "accessibilité non conforme " * 15_000,
    "never closed": "<p>Le bac</p>" + "<b><i>" * MANY,
    "nested links": "<a href=/a>b<div>" * MANY,
    "nested drawings": "<svg><g>" * MANY,
    "nested articles": "<article>" * MANY + "<footer></footer>" * MANY,
    "nested tables": "<table><tr><td>1" * (MANY // 4),
    "links": "<a href='/page'>Page</a> " * 100_000,
    "frames": "<iframe src=/a></iframe><canvas></canvas>" * (MANY // 4),
    "one line": f"<p>{'Le bac est à quai, 12 fois par an. ' * 150_000}</p>",
    "one word": f"<p>{'accessibilite' * 37_000}</p>",
    "one letter": f"<p>{'a' * 1_000_000}</p>",
    "one letter, below the limit": f"<p>{'a' * 490_000}</p>",
    "one letter that is many": f"<p>{chr(0xFDFA) * 400_000}</p>",
    "accents": f"<p>e{chr(0x301) * 480_000}</p>",
    "spaces": f"<p>a{' ' * 200_000}b</p>",
    "spaces, unbreakable": f"<p>a{'&nbsp;' * 200_000}b</p>",
    "per cent": f"<p>{'%' * 490_000}</p>",
    "digits": f"<p>{'1 234 567 ' * 48_000}</p>",
    "at signs": f"<p>{'a@' * 240_000}</p>",
    "brackets": f"<p>{'[nom ' * 98_000}</p>",
    "null bytes": "\0".join("<p>Le bac</p>") + "\0" * 1_000_000,
    "attributes": "<p " + " ".join(f"a{rank}=b" for rank in range(100_000)) + ">Le bac</p>",
    "long attributes": f"<p class='{'footer-' * 500_000}' style='{'display:' * 100_000}'>x</p>",
    "comments": "<!-- -->" * MANY,
    "entities": "&amp;" * 400_000,
    "entities in one another": f"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'>{ENTITIES}]><p>&k;</p>",
    "a base": f"<base href='https://{'a' * 200_000}.example/{'b/' * 200_000}'>" + "<a href=x>accessibilité</a>" * 5_000,
    "long addresses": f"<a href='/{'../' * 100_000}x'>accessibilité</a>" * 20,
    "tags never ended": "<a href='" * 100_000,
    "blocks": "<p>accessibilité</p>" * 8_000,
    "headings": "<h2>État de conformité</h2>" * 50_000,
    "headings, below the limit": "<h2>État de conformité</h2>" * 8_000,
    "levels": "<p>non conforme</p>" * 50_000,
    "levels, below the limit": "<p>Ce site est non conforme</p>" * 8_000,
    "declarations": DECLARATION * 3_000,
    "dates": f"<p>{'établie le 3 mars 2026 ' * 20_000}</p>",
    "audits": "<p>L’audit du 3 mars 2026 révèle que 50 % des critères sont respectés.</p>" * 6_000,
    "auditors": "<p>audit réalisé par la société Koena</p>" * 8_000,
    "plans": "<p>plan d’actions 2026</p>" * 8_000,
    "rows": f"<table><tr><th>a</th><th>b</th><th>c</th></tr>{'<tr><td>audit</td><td>50 %</td><td>2026</td></tr>' * 3_000}</table>",
    "no UTF-8": b"<p>" + random.Random(47).randbytes(1_000_000),  # noqa: S311 - the same at each run
}
PAST_A_LIMIT = {
    "nested", "never closed", "nested links", "nested drawings", "nested articles", "nested tables", "links", "one line",
    "one letter", "one letter that is many", "attributes", "comments", "headings", "levels", "no UTF-8",
}  # fmt: skip
"""Pages that no rule reads: as a home page they cost what they would cost as any other."""
LONGEST = 10
"""Seconds; a machine of today needs two at most for any of these pages."""
LARGEST = 1_000
"""Megabytes, those of the tests themselves included."""


def cost(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor and megabytes that something takes, done by a process of its own."""
    child = os.fork()
    if not child:
        with suppress(BaseException):
            resource.setrlimit(resource.RLIMIT_CPU, (3 * LONGEST, 3 * LONGEST))
            act()
            os._exit(0)
        os._exit(1)
    _, status, used = os.wait4(child, 0)
    assert status == 0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def assert_cheap(act: Callable[[], object]) -> None:
    seconds, megabytes = cost(act)

    assert seconds < LONGEST
    assert megabytes < LARGEST


def written(before: str, page: str | bytes, after: str) -> str | bytes:
    return before.encode() + page + after.encode() if isinstance(page, bytes) else before + page + after


def capture(number: int, role: Role, body: str | bytes, kind: str = "text/html", *topics: Topic) -> Capture:
    return Capture(
        id=f"<urn:uuid:{number}>",
        service="bac-a-voile",
        number=number,
        role=role,
        url=f"https://bac-a-voile.example/{'' if role is Role.HOME else number}",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", kind),),
        body=body.encode() if isinstance(body, str) else body,
        candidates=tuple(Candidate(topic=topic, found=Found.DECLARED) for topic in topics),
    )


def judge_all(*captures: Capture) -> None:
    """Judges a site by all the rules of the catalogue, which must end without a crash."""
    service = Service(id="bac-a-voile", name="Bac à voile", urls=("https://bac-a-voile.example/",))
    trial = Trial(run="2026-11-23T1200Z", as_of=date(2026, 11, 23), started_at="2026-11-23T12:00:00Z")
    verdicts, crashes = judge_service(service, PhaseGroup.CONSTRUCTION, captures, trial)
    assert verdicts
    assert not crashes, crashes[0].error


def test_the_trees_of_a_large_site_are_cleared_away():
    def trees() -> int:
        return sum(isinstance(one, BeautifulSoup) for one in gc.get_objects())

    home = capture(1, Role.HOME, f"<script>{'a' * 9 * 2**20}</script>{TEXT}{FOOT}")
    gc.collect()
    gc.disable()
    try:
        before = trees()
        judge_all(home)
        assert trees() == before
    finally:
        gc.enable()


def test_the_pages_of_a_judged_service_wait_for_no_collector():
    def elements() -> int:
        return sum(isinstance(one, Tag) and not isinstance(one, BeautifulSoup) for one in gc.get_objects())

    pages = [capture(number, Role.CANDIDATE, DECLARATION, "text/html", Topic.ACCESSIBILITY) for number in (2, 3)]
    gc.collect()
    gc.disable()
    try:
        before = elements()
        judge_all(capture(1, Role.HOME, TEXT + FOOT), *pages)
        assert elements() == before
    finally:
        gc.enable()


@pytest.mark.parametrize("name", PAGES)
def test_a_home_page_costs_little(name: str):
    home = written("<html><head><title>Bac</title></head><body>", PAGES[name], FOOT)

    assert_cheap(lambda: judge_all(capture(1, Role.HOME, home)))


def test_which_pages_are_past_a_limit():
    pages = {name: Page(capture(1, Role.HOME, written("<html><body>", body, ""))) for name, body in PAGES.items()}

    assert {name for name, page in pages.items() if page.is_too_large} == PAST_A_LIMIT


@pytest.mark.parametrize("name", sorted(PAGES.keys() - PAST_A_LIMIT - {"declarations"}))
def test_a_declaration_costs_little(dress, name: str):
    home = dress["dsfr"](TEXT, '<a href="/2">Accessibilité : non conforme</a>')
    page = written(f"<html><body>{DECLARATION}", PAGES[name], "")

    assert_cheap(
        lambda: judge_all(
            capture(1, Role.HOME, home), capture(2, Role.CANDIDATE, page, "text/html", Topic.ACCESSIBILITY)
        )
    )


@pytest.mark.parametrize("name", ["frames", "digits", "blocks"])
def test_pages_of_figures_cost_little(dress, name: str):
    home, page = dress["dsfr"](TEXT, ""), f"<html><body>{PAGES[name]}"

    assert_cheap(
        lambda: judge_all(
            capture(1, Role.HOME, home), capture(2, Role.CANDIDATE, page, "text/html", Topic.STATISTICS, Topic.BUDGET)
        )
    )


@pytest.mark.parametrize("name", sorted(PAGES.keys() - PAST_A_LIMIT - {"declarations"}))
def test_a_legal_page_costs_little(dress, name: str):
    home = dress["dsfr"](TEXT, '<a href="/2">Mentions légales</a>')
    page = written("<html><body><h1>Mentions légales et CGU</h1><p>Vos données.</p>", PAGES[name], "")

    assert_cheap(
        lambda: judge_all(
            capture(1, Role.HOME, home),
            capture(2, Role.CANDIDATE, page, "text/html", Topic.LEGAL_NOTICE, Topic.PRIVACY, Topic.TERMS),
        )
    )


def stream(data: bytes, said: str = "") -> bytes:
    packed = zlib.compress(data)
    return f"<< {said} /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def pdf(number: int, resources: str, text: bytes, *objects: bytes) -> bytes:
    """A PDF of so many pages, which share one text and these resources; ``objects`` are numbered from 5."""
    first = 5 + len(objects)
    kids = " ".join(f"{first + rank} 0 R" for rank in range(number))
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {number} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        stream(text),
        *objects,
        *[page.encode()] * number,
    ]
    body, places = b"%PDF-1.7\n", []
    for rank, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{rank} 0 obj\n".encode() + part + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


FONT = "/Font << /F1 3 0 R >>"
FONTS = f"/Font << /F1 3 0 R {' '.join(f'/G{rank} 6 0 R' for rank in range(9))} >>"
SHOWN = b"BT /F1 9 Tf " + b"(le bac et la ville de) Tj " * 14_000 + b"ET"
CHARACTERS = b"begincmap 100 beginbfchar\n" + b"<0041> <0042>\n" * 60_000 + b"endbfchar endcmap"
COMPOSITE = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts [3 0 R] >>"
)
WIDE = f"<< /Type /Font /Subtype /TrueType /FirstChar 0 /LastChar 60000 /Widths [{'500 ' * 60_000}] >>".encode()
DOCUMENTS = {
    "a page of 300 MB": lambda: pdf(1, FONT, b" " * 300_000_000),
    "3,000 pages": lambda: pdf(3_000, FONT, SHOWN[:500] + b" ET"),
    "40 pages of operators": lambda: pdf(40, FONT, SHOWN),
    "fonts of 60,000 characters": lambda: pdf(40, FONTS, SHOWN[:500] + b" ET", stream(CHARACTERS), COMPOSITE),
    "fonts of 60,000 widths": lambda: pdf(40, FONTS.replace("6 0 R", "5 0 R"), SHOWN[:500] + b" ET", WIDE),
    "a stream in a stream": lambda: pdf(
        40, f"{FONT} /XObject << /X 5 0 R >>", b"/X Do " * 10, stream(SHOWN, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << {FONT} >>")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_costs_little(dress, name: str):
    document = capture(2, Role.CANDIDATE, DOCUMENTS[name](), "application/pdf", Topic.ACCESSIBILITY)

    assert_cheap(lambda: judge_all(capture(1, Role.HOME, dress["dsfr"](TEXT, "")), document))
