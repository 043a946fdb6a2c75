from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from checks.model.capture import Capture, Role
from crawler.discovery.once import once_a_page

PAGE = Capture(
    id="<urn:uuid:1>", service="a", number=1, role=Role.HOME, url="https://a.example/", at=datetime(2026, 11, 23, tzinfo=UTC)
)  # fmt: skip


def test_a_page_is_read_once_for_each_thing_that_is_asked():
    reads = []
    told = once_a_page(lambda page, asked: reads.append((page.body, asked)))
    for page, asked in ((PAGE, 1), (PAGE, 1), (PAGE, 2), (replace(PAGE, body=b"x"), 1)):
        told(page, asked)
    assert reads == [(b"", 1), (b"", 2), (b"x", 1)]


def test_what_is_remembered_is_no_more_than_its_limit_whatever_one_page_says():
    reads = []
    told = once_a_page(lambda page: reads.append(page.id) or page.id * 10, remembered=60, size=len)
    for name in ("a", "b", "a", "c" * 10, "c" * 10, "a"):
        told(replace(PAGE, id=name))
    assert reads == ["a", "b", "c" * 10, "a"]
