"""Customers become one on proof, once, and are taken apart exactly, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.carry_over import ANOTHERS, GOES_ON, WRONG, make_code, sign_in
from bot.clock import new_id, now
from bot.errors import Conflict, NotFound
from bot.handoff import claim
from bot.intake import Received, receive
from bot.join_undo import undo
from bot.joining import join
from bot.messages import CustomerClaim, InboundMessage, Verification
from bot.one_time_code import HIDDEN, LASTS
from bot.records import Identity, Message
from bot.services import Services
from bot.store.tables import conversations, customers, identities, joins, messages, metadata, turns
from bot.thread import identified
from bot.turn import take_turns
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.contract.test_races import count
from tests.processes import (
    EchoAssistant,
    add_agent,
    at_once,
    message,
    processes,
    read_conversation,
    someone_waits_for_a_lock,
    to_queue,
)

pytestmark = over_both_databases

SHOP = "signed in on the shop's site"


def web(text: str = "hello", address: str = "guest:ada", **changed: Any) -> InboundMessage:
    return message(text, address, channel="web", **changed)


def sms(text: str = "hello", address: str = "+15550001111", **changed: Any) -> InboundMessage:
    return message(text, address, channel="twilio", **changed)


def shops(reference: str, verification: Verification = "verified") -> CustomerClaim:
    return CustomerClaim(
        reference, f"Name of {reference}", f"{reference}@x.test", verification, SHOP
    )


async def carry(services: Services, to: InboundMessage, address: str = "guest:ada") -> Received:
    """The widget's visitor goes on there."""
    code, _ = await make_code(services, "web", address)
    return await receive(services, replace(to, text=code))


async def identity(services: Services, channel: str, address: str) -> Identity:
    async with services.database.read() as uow:
        found = await uow.customers.identity(channel, address)
    assert found is not None
    return found


async def rows(services: Services, table: sa.Table) -> list[dict[str, Any]]:
    async with services.database.reader.connect() as connection:
        found = await connection.execute(sa.select(table).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]


async def said(services: Services, conversation_id: str) -> list[Message]:
    return (await read_conversation(services, conversation_id))[1]


async def test_a_code_carries_a_conversation_to_a_new_address(pair: tuple[Services, ...]) -> None:
    first = await receive(pair[0], web("where is my order?"))
    code, _ = await make_code(pair[0], "web", "guest:ada")
    received = await receive(pair[1], sms(f" {code.lower().replace('-', ' ')}\n"))
    assert received.turn_id is None
    conversation, lines = await read_conversation(pair[0], first.message.conversation_id)
    assert (conversation.channel, conversation.address) == ("twilio", "+15550001111")
    shown = [(line.author, line.text, line.private, line.channel) for line in lines[1:]]
    assert shown == [
        ("system", "Joined with twilio: one-time code from web.", True, "web"),
        ("customer", HIDDEN, False, "twilio"),
        ("system", GOES_ON, False, "twilio"),
    ]
    assert received.to_send == (lines[-1].id,)
    assert await count(pair[0], turns) == 1
    for table in metadata.sorted_tables:
        assert code not in str(await rows(pair[0], table)), table.name
    again = await receive(pair[0], sms("10432"))
    assert again.message.conversation_id == conversation.id


async def test_a_code_is_good_once_and_a_newer_one_replaces_it(pair: tuple[Services, ...]) -> None:
    await receive(pair[0], web())
    replaced, _ = await make_code(pair[0], "web", "guest:ada")
    code, _ = await make_code(pair[0], "web", "guest:ada")
    for shown, address, answer in (
        ("WL-2222-2222", "+1", WRONG),
        (replaced, "+2", WRONG),
        (code, "+3", GOES_ON),
        (code, "+4", WRONG),
    ):
        received = await receive(pair[0], sms(shown, address))
        lines = await said(pair[0], received.message.conversation_id)
        assert lines[-1].text == answer
        assert lines[-2].text == HIDDEN
    assert await count(pair[0], joins) == 1


async def test_a_code_that_is_too_old_is_wrong(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive(pair[0], web())
    monkeypatch.setattr("bot.carry_over.now", lambda: now() - 2 * LASTS)
    code, _ = await make_code(pair[0], "web", "guest:ada")
    monkeypatch.undo()
    received = await receive(pair[0], sms(code))
    assert (await said(pair[0], received.message.conversation_id))[-1].text == WRONG


async def test_there_is_no_code_without_a_conversation(pair: tuple[Services, ...]) -> None:
    with pytest.raises(Conflict):
        await make_code(pair[0], "web", "guest:ada")


async def test_a_repeated_delivery_of_a_code_joins_once(pair: tuple[Services, ...]) -> None:
    await receive(pair[0], web())
    code, _ = await make_code(pair[0], "web", "guest:ada")
    inbound = sms(code, external_id="SM1")
    received = await asyncio.gather(*(receive(pair[n % 2], inbound) for n in range(4)))
    assert len({each.message.id for each in received}) == 1
    lines = await said(pair[0], received[0].message.conversation_id)
    assert [line.text for line in lines[2:]] == [HIDDEN, GOES_ON]


async def test_what_is_proved_is_as_sure_as_who_was_given_the_code(
    pair: tuple[Services, ...],
) -> None:
    await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    await receive(pair[0], sms())
    await carry(pair[0], sms(), "customer:C-1")
    proved = await identity(pair[0], "twilio", "+15550001111")
    assert (proved.verification, proved.how) == ("verified", "one-time code from web")
    # The other way round nothing was proved: who has a code may have it from anybody.
    await receive(pair[0], web())
    await receive(pair[0], sms(address="+2", claim=shops("C-2")))
    await carry(pair[0], sms(address="+2"))
    guest = await identity(pair[0], "web", "guest:ada")
    assert (guest.verification, guest.how) == ("anyone", "not verified")
    assert guest.customer_id == (await identity(pair[0], "twilio", "+2")).customer_id


async def test_two_customers_of_the_shop_are_never_joined(
    pair: tuple[Services, ...], caplog: pytest.LogCaptureFixture
) -> None:
    await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    await receive(pair[0], sms(claim=shops("C-2")))
    before = [await rows(pair[0], table) for table in (customers, identities, joins)]
    received = await carry(pair[0], sms(), "customer:C-1")
    assert (await said(pair[0], received.message.conversation_id))[-1].text == ANOTHERS
    assert [await rows(pair[0], table) for table in (customers, identities, joins)] == before
    assert "join_refused reason=two_references" in caplog.text
    assert "+1555" not in caplog.text


async def test_who_is_with_a_person_goes_on_otherwise_who_carried_over(
    pair: tuple[Services, ...],
) -> None:
    for number, (web_waits, sms_waits) in enumerate(
        ((False, False), (True, False), (False, True), (True, True))
    ):
        guest, address = f"guest:{number}", f"+{number}"
        here = (await receive(pair[0], web(address=guest))).message.conversation_id
        there = (await receive(pair[0], sms(address=address))).message.conversation_id
        for waits, conversation_id in ((web_waits, here), (sms_waits, there)):
            if waits:
                await to_queue(pair[0], conversation_id)
        received = await carry(pair[0], sms(address=address), guest)
        goes_on, left = (there, here) if sms_waits and not web_waits else (here, there)
        assert received.message.conversation_id == goes_on
        told = [line for line in await said(pair[0], left) if line.data.get("event") == "joined"]
        assert len(told) == (web_waits and sms_waits)
        assert all(line.private for line in told)
        again = await receive(pair[0], web(address=guest))
        assert again.message.conversation_id == goes_on


async def test_what_the_shop_knows_goes_along(pair: tuple[Services, ...]) -> None:
    here = await receive(pair[0], web())
    await receive(pair[0], sms(claim=shops("C-1")))
    await carry(pair[0], sms())
    async with pair[0].database.read() as uow:
        customer = await uow.customers.by_reference("C-1")
    assert customer is not None
    assert customer.id == here.message.customer_id
    assert (customer.name, customer.email) == ("Name of C-1", "C-1@x.test")


async def test_undoing_restores_every_identity_and_customer(pair: tuple[Services, ...]) -> None:
    agent = await add_agent(pair[0], "Nora")
    await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    await receive(pair[0], sms())
    there = await receive(pair[0], sms())
    before = [await rows(pair[0], table) for table in (customers, identities)]
    here = await carry(pair[0], sms(), "customer:C-1")
    (join,) = await rows(pair[0], joins)
    assert [await rows(pair[0], table) for table in (customers, identities)] != before
    results = await at_once(*(undo(pair[n % 2], join["id"], agent) for n in range(4)))
    assert [type(each) for each in results].count(Conflict) == 3
    assert [await rows(pair[0], table) for table in (customers, identities)] == before
    (join,) = await rows(pair[0], joins)
    assert (join["undone_by"], join["undone_at"] is not None) == (agent.id, True)
    for received, inbound in ((here, web(address="customer:C-1")), (there, sms())):
        conversation_id = received.message.conversation_id
        lines = await said(pair[0], conversation_id)
        assert [line.private for line in lines if line.data.get("event") == "unjoined"] == [True]
        again = await receive(pair[0], inbound)
        assert again.message.conversation_id == conversation_id
    conversation, _ = await read_conversation(pair[0], here.message.conversation_id)
    assert (conversation.channel, conversation.address) == ("web", "customer:C-1")


async def test_after_an_undo_answers_no_longer_reach_who_left(pair: tuple[Services, ...]) -> None:
    agent = await add_agent(pair[0], "Nora")
    here = await receive(pair[0], web())
    await carry(pair[0], sms())
    await receive(pair[0], sms("mine, private"))
    (join,) = await rows(pair[0], joins)
    await undo(pair[0], join["id"], agent)
    conversation, _ = await read_conversation(pair[0], here.message.conversation_id)
    assert (conversation.channel, conversation.address) == ("web", "guest:ada")
    # Who had no conversation of their own begins one.
    left = await receive(pair[0], sms())
    assert left.message.conversation_id != conversation.id
    assert left.message.seq == 1


async def test_a_join_in_another_is_undone_after_it(pair: tuple[Services, ...]) -> None:
    agent = await add_agent(pair[0], "Nora")
    await receive(pair[0], web())
    await receive(pair[0], web(address="guest:bob"))
    before = await rows(pair[0], identities)
    await carry(pair[0], sms())
    await carry(pair[0], sms(), "guest:bob")
    inner, outer = [join["id"] for join in await rows(pair[0], joins)]
    with pytest.raises(Conflict, match="undo that first"):
        await undo(pair[0], inner, agent)
    await undo(pair[0], outer, agent)
    await undo(pair[0], inner, agent)
    after = [row for row in await rows(pair[0], identities) if row["channel"] == "web"]
    assert after == before


async def test_one_code_shown_from_many_addresses_at_once_joins_one(
    pair: tuple[Services, ...],
) -> None:
    await receive(pair[0], web())
    code, _ = await make_code(pair[0], "web", "guest:ada")
    await at_once(*(receive(pair[n % 2], sms(code, f"+{n}")) for n in range(8)))
    assert await count(pair[0], joins) == 1
    assert await count(pair[0], identities) == 9


async def test_two_who_show_each_others_codes_at_once_are_joined_once(
    pair: tuple[Services, ...],
) -> None:
    for n in range(5):
        guests = [f"guest:{n}:{side}" for side in (0, 1)]
        for guest in guests:
            await receive(pair[0], web(address=guest))
        codes = [(await make_code(pair[0], "web", guest))[0] for guest in guests]
        await asyncio.gather(
            receive(pair[0], web(codes[1], guests[0])), receive(pair[1], web(codes[0], guests[1]))
        )
        assert await count(pair[0], joins) == n + 1
        one, other = [await identity(pair[0], "web", guest) for guest in guests]
        assert one.customer_id == other.customer_id


async def test_what_comes_in_during_a_join_goes_to_who_goes_on(
    pair: tuple[Services, ...],
) -> None:
    """Whether its sender has a conversation by then, or only an identity."""
    here = await receive(pair[0], web())
    await receive(pair[0], sms(address="+1"))
    async with pair[0].database.write() as uow:
        await identified(uow, "twilio", "+2", CustomerClaim(), at=now())
    for address in ("+1", "+2"):
        one = await identity(pair[0], "web", "guest:ada")
        other = await identity(pair[0], "twilio", address)
        async with pair[0].database.write() as uow:
            await join(uow, one, other, proof="a test", first=one, becomes=other, at=now())
            receiving = asyncio.create_task(receive(pair[1], sms(address=address)))
            await eventually(lambda: someone_waits_for_a_lock(pair[0]))
        received = await receiving
        assert received.message.conversation_id == here.message.conversation_id


async def test_messages_and_a_join_at_once_lose_nothing(pair: tuple[Services, ...]) -> None:
    for n in range(8):
        guest, address = f"guest:{n}", f"+{n}"
        here = await receive(pair[0], web(address=guest))
        if n % 2:
            await receive(pair[0], sms(address=address))
        code, _ = await make_code(pair[0], "web", guest)
        inbound = [sms(str(m), address) for m in range(4)]
        received = await asyncio.gather(
            receive(pair[0], sms(code, address)), *(receive(pair[1], each) for each in inbound)
        )
        stored = {row["id"] for row in await rows(pair[0], messages)}
        assert {each.message.id for each in received} <= stored
        last = await receive(pair[1], sms("last", address))
        assert last.message.conversation_id == here.message.conversation_id
        one, other = (
            await identity(pair[0], "web", guest),
            await identity(pair[0], "twilio", address),
        )
        assert one.customer_id == other.customer_id


async def _asked(assistant: EchoAssistant) -> bool | None:
    return bool(assistant.asked) or None


async def test_many_sign_ins_at_once_are_one_join(pair: tuple[Services, ...]) -> None:
    here = await receive(pair[0], web("where is my order?"))
    await asyncio.gather(
        *(sign_in(pair[n % 2], "web", "guest:ada", "customer:C-1", shops("C-1")) for n in range(10))
    )
    assert await count(pair[0], joins) == 1
    again = await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    assert again.message.conversation_id == here.message.conversation_id
    async with pair[0].database.read() as uow:
        customer = await uow.customers.by_reference("C-1")
    assert customer is not None
    assert customer.id == here.message.customer_id


async def test_signing_in_without_having_said_anything_writes_nothing(
    pair: tuple[Services, ...],
) -> None:
    await sign_in(pair[0], "web", "guest:ada", "customer:C-1", shops("C-1"))
    for table in (customers, identities, conversations, joins):
        assert await count(pair[0], table) == 0


async def test_a_guests_token_is_worth_nothing_once_they_signed_in(
    pair: tuple[Services, ...],
) -> None:
    here = await receive(pair[0], web("my address is 1 Main Street"))
    await sign_in(pair[0], "web", "guest:ada", "customer:C-1", shops("C-1"))
    other = await receive(pair[0], web("what did she say?"))
    assert other.message.conversation_id != here.message.conversation_id
    assert other.message.customer_id != here.message.customer_id


async def test_nor_is_it_where_a_code_had_joined_them_before(pair: tuple[Services, ...]) -> None:
    await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    await carry(pair[0], sms(), "customer:C-1")
    here = await receive(pair[0], web("my address is 1 Main Street"))
    await carry(pair[0], sms())
    await sign_in(pair[0], "web", "guest:ada", "customer:C-1", shops("C-1"))
    other = await receive(pair[0], web("what did she say?"))
    assert other.message.customer_id != here.message.customer_id
    assert other.message.conversation_id != here.message.conversation_id
    own = await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    assert own.message.conversation_id == here.message.conversation_id


async def test_the_later_conversation_goes_on_after_signing_in(pair: tuple[Services, ...]) -> None:
    old = await receive(pair[0], web(address="guest:old"))
    phone = await receive(pair[0], web(address="customer:C-1", claim=shops("C-1")))
    await sign_in(pair[0], "web", "guest:old", "customer:C-1", shops("C-1"))
    again = await receive(pair[0], web(address="customer:C-1"))
    assert again.message.conversation_id == phone.message.conversation_id
    new = await receive(pair[0], web(address="guest:new"))
    await sign_in(pair[0], "web", "guest:new", "customer:C-1", shops("C-1"))
    again = await receive(pair[0], web(address="customer:C-1"))
    assert again.message.conversation_id == new.message.conversation_id
    assert old.message.conversation_id != new.message.conversation_id


async def test_what_a_person_took_apart_the_same_tokens_do_not_join_again(
    pair: tuple[Services, ...],
) -> None:
    agent = await add_agent(pair[0], "Nora")
    here = await receive(pair[0], web())
    await sign_in(pair[0], "web", "guest:ada", "customer:C-1", shops("C-1"))
    (join,) = await rows(pair[0], joins)
    await undo(pair[0], join["id"], agent)
    await sign_in(pair[0], "web", "guest:ada", "customer:C-1", shops("C-1"))
    assert await count(pair[0], joins) == 1
    guest = await receive(pair[0], web())
    assert guest.message.conversation_id == here.message.conversation_id
    customer = await receive(pair[0], web(address="customer:C-1"))
    assert customer.message.conversation_id != here.message.conversation_id


async def test_signing_in_as_another_customer_joins_nobody(pair: tuple[Services, ...]) -> None:
    await receive(pair[0], web())
    await receive(pair[0], sms(claim=shops("C-1")))
    await carry(pair[0], sms())  # the guest is C-1 by now
    await sign_in(pair[0], "web", "guest:ada", "customer:C-2", shops("C-2"))
    assert await count(pair[0], joins) == 1
    other = await receive(pair[0], web(address="customer:C-2", claim=shops("C-2")))
    assert other.message.seq == 1


async def test_a_reply_goes_where_the_customer_went_while_it_was_made(
    pair: tuple[Services, ...], database_url: str
) -> None:
    gate = asyncio.Event()
    slow = EchoAssistant(gate=gate)
    async with processes(database_url, slow) as (first,):
        here = await receive(first, web("where is my order?"))
        taking = asyncio.create_task(take_turns(first, here.message.conversation_id))
        await eventually(lambda: _asked(slow))
        await carry(pair[1], sms())
        gate.set()
        await taking
    lines = await said(pair[0], here.message.conversation_id)
    (answer,) = [line for line in lines if line.author == "bot"]
    assert (answer.channel, answer.in_reply_to) == ("twilio", here.message.id)


async def test_a_join_during_a_claim_leaves_the_agent_with_who_goes_on(
    pair: tuple[Services, ...],
) -> None:
    agent = await add_agent(pair[0], "Nora")
    for n in range(5):
        guest, address = f"guest:{n}", f"+{n}"
        here = (await receive(pair[0], web(address=guest))).message.conversation_id
        await receive(pair[0], sms(address=address))
        await to_queue(pair[0], here)
        await asyncio.gather(
            claim(pair[1], here, agent), carry(pair[0], sms(address=address), guest)
        )
        conversation, _ = await read_conversation(pair[0], here)
        assert conversation.agent_id == agent.id
        again = await receive(pair[0], sms("and?", address))
        assert again.message.conversation_id == here


async def test_an_unknown_join_cannot_be_undone(pair: tuple[Services, ...]) -> None:
    agent = await add_agent(pair[0], "Nora")
    with pytest.raises(NotFound):
        await undo(pair[0], new_id(), agent)
