"""Nothing that must not be stored is, whichever way it comes in; and no log line or metric holds
anything of a customer's, also with the log turned up."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import SERVICES
from bot.clock import new_id, now
from bot.intake import receive
from bot.live_model import Assistant
from bot.messages import Attachment, CustomerClaim, InboundMessage
from tests.client import Warmline, eventually
from tests.contract.channels import Channel, opened

CARD = "4242 4242 4242 4242"
SECRETS = (CARD, "4242424242424242", "zebra7pass", "AB123456C", "536-90-4399")
TEXT = f"card {CARD}, password is zebra7pass, NI number AB123456C, ssn 536-90-4399"
NAME, EMAIL = "Zelda Quagmire", "zelda@quagmire.test"
PHONE, SENDER = "+447700900555", "sender-quagmire"
WORDS = "a purple zebra ate my parcel"
AGENT_WORDS = "we shall look for that purple zebra"


@pytest.fixture
async def channel(
    assistant: Assistant, tmp_path: Path, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Channel]:
    """SMS, a program and the widget, over a database in a folder of the test's own."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    beside: dict[str, Any] = {"rest": {}, "web": {}}
    async with opened("twilio", assistant, tmp_path, beside=beside) as one:
        yield one


@contextmanager
def turned_up() -> Iterator[list[str]]:
    """All lines of all loggers, formatted, while the whole log says everything it can."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith(("tests", "simulator")):
                lines.append(self.format(record))

    handler, root = Keep(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of the database, of what it is about to write, and of all beside it."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def found(places: dict[str, bytes], wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which of these strings stand where."""
    return [
        (place, one)
        for place, content in places.items()
        for one in wanted
        if one.encode().lower() in content.lower()
    ]


async def with_person(warmline: Warmline) -> tuple[Any, str]:
    """An agent, and where the conversation is that they have taken."""
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    at = f"/conversations/{handoff['conversation_id']}"
    await agent.post(f"{at}/claim")
    return agent, at


async def test_a_secret_is_nowhere_whichever_way_it_came(channel: Channel, tmp_path: Path) -> None:
    warmline = channel.warmline
    services = warmline.app[SERVICES]
    with turned_up() as lines:
        await channel.say(TEXT)
        await channel.hear("removed")
        visitor = await warmline.visitor()
        await visitor.say(TEXT)
        await warmline.rest(SENDER, TEXT)
        for name in ("telegram", "whatsapp", "facebook", "instagram", "slack", "socketio"):
            for kind in ("message", "edit", "reaction"):
                attachment = Attachment("file", reference="f", name=f"{CARD}.pdf")
                inbound = InboundMessage(
                    channel=name,
                    address="ada",
                    external_id=new_id(),
                    text=TEXT,
                    kind=kind,
                    claim=CustomerClaim(name=f"Ada {CARD}"),
                    attachments=(attachment,) if kind == "message" else (),
                )
                await receive(services, inbound)
        await warmline.texts("waits", "I want to talk to a person")
        agent, at = await with_person(warmline)
        sent = await agent.post(f"{at}/messages", {"text": TEXT}, status=201)
        note = await agent.post(f"{at}/notes", {"text": TEXT}, status=201)
        signal = {"customer": "C-1007", "kind": "payment_failed", "about": CARD}
        await agent.call("POST", "/signals", signal, status=None)
        await eventually(lambda: _nothing_to_do(channel))
        metrics = await _metrics(warmline)
    assert sent["text"] == note["text"]
    assert sent["text"].count("removed]") == 4
    places = contents(tmp_path)
    assert found(places, ("[card number removed]",)), "the texts themselves are there"
    places |= {"log": "\n".join(lines).encode(), "metrics": metrics}
    assert found(places, SECRETS) == []


async def test_no_log_line_and_no_metric_holds_anything_of_a_customers(channel: Channel) -> None:
    warmline = channel.warmline
    with turned_up() as lines:
        await channel.say(WORDS, PHONE)
        await channel.hear("", PHONE)
        visitor = await warmline.visitor()
        await visitor.answer(f"{WORDS}, I am {NAME}, {EMAIL}")
        await warmline.rest(SENDER, WORDS)
        await warmline.texts(SENDER, "where is my order 10432?")
        await warmline.texts(SENDER, "I want to talk to a person")
        agent, at = await with_person(warmline)
        await agent.post(f"{at}/messages", {"text": AGENT_WORDS}, status=201)
        await agent.post(f"{at}/notes", {"text": f"{NAME} again"}, status=201)
        await agent.get(f"/conversations?search={NAME.replace(' ', '%20')}")
        await agent.post(f"{at}/return", {"resume": "drop"})
        await agent.call("POST", "/conversations/nobody/messages", {"text": WORDS}, status=404)
        await visitor.call("POST", "/widget/messages", {"id": "x", "text": {WORDS: 1}}, status=422)
        metrics = await _metrics(warmline)
    async with warmline.app[SERVICES].database.read() as uow:
        audited = await uow.audit_log.page(before=None, limit=100)
    assert audited
    private = (WORDS, "purple zebra", NAME, EMAIL, PHONE, PHONE[1:], SENDER, agent.token)
    places = {"metrics": metrics, "log": "\n".join(lines).encode()}
    places["audit log"] = repr(audited).encode()
    assert any("route=/api/v1/conversations/{id}/notes status=201" in line for line in lines)
    assert any("route=/webhooks/{channel}/webhook status=200" in line for line in lines)
    assert found(places, (*private, visitor.token)) == []


async def _nothing_to_do(channel: Channel) -> bool | None:
    services = channel.warmline.app[SERVICES]
    async with services.database.read() as uow:
        return not await uow.turns.untaken(at=now() + timedelta(days=1), limit=1) or None


async def _metrics(warmline: Warmline) -> bytes:
    async with warmline.client.get("/metrics") as answer:
        return await answer.read()
