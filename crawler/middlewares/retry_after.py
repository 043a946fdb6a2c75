from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from checks.model.address import host_of
from crawler.middlewares.archive import KEPT
from crawler.pace import SENT_AT, Pace, pace_of

DELAYS = 10
"""Delays between two requests that make the pause of a host that says "too many requests", and not for how long."""

MAX_PAUSE = 86400.0
"""Seconds; no crawl lasts longer, and a longer pause says no more."""

_REFUSALS = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_REDIRECTS = range(300, 400)
_ASKED_AGAIN = "asked_again"
_REPEATABLE = {"GET", "HEAD", "OPTIONS"}


class RetryAfterMiddleware:
    """A host that asks to wait is asked nothing by anybody before that time, and its refused request once more after it."""

    def __init__(self, pace: Pace, delay: float) -> None:
        self._pace = pace
        self._delay = delay

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfterMiddleware:
        return cls(pace_of(crawler), crawler.settings.getfloat("DOWNLOAD_DELAY"))

    def process_request(self, request: Request) -> None:
        self._pace.check(host_of(request.url))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if KEPT in response.flags:
            return response
        host = host_of(request.url)
        pause = self._pause(response)
        if pause is None:
            self._pace.answered(host)
            return response
        is_refusal = response.status in _REFUSALS
        is_waited_for = self._pace.told_to_wait(host, pause, request.meta[SENT_AT], is_refusal=is_refusal)
        if not (is_waited_for and is_refusal and request.method in _REPEATABLE) or request.meta.get(_ASKED_AGAIN):
            return response
        return request.replace(dont_filter=True, meta={**request.meta, _ASKED_AGAIN: True})

    def _pause(self, response: Response) -> float | None:
        """Seconds for which an answer asks to wait; ``None`` where it does not."""
        if response.status not in _REFUSALS and response.status not in _REDIRECTS:
            return None
        told = (response.headers.get("Retry-After") or b"").decode("latin-1")
        pause = seconds_of(told, datetime.now(UTC))
        is_limit = response.status == HTTPStatus.TOO_MANY_REQUESTS
        return DELAYS * self._delay if pause is None and is_limit else pause


def seconds_of(retry_after: str, now: datetime) -> float | None:
    """The seconds of a ``Retry-After``, a number or a date (RFC 9110 §10.2.3); ``None`` for what is neither."""
    value = retry_after.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_PAUSE)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # The oldest form of a date names no zone: it is UTC too.
    seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 0.0), MAX_PAUSE)
