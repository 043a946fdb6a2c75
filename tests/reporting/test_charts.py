"""Charts are read as a browser reads them: shapes, words, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest
from lxml import etree, html

from checks.model.unseen import UNSEEN
from reports.figures.figure import Share
from reports.language import speaking
from reports.render.charts import LARGEST, WIDTH, Bar, bar_chart, bars_of, line_chart, points_of
from reports.render.drawing import SHAPES, Caption, drawing
from reports.render.trends import ranking, trend
from tests.reporting.annual_run import counted, incubators
from tests.reporting.hostile_run import HOSTILE

CAPTION = Caption(name="graphique", title="Le titre", described_by="texte")
SHARES = [Share(passed=passed, failed=90 - passed, undecided=10) for passed in (40, 45, 50, 60, 70)]
DAYS = ["2024-11-20", "2025-01-15", "2025-06-01", "2026-05-01", "2026-11-23"]


def points(*shares, days=DAYS):
    given = [counted(day, share) for day, share in zip(days, shares, strict=False)]
    return points_of("accessibility-obligations", given[::-1])


def read(svg):
    return etree.fromstring(str(svg))


def numbers(text):
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_a_line_has_a_dot_each_run_where_its_day_stands():
    svg = read(line_chart(points(*SHARES), CAPTION))
    across = [float(dot.get("cx")) for dot in svg.iter("circle")]
    days = [point.day.toordinal() for point in points(*SHARES)]
    scale = (across[-1] - across[0]) / (days[-1] - days[0])
    assert across == pytest.approx([across[0] + scale * (day - days[0]) for day in days], abs=0.2)
    assert len(svg.xpath("//path[@class='trend']")) == 1
    assert len(svg.xpath("//path[@class='band']")) == 1


def test_the_band_goes_from_what_the_share_is_at_least_to_what_it_is_at_most():
    svg = read(line_chart(points(*SHARES[:2]), CAPTION))
    axis = {
        text.text: float(text.getprevious().get("d").split()[1]) for text in svg.xpath("//g[@class='along']/g/text")
    }
    axis = {numbers(label)[0]: place for label, place in axis.items()}
    scale = (axis[100] - axis[0]) / 100
    (band,) = svg.xpath("//path[@class='band']/@d")
    heights = numbers(band)[1::2]
    assert heights == pytest.approx([axis[0] + scale * part for part in (40, 45, 55, 50, 40)], abs=0.2)


@pytest.mark.parametrize("missing", [None, Share(passed=3, failed=2), Share(undecided=30), Share()])
def test_the_line_stops_where_a_run_gives_no_percentage(missing):
    svg = read(line_chart(points(SHARES[0], SHARES[1], missing, SHARES[3], SHARES[4]), CAPTION))
    assert len(svg.xpath("//path[@class='trend']")) == 2
    assert len(svg.xpath("//path[@class='band']")) == 2
    assert len(svg.xpath("//circle")) == 4


def test_a_run_alone_between_two_gaps_is_a_dot_with_its_bounds():
    svg = read(line_chart(points(SHARES[0], SHARES[1], None, SHARES[3], None), CAPTION))
    assert len(svg.xpath("//circle")) == 3
    assert len(svg.xpath("//path[@class='band']")) == 2


@pytest.mark.parametrize("number", [2, 5, 24, 60])
def test_numbers_over_the_line_never_meet(number):
    days = [f"{2020 + rank // 12}-{rank % 12 + 1:02}-15" for rank in range(number)]
    svg = read(line_chart(points(*[Share(passed=50, failed=50)] * number, days=days), CAPTION))
    labels = [float(label.get("x")) for label in svg.xpath("//text[@class='label']")]
    assert len(labels) >= 2
    assert all(after - before >= 50 for before, after in pairwise(sorted(labels)))
    years = [float(text.get("x")) for text in svg.xpath("//g[@class='across']/g/text")]
    assert all(after - before >= 28 for before, after in pairwise(years))


def test_a_drawing_is_read_aloud_by_its_title_and_what_stands_beside_it():
    svg = read(line_chart(points(*SHARES), CAPTION))
    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "graphique-titre texte")
    assert svg.find("title").text == "Le titre"
    assert svg.find("title").get("id") == "graphique-titre"


def test_nothing_of_pygal_stays_but_shapes_and_words():
    for svg in (line_chart(points(*SHARES), CAPTION), bar_chart(bars_of(incubators("dinum", "mtes")), CAPTION)):
        for element in read(svg).iter():
            assert element.tag in {*SHAPES, "title"}
            assert set(element.attrib) <= {*SHAPES.get(element.tag, ()), "class", "role", "aria-labelledby", "id"}
        assert "pygal" not in svg.lower()
        assert html.fromstring(svg).tag == "svg"


def test_what_a_chart_brings_unasked_is_left_out():
    tree = etree.fromstring(
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="a()"><style>b</style><script>c</script>
        <a href="javascript:d"><text x="1">e</text></a><g style="f"><rect x="1.23456" onclick="g" class="rect evil"/></g>
        <image href="http://evil.invalid/"/><foreignObject/><g/></svg>"""
    )
    svg = drawing(SimpleNamespace(render_tree=lambda: tree), CAPTION)
    assert svg == (
        '<svg class="chart" role="img" aria-labelledby="graphique-titre texte" viewBox="0 0 9 9">'
        '<title id="graphique-titre">Le titre</title><g><rect x="1.2" class="bar" /></g></svg>'
    )


def test_the_same_figures_are_drawn_alike():
    assert line_chart(points(*SHARES), CAPTION) == line_chart(points(*SHARES), CAPTION)


def test_a_drawing_speaks_the_language_of_its_page():
    with speaking("en"):
        svg = line_chart(points(*SHARES), CAPTION)
    assert "Nov 20, 2024" in svg or "20 Nov 2024" in svg


def test_bars_have_a_name_and_a_number_the_longest_above():
    svg = read(bar_chart(bars_of(incubators("dinum", "mtes", "anct")), CAPTION))
    names = sorted(svg.xpath("//g[@class='along']//text"), key=lambda text: float(text.get("y")))
    values = sorted(svg.xpath("//text[@class='value']"), key=lambda text: float(text.get("y")))
    bars = sorted(svg.iter("rect"), key=lambda bar: float(bar.get("y")))
    assert [text.text for text in names] == ["dinum", "mtes", "anct"]
    assert [text.text for text in values] == ["3", "2", "1"]
    widths = [float(bar.get("width")) for bar in bars]
    assert widths[0] == pytest.approx(3 * widths[2], rel=0.02)


def test_the_smallest_are_drawn_together():
    few = bars_of(incubators(*(f"i{rank:02}" for rank in range(LARGEST + 1))))
    assert not any(bar.others for bar in few)
    many = bars_of(incubators(*(f"i{rank:02}" for rank in range(LARGEST + 4))))
    assert len(many) == LARGEST + 1
    assert many[-1] == Bar(name="", count=4 + 3 + 2 + 1, others=4)
    assert many[-1].label == "4 autres"


def test_hostile_names_are_words_like_others():
    named = bars_of(incubators(*HOSTILE.values()))
    for start in range(0, len(HOSTILE), LARGEST):
        bars = bars_of(incubators(*list(HOSTILE.values())[start : start + LARGEST]))
        svg = bar_chart(bars, CAPTION)
        names = read(svg).xpath("//g[@class='along']//text")
        assert len(names) == len(bars)
        assert all(text.text and len(text.text) < 120 and not UNSEEN.search(text.text) for text in names)
        assert {element.tag for element in html.fromstring(svg).iter()} <= {*SHAPES, "title"}
    assert not UNSEEN.search(ranking(named, len(HOSTILE)))


def test_words_stay_inside_the_drawing():
    svg = read(bar_chart([Bar(name="M" * 40, count=100_000), Bar(name="a", count=1)], CAPTION))
    (group,) = svg.xpath("//g[g[@class='along']]/@transform")
    left = numbers(group)[0]
    longest = max(float(bar.get("x")) + float(bar.get("width")) for bar in svg.iter("rect"))
    assert left + longest < WIDTH - 20
    assert longest > 40, "a long name leaves room for the bars"


TRENDS = [
    ((SHARES[0], SHARES[4]), "En hausse : de 44 % le 20 novembre 2024 à 78 % le 15 janvier 2025, en 2 audits."),
    ((SHARES[4], SHARES[0]), "En baisse : de 78 % le 20 novembre 2024 à 44 % le 15 janvier 2025, en 2 audits."),
    (
        (SHARES[0], SHARES[1]),
        "En hausse : de 44 % le 20 novembre 2024 à 50 % le 15 janvier 2025, en 2 audits. Les bornes des deux se recouvrent : les indéterminés pourraient à eux seuls expliquer l'écart.",
    ),
    (
        (SHARES[2], SHARES[0], SHARES[4], SHARES[2]),
        "56 % le 1er mai 2026 comme le 20 novembre 2024, en 4 audits. Au plus bas, 44 % le 15 janvier 2025. Au plus haut, 78 % le 1er juin 2025.",
    ),
    (
        (SHARES[0], None, SHARES[4]),
        "En hausse : de 44 % le 20 novembre 2024 à 78 % le 1er juin 2025, en 2 audits. 1 audit ne donne pas ce chiffre en pourcentage.",
    ),
    ((SHARES[0],), "44 % le 20 novembre 2024, seul audit qui donne ce chiffre en pourcentage."),
    ((Share(passed=1),), "Aucun audit ne donne ce chiffre en pourcentage."),
    ((), "Aucun audit ne donne ce chiffre en pourcentage."),
]


@pytest.mark.parametrize("shares, expected", TRENDS)
def test_what_a_line_shows_is_said(shares, expected):
    assert trend(points(*shares)).replace("\N{NO-BREAK SPACE}", " ") == expected


def test_a_line_of_two_definitions_says_so():
    """As the table of the year does: another version of a rule may be all that moved."""
    earlier, later = points(SHARES[0], SHARES[4])
    assert later.figure
    moved = replace(later, figure=replace(later.figure, definition="La règle (version 2) est respectée."))
    assert trend([earlier, moved]).endswith(
        " La définition de ce chiffre a changé entre ces audits : l'écart ne doit pas être attribué aux seuls sites."
    )


def test_what_the_bars_show_is_said():
    said = ranking(bars_of(incubators("dinum", "mtes")), 2).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "2 incubateurs ; ceux qui ont le plus de services : dinum (2), mtes (1)."
    assert ranking((), 0) == "Le registre ne nomme aucun incubateur."
