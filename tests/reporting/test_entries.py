"""What captures made under an earlier entry of the registry can say under a later one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from checks.catalogue import RULES
from checks.judge import Trial, judge_service
from checks.model.capture import Candidate, Capture, Found, Role, Topic
from checks.model.service import Event, Phase, PhaseGroup, Service
from reports.figures.entries import READ_BY, as_judged, elsewhere, redeclared

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
NAMES = frozenset(rule.id for rule in RULES)
HOME, STATS, BUDGET, CODE = "https://un.fr/", "https://un.fr/stats", "https://pad.fr/b#un", "https://github.com/o/un"
OLD = Service(id="un", name="Un", urls=(HOME,), statistics_url=STATS, budget_url=BUDGET, repository=CODE)


def capture(number: int, role: Role, url: str, *candidates: Candidate, **more) -> Capture:
    return Capture(
        id=f"<urn:uuid:{number}>", service="un", number=number, role=role, url=url, at=AT, candidates=candidates, **more
    )


def found(topic: Topic, how: Found, address: str = "") -> Candidate:
    return Candidate(topic=topic, found=how, address=address)


API = "https://api.github.com/repos"
OTHER = "https://github.com/o/de"
CAPTURES = (
    capture(1, Role.HTTP, "http://un.fr/", status=301),
    capture(1, Role.HTTP, "https://www.un.fr/accueil", status=200),
    capture(2, Role.CANDIDATE, STATS, found(Topic.STATISTICS, Found.DECLARED), status=200),
    capture(3, Role.CANDIDATE, "https://un.fr/chiffres/", found(Topic.STATISTICS, Found.LINK), status=302),
    capture(3, Role.CANDIDATE, "https://un.fr/tableau", found(Topic.STATISTICS, Found.LINK), status=200),
    capture(4, Role.CANDIDATE, BUDGET, found(Topic.BUDGET, Found.DECLARED), status=200),
    capture(5, Role.FORGE, f"{API}/o/un", found(Topic.REPOSITORY, Found.DECLARED, CODE), status=200),
    capture(6, Role.FORGE, f"{API}/o/de", found(Topic.REPOSITORY, Found.LINK, OTHER), status=200),
)  # fmt: skip


def changed(**fields) -> Service:
    return Service(**{name: getattr(OLD, name) for name in OLD.__slots__} | fields)


@pytest.mark.parametrize(
    "fields,rules",
    [
        ({}, ()),
        ({"name": "Autre nom", "accessibility_status": "non conforme"}, ()),
        ({"urls": ("http://www.un.fr",)}, ()),
        ({"urls": ("https://un.fr/accueil",)}, ()),  # where the old address led
        ({"urls": ("https://deux.fr",)}, NAMES),
        ({"urls": ("https://un.fr/tableau",)}, NAMES),  # seen, not as a home page
        ({"urls": ()}, ()),  # the entry alone tells that there is nothing to see
        ({"statistics_url": "https://un.fr/chiffres"}, ()),
        ({"statistics_url": "https://un.fr/tableau"}, ()),
        ({"statistics_url": "https://un.fr/autre"}, READ_BY["statistics_url"]),
        ({"statistics_url": None}, READ_BY["statistics_url"]),
        ({"budget_url": "https://pad.fr/b#deux"}, READ_BY["budget_url"]),  # another place of the same document
        ({"budget_url": None, "statistics_url": None}, READ_BY["budget_url"] | READ_BY["statistics_url"]),
        ({"repository": "https://github.com/O/De.git"}, ()),
        ({"repository": "https://github.com/o/trois"}, READ_BY["repository"]),
        ({"repository": None}, READ_BY["repository"]),
    ],
)
def test_an_address_that_was_not_visited_is_another_place(fields, rules):
    assert elsewhere(OLD, changed(**fields), CAPTURES, NAMES) == frozenset(rules)


def test_a_service_that_had_no_address_shows_nothing():
    assert elsewhere(changed(urls=()), OLD, CAPTURES[2:], NAMES) == NAMES


def marks(captures) -> dict[int, set[tuple[str, str]]]:
    return {one.number: {(each.topic.value, each.found.value) for each in one.candidates} for one in captures}


def test_a_page_found_by_a_link_may_be_the_declared_one_now():
    new = changed(statistics_url="https://un.fr/tableau")

    said = marks(redeclared(CAPTURES, OLD, new))

    assert said[3] == {("statistics", "declared")}
    assert said[2] == set(), "what is not declared any more was not looked for"
    assert said[4] == {("budget", "declared")}
    assert said[5] == {("repository", "declared")}


def test_nothing_is_marked_anew_under_the_same_addresses():
    assert redeclared(CAPTURES, OLD, changed(name="Autre")) == CAPTURES


def test_a_rule_reads_no_field_that_is_left_out():
    full = changed(
        incubators=("dinum",),
        sponsors=("dila",),
        phases=(Phase(name="construction"),),
        events=(Event(name="fast"),),
        warnings=("unknown-phase:x",),
    )

    assert as_judged(full) == OLD


LEFT_OUT = {"incubators", "sponsors", "phases", "events", "warnings"}


class Spied(Service):
    """A service that remembers which of its fields are read."""

    read: set[str] = set()  # noqa: RUF012 - shared on purpose

    def __getattribute__(self, name: str):
        if name in Service.__slots__ and name != "id":
            Spied.read.add(name)
        return super().__getattribute__(name)


def read_by_rules() -> Iterator[tuple[str, set[str]]]:
    """What each rule reads of the entry of a service whose pages are there to be judged."""
    html = (("Content-Type", "text/html"),)
    body = (
        b"<html lang=fr><title>Un</title><main>"
        + b"<p>Des usagers, des mots, des chiffres.</p>" * 40
        + b"</main></html>"
    )
    seen = tuple(
        capture(one.number, one.role, one.url, *one.candidates, status=200, headers=html, body=body)
        for one in CAPTURES
        if one.status == 200
    )
    for rule in RULES:
        Spied.read = set()
        service = Spied(**{name: getattr(OLD, name) for name in OLD.__slots__})
        trial = Trial(run="r", as_of=date(2026, 11, 23), started_at="2026-11-23T06:00:00Z")
        _, crashes = judge_service(service, PhaseGroup.CONSTRUCTION, seen, trial, [rule])
        assert not crashes
        yield rule.id, set(Spied.read)


def test_the_addresses_that_rules_read_are_those_that_are_said():
    for rule, read in read_by_rules():
        declared = {field for field, rules in READ_BY.items() if rule in rules}
        assert read & set(READ_BY) == declared, rule
        assert not read & LEFT_OUT, rule
