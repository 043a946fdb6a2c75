"""The labelled corpus, service by service and rule by rule; how it is made is in ``tests/corpus`` and docs/accuracy.md."""

from __future__ import annotations

import pytest

from checks.catalogue import BY_ID
from checks.model.rule import OBSTACLES, Obstacle
from tests.corpus.accuracy import DATA, PAGE, data, page
from tests.corpus.confusion import hollow, pairs, tempting, unseen
from tests.corpus.known import DISAGREEMENTS
from tests.corpus.labelled import SERVICES, THEMES, Labelled, corpus

CORPUS = corpus()
ENOUGH_SERVICES = 90

each_service = pytest.mark.parametrize("labelled", CORPUS, ids=lambda labelled: labelled.slug)


def known_wrong(service: str, rule: str) -> list[pytest.MarkDecorator]:
    why = DISAGREEMENTS.get((service, rule))
    return [pytest.mark.xfail(reason=why, strict=True)] if why else []


@pytest.mark.parametrize(
    "service,rule",
    [
        pytest.param(one.slug, rule, id=f"{one.slug}-{rule}", marks=known_wrong(one.slug, rule))
        for one in CORPUS
        for rule in one.labels
    ],
)
def test_verdict(service: str, rule: str):
    pair = next(pair for pair in pairs() if (pair.service, pair.rule) == (service, rule))

    assert not pair.differences


@each_service
def test_a_service_is_labelled_for_every_rule_of_a_theme(labelled: Labelled):
    assert any(set(theme) <= set(labelled.labels) for theme in THEMES)
    assert set(labelled.labels) <= {rule for theme in THEMES for rule in theme}


@each_service
def test_labels_are_possible(labelled: Labelled):
    outcomes = {rule: BY_ID[rule].outcome(label.reason).value for rule, label in labelled.labels.items()}

    assert outcomes == {rule: label.outcome for rule, label in labelled.labels.items()}


@each_service
def test_a_service_says_why(labelled: Labelled):
    why = (labelled.folder / "why.md").read_text("utf-8")

    assert [rule for rule in labelled.labels if rule.removeprefix("accessibility-") not in why] == []


@each_service
def test_every_file_is_a_page_of_the_service(labelled: Labelled):
    present = {path.name for path in labelled.folder.iterdir()} - {"service.json", "why.md"}

    assert set(labelled.files()) == present


def test_every_folder_is_a_service():
    assert {path.name for path in SERVICES.iterdir()} == {labelled.slug for labelled in CORPUS}


def test_the_corpus_is_large_enough():
    assert len(CORPUS) >= ENOUGH_SERVICES


@pytest.mark.parametrize("rule", [rule for theme in THEMES for rule in theme])
def test_every_reason_of_a_rule_is_expected_somewhere(rule: str):
    expected = {labelled.labels[rule].reason for labelled in CORPUS if rule in labelled.labels}

    assert sorted({str(reason) for reason in BY_ID[rule].outcomes} - expected) == []


def test_every_obstacle_that_a_site_may_show_is_expected_somewhere():
    expected = {label.reason for labelled in CORPUS for label in labelled.labels.values()}
    expected.add(Obstacle.SCANNER_ERROR)  # which no site shows: it is ours

    assert (
        sorted(
            obstacle for obstacle, outcome in OBSTACLES.items() if outcome == "cantTell" and obstacle not in expected
        )
        == []
    )


def test_no_soft_404_and_no_wall_passes_as_a_declaration():
    lures = tempting(pairs())

    assert {"soft-404", "leads-home", "blocked"} <= {pair.label.reason for pair in lures}
    assert [pair.service for pair in lures if pair.given == "passed"] == []


def test_no_hollow_page_passes_as_statistics_or_a_budget():
    hollowed = hollow(pairs())

    assert {"soft-404", "login-required", "leads-home", "placeholder"} == {pair.label.reason for pair in hollowed}
    assert [pair.service for pair in hollowed if pair.given == "passed"] == []


def test_no_page_that_was_not_seen_is_failed():
    hidden = unseen(pairs())

    assert {"unreachable", "blocked", "needs-rendering"} <= {pair.label.reason for pair in hidden}
    assert [(pair.service, pair.rule) for pair in hidden if pair.given == "failed"] == []


def test_the_published_page_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(pairs()), "run « make accuracy » and commit docs/accuracy.md"


def test_the_figures_that_reports_show_are_up_to_date():
    assert DATA.read_text("utf-8") == data(pairs()), "run « make accuracy » and commit reports/figures/accuracy.json"
