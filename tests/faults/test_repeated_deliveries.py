"""Fault 2: each delivery ten times at once, and again after a restart of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from bot.app import SERVICES
from bot.live_model import Assistant
from bot.settings import Settings
from tests.client import Visitor, Warmline
from tests.conftest import over_both_databases, serving
from tests.connectors.test_socketio import Phone, phone
from tests.faults.books import ANSWER, PLAIN, all_taken, each_answered_once
from tests.redis_server import RedisServer

TIMES = 10
T = TypeVar("T")


async def by_rest(servers: list[Warmline]) -> list[list[dict[str, Any]]]:
    """What each of ten requests was answered."""
    answers = (servers[n % len(servers)].rest("ada", PLAIN, message_id="m1") for n in range(TIMES))
    return await asyncio.gather(*answers)


async def by_widget(visitors: list[Visitor]) -> list[dict[str, Any]]:
    body = {"id": "m1", "text": PLAIN}
    found: list[dict[str, Any]] = await asyncio.gather(
        *(
            visitors[n % len(visitors)].post("/widget/messages", body, status=202)
            for n in range(TIMES)
        )
    )
    return found


def the_one(found: Sequence[T]) -> T:
    """What all of them are."""
    assert len(found) == TIMES
    assert all(each == found[0] for each in found)
    return found[0]


async def phones(stack: AsyncExitStack, servers: list[Warmline]) -> list[Phone]:
    """Ten connections of one session."""
    connected = []
    for n in range(TIMES):
        one = await stack.enter_async_context(phone(servers[n % len(servers)]))
        await one.session("ada")
        connected.append(one)
    return connected


async def say_at_once(connected: list[Phone]) -> None:
    more = {"metadata": {"message_id": "m1"}}
    await asyncio.gather(*(one.say(PLAIN, "ada", **more) for one in connected))


@over_both_databases
async def test_ten_deliveries_are_one_message_also_after_a_restart(
    settings: Settings, assistant: Assistant
) -> None:
    async with AsyncExitStack() as stack:
        warmline = await stack.enter_async_context(serving(settings, assistant))
        visitor = await warmline.visitor()
        replies = the_one(await by_rest([warmline]))
        accepted = the_one(await by_widget([visitor]))
        connected = await phones(stack, [warmline])
        await say_at_once(connected)
        heard = [await one.hear() for one in connected]
        await all_taken(warmline.app[SERVICES])
        seen = await visitor.look()
    assert replies[0]["text"].startswith(ANSWER)
    assert the_one([each["text"] for each in heard]).startswith(ANSWER)
    assert [line["in_reply_to"] for line in seen["messages"]] == [None, accepted["message"]["id"]]

    async with AsyncExitStack() as stack:
        warmline = await stack.enter_async_context(serving(settings, assistant))
        assert the_one(await by_rest([warmline])) == replies
        again = replace(visitor, client=warmline.client)
        assert the_one(await by_widget([again])) == accepted
        connected = await phones(stack, [warmline])
        await say_at_once(connected)
        # What is heard next is the answer to the next question, so the repetition had none.
        await connected[0].say("hello", "ada")
        for one in connected:
            assert (await one.hear())["text"].startswith("Hello")
            assert one.heard.empty()
        services = warmline.app[SERVICES]
        await all_taken(services)
        assert await again.look() == seen
        agent = await warmline.staff()
        mine = [line["in_reply_to"] for line in await lines_of(agent) if line["author"] == "bot"]
        await each_answered_once(services, mine)
        assert len(mine) == 4  # by REST, by the widget, by Socket.IO, and "hello"


async def lines_of(agent: Any) -> list[dict[str, Any]]:
    """Every line that staff can see, of all conversations."""
    lines: list[dict[str, Any]] = []
    for conversation in (await agent.get("/conversations"))["items"]:
        lines += (await agent.get(f"/conversations/{conversation['id']}"))["messages"]
    return lines


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_ten_deliveries_to_two_processes_are_one_message(
    settings: Settings, assistant: Assistant, redis: RedisServer
) -> None:
    shared = replace(settings, redis_url=redis.url)
    async with (
        serving(shared, assistant) as one,
        serving(shared, assistant) as other,
        AsyncExitStack() as stack,
    ):
        visitor = await one.visitor()
        replies = the_one(await by_rest([one, other]))
        assert replies[0]["text"].startswith(ANSWER)
        the_one(await by_widget([visitor, replace(visitor, client=other.client)]))
        connected = await phones(stack, [one])
        await say_at_once(connected)
        for phone_ in connected:
            assert (await phone_.hear())["text"].startswith(ANSWER)
        services = one.app[SERVICES]
        await all_taken(services)
        bot_lines = [line for line in await lines_of(await one.staff()) if line["author"] == "bot"]
        assert len(bot_lines) == 3
        await each_answered_once(services, [line["in_reply_to"] for line in bot_lines])
