from __future__ import annotations

import pytest

from checks.model.french import fold
from checks.parse.commitments.years import Span, of_address, told, told_in_passing

NAMES = [
    ("2024", 2024, 2024),
    ("2024-2026", 2024, 2026),
    ("2024/2026", 2024, 2026),
    ("2024 – 2026", 2024, 2026),
    ("2024—2026", 2024, 2026),
    ("2024 à 2026", 2024, 2026),
    ("de 2024 à fin 2026", 2024, 2026),
    ("2024, 2025 et 2026", 2024, 2026),
    ("2024, 2025, et 2026", 2024, 2026),
    ("2024 & 2025", 2024, 2025),
    ("2024…2026", 2024, 2026),
    ("2024 · 2026", 2024, 2026),
    ("2024 → 2026", 2024, 2026),
    ("2024 jusqu’en 2026", 2024, 2026),
    ("2024 to 2026", 2024, 2026),
    ("2024 2026", 2024, 2026),
    ("2024-26", 2024, 2026),
    ("2026-2024", 2024, 2026),
    ("du 1er janvier 2024 au 31 décembre 2026", 2024, 2026),
    ("septembre 2024 – août 2027", 2024, 2027),
    ("bilan 2023, période 2024-2026", 2024, 2026),
    ("1998 - 2000", 2000, 2000),
    ("2026 (PDF, 2048 Ko)", 2026, 2026),
]
NONE = [
    "", "24-26", "24–25", "2 024", "12024", "20261", "0946-0943", "2087", "mars 2024", "le 12 mars 2024", "12/03/2024",
    "12.03.2024", "2024-03-12", "2024-03", "loi n° 2005-102", "décret n° 2019-768", "2048 Ko", "2010 €",
]  # fmt: skip


@pytest.mark.parametrize("text,first,last", NAMES)
def test_years_of_a_name(text, first, last):
    assert told(fold(text)) == Span(first, last)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_year_of_a_document(text):
    assert told(fold(text)) is None


@pytest.mark.parametrize(
    "text,span",
    [
        ("couvre 2026", Span(2026, 2026)),
        ("publié en 2026", None),
        ("établie depuis 2024", None),
        ("l’établissement public pour 2026", Span(2026, 2026)),
        ("publié pour la période 2024-2026", Span(2024, 2026)),
        ("mise à jour en 2025 du plan", None),
        ("© 2026", None),
    ],
)
def test_years_in_a_sentence(text, span):
    assert told_in_passing(fold(text)) == span


@pytest.mark.parametrize(
    "path,span",
    [
        ("schema-2024-2026.pdf", Span(2024, 2026)),
        ("Sch%C3%A9ma_2024_2026.pdf", Span(2024, 2026)),
        ("accessibilite/schema#plan-2026", Span(2026, 2026)),
        ("2025/plan-2026", Span(2026, 2026)),
        ("2026/plan/", Span(2026, 2026)),
        ("plan?annee=2026", Span(2026, 2026)),
        ("plan-202602.pdf", Span(2026, 2026)),
        ("20260212-plan.pdf", Span(2026, 2026)),
        ("uploads/2024/03/plan.pdf", None),
        ("files/2024-03/plan.pdf", None),
        ("files/2024-03/plan-2026.pdf", Span(2026, 2026)),
        ("plan.pdf", None),
    ],
)
def test_years_of_an_address(path, span):
    assert of_address(f"https://port.example/{path}") == span


@pytest.mark.parametrize("url", ["", "mailto:a@b.example", "http://[", "/plan-2026"])
def test_what_is_no_address(url):
    assert of_address(url) is None
