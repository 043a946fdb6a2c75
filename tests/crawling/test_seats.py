"""Who shows a page next: one of the same service, else the first that came."""

from __future__ import annotations

import asyncio

from crawler.rendering.seats import Seats


def test_a_seat_goes_to_the_same_service_first_and_never_to_two():
    order, sitting, most = [], 0, 0

    async def sit(seats: Seats, service: str) -> None:
        nonlocal sitting, most
        async with seats.taken(service):
            order.append(service)
            sitting += 1
            most = max(most, sitting)
            await asyncio.sleep(0)
            sitting -= 1

    async def all_sit() -> None:
        seats = Seats(1)
        await asyncio.gather(*(sit(seats, service) for service in "abcabcab"))

    asyncio.run(all_sit())
    assert "".join(order) == "aaabbbcc"
    assert most == 1


def test_a_seat_goes_to_a_service_that_has_none():
    order = []

    async def sit(seats: Seats, service: str) -> None:
        async with seats.taken(service):
            order.append(service)
            await asyncio.sleep(0)

    async def all_sit() -> None:
        seats = Seats(2)
        await asyncio.gather(*(sit(seats, service) for service in "xyaabb"))

    asyncio.run(all_sit())
    assert "".join(order) == "xyabab"


def test_one_who_leaves_while_waiting_or_when_its_turn_comes_takes_no_seat_along():
    async def left() -> list[str]:
        seats, order = Seats(1), []

        async def sit(service: str) -> None:
            async with seats.taken(service):
                order.append(service)

        async with seats.taken("a"):
            waiting, leaving, called, last = (asyncio.create_task(sit(service)) for service in "bcde")
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.sleep(0)
            leaving.cancel()  # and its seat is left at the same moment
        await asyncio.sleep(0)
        called.cancel()  # after the seat was handed to it
        await asyncio.wait_for(last, 1)
        async with asyncio.timeout(1), seats.taken("f"):
            order.append("f")
        return order

    assert asyncio.run(left())[-2:] == ["e", "f"]
