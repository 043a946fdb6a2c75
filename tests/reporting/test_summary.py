from __future__ import annotations

import csv
import io
import json
import re

import pytest

from reports.figures.figure import Figure, Share
from reports.render.summary import WIDTH, render_summary
from reports.store.records import RunRecord

REGISTRY = "sha256:" + "1a" * 32
RULESET = "sha256:" + "2b" * 32
NBSP = "\N{NO-BREAK SPACE}"


def run(**state):
    registry = {"source": "https://beta.gouv.fr/api/v2.6/startups.json", "digest": REGISTRY}
    return RunRecord(
        id="2026-11-23T0600Z",
        started_at="2026-11-23T06:00:00Z",
        as_of="2026-11-23",
        registry_digest=REGISTRY,
        ruleset=RULESET,
        state={"registry": registry} | state,
    )


def figure(id_="https", share=None, **more):
    about = {
        "label": "Services en HTTPS",
        "population": "services qui ont une adresse",
        "definition": "La règle https.",
    }
    return Figure(id=id_, share=share, **(about | more))


HTTPS = figure(share=Share(passed=176, failed=60, undecided=12, inapplicable=7, untested=3))
SMALL = figure("budget-pages", Share(passed=3, failed=2), label="Budgets", population="services en construction")
COUNT = figure("services", label="Services", population="toutes les entrées", count=248)
UNHEALTHY = {"health": {"is_healthy": False, "reasons": ["le registre a perdu 12 % de ses services", "canari mort"]}}


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def cells(line):
    return re.split(r"  +", line.strip())


def test_in_a_terminal_every_figure_comes_with_all_that_makes_it_checkable():
    text = render_summary(run(), [HTTPS, SMALL, COUNT], "text")
    lines = text.splitlines()
    assert all(len(line) <= WIDTH and line == line.rstrip() for line in lines)
    assert lines[0] == "Audit 2026-11-23T0600Z, au 23\xa0novembre 2026"
    assert REGISTRY in text
    assert RULESET in text
    header = next(line for line in lines if "Décidés" in line)
    start = lines.index("Services en HTTPS")
    assert lines[start + 1] == "  services qui ont une adresse [https]"
    assert cells(header) == ["Part", "Oui", "Décidés", "Indét.", "S. obj.", "N. test."]
    share = f"75{NBSP}% (71{NBSP}% à 76{NBSP}%)"
    assert cells(lines[start + 2]) == ["Ensemble", share, "176", "236", "12", "7", "3"]
    assert header.index("Décidés") + len("Décidés") == lines[start + 2].index("236") + len("236")
    assert cells(lines[lines.index("Budgets") + 2])[1:4] == ["3 sur 5", "3", "5"]
    assert cells(lines[lines.index("Services") + 2]) == ["Ensemble", "248"]


def test_in_a_terminal_the_parts_of_a_population_stand_under_one_heading():
    parts = [
        figure(share=Share(passed=2), by="phase", group="unknown"),
        figure(share=Share(passed=3), by="incubator", group="dinum_produits_interministeriels_et_autres"),
    ]
    lines = render_summary(run(), parts, "text", previous=[]).splitlines()
    assert lines.count("Services en HTTPS") == 1
    start = lines.index("Services en HTTPS") + 2
    assert [cells(line)[0] for line in lines[start : start + 3]] == [
        "Phase inconnue",
        "dinum_produits_interministeriels_et_autres",
        "3 sur 3",
    ]
    assert all(len(line) <= WIDTH for line in lines)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_values_are_counted_beside_the_share(form):
    found = figure(share=Share(passed=12, failed=3), details={"A+": 12, "F": 3, "events": [{"a": 1}]})

    text = render_summary(run(), [found], form).replace(NBSP, " ")

    assert "A+ : 12, F : 3" in text.replace("\\", "")
    assert "events" not in text


def test_in_a_terminal_the_registry_is_crossed_with_the_site():
    cells_of = ("passed", "failed", "undecided", "inapplicable", "untested")
    details = {
        f"{side}-{cell}": number
        for number, (side, cell) in enumerate((side, cell) for side in ("declared", "undeclared") for cell in cells_of)
    }
    text = render_summary(run(), [figure(share=Share(), details=details)], "text").replace(NBSP, " ")
    assert "Registre oui : site oui 0, non 1, indét. 2 ; registre non : site oui 5, non 6, indét. 7" in text


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_what_a_registry_writes_cannot_act_on_a_terminal(kind):
    hostile = figure(share=Share(passed=1), by="incubator", group="rouge\x1b[31m\nseconde ligne")
    text = render_summary(run(registry={"source": "a\x1b]0;b"}), [hostile], kind)
    assert "\x1b" not in text
    assert "⟨U+001B⟩" in text
    assert "\nseconde" not in text


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_an_unhealthy_run_says_so_first(kind):
    first = render_summary(run(**UNHEALTHY), [HTTPS], kind).replace(NBSP, " ")
    assert first.lstrip("> *").startswith("Attention : cet audit n'est pas sain")
    assert "canari mort" in first.replace("\n", " ")
    for healthy in ({}, {"health": {"is_healthy": True, "reasons": []}}):
        assert "Attention" not in render_summary(run(**healthy), [HTTPS], kind)


def test_an_unhealthy_run_says_so_to_programs_too():
    summary = json.loads(render_summary(run(**UNHEALTHY), [HTTPS], "json"))
    assert next(iter(summary)) == "health"
    assert summary["health"] == UNHEALTHY["health"]
    (row,) = rows(render_summary(run(**UNHEALTHY), [HTTPS], "csv"))
    assert row["is_healthy"] == "false"
    assert row["problems"] == "le registre a perdu 12 % de ses services ; canari mort"
    assert [rows(render_summary(run(), [HTTPS], "csv"))[0][name] for name in ("is_healthy", "problems")] == ["", ""]


def test_json_is_one_object():
    summary = json.loads(render_summary(run(), [HTTPS, COUNT], "json"))
    assert summary == {
        "run": "2026-11-23T0600Z",
        "as_of": "2026-11-23",
        "registry": REGISTRY,
        "ruleset": RULESET,
        "figures": [HTTPS.to_json(), COUNT.to_json()],
    }


def test_csv_is_one_figure_a_line_and_each_line_says_where_it_comes_from():
    details = {"by-grade": {"A": 3}, "note": "à part"}
    text = render_summary(run(), [HTTPS, figure("other", Share(passed=1, failed=2), details=details), COUNT], "csv")
    assert text.count("\r\n") == text.count("\n") == 4
    https, other, count = rows(text)
    for row in (https, other, count):
        assert (row["run"], row["registry"], row["ruleset"]) == ("2026-11-23T0600Z", REGISTRY, RULESET)
    numbers = ("numerator", "denominator", "n", "failed", "undecided", "inapplicable", "untested")
    assert [https[name] for name in numbers] == ["176", "236", "248", "60", "12", "7", "3"]
    assert float(https["share"]) == 176 / 236
    assert https["text"] == HTTPS.text
    assert json.loads(other["details"]) == details
    assert (count["numerator"], count["denominator"], count["share"]) == ("248", "", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_text_is_never_a_formula(start):
    evil = f'{start}HYPERLINK("https://mal.fr";"clic")'
    fewer = figure(share=Share(passed=1, failed=19), by="incubator", group=evil)
    more = figure(share=Share(passed=11, failed=9), by="incubator", group=evil)
    (row,) = rows(render_summary(run(), [fewer], "csv", previous=[more]))
    assert row["group"] == f"'{evil}"
    assert (row["difference"], row["points"]) == ("-10", "-50.0")


@pytest.mark.parametrize(
    "before, after, said",
    [
        (Share(passed=10, failed=10), Share(passed=12, failed=8), f"+2 (+10,0{NBSP}pts)"),
        (Share(passed=50, failed=50), Share(passed=49, failed=51), f"−1 (−1,0{NBSP}pt)"),
        (Share(passed=50, failed=50), Share(passed=53, failed=51), f"+3 (+1,0{NBSP}pt)"),
        (Share(passed=10, failed=10), Share(passed=10, failed=10, undecided=5), f"0 (0{NBSP}pt)"),
        (Share(passed=5000, failed=5000), Share(passed=4999, failed=5000), f"−1 (0{NBSP}pt)"),
        (Share(passed=3, failed=2), Share(passed=10, failed=10), "+7"),
        (Share(passed=10, failed=10), Share(undecided=20), "−10"),
    ],
)
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_a_figure_says_how_far_it_moved(kind, before, after, said):
    text = render_summary(run(), [figure(share=after)], kind, previous=[figure(share=before)])
    line = next(line for line in text.splitlines() if "Ensemble" in line or ("HTTPS" in line and "|" in line))
    assert line.rstrip("| ").endswith(f" {said}")
    assert "Écart" in text


def test_a_figure_is_compared_with_its_own_group_only():
    whole, part = figure(share=Share(passed=30, failed=10)), figure(share=Share(passed=9), by="phase", group="leaving")
    summary = json.loads(
        render_summary(run(), [whole, part], "json", previous=[figure(share=Share(passed=1, failed=1))])
    )
    assert [line["difference"] for line in summary["figures"]] == [
        {"is_new": False, "numerator": 29, "points": 25.0},
        {"is_new": True, "numerator": None, "points": None},
    ]
    _, new = rows(render_summary(run(), [whole, part], "csv", previous=[whole]))
    assert (new["difference"], new["points"]) == ("nouveau", "")
    assert "nouveau" in render_summary(run(), [part], "text", previous=[whole])


def test_without_another_run_nothing_is_compared():
    assert "Écart" not in render_summary(run(), [HTTPS], "text")
    assert "Écart" not in render_summary(run(), [HTTPS], "markdown")
    assert "difference" not in json.loads(render_summary(run(), [HTTPS], "json"))["figures"][0]
    assert rows(render_summary(run(), [HTTPS], "csv"))[0]["difference"] == ""


def test_markdown_is_a_table_that_what_is_written_in_it_cannot_break():
    evil = figure(share=Share(passed=1), by="incubator", group="a|b\n<script> `c` [d](e) *f*")
    text = render_summary(run(), [HTTPS, evil, COUNT], "markdown")
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 5
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {8}
    assert r"a\|b \<script\> \`c\` \[d\](e) \*f\*" in table[3]
    assert table[2].endswith("| 176 | 236 | 12 | 7 | 3 |")
    assert "services qui ont une adresse (https)" in table[2]
    assert REGISTRY in text
    assert RULESET in text
