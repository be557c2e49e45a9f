"""Who else has a conversation open, between pages of one process and of two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timezone

import pytest

from bot.coordination import coordinated
from bot.events import EventBus, MemoryEventBus
from bot.jobs import end
from bot.records import User
from desk.looking import FORGOTTEN_SECONDS, Looking, Page
from tests.client import eventually
from tests.redis_server import RedisServer


@pytest.fixture(params=["memory", "redis"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[tuple[EventBus, EventBus]]:
    """Two processes' buses; in memory there is one process, so the same twice."""
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            only = MemoryEventBus()
            yield only, only
            return
        server: RedisServer = request.getfixturevalue("redis")
        here, there = [
            (await stack.enter_async_context(coordinated(server.url))).bus for _ in range(2)
        ]
        yield here, there


@asynccontextmanager
async def opened(page: Page) -> AsyncIterator[Page]:
    """A page that hears the others, as its socket does."""

    async def listen() -> None:
        with page.bus.subscribe(page.concerns) as events:
            while True:
                await page.hear(await events.next())

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0)
    try:
        yield page
    finally:
        await end(listening)


def user(name: str) -> User:
    return User(name, f"{name}@shop.test", name, "agent", "", datetime.now(timezone.utc))


async def becomes(page: Page, **wanted: bool) -> None:
    """Until it names these colleagues, and whether they write."""

    async def seen() -> bool | None:
        return {one.name: one.writing for one in page.colleagues()} == wanted or None

    await eventually(seen)


async def test_who_opens_it_and_who_has_it_open_see_each_other(
    buses: tuple[EventBus, EventBus],
) -> None:
    here, there = buses
    async with opened(Page(here, user("ann"))) as ann, opened(Page(there, user("ben"))) as ben:
        await ann.show(Looking(conversation_id="c1"))
        await ben.show(Looking(conversation_id="c1"))
        await becomes(ann, ben=False)
        await becomes(ben, ann=False)
        await ben.show(Looking(conversation_id="c1", writing=True))
        await becomes(ann, ben=True)
        await ben.show(Looking(conversation_id="c2"))
        await becomes(ann)
        await becomes(ben)


async def test_one_agents_pages_are_one_colleague_until_the_last_is_closed() -> None:
    bus = MemoryEventBus()
    async with (
        opened(Page(bus, user("ann"))) as ann,
        opened(Page(bus, user("ben"))) as ben,
        opened(Page(bus, user("ben"))) as twin,
    ):
        for page in (ann, ben, twin):
            await page.show(Looking(conversation_id="c1"))
        await twin.show(Looking(conversation_id="c1", writing=True))
        await becomes(ann, ben=True)
        await becomes(ben, ann=False)
        await twin.leave()
        await becomes(ann, ben=False)
        await ben.leave()
        await becomes(ann)


async def test_who_says_nothing_any_more_is_forgotten() -> None:
    bus, time = MemoryEventBus(), [0.0]
    async with opened(Page(bus, user("ann"), clock=lambda: time[0])) as ann:
        await ann.show(Looking(conversation_id="c1"))
        await Page(bus, user("ben")).show(Looking(conversation_id="c1"))
        await becomes(ann, ben=False)
        time[0] += FORGOTTEN_SECONDS
        assert ann.colleagues() == []
