"""Who is online: in one process, and in any of several."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.coordination import coordinated
from desk import redis_presence
from desk.presence import Presence
from desk.redis_presence import opened_presence
from tests.client import eventually
from tests.redis_server import RedisServer


@pytest.fixture(params=["memory", "redis"])
async def presences(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Presence, Presence]]:
    """Two processes' presence; in memory there is one process, so the same twice."""
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            only = await stack.enter_async_context(opened_presence(None))
            yield only, only
            return
        server: RedisServer = request.getfixturevalue("redis")
        here, there = [
            await stack.enter_async_context(
                opened_presence((await stack.enter_async_context(coordinated(server.url))).redis)
            )
            for _ in range(2)
        ]
        yield here, there


async def becomes(presence: Presence, wanted: set[str]) -> None:
    async def seen() -> bool | None:
        return await presence.online() == wanted or None

    await eventually(seen)


async def test_a_user_is_online_while_a_page_is_open_anywhere(
    presences: tuple[Presence, Presence],
) -> None:
    here, there = presences
    assert await here.online() == frozenset()
    with here.here("ann"):
        assert await here.online() == {"ann"}
        with here.here("ann"), there.here("ann"), there.here("ben"):
            for presence in presences:
                await becomes(presence, {"ann", "ben"})
        for presence in presences:
            await becomes(presence, {"ann"})
    for presence in presences:
        await becomes(presence, set())


async def test_whoever_is_no_longer_renewed_expires(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_presence, "EXPIRY_SECONDS", 1)  # and not renewed in time, as if dead
    async with (
        coordinated(redis.url) as one,
        coordinated(redis.url) as two,
        opened_presence(one.redis) as presence,
        opened_presence(two.redis) as dead,
    ):
        with dead.here("ann"):
            await becomes(presence, {"ann"})
            await becomes(presence, set())
            assert await dead.online() == {"ann"}


async def test_without_redis_each_process_knows_its_own(redis: RedisServer) -> None:
    async with (
        coordinated(redis.url) as one,
        coordinated(redis.url) as two,
        opened_presence(one.redis) as here,
        opened_presence(two.redis) as there,
    ):
        with here.here("ann"), there.here("ben"):
            await becomes(here, {"ann", "ben"})
            redis.stop()
            assert await here.online() == {"ann"}
            assert await there.online() == {"ben"}
            redis.start()
            await becomes(here, {"ann", "ben"})
