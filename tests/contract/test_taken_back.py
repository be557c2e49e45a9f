"""What a customer took back is nowhere any more, on every database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from actions.requests.dialogue import Dialogue, Pending, Proving, SentCode, as_slot
from bot.assistant.reply import (
    AssistantReply,
    CustomerMessage,
    HandoffRequest,
    Memory,
    ReplyMessage,
)
from bot.handoff import claim
from bot.intake import receive
from bot.ledger import Ledger
from bot.services import Services
from bot.turn import take_turns
from tests import traces
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, add_agent, message, processes

pytestmark = over_both_databases
WORDS = "my zyxxkettle 84417 sings flumberous"
MARKS = ("zyxx", "flumberous", "84417")


@dataclass
class Rememberer(EchoAssistant):
    """Remembers what was said as Rasa's tracker does, and asks for a person on "help"."""

    slot_names: frozenset[str] = frozenset({"order_number", "name"})

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        self.asked.append(message.text)
        if self.gate is not None:
            await self.gate.wait()
        user = {"event": "user", "text": message.text, "message_id": message.id}
        parsed = {"text": message.text, "intent": {"name": "help"}, "entities": [message.text]}
        events = [*memory.events, {**user, "parse_data": parsed}]
        if "84417" in message.text:
            code = SentCode("m", None, "84417", "2026-01-01T00:00:00+00:00")
            for name, value in (
                ("order_number", 84417),
                ("name", "Ada"),
                ("request", as_slot(Dialogue(Pending("x", message.text, number="84417")))),
                ("proof", as_slot(Proving(code=code, codes=2, wrong=2))),
            ):
                events.append({"event": "slot", "name": name, "value": value})
        handoff = None
        if "help" in message.text:
            handoff = HandoffRequest("misunderstood", f"Not understood: “{message.text}”, twice.")
        said = (ReplyMessage("I see."),)
        return AssistantReply(said, events, None, handoff, (), slots=dict.fromkeys(self.slot_names))


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    async with processes(database_url, Rememberer()) as (started,):
        yield started


async def _take_back(services: Services, external_id: str) -> None:
    await receive(services, message("", kind="deletion", about=external_id))


async def _slots(services: Services, conversation_id: str) -> Mapping[str, Any]:
    async with services.database.read() as uow:
        events, _ = await uow.trackers.get(conversation_id)
    return {one["name"]: one["value"] for one in events if one["event"] == "slot"}


async def test_neither_the_card_nor_the_evidence_nor_the_memory_has_its_words(
    services: Services,
) -> None:
    said = await receive(services, message(f"{WORDS} help", external_id="m1"))
    conversation_id = said.message.conversation_id
    edit = message("it is zyxxkettle 84417", kind="edit", about="m1", external_id="m2")
    await receive(services, edit)
    await take_turns(services, conversation_id)
    assert await traces.found_in_database(services, MARKS)
    async with services.database.read() as uow:
        (before,) = await uow.handoffs.all_of(conversation_id)
    await _take_back(services, "m1")
    assert await traces.found_in_database(services, MARKS) == []
    async with services.database.read() as uow:
        (handoff,) = await uow.handoffs.all_of(conversation_id)
    assert handoff.evidence == "Not understood: “Deleted by the customer.”, twice."
    assert handoff.card["wants"] == {**before.card["wants"], "text": "Deleted by the customer."}
    assert [one["name"] for one in handoff.card["collected"]] == ["name"]
    proof = as_slot(Proving(codes=2, wrong=2))
    slots = await _slots(services, conversation_id)
    assert slots == {"order_number": None, "name": "Ada", "request": None, "proof": proof}


async def test_what_else_was_said_stays(services: Services) -> None:
    said = await receive(services, message("help with order 84417", external_id="m1"))
    conversation_id = said.message.conversation_id
    await take_turns(services, conversation_id)
    await receive(services, message("or zyxx", external_id="m2"))
    await _take_back(services, "m2")
    async with services.database.read() as uow:
        (handoff,) = await uow.handoffs.all_of(conversation_id)
        events, _ = await uow.trackers.get(conversation_id)
    assert handoff.evidence == "Not understood: “help with order 84417”, twice."
    assert [one["text"] for one in events if one["event"] == "user"] == ["help with order 84417"]
    assert (await _slots(services, conversation_id))["order_number"] == 84417


async def test_an_agent_who_took_over_reads_it_no_more(services: Services) -> None:
    said = await receive(services, message(WORDS, external_id="m1"))
    await take_turns(services, said.message.conversation_id)
    await claim(services, said.message.conversation_id, await add_agent(services, "Lena"))
    await _take_back(services, "m1")
    assert await traces.found_in_database(services, MARKS) == []


@pytest.mark.parametrize("taken_back", ["m1", "m2"])
async def test_a_turn_that_knows_it_is_not_written_and_what_is_left_is_answered(
    services: Services, taken_back: str
) -> None:
    assistant = services.live.assistant
    assert isinstance(assistant, Rememberer)
    said = await receive(services, message(f"{WORDS} one", external_id="m1"))
    conversation_id = said.message.conversation_id
    await take_turns(services, conversation_id)
    await receive(services, message(f"{WORDS} two help", external_id="m2"))
    assistant.gate = asyncio.Event()
    turn = asyncio.create_task(take_turns(services, conversation_id))

    async def begun() -> bool | None:
        return len(assistant.asked) == 2 or None

    await eventually(begun)
    await _take_back(services, taken_back)
    assistant.gate.set()
    await turn
    other = "one" if taken_back == "m2" else "two help"
    assert assistant.asked[2:] == ([f"{WORDS} two help"] if taken_back == "m1" else [])
    async with services.database.read() as uow:
        events, _ = await uow.trackers.get(conversation_id)
    texts = [one["text"] for one in events if one["event"] == "user"]
    assert f"{WORDS} {other}" in texts
    assert not any(text.startswith(WORDS) and not text.endswith(other) for text in texts)
    await _take_back(services, "m2" if taken_back == "m1" else "m1")
    assert await traces.found_in_database(services, MARKS) == []
