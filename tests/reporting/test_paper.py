"""The annual page as a PDF, read back as a reader of tags does."""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from checks.model.errors import InputError
from reports.figures.figure import Share
from reports.render.pages import annual
from reports.render.pages.writer import Writer
from reports.render.paper import check_paper, pdf
from tests.reporting.annual_run import counted, incubators, report
from tests.reporting.hostile_run import HOSTILE

PAST = (
    counted("2026-05-20", Share(passed=140, failed=90, undecided=20)),
    counted("2025-11-20", Share(passed=120, failed=120)),
)


@pytest.fixture(scope="module")
def _paper():
    """Where all must be tested, a machine that cannot write a PDF fails the test."""
    try:
        check_paper()
    except InputError as error:
        if os.environ.get("TOISE_TEST_ALL"):
            pytest.fail(str(error))
        pytest.skip(str(error))


def written(**changes):
    return dict(annual.pages(Writer(report(has_pdf=True, **changes))))["bilan.pdf"]


@pytest.fixture(scope="module")
def raw(_paper):
    return written(past=PAST, year_before=PAST[1])


@pytest.fixture(scope="module")
def document(raw):
    return PdfReader(BytesIO(raw))


def elements(document):
    """The elements of the structure in reading order."""

    def below(element):
        if not hasattr(element, "get"):
            return
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from below(kid.get_object())

    return list(below(document.trailer["/Root"]["/StructTreeRoot"]))


def test_it_says_what_it_is(document):
    root = document.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Le bilan annuel – Toise, 2026-11-23T0600Z"
    metadata = root["/Metadata"].get_data()
    assert b"pdfuaid" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata or b'pdfuaid:part="1"' in metadata


def test_it_has_one_title_and_headings_that_skip_no_level(document):
    levels = [int(one["/S"][2]) for one in elements(document) if one["/S"] in {"/H1", "/H2", "/H3"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    outline = document.outline
    assert outline[0].title == "Le bilan annuel"
    assert len(outline[1]) >= 5


def test_each_drawing_says_what_it_shows(document):
    said = [one.get("/Alt", "") for one in elements(document) if one["/S"] == "/Figure"]
    assert len(said) == 2
    assert "2 incubateurs" in said[0]
    assert "En hausse" in said[1]
    assert "72" in said[1]


def test_each_cell_of_a_table_finds_its_headers(document):
    cells = Counter(one["/S"] for one in elements(document))
    assert cells["/Table"] >= 3
    assert cells["/Caption"] >= 3
    ids = {one["/ID"] for one in elements(document) if one["/S"] == "/TH"}
    scopes = Counter(one["/A"]["/Scope"] for one in elements(document) if one["/S"] == "/TH")
    assert sum(scopes.values()) == cells["/TH"]
    assert scopes["/Column"] >= 10
    assert scopes["/Row"] >= 7
    for cell in (one for one in elements(document) if one["/S"] == "/TD"):
        assert len(cell["/A"]["/Headers"]) == 2
        assert set(cell["/A"]["/Headers"]) <= ids


def test_all_that_is_written_is_content_or_an_artifact(document):
    """What a structure does not hold, a screen reader would not know what to do with."""
    held = {
        (one["/Pg"].indirect_reference.idnum, mark)
        for one in elements(document)
        for mark in one.get("/K", [])
        if isinstance(mark, int)
    }
    for page in document.pages:
        operations = page.get_contents().operations
        marked = [operands for operands, name in operations if name == b"BDC"]
        artifacts = [operands for operands in marked if operands[0] == "/Artifact"]
        assert len(artifacts) >= 2, "the source and the number of the page"
        for _, properties in (operands for operands in marked if operands[0] != "/Artifact"):
            assert (page.indirect_reference.idnum, properties["/MCID"]) in held


def test_the_text_comes_in_the_order_of_the_page(document):
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    parts = (
        "Le bilan annuel",
        "Les phrases, à coller",
        "170 sur 236 jugés",
        "D’une année sur l’autre",
        "Les services par incubateur",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_the_same_figures_give_the_same_bytes(raw):
    assert written(past=PAST, year_before=PAST[1]) == raw


@pytest.mark.usefixtures("_paper")
def test_hostile_names_are_words_like_others(caplog):
    names = [text for text in HOSTILE.values() if text.strip()]
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        document = PdfReader(BytesIO(written(registry_figures=incubators(*names))))
    # Of a font that has signs beyond the first plane, pypdf reads the letters as two bytes.
    text = "".join(page.extract_text() for page in document.pages).replace("\0", "")
    assert "<script>alert(1)</script>" in text
    assert not set(text) & set("\u202e\u2066\x1b\x9b")
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(document.trailer["/Root"])
    assert not any("/Annots" in page for page in document.pages)
    assert not [record for record in caplog.records if "fetch" in record.getMessage().lower()]


@pytest.mark.usefixtures("_paper")
@pytest.mark.parametrize("url", ["https://evil.invalid/a.png", "file:///etc/passwd", "data:image/png;base64,AA=="])
def test_nothing_is_fetched(url):
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - an extra

    with pytest.raises(FatalURLFetchingError):
        pdf(f'<html lang="fr"><title>a</title><p><img src="{url}" alt="b"></html>')


@pytest.mark.parametrize(
    "failure, words",
    [(ImportError("no module"), "pip install 'toise[pdf]'"), (OSError("no libpango"), "apt install libpango")],
)
def test_what_is_missing_is_named(monkeypatch, failure, words):
    class Missing:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise failure

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(InputError, match="Le PDF demande") as raised:
        check_paper()
    assert words in str(raised.value)
