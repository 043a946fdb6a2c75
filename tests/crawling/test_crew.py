"""The processes of a crawl, fed one visit at a time, with a small script in the place of each."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from checks.model.service import Service
from crawler.fleet.crew import DEATHS, DEATHS_SINGLY, Ended, Hand, Shard
from crawler.fleet.owed import Owed

SCRIPT = """
import json, os, signal, sys

def say(**said):
    print(json.dumps(said), flush=True)

def asked():
    say(wants=1)
    said = json.loads(sys.stdin.readline() or '{"end": true}')
    return None if said.get("end") else said["service"]["id"]

def visited(name):
    say(visited=name, visit=1)
    say(judged=name, visit=1, line={"service": name})

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def end():
    say(crashes=0, requests=1, disk_error=None)
    sys.exit(0)
"""
ONE_BY_ONE = """
while name := asked():
    if name.startswith("poison"):
        die()
    say(missed=name, visit=1) if name.startswith("crash") else visited(name)
end()
"""
ALL_AT_ONCE = """
names = []
while name := asked():
    names.append(name)
    if len(names) == 3:
        die() if any(name.startswith("poison") for name in names) else [visited(name) for name in names]
        names = []
[visited(name) for name in names]
end()
"""
NOTHING = "die()"
TORN = """
name = asked()
visited(name)
asked()
os.write(1, b'{"judged": "cut')
die()
"""
FULL = """
asked()
say(crashes=0, requests=1, disk_error="no space left")
sys.exit(1)
"""


def shard(*names: str, **how: Any) -> tuple[Shard, list[str]]:
    made: list[str] = []
    owed = [Owed(service=Service(id=name, name=name)) for name in names]
    return Shard(owed, lambda one, line: made.append(f"{one.service.id}={line['service']}"), **how), made


def hand(script: str, following: Callable[[], Any]) -> Hand:
    return Hand((sys.executable, "-c", SCRIPT + script), following)


def worked(script: str, shards: Sequence[Shard]) -> list[Ended]:
    left = list(shards)

    async def following() -> Shard | None:
        return left.pop(0) if left else None

    async def once() -> list[Ended]:
        return await asyncio.wait_for(hand(script, following).work(), 30)

    return asyncio.run(once())


def ids(owed: Sequence[Owed]) -> list[str]:
    return [one.service.id for one in owed]


def test_a_process_makes_one_shard_after_the_other():
    (first, made), (second, made_later), (empty, _) = shard("a", "b"), shard("c"), shard()
    ends = worked(ONE_BY_ONE, [first, empty, second])
    assert ends == [Ended(said={"crashes": 0, "requests": 1, "disk_error": None}, is_finished=True)]
    assert (made, made_later) == (["a=a", "b=b"], ["c=c"])
    assert all(one.is_over.is_set() for one in (first, second, empty))


def test_a_death_costs_what_was_under_way_and_another_process_goes_on():
    first, made = shard("a", "poison", "b", "crash", "c")
    ends = worked(ONE_BY_ONE, [first])
    assert [end.is_finished for end in ends] == [False, True]
    assert made == ["a=a", "b=b", "c=c"]
    assert (ids(first.lost), ids(first.missed)) == (["poison"], ["crash"])


def test_those_that_died_beside_one_are_lost_with_it_but_not_if_each_is_alone():
    beside, _ = shard("a", "poison", "b", "c")
    worked(ALL_AT_ONCE, [beside])
    assert ids(beside.lost) == ["a", "poison", "b"]
    alone, made = shard("a", "poison", "b", "c", at_once=1)
    worked(ONE_BY_ONE, [alone])
    assert (ids(alone.lost), made) == (["poison"], ["a=a", "b=b", "c=c"])


def test_processes_that_do_nothing_but_die_are_not_started_for_ever():
    first, made = shard("a", "b")
    ends = worked(NOTHING, [first])
    assert len(ends) == DEATHS
    assert not first.is_over.is_set(), "nobody asked for it"
    assert made == []


def test_so_many_poisons_in_a_row_are_told_from_a_machine_that_does_not_work():
    many = [f"poison-{number}" for number in range(DEATHS_SINGLY - 1)]
    first, made = shard(*many, "a", at_once=1)
    worked(ONE_BY_ONE, [first])
    assert (ids(first.lost), made) == (many, ["a=a"])
    rest, _ = shard(*many, "poison", "a")
    worked(ONE_BY_ONE, [rest])
    assert len(rest.lost) == len(many) + 2, "the rest is given up"
    assert rest.is_over.is_set()


def test_a_line_that_a_death_cut_is_not_read():
    first, made = shard("a", "b")
    worked(TORN, [first])
    assert made[0] == "a=a"
    assert first.is_over.is_set()


def test_a_process_that_says_why_it_ends_is_not_started_again():
    first, _ = shard("a", "b")
    (end,) = worked(FULL, [first])
    assert end.said["disk_error"] == "no space left"
    assert ids(first.lost) == ["a", "b"]


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_shard_alone_begins_once_the_others_are_over_even_by_a_death(is_alone):
    """The process dies while the next shard waits for the end of the one before: that one is not forgotten."""
    script = """
name = asked()
if name == "slow":
    say(wants=1)
    import time; time.sleep(0.5)
    die()
visited(name)
while name := asked():
    visited(name)
end()
"""
    (first, _), (second, made) = shard("slow"), shard("a", "b", is_alone=is_alone, at_once=10 if is_alone else None)
    worked(script, [first, second])
    assert ids(first.lost) == ["slow"]
    assert second.is_over.is_set()
    assert sorted([*made, *(f"{name}={name}" for name in ids(second.lost))]) == ["a=a", "b=b"]
    assert (made == ["a=a", "b=b"]) is is_alone


def test_an_idle_process_that_dies_leaves_the_question_to_the_next(tmp_path):
    mark = str(tmp_path / "died")
    script = f"""
say(wants=1)
if not os.path.exists({mark!r}):
    open({mark!r}, "w")
    die()
visited(json.loads(sys.stdin.readline())["service"]["id"])
asked()
end()
"""

    async def told() -> tuple[list[str], int]:
        has_more, count = asyncio.Event(), 0
        first, made = shard("a")

        async def following() -> Shard | None:
            nonlocal count
            count += 1
            await asyncio.wait_for(has_more.wait(), 10)
            return first if count == 1 else None

        work = asyncio.create_task(hand(script, following).work())
        await asyncio.sleep(0.6)
        has_more.set()
        await asyncio.wait_for(work, 20)
        return made, count

    assert asyncio.run(told()) == (["a=a"], 2)


def test_a_hand_that_is_stopped_stops_its_process():
    async def stopped() -> bool:
        first, _ = shard("a")
        script = "asked()\nsys.stdin.read()\nsys.exit(0)"

        async def following() -> Shard | None:
            return first

        work = asyncio.create_task(hand(script, following).work())
        await asyncio.sleep(0.5)
        work.cancel()
        await asyncio.wait_for(asyncio.gather(work, return_exceptions=True), 5)
        return work.cancelled()

    assert asyncio.run(stopped())


def test_an_error_where_shards_come_from_ends_the_hand():
    async def following() -> Shard | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(asyncio.wait_for(hand(ONE_BY_ONE, following).work(), 20))


def test_owed_visits_travel_as_lines():
    owed = Owed(service=Service(id="a", name="a", urls=("https://a.example/",)), visit=2)
    assert Owed.from_json(json.loads(json.dumps(owed.to_json()))) == owed
