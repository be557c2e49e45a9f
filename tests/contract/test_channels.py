"""Every channel with a provider, from end to end: a conversation with a bot and a person, through
the provider's own webhooks and API."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.live_model import Assistant
from simulator import PROVIDERS
from simulator.base import Taken, answering
from tests.client import Staff, eventually
from tests.contract.channels import SITE, Channel, opened
from tests.contract.fixtures import fixture

QUESTION = "what are your opening hours?"
ANSWER = "Our shop"
BOMB = gzip.compress(b" " * 50_000_000)  # fifty megabytes in fifty kilobytes


@pytest.fixture(params=sorted(PROVIDERS))
async def channel(
    request: pytest.FixtureRequest,
    assistant: Assistant,
    tmp_path: Path,
    shop_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Channel]:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with opened(request.param, assistant, tmp_path) as one:
        yield one


async def only_conversation(agent: Staff) -> dict[str, Any]:
    (item,) = (await agent.get("/conversations"))["items"]
    detail: dict[str, Any] = await agent.get(f"/conversations/{item['id']}")
    return detail


async def test_a_conversation_with_bot_and_person(channel: Channel) -> None:
    provider, warmline = channel.provider, channel.warmline
    await channel.say("hello")
    greeting = await channel.hear("Hello")
    assert greeting.buttons or "1." in greeting.text
    await channel.post(pressing(channel, greeting, "Opening hours"))
    await channel.hear(ANSWER)
    await channel.say("I want to talk to a human")
    await channel.hear("person")
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    at = f"/conversations/{handoff['conversation_id']}"
    assert handoff["channel"] == provider.channel
    await agent.post(f"{at}/claim")
    words = "Hi, Nora here <b> & *stars* _lines_. How can I help?"
    await agent.post(f"{at}/messages", {"text": words}, status=201)
    said = await channel.hear("Nora here")
    assert said.text == words, "an agent's words are no markup"
    await channel.say("my parcel is late")

    async def seen() -> bool | None:
        lines = (await agent.get(at))["messages"]
        return any(line["text"] == "my parcel is late" for line in lines) or None

    await eventually(seen)
    before = len(provider.taken)
    await agent.post(f"{at}/return", {"resume": "drop"})
    await channel.say(QUESTION)
    await channel.hear("left. You are chatting with the assistant again.")

    async def answered() -> bool | None:
        return any(ANSWER in taken.text for taken in provider.taken[before:]) or None

    await eventually(answered)
    lines = (await only_conversation(agent))["messages"]
    assert {line["channel"] for line in lines} == {provider.channel}
    assert [line["author"] for line in lines[:4]] == ["customer", "bot"] * 2
    assert lines[2]["text"] == "Opening hours"


def pressing(channel: Channel, taken: Taken, title: str) -> Any:
    """The request of pressing this button, or of typing its number."""
    for line in taken.text.splitlines():
        if line.endswith(title) and line[:1].isdigit():
            typed = line.partition(".")[0]
            return channel.provider.says(channel.provider.address, typed)
    payload = next(payload for shown, payload in taken.buttons if shown == title)
    return channel.provider.presses(channel.provider.address, title, payload)


async def test_a_request_ten_times_at_once_is_one_turn(channel: Channel) -> None:
    agent = await channel.warmline.staff()
    request = channel.provider.says(channel.provider.address, QUESTION, id="7001")
    await asyncio.gather(*(channel.post(request) for _ in range(10)))
    await channel.hear(ANSWER)
    await channel.post(request)
    await channel.say("hello")
    await channel.hear("Hello")
    texts = [line["text"] for line in (await only_conversation(agent))["messages"]]
    assert texts.count(QUESTION) == 1
    assert sum(ANSWER in text for text in channel.heard()) == 1


async def test_what_is_forged_broken_or_too_large_leaves_no_row(channel: Channel) -> None:
    agent = await channel.warmline.staff()
    genuine = channel.provider.says(channel.provider.address, QUESTION)
    kind = genuine.headers.get("Content-Type", "application/json")
    unsigned = replace(genuine, headers={"Content-Type": kind})
    await channel.post(unsigned, status=403)
    if fixture(channel.provider.channel).get("signs_body", True):
        await channel.post(replace(genuine, body=genuine.body + b" "), status=403)
    for body in (b"", b"{", b"[" * 10_000, b'{"a":' * 10_000, b"\xff\xfe"):
        signed = channel.provider.sign(body, content_type="application/json")
        path = signed.url.removeprefix(SITE)
        async with channel.warmline.client.post(
            path, data=signed.body, headers=signed.headers
        ) as answer:
            assert 400 <= answer.status < 500, (body[:10], answer.status)
    large = channel.provider.sign(b'{"x":"' + b"x" * 10_000_000 + b'"}')
    await channel.post(large, status=413)
    assert (await agent.get("/conversations"))["items"] == []


async def test_a_packed_body_that_unpacks_to_gigabytes_is_cut_off(channel: Channel) -> None:
    signed = channel.provider.sign(BOMB)
    headers = {**signed.headers, "Content-Encoding": "gzip"}
    path = signed.url.removeprefix(SITE)
    async with channel.warmline.client.post(path, data=BOMB, headers=headers) as answer:
        assert answer.status in (400, 403, 413)


async def test_a_picture_is_kept_as_a_reference_and_shown_to_the_agent(channel: Channel) -> None:
    agent = await channel.warmline.staff()
    await channel.post(channel.provider.sends_picture(channel.provider.address))
    await channel.hear("I can only read text myself")
    line = (await only_conversation(agent))["messages"][0]
    (attachment,) = line["attachments"]
    assert line["text"].startswith("Sent a picture")  # and its name, where it has one
    assert attachment["kind"] == "image"
    assert attachment["url"].startswith("/api/v1/messages/")
    headers = {"Authorization": f"Bearer {agent.token}"}
    async with channel.warmline.client.get(attachment["url"], headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type in ("image/png", "image/jpeg")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(await answer.read()) > 0
    async with channel.warmline.client.get(attachment["url"]) as answer:
        assert answer.status == 401


async def test_receipts_come_back_into_the_transcript(channel: Channel) -> None:
    agent = await channel.warmline.staff()
    await channel.say(QUESTION)
    answer = await channel.hear(ANSWER)

    async def delivery(state: str) -> bool | None:
        line = (await only_conversation(agent))["messages"][1]
        return (line["delivery"] and line["delivery"]["state"] == state) or None

    await eventually(lambda: delivery("sent"))
    # In the wrong order: the furthest that this provider tells of counts.
    reports = [(state, channel.provider.reports(answer, state)) for state in ("read", "delivered")]
    told = [(state, report) for state, report in reports if report is not None]
    for _, report in told:
        await channel.post(report)
        await eventually(lambda: delivery(told[0][0]))


async def test_a_provider_that_is_busy_gets_the_message_later_and_once(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.attempts.BASE_SECONDS", 0.1)
    busy = answering(503, {"error": "busy"})
    channel.provider.script.troubles += [busy, busy, busy]  # one may go to showing that it types
    await channel.say(QUESTION)
    await channel.hear(ANSWER)
    await channel.say("hello")
    await channel.hear("Hello")
    assert [ANSWER in text for text in channel.heard()] == [True, False]


async def test_a_long_text_arrives_whole_in_parts(channel: Channel) -> None:
    agent = await channel.warmline.staff()
    await channel.say("I want to talk to a human")
    await channel.hear("person")
    (handoff,) = await channel.warmline.waiting(agent)
    at = f"/conversations/{handoff['conversation_id']}"
    await agent.post(f"{at}/claim")
    before = len(channel.provider.taken)
    sentences = [
        f"This is sentence number {number}, and it says something." for number in range(150)
    ]
    await agent.post(f"{at}/messages", {"text": " ".join(sentences)}, status=201)
    await channel.hear("sentence number 149")
    parts = [
        taken.text for taken in channel.provider.taken[before:] if "sentence number" in taken.text
    ]
    assert len(parts) > 1
    assert " ".join(parts).split() == " ".join(sentences).split()
    assert all(part.endswith(".") for part in parts), "cut at the ends of sentences"


async def test_what_is_unknown_but_signed_is_accepted_and_comes_to_nothing(
    channel: Channel,
) -> None:
    for body in (b'{"object":"page","entry":[{"x":1}]}', b'{"update_id":1,"poll_answer":{}}'):
        await channel.post(channel.provider.sign(body))
    assert (await (await channel.warmline.staff()).get("/conversations"))["items"] == []
    await channel.say(QUESTION)
    await channel.hear(ANSWER)
