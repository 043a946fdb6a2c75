"""Long bodies are put away while a visit goes on, and its plan is the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checks.model.service import Service
from crawler import shelf
from crawler.archive import Archive
from crawler.discovery.sight import Fetch
from crawler.visit import Answer, Visit

LONG = f"<!-- {'a' * shelf.LONG} -->".encode()
HTML = [("Content-Type", "text/html")]
PAGES = {
    "/": b"<a href='/accessibilite'>Accessibilite</a><a href='/stats'>Statistiques</a>",
    "/accessibilite": b"<a href='/declaration'>Declaration d'accessibilite du site</a>",
}


def visit_of(archive: Archive | None) -> Visit:
    return Visit(service=Service(id="a", name="A", urls=("https://a.example/",)), archive=archive, ceiling=30)


def fetches(visit: Visit) -> list[Fetch]:
    """All that a visit asks of a site whose pages are long."""
    asked = []
    while tickets := visit.next_tickets():
        for ticket in tickets:
            asked.append(ticket.fetch)
            path = ticket.fetch.url.partition(".example")[2]
            body = PAGES.get(path, b"<p>Rien") + LONG
            visit.keep_answer(ticket, ticket.fetch.url, Answer(status=200, headers=HTML, raw_body=body))
    return asked


@pytest.fixture
def put_away(tmp_path) -> Iterator[Visit]:
    visit = visit_of(Archive(tmp_path / "a.warc.gz", "Toise/test"))
    yield visit
    visit._shelf.clear()


def test_the_plan_does_not_notice(put_away):
    held = visit_of(None)
    assert fetches(put_away) == fetches(held)
    assert any(fetch.url.endswith("/declaration") for fetch in fetches(visit_of(None)))
    assert sum(len(capture.body) for capture in put_away.captures) == 0
    assert [put_away.capture(one.id).body for one in put_away.captures] == [one.body for one in held.captures]


def test_short_bodies_stay_and_those_of_a_visit_that_is_over_are_gone(put_away, tmp_path):
    [ticket] = put_away.next_tickets()
    put_away.keep_answer(ticket, ticket.fetch.url, Answer(status=200, headers=HTML, raw_body=b"<p>Court"))
    assert [capture.body for capture in put_away.captures] == [b"<p>Court"]
    put_away.complete()
    assert [path.name for path in tmp_path.iterdir()] == ["a.warc.gz"]


def test_no_more_is_read_back_at_once_than_may_be(put_away, monkeypatch):
    monkeypatch.setattr(shelf, "AT_ONCE", 3 * len(LONG))
    assert fetches(put_away)
    read = [capture.body for capture in put_away._shelf.take_all(put_away.captures)]
    assert [bool(body) for body in read] == [True, True] + [False] * (len(read) - 2)
    shuffled = put_away._shelf.take_all(reversed(put_away.captures))
    assert [capture.body for capture in shuffled] == read
