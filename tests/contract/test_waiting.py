"""What customers who wait are told, from what really happened, over every database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.agent_message import send_as_agent
from bot.calling_back import called_back
from bot.clock import now
from bot.contact import note_contact
from bot.errors import Conflict, NotFound
from bot.handoff import claim
from bot.intake import receive
from bot.queues import Queue
from bot.records import Handoff
from bot.services import Services
from bot.turn import take_turns
from bot.waiting import FEWEST_WAITS, Outlook, in_words, outlook
from tests.conftest import over_both_databases
from tests.processes import (
    EchoAssistant,
    add_agent,
    hand_off,
    message,
    processes,
    read_conversation,
)

MINUTE = timedelta(minutes=1)
THANKS = "Thank you. If you are not here when we are back, we can"
RULES = """
queues:
  support: {name: Support}
  night: {name: Night, hours: {time_zone: Europe/London, open: {}}}
"""


@pytest.fixture
async def services(database_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    rules_file = tmp_path / "handoff.yml"
    rules_file.write_text(RULES)
    async with processes(database_url, EchoAssistant()) as (started,):
        yield replace(started, rules_file=rules_file)


async def look(services: Services, handoff: Handoff, *, later: timedelta = 0 * MINUTE) -> Outlook:
    async with services.database.read() as uow:
        return await outlook(uow, services.rules, handoff, at=now() + later)


@over_both_databases
async def test_an_estimate_comes_from_real_waits_and_only_while_somebody_is_there(
    services: Services,
) -> None:
    nora = await add_agent(services, "Nora")
    first, waiting = await hand_off(services, "bob"), await hand_off(services, "ada")
    for n in range(FEWEST_WAITS):
        assert (await look(services, waiting)).estimate is None
        handoff = await hand_off(services, f"served {n}", waited=(n + 1) * MINUTE)
        await claim(services, handoff.conversation_id, nora)
    assert (await look(services, waiting)).estimate is None  # nobody is there to answer
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now())
    seen = await look(services, waiting)
    assert (seen.position, seen.back_at) == (2, None)
    assert seen.estimate is not None
    assert round(seen.estimate / MINUTE) == 4  # three of four waited no longer
    assert (await look(services, first)).position == 1
    # Another queue's waits say nothing about this one.
    night = await look(services, await hand_off(services, "cleo", queue="night"))
    assert night == Outlook(1, None, None)


@over_both_databases
async def test_who_waits_longer_than_most_did_is_not_told_the_same_again(
    services: Services,
) -> None:
    nora = await add_agent(services, "Nora")
    for n in range(FEWEST_WAITS):
        handoff = await hand_off(services, f"served {n}", waited=MINUTE)
        await claim(services, handoff.conversation_id, nora)
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now() + 2 * MINUTE)
    waiting = await hand_off(services, "ada")
    assert (await look(services, waiting)).estimate is not None
    assert (await look(services, waiting, later=2 * MINUTE)).estimate is None


@over_both_databases
async def test_an_address_left_while_nobody_is_there_is_on_the_card(services: Services) -> None:
    for queue, expected in (("night", "ada.l+shop@example.co.uk"), ("support", None)):
        handoff = await hand_off(services, queue, queue=queue)
        await take_turns(services, handoff.conversation_id)
        for text in ("write to ada.l+shop@example.co.uk, please", "ada.l+shop@example.co.uk!"):
            await receive(services, message(text, address=queue))
            await take_turns(services, handoff.conversation_id)
        _, lines = await read_conversation(services, handoff.conversation_id)
        thanks = [line.text for line in lines if line.author == "system"]
        async with services.database.read() as uow:
            kept = await uow.handoffs.open_of(handoff.conversation_id)
        assert kept is not None
        assert kept.card.get("contact") == expected
        assert len(thanks) == (1 if expected else 0)
        assert all("we can reach you at ada.l+shop@example.co.uk" in each for each in thanks)


@over_both_databases
async def test_a_call_that_was_asked_for_is_ticked_off_once(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    handoff = await hand_off(services, "ada", queue="night")
    await take_turns(services, handoff.conversation_id)
    with pytest.raises(NotFound):
        await called_back(services, handoff.conversation_id, nora)
    words = "Order 10861: please ring 07700 900123 after 5 pm"
    for text in ("It was order 10861 of 12 March", words, words):
        await receive(services, message(text, address="ada"))
        await take_turns(services, handoff.conversation_id)
    asked = {"number": "+447700900123", "words": words, "by": None, "at": None}
    assert await callback_of(services, handoff) == asked
    with pytest.raises(Conflict):
        await called_back(services, handoff.conversation_id, nora)
    await claim(services, handoff.conversation_id, nora)
    await called_back(services, handoff.conversation_id, nora)
    done = await callback_of(services, handoff)
    await called_back(services, handoff.conversation_id, nora)
    assert done["by"] == "Nora"
    assert await callback_of(services, handoff) == done
    _, lines = await read_conversation(services, handoff.conversation_id)
    said = [(line.text, line.private) for line in lines if line.author == "system"]
    assert said == [
        (f"{THANKS} call you on +44 7700 900123.", False),
        ("Nora joined the conversation.", False),
        ("Nora called back on +44 7700 900123.", True),
    ]


@over_both_databases
async def test_what_was_left_in_a_message_goes_with_it(services: Services) -> None:
    handoff = await hand_off(services, "ada", queue="night")
    await take_turns(services, handoff.conversation_id)
    left = {"m1": "ada@example.com, please", "m2": "or ring 07700 900123"}
    for external_id, text in left.items():
        await receive(services, message(text, external_id=external_id))
        await take_turns(services, handoff.conversation_id)
    for external_id, gone, stays in (("m2", "callback", "contact"), ("m1", "contact", None)):
        await receive(services, message("", kind="deletion", about=external_id))
        async with services.database.read() as uow:
            kept = await uow.handoffs.get(handoff.id)
        assert kept is not None
        assert gone not in kept.card
        assert stays is None or kept.card[stays]
    _, lines = await read_conversation(services, handoff.conversation_id)
    everything = " ".join(line.text for line in lines)
    assert "example.com" not in everything
    assert "900123" not in everything


@over_both_databases
async def test_what_was_taken_back_before_its_turn_ended_is_not_noted(
    services: Services,
) -> None:
    handoff = await hand_off(services, "ada", queue="night")
    await take_turns(services, handoff.conversation_id)
    said = await receive(services, message("ring 07700 900123", external_id="m1"))
    await receive(services, message("", kind="deletion", about="m1"))
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(handoff.conversation_id)
        assert conversation is not None
        before = said.message  # as the turn read it
        assert await note_contact(uow, services.rules, conversation, before, at=now()) is None
        kept = await uow.handoffs.get(handoff.id)
    assert kept is not None
    assert "callback" not in kept.card


async def callback_of(services: Services, handoff: Handoff) -> dict[str, Any]:
    async with services.database.read() as uow:
        kept = await uow.handoffs.get(handoff.id)
    assert kept is not None
    asked: dict[str, Any] = kept.card["callback"]
    return asked


@over_both_databases
async def test_a_first_reply_is_noted_once(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    handoff = await hand_off(services)
    await claim(services, handoff.conversation_id, nora)
    first = await send_as_agent(services, handoff.conversation_id, nora, "Hello", client_id=None)
    await send_as_agent(services, handoff.conversation_id, nora, "Still there?", client_id=None)
    async with services.database.read() as uow:
        replied = await uow.handoffs.open_of(handoff.conversation_id)
        assert await uow.handoffs.unanswered(at=now()) == {}
    assert replied is not None
    assert replied.replied_at == first.created_at


def test_only_what_can_be_relied_on_is_said() -> None:
    hours = {"time_zone": "Europe/London", "open": {"monday": "09:00-17:00"}}
    queue = Queue.parse_obj({"name": "Support", "hours": hours})
    monday = datetime(2026, 7, 6, 9, 30, tzinfo=timezone.utc)

    def words(position: int, minutes: float | None) -> str | None:
        estimate = None if minutes is None else minutes * MINUTE
        return in_words(Outlook(position, estimate, None), queue, at=monday)

    assert words(3, None) is None
    assert words(1, 0.5) == "You are next. Lately it took less than a minute."
    assert words(3, 5) == "You are number 3 in the queue. Lately it took a few minutes."
    assert words(2, 5.1) == "You are number 2 in the queue. Lately it took up to 10 minutes."
    for at, when in (
        (monday - timedelta(hours=3), "today at 09:00 (London time)"),
        (monday - timedelta(days=1), "tomorrow at 09:00 (London time)"),
        (monday - timedelta(days=4), "Monday at 09:00 (London time)"),
        (monday + timedelta(hours=10), "on 13 July at 09:00 (London time)"),
    ):
        said = in_words(Outlook(1, None, queue.opens_at(at)), queue, at=at)
        assert said is not None
        assert said.startswith(f"Nobody is here right now; we are back {when}. Your conversation")
    never = Queue.parse_obj({"name": "Support", "hours": {**hours, "open": {}}})
    said = in_words(Outlook(1, None, None), never, at=monday)
    assert said is not None
    assert said.startswith("Nobody is here now. Your conversation is kept")
