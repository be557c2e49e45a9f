"""What every bus and turn queue promises: the ones in memory, and the ones in Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from bot.coordination import Coordination, coordinated
from bot.events import INBOX_LENGTH, Event, Subscription
from tests.client import PATIENCE_SECONDS, eventually
from tests.redis_server import RedisServer

QUIET_SECONDS = 0.3

Join = Callable[[], Awaitable[Coordination]]


@pytest.fixture(params=["memory", "redis"])
async def join(request: pytest.FixtureRequest) -> AsyncIterator[Join]:
    """Another process's bus and queue; in memory there is only one process, so the same again."""
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            only = await stack.enter_async_context(coordinated(None))

            async def join_memory() -> Coordination:
                return only

            yield join_memory
            return
        server: RedisServer = request.getfixturevalue("redis")

        async def join_redis() -> Coordination:
            return await stack.enter_async_context(coordinated(server.url))

        yield join_redis


async def soon(events: Subscription) -> Event:
    return await asyncio.wait_for(events.next(), PATIENCE_SECONDS)


async def quiet(work: Awaitable[object]) -> bool:
    """Whether nothing comes of it for a while."""
    try:
        await asyncio.wait_for(work, QUIET_SECONDS)
    except asyncio.TimeoutError:
        return True
    return False


def message(conversation_id: str, number: int) -> Event:
    return Event("message", conversation_id, {"message_id": number})


async def test_every_listener_of_every_process_is_told_in_order(join: Join) -> None:
    here, there = await join(), await join()
    with (
        here.bus.subscribe() as one,
        here.bus.subscribe() as two,
        there.bus.subscribe() as three,
    ):
        for number in range(100):
            await here.bus.publish(message("a", number))
        for events in (one, two, three):
            assert [await soon(events) for _ in range(100)] == [message("a", n) for n in range(100)]


async def test_everybody_is_told_once(join: Join) -> None:
    here = await join()
    with here.bus.subscribe() as events:
        await here.bus.publish(message("a", 1))
        assert await soon(events) == message("a", 1)
        assert await quiet(events.next())


async def test_a_listener_hears_only_what_it_wants_and_while_it_listens(join: Join) -> None:
    here, there = await join(), await join()
    await there.bus.publish(message("a", 0))
    with here.bus.subscribe(lambda event: event.conversation_id == "b") as events:
        await there.bus.publish(message("a", 1))
        await there.bus.publish(message("b", 2))
        assert await soon(events) == message("b", 2)
    await there.bus.publish(message("b", 3))
    assert await quiet(events.next())


async def test_a_slow_listener_is_told_to_start_over(join: Join) -> None:
    here, there = await join(), await join()
    with here.bus.subscribe() as slow, here.bus.subscribe(is_last) as watching:
        for number in range(INBOX_LENGTH + 10):
            await there.bus.publish(message("a", number))
        await there.bus.publish(message("a", -1))
        await soon(watching)
        assert (await soon(slow)).type == "resync"
        rest = [await soon(slow) for _ in range(10)]
        assert rest[-1] == message("a", -1)


def is_last(event: Event) -> bool:
    return event.data.get("message_id") == -1


async def test_rung_twice_it_is_looked_at_once(join: Join) -> None:
    here, there = await join(), await join()
    await here.queue.ring("a")
    await there.queue.ring("a")
    await there.queue.ring("b")
    found = {await next_of(here) for _ in range(2)}
    assert found == {"a", "b"}
    assert await quiet(there.queue.next())


async def test_rung_again_after_it_was_taken_up_it_is_looked_at_again(join: Join) -> None:
    here = await join()
    for _ in range(3):
        await here.queue.ring("a")
        assert await next_of(here) == "a"


async def test_many_takers_share_the_work_and_nothing_is_taken_twice(join: Join) -> None:
    processes = [await join(), await join()]
    found: list[str] = []

    async def take(process: Coordination) -> None:
        while True:
            found.append(await process.queue.next())

    takers = [asyncio.create_task(take(process)) for process in processes for _ in range(4)]
    rung = {str(number) for number in range(200)}
    await asyncio.gather(*(processes[int(each) % 2].queue.ring(each) for each in rung))

    async def all_found() -> bool | None:
        return len(found) >= len(rung) or None

    await eventually(all_found)
    assert await quiet(asyncio.gather(*takers))
    assert sorted(found) == sorted(rung)


async def next_of(process: Coordination) -> str:
    return await asyncio.wait_for(process.queue.next(), PATIENCE_SECONDS)
