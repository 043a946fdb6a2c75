"""Seats, pauses and refusals, one by one; ``test_politeness`` counts them at the server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from checks.model.capture import FailureKind, FetchFailure
from crawler.failures import FetchFailedError
from crawler.middlewares.retry_after import MAX_PAUSE, seconds_of
from crawler.pace import TRIES, Pace
from crawler.pauses import Pauses

FAILURE = FetchFailure(kind=FailureKind.RESET)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "retry_after, seconds",
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 23 Nov 2026 06:00:30 GMT", 30),
        ("Monday, 23-Nov-26 06:00:30 GMT", 30),
        ("Mon Nov 23 06:00:30 2026", 30),
        ("Mon, 23 Nov 2026 07:00:30 +0100", 30),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("999999999", MAX_PAUSE),
        ("9" * 5000, MAX_PAUSE),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_PAUSE),
        *[(value, None) for value in ("", "-5", "1.5", "+5", "٣", "soon", "120, 120", "Mon, 99 Nov 2026 06:00:30 GMT")],
        *[(f"06 Nov 1994 08:49:37 +{offset}", None) for offset in ("9999", "9" * 20)],
    ],
)
def test_what_a_retry_after_asks(retry_after, seconds):
    assert seconds_of(retry_after, NOW) == seconds


class Clock:
    def __init__(self, monkeypatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("crawler.pace.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


def is_left_alone(pace: Pace, host: str) -> bool:
    try:
        pace.check(host)
    except FetchFailedError as error:
        return error.failure.kind is FailureKind.TOLD_TO_WAIT
    return False


def test_a_short_pause_is_waited_for_and_a_long_one_is_not(clock):
    pace = Pace(longest_pause=30)
    assert pace.told_to_wait("a.example", 30, clock.now)
    assert pace.is_pausing("a.example")
    assert not is_left_alone(pace, "a.example")
    assert not pace.told_to_wait("b.example", 31, clock.now)
    assert is_left_alone(pace, "b.example")
    assert is_left_alone(pace, "b.example.")
    assert not pace.is_pausing("c.example")


def test_a_host_is_left_alone_until_the_end_of_its_pause(clock):
    pace = Pace(longest_pause=30)
    pace.told_to_wait("a.example", 60, clock.now)
    assert not pace.told_to_wait("a.example", 1, clock.now - 1)  # an answer to what left before
    clock.now += 59.9
    assert is_left_alone(pace, "a.example")
    clock.now += 0.2
    assert not is_left_alone(pace, "a.example")
    pace.answered("a.example")
    assert pace.told_to_wait("a.example", 5, clock.now)


def test_a_host_that_insists_after_a_pause_is_not_waited_for_again(clock):
    pace = Pace(longest_pause=30)
    assert pace.told_to_wait("a.example", 5, clock.now)
    assert pace.told_to_wait("a.example", 5, clock.now - 1)  # two were under way: that is one refusal
    clock.now += 6
    assert not pace.told_to_wait("a.example", 5, clock.now)
    assert is_left_alone(pace, "a.example")
    clock.now += 6
    assert not is_left_alone(pace, "a.example")
    assert not pace.told_to_wait("a.example", 5, clock.now)


def test_redirects_that_ask_to_wait_do_not_insist(clock):
    pace = Pace(longest_pause=30)
    for _ in range(3):
        assert pace.told_to_wait("a.example", 1, clock.now, is_refusal=False)
        clock.now += 2


def test_a_host_has_no_more_patience_of_ours_than_a_crawl_can_spare(clock):
    pace = Pace(longest_pause=30)
    spent = 0.0
    while pace.told_to_wait("a.example", 20, clock.now):
        spent += 20
        clock.now += 21
        pace.answered("a.example")
    assert spent == TRIES * 30
    assert pace.told_to_wait("b.example", 20, clock.now)


def most_at_once(pace: Pace, turns: list[dict[str, str | None]]) -> int:
    """Of requests that all want to leave at once, each of which takes a moment; one in three fails."""
    busy, most = 0, 0

    async def one(rank: int, turn: dict[str, str | None]) -> None:
        nonlocal busy, most
        async with pace.turn(**turn):
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.002)
            busy -= 1
            if rank % 3 == 0:
                raise FetchFailedError(FAILURE)

    async def all_of_them() -> None:
        async with asyncio.timeout(20):
            ended = await asyncio.gather(*(one(*pair) for pair in enumerate(turns)), return_exceptions=True)
        assert all(result is None or isinstance(result, FetchFailedError) for result in ended)

    asyncio.run(all_of_them())
    return most


def test_a_host_has_two_seats_whatever_is_asked_of_it():
    pace = Pace()
    assert most_at_once(pace, [{"host": "a.example", "line": f"{kind}"} for kind in range(30)]) == 2
    assert pace.sent == 30


def test_processes_side_by_side_share_the_pace_of_the_hosts_of_others(tmp_path):
    pace = Pace()
    pace.share(2, tmp_path / "seats")
    pace.own("www.a.example")
    assert most_at_once(pace, [{"host": "a.example", "line": f"{kind}"} for kind in range(30)]) == 2
    assert most_at_once(pace, [{"host": "forge.example", "line": f"{kind}"} for kind in range(30)]) == 1

    async def spent(host: str) -> float:
        started = asyncio.get_running_loop().time()
        for _ in range(3):
            async with pace.turn(host, line=f"{host} 2", delay=0.1):
                pass
        return asyncio.get_running_loop().time() - started

    assert 0.2 <= asyncio.run(spent("a.example")) < 0.4
    assert asyncio.run(spent("forge.example")) >= 0.4


def test_processes_side_by_side_have_two_seats_together(tmp_path):
    paces = [Pace() for _ in range(3)]
    for pace in paces:
        pace.share(3, tmp_path / "seats")

    async def taken() -> None:
        first, second, third = (pace.turn("forge.example") for pace in paces)
        async with first:
            async with second, paces[2].turn("other.example"):
                waiting = asyncio.create_task(third.__aenter__())
                await asyncio.sleep(0.3)
                assert not waiting.done()
            await asyncio.wait_for(waiting, 5)
            await third.__aexit__(None, None, None)

    asyncio.run(taken())


def test_a_machine_has_eight_seats_whatever_the_number_of_hosts():
    hosts = [{"host": f"{number}.example", "address": "192.0.2.1"} for number in range(40)]
    assert most_at_once(Pace(), hosts) == 8
    elsewhere = [{"host": f"{number}.example", "address": f"192.0.2.{number}"} for number in range(40)]
    assert most_at_once(Pace(), elsewhere) > 8
    behind_a_proxy = [{"host": f"{number}.example"} for number in range(40)]
    assert most_at_once(Pace(), behind_a_proxy) > 8


def test_who_gives_up_waiting_takes_no_seat_away():
    async def given_up() -> None:
        pace = Pace(host_seats=1, machine_seats=1)

        async def turn(host: str) -> None:
            async with pace.turn(host, address="192.0.2.1"):
                await asyncio.sleep(60)

        tasks = [asyncio.create_task(turn(host)) for host in ("a.example", "a.example", "b.example")]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5), pace.turn("a.example", address="192.0.2.1"):
            pass

    asyncio.run(given_up())


def test_who_waits_for_a_host_that_is_to_be_left_alone_gives_its_seats_back():
    """The host asks to wait while another of its requests stands in the queue of the machine."""

    async def told() -> None:
        pace = Pace(machine_seats=1)
        async with pace.turn("b.example", address="192.0.2.1"):
            waiting = asyncio.create_task(left(pace))
            await asyncio.sleep(0.01)
            pace.told_to_wait("a.example", 3600, 0.0)
        with pytest.raises(FetchFailedError, match="3600 s"):
            await waiting
        async with asyncio.timeout(5), pace.turn("c.example", address="192.0.2.1"):
            pass

    async def left(pace: Pace) -> None:
        async with pace.turn("a.example", address="192.0.2.1"):
            pytest.fail("sent to a host that asked to be left alone")

    asyncio.run(told())


def test_a_seat_is_not_kept_for_a_host_that_pauses():
    async def paused() -> None:
        pace, left = Pace(host_seats=1, machine_seats=1), []

        async def leave(host: str) -> None:
            async with pace.turn(host, address="192.0.2.1"):
                left.append(host)

        async with pace.turn("b.example", address="192.0.2.1"):
            waiting = [asyncio.create_task(leave(host)) for host in ("a.example", "c.example")]
            await asyncio.sleep(0.01)
            pace.told_to_wait("a.example", 0.05, 0.0)
        async with asyncio.timeout(5):
            await asyncio.gather(*waiting)
        assert left == ["c.example", "a.example"]

    asyncio.run(paused())


def test_a_line_leaves_one_after_the_other():
    async def leaving() -> list[float]:
        pace, left = Pace(), []

        async def one() -> None:
            async with pace.turn("a.example", line="a.example", delay=0.03) as sent_at:
                left.append(sent_at)

        await asyncio.gather(*(one() for _ in range(4)))
        return left

    left = asyncio.run(leaving())
    assert min(later - sooner for sooner, later in pairwise(left)) >= 0.03


def test_pauses_outlive_the_crawl(tmp_path, clock, monkeypatch):
    now = 5000.0
    monkeypatch.setattr("crawler.pauses.time.time", lambda: now)
    path = tmp_path / "pauses.jsonl"
    first = Pace()
    first.keep(Pauses(path))
    for host, seconds in (("long.example", 3600), ("short.example", 10), ("over.example", 100)):
        first.told_to_wait(host, seconds, clock.now)
    with path.open("a") as file:
        file.write('{"host": "coupé.ex\n[]\n')
    now += 200
    second = Pace()
    second.keep(Pauses(path))
    assert {host: is_left_alone(second, host) for host in ("long.example", "short.example", "over.example")} == {
        "long.example": True,
        "short.example": False,
        "over.example": False,
    }
    assert list(Pauses(path).news()) == [("long.example", 3400.0)]
    now -= 9999  # the clock went back
    assert dict(Pauses(path).news())["long.example"] == 3600


def test_a_pause_is_heard_by_the_processes_beside(tmp_path):
    paces = [Pace(), Pace()]
    for pace in paces:
        pace.share(2, tmp_path / "seats")
        pace.keep(Pauses(tmp_path / "pauses.jsonl"))
    assert not is_left_alone(paces[1], "long.example")
    paces[0].told_to_wait("long.example", 3600, 0.0)
    assert is_left_alone(paces[1], "long.example")
    with (tmp_path / "pauses.jsonl").open("a") as file:
        file.write('{"host": "half.example", "seco')
        file.flush()
        assert not is_left_alone(paces[1], "half.example")
        file.write('nds": 3600, "at": 1e12}\n')
        file.flush()
        assert is_left_alone(paces[1], "half.example")
    assert [*Pauses(tmp_path / "pauses.jsonl").news()][1:] == [("half.example", 3600.0)]
