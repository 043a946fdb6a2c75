from __future__ import annotations

import importlib
import inspect
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import pytest

from checks.catalogue import BY_ID, RULES, ruleset_digest
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLE_MESSAGES, OBSTACLES, Obstacle, Rule

RULE_FILES = sorted(
    path for path in (Path(__file__).parent.parent / "checks" / "rules").rglob("*.py") if path.name != "__init__.py"
)
HEADINGS = ["Pourquoi c'est important", "Ce que nous regardons", "Comment corriger", "Référence"]
IDS = [rule.id for rule in RULES]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(path.parents[3]).with_suffix("").parts)


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_every_rule_file_is_in_the_catalogue(path: Path):
    rule = importlib.import_module(module_of(path)).RULE

    assert BY_ID[path.stem.replace("_", "-")] is rule


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_every_rule_of_the_catalogue_is_a_file(rule: Rule):
    assert rule.id.replace("-", "_") in {path.stem for path in RULE_FILES}


def test_ids_are_unique():
    assert len(BY_ID) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_docstring_is_the_page(rule: Rule):
    module = inspect.getmodule(rule.judge)
    lines = rule.page.strip().splitlines()
    underlined = [line for line, under in pairwise(lines) if under and set(under) == {"-"}]

    assert module is not None
    assert rule.page == module.__doc__
    assert lines[0].endswith(".")
    assert underlined == HEADINGS


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_reasons_are_a_closed_list_with_a_sentence_each(rule: Rule):
    own = set(inspect.getmodule(rule.judge).Reason)  # type: ignore[union-attr]

    assert issubclass(type(next(iter(own))), StrEnum)
    assert own <= set(rule.outcomes)
    assert set(rule.outcomes) == set(rule.messages)
    assert not set(rule.outcomes) & set(OBSTACLES), "a common reason keeps its common meaning"
    assert all(text.endswith(".") for text in (*rule.messages.values(), *rule.warnings.values()))
    assert Outcome.PASSED in rule.outcomes.values()
    assert Outcome.FAILED in rule.outcomes.values()


def test_common_reasons_never_fail_a_service():
    assert set(OBSTACLES) == set(OBSTACLE_MESSAGES) == set(Obstacle)
    assert Outcome.FAILED not in OBSTACLES.values()
    assert Outcome.PASSED not in OBSTACLES.values()


def test_an_unknown_reason_is_refused():
    with pytest.raises(KeyError):
        RULES[0].outcome("because")


def test_the_digest_moves_with_versions(monkeypatch: pytest.MonkeyPatch):
    before = ruleset_digest()

    monkeypatch.setattr("checks.catalogue.RULES", (replace(RULES[0], version=99), *RULES[1:]))

    assert ruleset_digest() != before
