from __future__ import annotations

import pytest

from checks.catalogue import BY_ID
from checks.parse.observatory.preload import bundled
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.results import RESULTS
from checks.parse.observatory.score import score
from reports.render import observatory


def test_every_test_and_every_result_has_its_words():
    assert set(observatory.TESTS) == {str(test) for test in RESULTS}
    assert set(observatory.RESULTS) == {code for results in RESULTS.values() for code in results}


def test_the_rules_named_are_rules():
    assert set(observatory.RULES.values()) <= set(BY_ID)
    assert set(observatory.RULES) <= set(observatory.TESTS)


def test_what_costs_most_comes_first():
    found = score(scan_of({"headers": {"referrer-policy": "no-referrer"}}), bundled)
    grading = observatory.grading({"score": found.score, "algorithm": 6, "tests": found.tests(), "preload": "liste"})

    assert grading is not None
    assert (grading.score, grading.algorithm, grading.preload) == (30, 6, "liste")
    assert [line.points for line in grading.lines] == ["−25", "−20", "−20", "−5", *["0"] * 7, "+5"]
    assert (grading.lines[0].title, grading.lines[0].result, grading.lines[0].rule) == (
        "Politique de contenu (CSP)", "absente", "content-security-policy",
    )  # fmt: skip
    assert not grading.lines[0].is_passed


@pytest.mark.parametrize("facts", [{}, {"missing": ["hsts"]}, {"score": "12", "tests": {}}, {"score": 3, "tests": []}])
def test_facts_of_another_form(facts):
    assert observatory.grading(facts) is None


def test_codes_of_another_version_are_shown_as_they_are():
    grading = observatory.grading({"score": 3, "tests": {"neuf": {"result": "neuf-x", "scoreModifier": 0}, "b": 1}})

    assert [(line.title, line.result, line.points) for line in grading.lines] == [("neuf", "neuf-x", "0")]
