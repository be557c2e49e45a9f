"""The simulated customers, against a small server that speaks Rasa's REST contract."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.customers import (
    Script,
    Step,
    Unanswered,
    connect,
    load,
    long_conversation,
    open_all,
    talk,
)

SCRIPT = Script(
    "echo", opening=(Step("open", "open"),), turns=(Step("one", "one"), Step("two", "two"))
)


class EchoBot:
    """Says back what it hears, and notes who wrote how often and how many at a time."""

    def __init__(self) -> None:
        self.messages: Counter[str] = Counter()
        self.most_at_a_time = 0
        self._at_work = 0

    async def answer(self, request: web.Request) -> web.Response:
        content = await request.json()
        if content["message"] == "break":
            return web.json_response({}, status=500)
        self.messages[content["sender"]] += 1
        self._at_work += 1
        self.most_at_a_time = max(self.most_at_a_time, self._at_work)
        await asyncio.sleep(0.001)
        self._at_work -= 1
        return web.json_response([{"recipient_id": content["sender"], "text": content["message"]}])


@pytest.fixture
def bot() -> EchoBot:
    return EchoBot()


@pytest.fixture
async def url(bot: EchoBot) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", bot.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_every_customer_waits_for_the_answer(url: str, bot: EchoBot) -> None:
    found = await load(url, SCRIPT, messages=20, concurrency=3)
    assert len(found.answers) == 36  # six conversations of six
    assert all(answer.right and answer.milliseconds > 0 for answer in found.answers)
    assert set(bot.messages.values()) == {7}  # the opening is not timed
    assert bot.most_at_a_time == 3


async def test_another_answer_is_counted_as_wrong(url: str) -> None:
    deaf = Script("deaf", turns=(Step("one", "one"), Step("two", "three")))
    found = await load(url, deaf, messages=6, concurrency=1)
    assert [answer.right for answer in found.answers] == [True, False] * 3


async def test_a_refused_message_ends_the_measurement(url: str) -> None:
    with pytest.raises(Unanswered, match="HTTP 500"):
        await load(url, Script("break", turns=(Step("break", ""),)), messages=1, concurrency=1)


async def test_refused_messages_are_counted_where_that_is_wanted(url: str) -> None:
    script = Script("break", turns=(Step("break", ""), Step("one", "one")))
    async with connect(url) as session:
        opened = await open_all(session, script, messages=6, concurrency=1)
        found = await talk(opened, script, concurrency=1, count_failures=True)
    assert [(answer.failed, answer.right) for answer in found.answers] == [
        (True, False),
        (False, True),
    ] * 3


async def test_the_neighbours_of_a_message_count_with_it(url: str, bot: EchoBot) -> None:
    found = await long_conversation(url, SCRIPT, (2, 20), around=2)
    assert {position: len(answers) for position, answers in found.items()} == {2: 4, 20: 5}
    assert list(bot.messages.values()) == [23]
