"""Floods and message bombs: bounded, and answered once, over every database."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.abuse.guessing import may_guess
from bot.abuse.limits import AbuseLimits
from bot.errors import TooMany
from bot.intake import receive
from bot.live_model import LiveModel
from bot.messages import Attachment, CustomerClaim, Limit
from bot.services import Services
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, message, read_conversation

pytestmark = over_both_databases
SLOWLY = 0.001


async def test_newcomers_beyond_the_limit_leave_nothing_and_others_go_on(
    pair: tuple[Services, ...],
) -> None:
    limits = AbuseLimits(newcomers=Limit(SLOWLY, burst=3))
    services = replace(pair[0], abuse=limits)
    known = await receive(services, message(address="ada", channel="web"))
    for n in range(2):
        await receive(services, message(address=f"guest {n}", channel="web"))
    with pytest.raises(TooMany):
        await receive(services, message(address="one more", channel="web"))
    async with services.database.read() as uow:
        assert await uow.customers.identity("web", "one more") is None
    assert (await receive(services, message(address="ada", channel="web"))).turn_id is not None
    signed = CustomerClaim(reference="C-1", verification="verified")
    assert await receive(services, message(address="customer:C-1", channel="web", claim=signed))
    assert await receive(services, message(address="+44", channel="twilio"))
    assert known.turn_id is not None


async def test_a_message_counts_once_however_often_it_comes(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Limit(SLOWLY, burst=2)
    limits = AbuseLimits(sender=two, customer=two, newcomers=two, newcomers_an_hour=two)
    services = replace(pair[0], abuse=limits)
    first, second = (message(f"{n}", address="ada", channel="web") for n in range(2))
    for said in (first, second):
        with monkeypatch.context() as patched:
            patched.setattr(services.database, "_write", no_disk)
            for _ in range(3):
                with pytest.raises(OperationalError):
                    await receive(services, said)
        for duplicate in (False, True, True, True):
            received = await receive(services, said)
            assert (received.turn_id is not None, received.duplicate) == (True, duplicate)
    assert (await receive(services, message("3", address="ada", channel="web"))).turn_id is None
    assert (await receive(services, message(address="ben", channel="web"))).turn_id is not None
    with pytest.raises(TooMany):
        await receive(services, message(address="cora", channel="web"))


def no_disk() -> AbstractAsyncContextManager[AsyncConnection]:
    raise OperationalError("COMMIT", {}, Exception("the disk is full"))


async def test_a_customers_addresses_count_together(pair: tuple[Services, ...]) -> None:
    services = replace(pair[0], abuse=AbuseLimits(customer=Limit(SLOWLY, burst=3)))
    turns = []
    for n in range(3):
        for channel in ("web", "twilio"):
            said = message(f"{n}", f"C-1 {channel}", reference="C-1", channel=channel)
            turns.append((await receive(services, said)).turn_id is not None)
    # The first from each address is not known to be theirs before it is stored.
    assert turns == [True, True, True, True, True, False]


async def test_the_same_words_over_and_over_and_too_many_files_have_no_turn(
    pair: tuple[Services, ...],
) -> None:
    once = Limit(SLOWLY, burst=1)
    services = replace(pair[0], abuse=AbuseLimits(same_words=once, attachments=once))
    for said in (
        message("buy now", channel="web"),
        message("", "ben", attachments=(Attachment("image", reference="7"),), channel="web"),
    ):
        again = [replace(said, external_id=str(n) + said.address) for n in range(3)]
        turns = [(await receive(services, one)).turn_id is not None for one in again]
        assert turns == [True, False, False]
    assert (await receive(services, message("something else", channel="web"))).turn_id is not None


async def test_what_waits_is_answered_once_with_all_of_it_in_mind(
    pair: tuple[Services, ...],
) -> None:
    gate = asyncio.Event()
    assistant = EchoAssistant(gate=gate)
    services = replace(pair[0], live=LiveModel(assistant))
    first = await receive(services, message("hello", channel="web"))
    taking = asyncio.create_task(take_turns(services, first.message.conversation_id))
    said = ["where is it?", "where is it?", *(f"order {n}" for n in range(8)), "please"]
    for text in said:
        last = await receive(services, message(text, channel="web"))
    gate.set()
    await taking
    assert assistant.asked[0] == "hello"
    assert assistant.asked[1:] == ["\n".join(dict.fromkeys(said))]
    _, lines = await read_conversation(services, first.message.conversation_id)
    assert [line.text for line in lines if line.author == "customer"] == ["hello", *said]
    answers = [line for line in lines if line.author == "bot"]
    assert [line.in_reply_to for line in answers] == [first.message.id, last.message.id]
    # What was answered is not in mind once more.
    await receive(services, message("thanks", channel="web"))
    await take_turns(services, first.message.conversation_id)
    assert assistant.asked[2:] == ["thanks"]


async def test_buttons_files_and_programs_keep_turns_of_their_own(
    pair: tuple[Services, ...],
) -> None:
    gate = asyncio.Event()
    assistant = EchoAssistant(gate=gate)
    services = replace(pair[0], live=LiveModel(assistant), abuse=AbuseLimits(folded_from=3))
    for channel in ("web", "rest"):
        first = await receive(services, message("hello", channel=channel))
        taking = asyncio.create_task(take_turns(services, first.message.conversation_id))
        for n in range(2):
            await receive(services, message(f"a{n}", channel=channel), is_program=channel == "rest")
        press = message("Talk", payload="/contact_human_agent", channel=channel)
        await receive(services, press)
        for n in range(2):
            await receive(services, message(f"b{n}", channel=channel), is_program=channel == "rest")
        gate.set()
        await taking
        gate.clear()
    person = "Talk to a person"
    folded = ["hello", "a0\na1", person, "b0\nb1"]
    assert assistant.asked == [*folded, "hello", "a0", "a1", person, "b0", "b1"]


async def test_wrong_guesses_are_counted_by_secret_by_day_and_by_sender(
    pair: tuple[Services, ...],
) -> None:
    freely = Limit(1_000, burst=1_000)
    abuse = AbuseLimits(guesses=freely, guesses_a_day=Limit(SLOWLY, 2))
    abuse = replace(abuse, guesses_by_sender=Limit(SLOWLY, 4))
    limits = pair[0].limits

    async def guess(secret: str, sender: str, *, right: bool = False) -> bool:
        return await may_guess(limits, abuse, secret, sender, right=right)

    assert [await guess("order:1", f"s{n}") for n in range(3)] == [True, True, False]
    assert not await guess("order:1", "owner", right=True)
    assert [await guess(f"order:{n}", "searcher") for n in range(2, 7)] == [True] * 4 + [False]
    assert not await guess("order:9", "searcher", right=True)
    assert await guess("order:9", "owner", right=True)
