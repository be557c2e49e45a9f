"""What every limit promises: the one in memory, and the one in Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from bot.coordination import coordinated
from bot.limits import Limits
from bot.messages import Limit
from tests.redis_server import RedisServer

TEN_A_SECOND = Limit(messages_a_second=10, burst=3)
# Where some are taken one after the other, with no time for another token between.
TWO_A_SECOND = Limit(messages_a_second=2, burst=3)
SLACK_SECONDS = 0.02

Join = Callable[[], Awaitable[Limits]]


@pytest.fixture(params=["memory", "redis"])
async def join(request: pytest.FixtureRequest) -> AsyncIterator[Join]:
    """Another process's limits; in memory there is only one process, so the same again."""
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            only = (await stack.enter_async_context(coordinated(None))).limits

            async def join_memory() -> Limits:
                return only

            yield join_memory
            return
        server: RedisServer = request.getfixturevalue("redis")

        async def join_redis() -> Limits:
            return (await stack.enter_async_context(coordinated(server.url))).limits

        yield join_redis


async def taken_within(seconds: float, *limits: Limits) -> int:
    """How many tokens two takers of each of these get in so long."""
    ends = time.monotonic() + seconds

    async def take(each: Limits) -> int:
        tokens = 0
        while time.monotonic() < ends:
            wait = await each.take("acme", TEN_A_SECOND)
            tokens += wait == 0.0
            await asyncio.sleep(min(wait, max(0.0, ends - time.monotonic())))
        return tokens

    return sum(await asyncio.gather(*(take(each) for each in (*limits, *limits))))


async def test_a_burst_goes_at_once_and_then_the_limit_holds_for_all(join: Join) -> None:
    here, there = await join(), await join()
    assert [await here.take("burst", TWO_A_SECOND) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 0 < await there.take("burst", TWO_A_SECOND) <= 0.5 + SLACK_SECONDS
    assert 4 <= await taken_within(1.0, here, there) <= 14


async def test_a_token_is_there_when_it_was_said_to_be(join: Join) -> None:
    here = await join()
    for _ in range(3):
        await here.take("acme", TEN_A_SECOND)
    await asyncio.sleep(await here.take("acme", TEN_A_SECOND) + 0.001)
    assert await here.take("acme", TEN_A_SECOND) == 0.0


async def test_rest_fills_the_bucket_to_its_burst_and_no_further(join: Join) -> None:
    here = await join()
    for _ in range(3):
        await here.take("acme", TWO_A_SECOND)
    await asyncio.sleep(2.0)
    tokens = [await here.take("acme", TWO_A_SECOND) for _ in range(5)]
    assert tokens[:3] == [0.0, 0.0, 0.0]
    assert all(tokens[3:])


async def test_a_channel_without_a_limit_never_waits_and_channels_share_nothing(
    join: Join,
) -> None:
    here = await join()
    assert [await here.take("free", None) for _ in range(100)] == [0.0] * 100
    for _ in range(4):
        await here.take("acme", TEN_A_SECOND)
    assert await here.take("other", TEN_A_SECOND) == 0.0


async def test_a_look_takes_nothing(join: Join) -> None:
    here, there = await join(), await join()
    assert [await here.look("acme", TWO_A_SECOND) for _ in range(9)] == [0.0] * 9
    for _ in range(3):
        await here.take("acme", TWO_A_SECOND)
    assert 0 < await there.look("acme", TWO_A_SECOND) <= 0.5 + SLACK_SECONDS


async def test_what_is_given_back_is_there_again_and_a_bucket_holds_no_more_than_its_burst(
    join: Join,
) -> None:
    here, there = await join(), await join()
    slow = Limit(messages_a_second=0.001, burst=2)
    await here.give_back("acme", slow)
    assert [await here.take("acme", slow) == 0 for _ in range(3)] == [True, True, False]
    await there.give_back("acme", slow)
    assert [await here.take("acme", slow) == 0 for _ in range(2)] == [True, False]


async def test_a_pause_holds_for_all_until_its_longest_end(join: Join) -> None:
    here, there = await join(), await join()
    await here.pause("acme", 0.4)
    await there.pause("acme", 0.1)
    paused = time.monotonic()

    async def waited(limits: Limits, limit: Limit | None) -> float:
        while wait := await limits.take("acme", limit):
            assert await limits.take("other", None) == 0.0
            await asyncio.sleep(wait)
        return time.monotonic() - paused

    takers = [(limits, limit) for limits in (here, there) for limit in (None, TEN_A_SECOND)]
    for seconds in await asyncio.gather(*(waited(*taker) for taker in takers)):
        assert seconds > 0.35


async def test_while_redis_is_away_each_process_counts_for_itself(redis: RedisServer) -> None:
    async with coordinated(redis.url) as here, coordinated(redis.url) as there:
        await here.limits.pause("paused", 30)
        redis.stop()
        assert await here.limits.take("paused", None) > 20
        for process in (here, there):
            tokens = [await process.limits.take("acme", TWO_A_SECOND) for _ in range(4)]
            assert tokens[:3] == [0.0, 0.0, 0.0]
            assert tokens[3] > 0
        redis.start()
        # Emptied, it knows of no pause; who was told keeps it.
        assert await here.limits.take("paused", None) > 20
