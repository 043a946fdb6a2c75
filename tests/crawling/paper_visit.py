"""Visits made on paper: the plan alone, against a web that is a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from checks.model.capture import Capture, FailureKind, FetchFailure
from checks.model.service import Service
from crawler.discovery.plan import DEFAULT_CEILING, STEPS, expected_requests, next_wave
from crawler.discovery.sight import Fetch, Sight
from crawler.warc import new_id

AT = datetime(2026, 11, 23, tzinfo=UTC)
HOME = "https://a.example/"
Answer = str | int | FailureKind
"""What an address does: a page (HTML), a redirect (``> URL``), a status, or a failure."""


def service(url: str | None = HOME, **fields) -> Service:
    return Service(id="a", name="A", urls=(url,) if url else (), **fields)


class Visit:
    """A visit made on paper: ``web`` says what each address does, any other answers 404."""

    def __init__(self, asked: Service, web: Mapping[str, Answer], ceiling: int = DEFAULT_CEILING) -> None:
        self.service, self.web, self.ceiling = asked, web, ceiling
        self.number = 0
        self.captures: list[Capture] = []
        self.waves: dict[str, tuple[Fetch, ...]] = {}
        for step, function in enumerate(STEPS):
            wave = next_wave(Sight(asked, tuple(self.captures)), step, ceiling - expected_requests(self.captures))
            self.waves[function.__name__] = wave
            for fetch in wave:
                self._fetch(fetch)

    def _fetch(self, fetch: Fetch) -> None:
        self.number += 1
        url, previous = fetch.url, None
        while url:
            capture = self._capture(fetch, url, previous)
            self.captures.append(capture)
            url, previous = capture.header("location"), capture.id

    def _capture(self, fetch: Fetch, url: str, previous: str | None) -> Capture:
        answer = self.web.get(url, 404)
        if answer is FailureKind.TLS and fetch.is_insecure:
            answer = self.web.get(f"insecure {url}", "")
        status, headers, body, failure = 200, [("Content-Type", "text/html")], "", None
        if isinstance(answer, FailureKind):
            status, failure = None, FetchFailure(kind=answer)
        elif isinstance(answer, int):
            status = answer
        elif answer.startswith("> "):
            status, headers = 302, [("Location", answer[2:])]
        else:
            body = answer
        return Capture(
            id=new_id(), service="a", number=self.number, role=fetch.role, method=fetch.method, url=url, at=AT, status=status,
            headers=tuple(headers), body=body.encode(), failure=failure, previous=previous,
            candidates=fetch.candidates, is_insecure=fetch.is_insecure,
        )  # fmt: skip

    def asked(self, step: str) -> list[str]:
        return [fetch.url for fetch in self.waves[step]]

    @property
    def hosts(self) -> set[str]:
        return {capture.url.split("/")[2] for capture in self.captures}
