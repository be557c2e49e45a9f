"""Rasa's Socket.IO contract, spoken by the real client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import socketio

from tests.client import PATIENCE_SECONDS, Staff, Warmline, eventually


class Phone:
    """A Rasa widget: connects, says, and keeps what it hears."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.confirmed: asyncio.Queue[str] = asyncio.Queue()
        self.refused: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        client.on("bot_uttered", self.heard.put)
        client.on("session_confirm", self.confirmed.put)
        client.on("error", self.refused.put)

    async def session(self, session_id: str | None = None) -> str:
        await self.client.emit(
            "session_request", {"session_id": session_id} if session_id else None
        )
        return await asyncio.wait_for(self.confirmed.get(), PATIENCE_SECONDS)

    async def say(self, text: object, session_id: str, **more: object) -> None:
        await self.client.emit("user_uttered", {"message": text, "session_id": session_id, **more})

    async def hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.heard.get(), PATIENCE_SECONDS)


@asynccontextmanager
async def phone(
    warmline: Warmline, *transports: str, origin: str | None = None
) -> AsyncIterator[Phone]:
    # Of our own: the client's stays open where it is refused.
    async with aiohttp.ClientSession() as session:
        client = socketio.AsyncClient(reconnection=False, http_session=session)
        connected = Phone(client)
        await client.connect(
            str(warmline.client.make_url("/")),
            headers={"Origin": origin} if origin else {},
            transports=transports or ["websocket"],
        )
        try:
            yield connected
        finally:
            await client.disconnect()


async def taken_over(warmline: Warmline) -> tuple[Staff, str]:
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    at = f"/conversations/{handoff['conversation_id']}"
    await agent.post(f"{at}/claim")
    return agent, at


async def test_a_session_is_confirmed_with_its_own_id_or_a_new_one(warmline: Warmline) -> None:
    async with phone(warmline) as one:
        assert await one.session("ada") == "ada"
        made = await one.session()
        assert made
        assert made != await one.session()


async def test_what_is_said_is_answered_with_quick_replies(warmline: Warmline) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        await one.say("hello", "ada")
        answer = await one.hear()
        assert answer["text"].startswith("Hello")
        titles = [reply["title"] for reply in answer["quick_replies"]]
        assert "Opening hours" in titles
        assert {reply["content_type"] for reply in answer["quick_replies"]} == {"text"}
        payload = next(r["payload"] for r in answer["quick_replies"] if r["title"] == titles[1])
        await one.say(payload, "ada")
        assert (await one.hear())["text"].startswith("Our shop")


@pytest.mark.parametrize("transports", [("polling",), ("polling", "websocket"), ("websocket",)])
async def test_a_widget_on_a_site_of_ours_is_answered_and_one_elsewhere_not_let_in(
    warmline: Warmline, transports: tuple[str, ...]
) -> None:
    async with phone(warmline, *transports, origin="http://localhost:3000") as one:
        await one.session("ada")
        await one.say("hello", "ada")
        assert (await one.hear())["text"].startswith("Hello")
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with phone(warmline, *transports, origin="https://evil.example"):
            pass


async def test_a_retried_message_is_answered_once(warmline: Warmline) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        for _ in range(3):
            await one.say("hello", "ada", metadata={"message_id": "m1"})
        await one.say("when are you open?", "ada")
        assert (await one.hear())["text"].startswith("Hello")
        assert (await one.hear())["text"].startswith("Our shop")


async def test_what_was_said_meanwhile_is_held_until_the_session_comes_back(
    warmline: Warmline,
) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        await one.say("I want to talk to a human", "ada")
        assert "person" in (await one.hear())["text"]
    agent, at = await taken_over(warmline)
    for text in ("Hi, Nora here", "Are you still there?"):
        await agent.post(f"{at}/messages", {"text": text}, status=201)
    async with phone(warmline) as stranger, phone(warmline) as again:
        await stranger.session("bob")
        await again.session("ada")
        heard = [(await again.hear())["text"] for _ in range(3)]
        assert heard[-2:] == ["Hi, Nora here", "Are you still there?"]
        assert stranger.heard.empty()
        await agent.post(f"{at}/messages", {"text": "Good"}, status=201)
        assert (await again.hear())["text"] == "Good"
        assert again.heard.empty()


async def test_what_cannot_be_read_is_refused_and_the_next_message_answered(
    warmline: Warmline,
) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        for odd in ("", " \u200b", "x" * 20_001, 7, None, ["hello"], {"text": "hello"}):
            await one.say(odd, "ada")
            error = (await asyncio.wait_for(one.refused.get(), PATIENCE_SECONDS))["error"]
            assert error["code"] == "invalid"
            assert error["message"]
        await one.say("hello", "ada")
        assert (await one.hear())["text"].startswith("Hello")


async def test_a_message_id_longer_than_can_be_kept_is_refused_by_name(
    warmline: Warmline,
) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        await one.say("hello", "ada", metadata={"message_id": "x" * 201})
        refused = await asyncio.wait_for(one.refused.get(), PATIENCE_SECONDS)
        assert refused["error"]["detail"] == {"field": "metadata.message_id"}


async def test_unknown_events_and_odd_sessions_do_no_harm(warmline: Warmline) -> None:
    async with phone(warmline) as one:
        await one.client.emit("nonsense", {"a": 1})
        await one.client.emit("session_request", [1, 2])
        await one.client.emit("session_request", {"session_id": {"a": 1}})
        await one.client.emit("session_request", {"session_id": "x" * 10_000})
        await one.client.emit("session_request", {"session_id": "half \ud83d"[:-1]})
        for _ in range(4):
            assert await asyncio.wait_for(one.confirmed.get(), PATIENCE_SECONDS)
        await one.client.emit("user_uttered", "no object")
        await one.client.emit("user_uttered")
        await one.client.emit("user_uttered", {"message": "hello", "metadata": [1]})
        assert (await one.hear())["text"].startswith("Hello")
        await one.say("hello", "ada\x00bob")
        await one.say("hello", "ada")
        assert (await one.hear())["text"].startswith("Hello")


async def test_a_customer_is_one_conversation_for_the_agent(warmline: Warmline) -> None:
    async with phone(warmline) as one:
        await one.session("ada")
        await one.say("hello", "ada")
        await one.hear()
    async with phone(warmline) as two:
        await two.session("ada")
        await two.say("hello", "ada")
        await two.hear()
    agent = await warmline.staff()

    async def conversation() -> dict[str, Any] | None:
        items = (await agent.get("/conversations"))["items"]
        return items[0] if len(items) == 1 and items[0]["channel"] == "socketio" else None

    found = await eventually(conversation)
    lines = (await agent.get(f"/conversations/{found['id']}"))["messages"]
    assert [line["author"] for line in lines] == ["customer", "bot"] * 2
