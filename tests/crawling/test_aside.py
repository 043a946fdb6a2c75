"""What is made of visits beside the crawl."""

from __future__ import annotations

import threading

import pytest

from checks.model.service import Service
from crawler.fleet.aside import Aside


@pytest.mark.parametrize("is_hurried, made", [(False, ["a", "b", "c"]), (True, ["a"])])
def test_a_crawl_that_is_stopped_waits_for_what_is_under_way_alone(is_hurried, made):
    begun, going, seen = threading.Event(), threading.Event(), []

    def make(service: Service, _: int) -> dict[str, str]:
        begun.set()
        going.wait(10)
        seen.append(service.id)
        return {}

    aside = Aside(make)
    for name in ("a", "b", "c"):
        aside.take(Service(id=name, name=name), 1, 3)
    begun.wait(10)
    ending = threading.Thread(target=aside.end, kwargs={"is_hurried": is_hurried})
    ending.start()
    ending.join(0.2)
    assert ending.is_alive()
    going.set()
    ending.join(10)
    assert seen == made
