"""The annual page, built from a report and read as a browser would."""

from __future__ import annotations

import pytest
from lxml import html

from reports.figures.figure import Share
from reports.render.pages import annual
from reports.render.pages.writer import Writer
from tests.reporting.annual_run import counted, incubators, report, run

PAST = (
    counted("2026-05-20", Share(passed=140, failed=90, undecided=20)),
    counted("2025-11-20", Share(passed=120, failed=120)),
)


def page(**changes):
    ((path, text),) = annual.pages(Writer(report(**changes)))
    assert path == "bilan.html"
    return html.fromstring(text)


def text(element):
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def bilan():
    return page(past=PAST, year_before=PAST[1])


def test_sentences_are_there_to_paste_with_their_source(bilan):
    first = bilan.xpath("//blockquote")[0]
    (sentence, source) = map(text, first.findall("p"))
    assert sentence.endswith("respectent les obligations déclaratives (mention et déclaration).")
    assert "170 sur 236 jugés" in source
    assert "Audit 2026-11-23T0600Z" in source


def test_figures_stand_beside_those_of_the_year_before(bilan):
    (table,) = bilan.xpath("//table[caption[@id='annees']]")
    heads = [text(cell) for cell in table.findall("thead/tr/th")]
    assert heads == ["Chiffre", "23 novembre 2026", "20 novembre 2025", "Écart (et en points)", "À savoir"]
    rows = [[text(cell) for cell in row] for row in table.findall("tbody/tr")]
    assert rows[0] == [
        "Services qui respectent les obligations",
        "72 % (69 % à 73 %)170 sur 236, 12 indéterminés",
        "50 %120 sur 240",
        "+50 (+22,0 pts)",
        "–",
    ]
    assert rows[1] == ["Services accompagnés ou pérennisés", "248", "–", "nouveau", "–"]
    paragraph = text(table.xpath("ancestor::div/preceding-sibling::p[1]")[0])
    assert "le plus proche d’un an plus tôt. Un écart tient" in paragraph
    assert "toise compare 2025-11-20T0600Z 2026-11-23T0600Z" in paragraph


@pytest.mark.parametrize(
    "then, is_said", [(Share(passed=150, failed=60, undecided=38), True), (Share(passed=170, failed=66), False)]
)
def test_a_difference_that_the_undecided_may_explain_says_so(then, is_said):
    before = counted("2025-11-20", then)
    cell = page(past=(before,), year_before=before).xpath("//table[caption[@id='annees']]/tbody/tr[1]/td[last()]")[0]
    assert text(cell) == ("Les indéterminés suffiraient à expliquer l'écart." if is_said else "–")


def test_a_comparison_with_another_time_says_so():
    assert "l’autre audit le plus ancien, celui du 20 mai 2026" in text(page(year_before=PAST[0]))


def test_a_first_run_is_compared_with_nothing_and_draws_no_line():
    alone = page()
    assert "Aucun audit antérieur ne permet de comparer" in text(alone)
    assert not alone.xpath("//path[@class='trend']")
    assert "72 % le 23 novembre 2026, seul audit qui donne ce chiffre en pourcentage." in text(alone)


def test_a_chart_has_its_words_and_its_data_beside_it(bilan):
    (svg,) = bilan.xpath("//svg[.//path[@class='trend']]")
    title, described = (bilan.get_element_by_id(name) for name in svg.get("aria-labelledby").split())
    assert text(title) == "Services qui respectent les obligations"
    assert text(described).startswith("En hausse : de 50 % le 20 novembre 2025 à 72 %")
    (table,) = bilan.xpath("//details//table[caption[@id='graphique-accessibility-obligations-donnees']]")
    assert [[text(cell) for cell in row] for row in table.findall("tbody/tr")] == [
        ["23 novembre 2026", "72 % (69 % à 73 %)", "170 sur 236, 12 indéterminés"],
        ["20 mai 2026", "61 % (56 % à 64 %)", "140 sur 230, 20 indéterminés"],
        ["20 novembre 2025", "50 %", "120 sur 240"],
    ]


def test_the_run_of_the_year_before_is_drawn_even_when_others_followed_it():
    assert len(page(past=PAST[:1], year_before=PAST[1]).xpath("//circle")) == 3


def test_a_run_without_the_figure_is_named_in_the_data():
    missing = counted("2026-03-20", None)
    table = text(page(past=(PAST[0], missing, PAST[1])).xpath("//details//table")[-1])
    assert "20 mars 2026Chiffre non donné–" in table


def test_the_axis_begins_with_the_figure():
    alone = page(past=(PAST[0], counted("2023-01-01", None)))
    assert "1 janv. 2023" not in text(alone)
    assert "20 mai 2026" in text(alone.xpath("//g[@class='across']")[0])


def test_every_incubator_is_in_the_data():
    names = [f"incubateur-{rank}" for rank in range(30)]
    shown = page(registry_figures=incubators(*names))
    assert len(shown.xpath("//rect")) == 16
    assert len(shown.xpath("//table[caption[@id='par-incubateur']]/tbody/tr")) == 30


def test_a_run_that_is_not_sound_says_so():
    shown = page(run=run(is_healthy=False))
    assert "cet audit n’est pas sain" in text(shown.xpath("//div[@class='alert']")[0])
    assert all("n'est pas à publier" in text(one) for one in shown.xpath("//blockquote"))


def test_a_report_without_any_figure_is_a_page_all_the_same():
    shown = page(figures=(), registry_figures=())
    assert not shown.xpath("//svg | //blockquote")
    assert "Aucun chiffre d’audit." in text(shown)


def test_the_document_is_linked_only_where_there_is_one(monkeypatch):
    monkeypatch.setattr(annual, "pdf", lambda page: page.encode())
    files = dict(annual.pages(Writer(report(has_pdf=True))))
    assert html.fromstring(files["bilan.html"]).xpath("//a[@href='bilan.pdf']")
    document = html.fromstring(files["bilan.pdf"].decode())
    assert not document.xpath("//a | //details | //@tabindex"), "nothing to fold nor to follow on paper"
    assert document.xpath("//svg/title[contains(., '2 incubateurs')]")
    assert not page().xpath("//a[@href='bilan.pdf']")


def test_foreign_names_are_shown_as_they_are():
    name = "<script>alert(1)</script>\u202e"
    shown = page(registry_figures=incubators(name, "dinum"))
    assert not shown.xpath("//main//script")
    assert "\u202e" not in shown.text_content()
    assert "<script>alert(1)</script>⟨U+202E⟩" in shown.xpath("string(//table[caption[@id='par-incubateur']])")
