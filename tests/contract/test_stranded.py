"""Agents who are gone: no customer of theirs is left in silence, over every database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import stranded
from bot.accounts import revoke_user
from bot.agent_message import send_as_agent
from bot.clock import now
from bot.conversation import Conversation, State
from bot.errors import Conflict, InvalidInput, NotFound
from bot.handoff import claim, transfer
from bot.ownership import lock_conversation
from bot.records import Handoff, User
from bot.revoking import revoke
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.stranded import return_stranded
from tests.conftest import over_both_databases
from tests.processes import (
    add_agent,
    at_once,
    hand_off,
    read_conversation,
)

pytestmark = over_both_databases
MINUTE = timedelta(minutes=1)
STRANDED = "Nora lost the connection. A colleague takes over, and you are served first."


@pytest.fixture
def services(pair: tuple[Services, ...]) -> Services:
    return pair[0]


@pytest.fixture
async def nora(services: Services) -> User:
    """Whose page was connected a moment ago, and is no more."""
    nora = await add_agent(services, "Nora")
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now())
    return nora


@pytest.fixture
async def asked(services: Services, nora: User) -> Handoff:
    """A customer whom she has not answered yet."""
    handoff = await hand_off(services)
    await claim(services, handoff.conversation_id, nora)
    return handoff


async def test_an_unanswered_customer_goes_back_and_is_served_first(
    pair: tuple[Services, ...], asked: Handoff
) -> None:
    await hand_off(pair[0], "bob", waited=60 * MINUTE)
    await return_stranded(pair[0], at=now() + 4 * MINUTE)
    conversation, _ = await read_conversation(pair[0], asked.conversation_id)
    assert conversation.state is State.AGENT
    # Found by several workers at once, it goes back once.
    late = now() + 6 * MINUTE
    assert await at_once(*(return_stranded(pair[n % 2], at=late) for n in range(6))) == [None] * 6
    conversation, lines = await read_conversation(pair[0], asked.conversation_id)
    assert (conversation.state, conversation.queue) == (State.WAITING, "support")
    assert [line.text for line in lines].count(STRANDED) == 1
    async with pair[0].database.read() as uow:
        first = (await uow.handoffs.waiting_in(["support"]))[0]
    assert first.id == asked.id
    assert (first.priority, first.replied_at) == ("returned", None)
    assert first.card["lost"]["agent"] == "Nora"
    assert first.card["lost"]["reason"] == "connection"


async def test_one_that_cannot_go_back_keeps_no_other(
    services: Services, nora: User, asked: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await hand_off(services, "bob")
    await claim(services, other.conversation_id, nora)
    broken: list[str] = []

    async def lock(uow: UnitOfWork, conversation_id: str) -> Conversation:
        if conversation_id in (broken or [conversation_id]):
            broken[:] = [conversation_id]
            raise RuntimeError("a row that cannot be read")
        return await lock_conversation(uow, conversation_id)

    monkeypatch.setattr(stranded, "lock_conversation", lock)
    await return_stranded(services, at=now() + 6 * MINUTE)
    states = {
        one.conversation_id: (await read_conversation(services, one.conversation_id))[0].state
        for one in (asked, other)
    }
    assert states.pop(broken[0]) is State.AGENT
    assert set(states.values()) == {State.WAITING}
    monkeypatch.undo()
    await return_stranded(services, at=now() + 6 * MINUTE)
    conversation, _ = await read_conversation(services, broken[0])
    assert conversation.state is State.WAITING


async def test_a_customer_who_has_their_answer_stays(
    services: Services, nora: User, asked: Handoff
) -> None:
    await send_as_agent(services, asked.conversation_id, nora, "I will look.", client_id=None)
    await return_stranded(services, at=now() + 60 * MINUTE)
    conversation, _ = await read_conversation(services, asked.conversation_id)
    assert conversation.agent_id == nora.id


async def test_whoever_is_back_in_time_keeps_their_customer(
    services: Services, nora: User, asked: Handoff
) -> None:
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now() + 5 * MINUTE)
    await return_stranded(services, at=now() + 6 * MINUTE)
    conversation, _ = await read_conversation(services, asked.conversation_id)
    assert conversation.agent_id == nora.id


async def test_who_never_opened_a_page_is_not_taken_for_lost(services: Services) -> None:
    bridge = await add_agent(services, "Bridge")
    handoff = await hand_off(services)
    await claim(services, handoff.conversation_id, bridge)
    await return_stranded(services, at=now() + 60 * MINUTE)
    conversation, _ = await read_conversation(services, handoff.conversation_id)
    assert conversation.agent_id == bridge.id


async def test_a_revoked_account_loses_its_customers_at_once(
    services: Services, nora: User, asked: Handoff
) -> None:
    await send_as_agent(services, asked.conversation_id, nora, "I will look.", client_id=None)
    await revoke_user(services.database, "NORA@shop.test")
    await return_stranded(services)
    conversation, lines = await read_conversation(services, asked.conversation_id)
    assert conversation.state is State.WAITING
    assert lines[-1].text == "Nora left. A colleague takes over, and you are served first."
    jo = await add_agent(services, "Jo")
    await claim(services, asked.conversation_id, jo)
    with pytest.raises(InvalidInput):
        await transfer(services, asked.conversation_id, jo, agent_id=nora.id, queue=None, note=None)
    with pytest.raises(InvalidInput):
        await revoke_user(services.database, "nobody@shop.test")


async def test_a_lead_ends_an_account_but_not_their_own(
    services: Services, nora: User, asked: Handoff
) -> None:
    liam = await add_agent(services, "Liam")
    await revoke(services, nora.id, liam)
    conversation, _ = await read_conversation(services, asked.conversation_id)
    assert conversation.state is State.WAITING
    with pytest.raises(NotFound):
        await revoke(services, nora.id, liam)
    with pytest.raises(Conflict, match="your own"):
        await revoke(services, liam.id, liam)
