"""Blocked senders: kept without an answer, told once, and let in again, over every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.abuse.blocking import block, lift
from bot.abuse.hearing import CLOSED
from bot.abuse.limits import AbuseLimits
from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bot.handoff import claim
from bot.intake import receive
from bot.joining import join
from bot.records import Message, User
from bot.services import Services
from bot.store.tables import blocks
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import items
from tests.processes import add_agent, hand_off, message, read_conversation, say

pytestmark = over_both_databases


@pytest.fixture
def services(pair: tuple[Services, ...]) -> Services:
    return replace(pair[0], abuse=AbuseLimits(blocked_kept_a_day=3))


@pytest.fixture
async def nora(services: Services) -> User:
    return await add_agent(services, "Nora")


async def lines(services: Services, conversation_id: str) -> list[Message]:
    return (await read_conversation(services, conversation_id))[1]


async def test_the_conversation_is_closed_as_spam_and_nothing_is_answered(
    services: Services, nora: User
) -> None:
    handoff = await hand_off(services)
    conversation_id = handoff.conversation_id
    await receive(services, message("one more", "ada"))
    added = await block(services, conversation_id, nora, reason="spam", hours=24)
    conversation, said = await read_conversation(services, conversation_id)
    assert conversation.state is State.RESOLVED
    assert (said[-1].private, said[-1].text) == (
        True,
        "Nora blocked this customer for 1 day: spam.",
    )
    async with services.database.read() as uow:
        wrap_up = await uow.wrap_ups.latest(conversation_id)
        assert wrap_up is not None
        assert wrap_up.outcome == "spam"
        assert not await uow.turns.any_pending(conversation_id)
        assert await uow.handoffs.open_of(conversation_id) is None
        (entry,) = await uow.audit_log.page(before=None, limit=9)
    assert (entry.action, entry.user_id, entry.subject) == ("block.added", nora.id, added.id)
    sent = len(await items(services))
    heard = [await receive(services, message(f"let me in {n}", "ada")) for n in range(3)]
    assert [one.turn_id for one in heard] == [None] * 3
    with pytest.raises(NotAllowed):
        await receive(services, message("one too many", "ada"))
    again, after = await read_conversation(services, conversation_id)
    assert again.state is State.RESOLVED
    assert [line.text for line in after[len(said) :]] == [
        "let me in 0",
        CLOSED,
        "let me in 1",
        "let me in 2",
    ]
    assert len(await items(services)) == sent + 1
    async with services.database.read() as uow:
        counted = await uow.blocks.get(added.id)
    assert counted is not None
    assert (counted.heard, counted.kept) == (4, 3)


async def test_a_retry_of_what_was_kept_is_the_same_line(services: Services, nora: User) -> None:
    said = await say(services)
    await block(services, said.message.conversation_id, nora, reason="abuse")
    first = await receive(services, message("again", external_id="m9"))
    retried = await receive(services, message("again", external_id="m9"))
    assert (retried.duplicate, retried.message.id) == (True, first.message.id)


async def test_a_block_ends_by_itself_or_by_whoever_made_it_and_by_leads(
    services: Services, nora: User
) -> None:
    said = await say(services)
    conversation_id = said.message.conversation_id
    short = await block(services, conversation_id, nora, reason="other", hours=1)
    with pytest.raises(Conflict):
        await block(services, conversation_id, nora, reason="spam")
    async with services.database.writer.begin() as connection:
        over = now() - timedelta(seconds=1)
        await connection.execute(sa.update(blocks).values(until=over))
    assert (await receive(services, message("I am back"))).turn_id is not None
    await take_turns(services, conversation_id)
    ben = await add_agent(services, "Ben")
    second = await block(services, conversation_id, nora, reason="spam")
    with pytest.raises(NotAllowed):
        await lift(services, second.id, ben)
    await lift(services, second.id, replace(ben, role="lead"))
    await lift(services, second.id, nora)
    assert (await receive(services, message("and again"))).turn_id is not None
    with pytest.raises(NotFound):
        await lift(services, "none", nora)
    at = now()
    async with services.database.read() as uow:
        assert await uow.blocks.page(on=True, at=at, before=None, limit=9) == []
        over_ones = await uow.blocks.page(on=False, at=at, before=None, limit=9)
    assert [one.id for one in over_ones] == [second.id, short.id]


async def test_a_block_holds_for_identities_that_join_later(services: Services, nora: User) -> None:
    said = await say(services)
    await block(services, said.message.conversation_id, nora, reason="fraud")
    await receive(services, message("hello", "+44", channel="twilio"))
    async with services.database.write() as uow:
        blocked = await uow.customers.identity("rest", "ada")
        other = await uow.customers.identity("twilio", "+44")
        assert blocked is not None
        assert other is not None
        await join(uow, blocked, other, proof="test", first=other, becomes=other, at=now())
    for address, channel in (("ada", "rest"), ("+44", "twilio")):
        heard = await receive(services, message("hello", address, channel=channel))
        assert (heard.turn_id, heard.message.data) == (None, {"event": "blocked"})
    at, asked = now(), {blocked.customer_id, other.customer_id, "nobody"}
    async with services.database.read() as uow:
        held = {one for one in asked if await uow.blocks.of_customer(one, at=at) is not None}
        assert held
        assert await uow.blocks.which_of(asked, at=at) == held


async def test_an_address_alone_can_be_blocked(services: Services, nora: User) -> None:
    said = await receive(services, message("hello", "C-1", reference="C-1", channel="web"))
    conversation_id = said.message.conversation_id
    added = await block(services, conversation_id, nora, reason="spam", only_address=True)
    assert (added.channel, added.address) == ("web", "C-1")
    sms = await receive(services, message("hello", "+44", reference="C-1", channel="twilio"))
    assert (sms.message.conversation_id, sms.turn_id is not None) == (conversation_id, True)
    assert (await receive(services, message("hello", "C-1", channel="web"))).turn_id is None
    assert (await read_conversation(services, conversation_id))[0].state is State.BOT


async def test_what_carriers_want_obeyed_and_deletions_are(services: Services, nora: User) -> None:
    said = await receive(services, message("secret", external_id="m1", channel="twilio"))
    await block(services, said.message.conversation_id, nora, reason="spam")
    for number in range(5):
        gone = message("", kind="deletion", about="m1", external_id=f"d{number}", channel="twilio")
        await receive(services, gone)
    stop = message("STOP", kind="opt_out", external_id="stop", channel="twilio")
    assert not (await receive(services, stop)).duplicate
    assert (await lines(services, said.message.conversation_id))[
        0
    ].text == "Deleted by the customer."
    async with services.database.read() as uow:
        assert await uow.opt_outs.since("twilio", "ada") is not None


async def test_a_colleagues_conversation_is_blocked_by_them_or_a_lead(
    services: Services, nora: User
) -> None:
    handoff = await hand_off(services)
    ben = await add_agent(services, "Ben")
    await claim(services, handoff.conversation_id, ben)
    with pytest.raises(Conflict):
        await block(services, handoff.conversation_id, nora, reason="threats")
    with pytest.raises(InvalidInput):
        await block(services, handoff.conversation_id, ben, reason="threats", hours=9_000)
    await block(services, handoff.conversation_id, replace(nora, role="lead"), reason="threats")
