"""Two composition roots over one database and one Redis, as two processes would be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.app import SERVICES, working
from bot.assistant.reply import (
    AssistantReply,
    CustomerMessage,
    Memory,
    ReplyMessage,
    Understanding,
)
from bot.jobs import GRACE_SECONDS
from bot.ledger import Ledger
from bot.live_model import Assistant
from bot.redis_link import RedisLink
from bot.redis_turns import RedisTurnQueue
from bot.redis_workers import Workers
from bot.settings import Settings
from tests.client import Visitor, Warmline, eventually
from tests.conftest import serving
from tests.connectors.test_socketio import phone
from tests.desk.test_live import watching
from tests.redis_server import RedisServer

SOON_SECONDS = 8.0  # less than what a REST request would wait for an event that never came
DRAINED_SECONDS = 120.0
CROWD = 20

# One process is all SQLite allows.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Counting:
    """An assistant that says how often it was asked, and may think for a while first."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.model = assistant.model
        self.slot_names = assistant.slot_names
        self.intents = assistant.intents
        self.domain_slots = assistant.domain_slots
        self.entities = assistant.entities
        self.replies = 0
        self.thinks_seconds = 0.0

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        self.replies += 1
        await asyncio.sleep(self.thinks_seconds)
        return await self._assistant.reply(conversation_id, message, memory, ledger)

    async def observe(
        self, conversation_id: str, message: CustomerMessage, memory: Memory
    ) -> AssistantReply:
        return await self._assistant.observe(conversation_id, message, memory)

    async def resume(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        return await self._assistant.resume(conversation_id, message, memory, ledger)

    async def read(self, text: str) -> Understanding:
        return await self._assistant.read(text)

    async def words(
        self, response: str, channel: str, values: Mapping[str, Any] | None = None
    ) -> ReplyMessage | None:
        return await self._assistant.words(response, channel, values or {})

    def close(self) -> None:
        self._assistant.close()


@dataclass(frozen=True, slots=True)
class Shop:
    """A serving process and a worker beside it, and who of them answered."""

    warmline: Warmline
    serving: Counting
    worker: Counting


@pytest.fixture
def shared(settings: Settings, redis: RedisServer) -> Settings:
    return replace(settings, redis_url=redis.url)


@pytest.fixture
async def shop(shared: Settings, assistant: Assistant) -> AsyncIterator[Shop]:
    here, beside = Counting(assistant), Counting(assistant)
    async with serving(shared, here) as warmline, working(shared, assistant=beside):
        assert shared.redis_url is not None
        link = RedisLink(shared.redis_url)

        async def worker_is_here() -> bool | None:
            return await Workers(link).any_here() or None

        await eventually(worker_is_here)
        await link.aclose()
        yield Shop(warmline, here, beside)


@pytest.fixture
async def only_worker(shop: Shop) -> Shop:
    """The serving process takes up no turn, so that the worker has to."""
    await take_no_turns(shop.warmline)
    return shop


async def take_no_turns(warmline: Warmline) -> None:
    queue = warmline.app[SERVICES].queue
    assert isinstance(queue, RedisTurnQueue)
    await queue.stop()


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


async def ask_all(crowd: list[Visitor]) -> list[list[str]]:
    """Everybody asks at once; what each was answered, and that it was once."""
    asked = await asyncio.gather(*(visitor.say("when are you open?") for visitor in crowd))

    async def answers(visitor: Visitor, message_id: str) -> list[str]:
        ends = time.monotonic() + DRAINED_SECONDS
        while time.monotonic() < ends:
            lines = (await visitor.look())["messages"]
            said = [line["text"] for line in lines if line["in_reply_to"] == message_id]
            if said:
                return said
            await asyncio.sleep(0.1)
        raise AssertionError("not answered in time")

    return await asyncio.gather(
        *(answers(*one) for one in zip(crowd, [each["id"] for each in asked], strict=True))
    )


async def test_rest_answers_what_another_process_took(only_worker: Shop) -> None:
    for number in range(5):
        async with within(SOON_SECONDS):
            (reply,) = await only_worker.warmline.rest(f"sender-{number}", "when are you open?")
        assert reply["text"].startswith("Our shop")
    assert (only_worker.serving.replies, only_worker.worker.replies) == (0, 5)


async def test_the_widget_is_told_what_another_process_answered(only_worker: Shop) -> None:
    visitor = await only_worker.warmline.visitor()
    asked = await visitor.say("when are you open?")
    async with within(SOON_SECONDS):
        seen = await visitor.look(after=asked["seq"], wait=20)
        while not seen["messages"]:
            seen = await visitor.look(after=asked["seq"], wait=20, version=seen["version"])
    assert seen["messages"][0]["in_reply_to"] == asked["id"]
    assert only_worker.serving.replies == 0


async def test_a_connection_gets_what_another_process_answered(
    shared: Settings, assistant: Assistant
) -> None:
    # Of two serving processes either may take the turn and find nobody to send to.
    async with (
        serving(shared, assistant) as one,
        serving(shared, assistant) as other,
        phone(one) as ada,
        phone(other) as ben,
    ):
        await ada.session("ada")
        await ben.session("ben")
        for _ in range(5):
            for customer, name in ((ada, "ada"), (ben, "ben")):
                async with within(SOON_SECONDS):
                    await customer.say("when are you open?", name)
                    assert (await customer.hear())["text"].startswith("Our shop")
        await take_no_turns(one)
        async with within(SOON_SECONDS):
            await ada.say("when are you open?", "ada")
            assert (await ada.hear())["text"].startswith("Our shop")


async def test_the_worker_takes_the_turns_and_the_serving_process_stands_back(shop: Shop) -> None:
    crowd = [await shop.warmline.visitor() for _ in range(CROWD)]

    async def all_by_the_worker() -> bool | None:
        before = shop.serving.replies
        assert all(len(said) == 1 for said in await ask_all(crowd))
        return shop.serving.replies == before or None

    await eventually(all_by_the_worker)  # it may have been waiting for a turn since before
    assert shop.worker.replies


async def test_without_a_worker_the_serving_processes_take_the_turns(
    shared: Settings, assistant: Assistant
) -> None:
    async with serving(shared, assistant) as warmline:
        crowd = [await warmline.visitor() for _ in range(3)]
        async with within(SOON_SECONDS):
            assert all(len(said) == 1 for said in await ask_all(crowd))
        async with working(shared, assistant=assistant):
            await ask_all(crowd)
        # The last worker has stopped: after a moment without one it is as before.
        async with within(SOON_SECONDS):
            assert all(len(said) == 1 for said in await ask_all(crowd))


async def test_redis_is_stopped_and_started_under_load(shop: Shop, redis: RedisServer) -> None:
    crowd = [await shop.warmline.visitor() for _ in range(CROWD)]
    for disturb in (redis.stop, redis.start, redis.flush):
        answering = asyncio.create_task(ask_all(crowd))
        await asyncio.sleep(0.2)
        disturb()
        assert all(len(said) == 1 for said in await answering)
        async with within(SOON_SECONDS):
            assert await shop.warmline.rest("ada", "when are you open?")
    assert shop.serving.replies + shop.worker.replies == 3 * CROWD + 3
    # In a moment the other process is told again, and tells.
    await take_no_turns(shop.warmline)

    async def worker_answers() -> bool | None:
        before = shop.worker.replies
        async with within(SOON_SECONDS):
            assert await shop.warmline.rest("ada", "when are you open?")
        return shop.worker.replies > before or None

    await eventually(worker_answers)


async def test_an_agent_is_seen_online_by_colleagues_at_another_process(
    shared: Settings, assistant: Assistant
) -> None:
    async with serving(shared, assistant) as one, serving(shared, assistant) as other:
        agent, lead = await one.staff(), await other.staff("lead@demo.test")

        async def agent_is_online() -> bool | None:
            people = (await lead.get("/users"))["items"]
            return {each["id"]: each["online"] for each in people}[agent.user["id"]] or None

        assert not await agent_is_online()
        async with watching(one, agent):
            await eventually(agent_is_online)


async def test_a_worker_that_stops_finishes_the_turn_at_hand(
    shared: Settings, assistant: Assistant
) -> None:
    slow = Counting(assistant)
    slow.thinks_seconds = GRACE_SECONDS + 1
    async with serving(shared, assistant) as warmline:
        await take_no_turns(warmline)
        visitor = await warmline.visitor()
        async with working(shared, assistant=slow):
            asked = await visitor.say("when are you open?")

            async def begun() -> bool | None:
                return slow.replies > 0 or None

            await eventually(begun)
        (answer,) = (await visitor.look(after=asked["seq"]))["messages"]
        assert answer["in_reply_to"] == asked["id"]
        assert slow.replies == 1
