"""In which order doubtful verdicts are looked at, and what looking at them could do to the published figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks.catalogue import BY_ID
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Phase, Service
from checks.model.verdict import Verdict
from reports.overrides.kept import FILE
from reports.overrides.override import Override
from reports.overrides.writing import as_toml
from reports.review.concern import Kind
from reports.review.ranking import Asked, review
from reports.store.load import load_run
from reports.store.session import open_store

PASSED, FAILED, CANT_TELL, *_ = Outcome
START = datetime(2026, 11, 1, tzinfo=UTC)
MENTION, DECLARATION = "accessibility-mention", "accessibility-declaration"
GOOD = {
    MENTION: "level-not",
    DECLARATION: "declaration-found",
    "https": "redirects-to-https",
    "statistics-page": "declared-and-verified",
}
TRIAL = "legal-notice"


class Store:
    """Runs of some services, each with the reasons of its verdicts by rule."""

    def __init__(self, folder):
        self.folder = folder
        self.engine = open_store(f"sqlite:///{folder / 'toise.db'}")

    def load(self, services, day=9, overrides=(), *, is_healthy=True, **entries):
        started = START + timedelta(days=day)
        run = RunFolder.create(self.folder / "runs", started)
        rules = {rule: {"version": 1, "status": "evaluation" if rule == TRIAL else "active"} for rule in BY_ID}
        run.update(
            {
                "id": run.id,
                "started_at": started.isoformat(),
                "as_of": started.date().isoformat(),
                "registry": {"source": "a", "kind": "csv", "digest": "sha256:1", "warnings": []},
                "ruleset": {"digest": "sha256:2", "rules": rules},
                "health": {"is_healthy": is_healthy, "reasons": []},
            }
        )
        run.write_services(replace(_service(name), **entries.get(name, {})) for name in services)
        lines = (_verdict(run.id, name, *one).to_line() for name, rules in services.items() for one in rules.items())
        run.verdicts.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        (run.path / FILE).write_text(as_toml(overrides), "utf-8")
        return load_run(self.engine, run)

    def review(self, run, **asked):
        return review(self.engine, run, BY_ID, Asked(**asked))


def _service(name):
    phases = (Phase(name="construction", start="2020-01-01"),)
    return Service(id=name, name=name, urls=(f"https://{name}.fr/",), incubators=(f"de-{name}",), phases=phases)


def _verdict(run, service, rule, said):
    """By a reason, or a reason and warnings."""
    reason, *warnings = said.split()
    return Verdict(
        run=run, service=service, rule=rule, version=1, outcome=BY_ID[rule].outcome(reason), reason=reason,
        warnings=tuple(warnings), at="2026-11-23T06:00:00Z",
    )  # fmt: skip


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    yield made
    made.engine.dispose()


def names(found):
    return [case.service.id for case in found.cases]


def test_the_least_certain_first_what_moves_no_figure_after_and_rules_on_trial_last(store):
    before = dict.fromkeys("abcdefg", GOOD)
    store.load(before, day=1)
    run = store.load(
        {
            "a": {TRIAL: "groups-missing moved"},
            "b": {"hsts": "absent moved"},
            "c": {"https": "redirects-to-https moved"},
            "d": {"https": "no-redirect"},
            "e": {"https": "unreachable"},
            "f": {"https": "unreachable", "statistics-page": "unreachable"},
            "g": {"https": "no-redirect moved"},
        }
    )
    found = store.review(run)
    assert names(found) == ["f", "e", "g", "d", "c", "b", "a"]
    assert [case.kind for case in found.cases][:5] == [
        Kind.UNDECIDED,
        Kind.UNDECIDED,
        Kind.FLIP,
        Kind.FLIP,
        Kind.MARGIN,
    ]
    assert [len(case.figures) for case in found.cases] == [2, 1, 1, 1, 1, 0, 0]
    assert (found.doubtful, found.judged, found.services) == (8, 8, 7)
    assert found.counts()[Kind.UNDECIDED] == (2, 3)


def test_of_two_that_are_as_doubtful_the_one_that_moves_more_points_goes_first(store):
    many = {f"s{number}": {"https": "redirects-to-https"} for number in range(8)}
    run = store.load({**many, "a": {"https": "unreachable"}, "b": {"statistics-page": "unreachable"}})
    found = store.review(run)
    assert names(found) == ["b", "a"], "one of one counts more than one of nine"
    assert [case.points for case in found.cases] == [100, pytest.approx(100 / 9)]


@pytest.mark.parametrize(
    "mention, declaration, moves",
    [
        ("unreachable", "no-page", False),
        ("unreachable", "declaration-found", True),
        ("no-mention", "unreachable", False),
        ("no-legal-level", "unreachable", True),
    ],
)
def test_a_figure_moves_where_looking_could_move_it_alone_or_with_the_other_doubts(store, mention, declaration, moves):
    run = store.load({"a": {MENTION: mention, DECLARATION: declaration}})
    (case, *_) = [case for case in store.review(run).cases if case.kind is Kind.UNDECIDED]
    assert ("accessibility-obligations" in case.figures) is moves


def test_a_figure_goes_from_its_worst_to_its_best(store):
    services = {name: {"https": "redirects-to-https"} for name in "abcd"}
    services |= {"e": {"https": "no-redirect"}, "f": {"https": "unreachable"}, "g": {"https": "no-redirect moved"}}
    run = store.load(services)
    found = store.review(run)
    (stake,) = [stake for stake in found.stakes if stake.figure.id == "https"]
    assert (stake.worst.passed, stake.worst.failed, stake.worst.undecided) == (4, 3, 0)
    assert (stake.best.passed, stake.best.failed, stake.best.undecided) == (6, 1, 0)
    (stake,) = [stake for stake in store.review(run, kinds=[Kind.MARGIN]).stakes if stake.figure.id == "https"]
    assert (stake.worst.undecided, stake.best.passed) == (1, 5), "what is not looked at stays as it is"


def test_a_stopped_service_is_never_there(store):
    stopped = {"phases": (Phase(name="alumni", start="2021-01-01"),)}
    run = store.load({"a": {"https": "unreachable"}, "b": {"https": "unreachable"}}, b=stopped)
    found = store.review(run)
    assert (names(found), found.services) == (["a"], 1)


def test_a_service_that_is_not_of_the_population_moves_nothing(store):
    young = {"phases": (Phase(name="investigation", start="2021-01-01"),)}
    run = store.load({"a": {"statistics-page": "unreachable", "https": "unreachable"}}, a=young)
    assert [case.figures for case in store.review(run).cases] == [("https",)]


def test_only_healthy_runs_before_are_a_past_and_five_of_them(store):
    for day in range(7):
        store.load({"a": {"https": "no-redirect" if day == 0 else "redirects-to-https"}}, day=day)
    store.load({"a": {"https": "no-redirect"}}, day=8, is_healthy=False)
    found = store.review(store.load({"a": {"https": "redirects-to-https"}}))
    assert (found.cases, len(found.earlier)) == ([], 5)
    (case,) = store.review(store.load({"a": {"https": "no-redirect"}}, day=10)).cases
    assert case.kind is Kind.FLIP


def test_a_correction_in_force_settles_and_its_end_is_weighed(store):
    def said(until):
        return Override(
            service="a", rule="https", outcome=PASSED, reason="Vu.", author="a.b", evidence="https://a.fr/", until=until
        )

    services = {"a": {"https": "no-redirect moved"}, "b": {"https": "redirects-to-https"}}
    held = store.load(services, day=1, overrides=[said(date(2027, 5, 1))])
    assert store.review(held).cases == []
    for day, until in ((2, date(2026, 11, 20)), (3, date(2026, 10, 1))):
        found = store.review(store.load(services, day=day, overrides=[said(until)]))
        (case, *_) = found.cases
        assert (case.kind, case.figures) == (Kind.CORRECTION, ("https",))
    (stake,) = [stake for stake in found.stakes if stake.figure.id == "https"]
    assert (stake.worst.passed, stake.best.passed) == (1, 2)


def test_a_part_is_asked_for(store):
    run = store.load(
        {
            "a": {"https": "unreachable", "hsts": "absent moved"},
            "b": {"https": "redirects-to-https moved", "hsts": "preloaded"},
        }
    )
    asked = (
        ({"kinds": [Kind.UNDECIDED]}, [("a", "https")]),
        ({"rules": ["hsts"]}, [("a", "hsts")]),
        ({"services": ["b"]}, [("b", "https")]),
        ({"incubators": ["de-a"], "rules": ["hsts", "https"]}, [("a", "https"), ("a", "hsts")]),
        ({"services": ["b"], "kinds": [Kind.FLIP]}, []),
    )
    for one, expected in asked:
        assert [(case.service.id, case.verdicts[0].rule) for case in store.review(run, **one).cases] == expected
    assert store.review(run, services=["b"]).judged == 2
