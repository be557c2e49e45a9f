"""Offers: one agent after the other is asked, over every database, by several workers at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.agents import set_presence, set_serving
from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict, NotFound
from bot.handoff import claim, resolve
from bot.next_in_line import take_next
from bot.offers import accept, decline, tend_offers
from bot.records import Handoff, HandoffState, User
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent, at_once, hand_off, read_conversation

pytestmark = over_both_databases
RULES = """
queues:
  support: {name: Support, offer_seconds: 30}
  returns: {name: Returns, offer_seconds: 30, skills: [refunds]}
  calm: {name: Calm}
"""
SECOND = timedelta(seconds=1)
PATIENCE = 31 * SECOND


@pytest.fixture
def offering(pair: tuple[Services, ...], tmp_path: Path) -> tuple[Services, ...]:
    """Two processes of a shop that offers."""
    rules = tmp_path / "handoff.yml"
    rules.write_text(RULES, "utf-8")
    return tuple(replace(services, rules_file=rules) for services in pair)


@pytest.fixture
def services(offering: tuple[Services, ...]) -> Services:
    return offering[0]


async def online(services: Services, name: str) -> User:
    user = await add_agent(services, name)
    await here(services, user, at=now())
    return user


async def here(services: Services, *users: User, at: datetime) -> None:
    async with services.database.write() as uow:
        for user in users:
            await uow.agents.seen(user.id, at=at)


async def offered(services: Services, handoff: Handoff) -> tuple[HandoffState, str | None]:
    """How the hand-off stands, and to whom it is offered."""
    async with services.database.read() as uow:
        row = await uow.handoffs.get(handoff.id)
        assert row is not None
        offer = (await uow.offers.open_on([row])).get(row.id)
    return row.state, offer.agent_id if offer else None


async def test_the_head_of_the_line_is_offered_once_however_many_look(
    offering: tuple[Services, ...],
) -> None:
    services = offering[0]
    nora = await online(services, "Nora")
    later = await hand_off(services, "later")
    first = await hand_off(services, "first", waited=60 * SECOND)
    await hand_off(services, "pulled", queue="calm", waited=90 * SECOND)
    await hand_off(services, "skilled", queue="returns", waited=90 * SECOND)
    at = now()
    ends = await at_once(*(tend_offers(offering[n % 2], at=at) for n in range(8)))
    assert ends == [at + 30 * SECOND] * 8
    assert await offered(services, first) == (HandoffState.OFFERED, nora.id)
    assert await offered(services, later) == (HandoffState.REQUESTED, None)  # one at a time

    taken = await at_once(*(accept(offering[n % 2], first.id, nora) for n in range(4)))
    assert taken == [first.conversation_id] * 4
    conversation, lines = await read_conversation(services, first.conversation_id)
    assert (conversation.state, conversation.agent_id) == (State.AGENT, nora.id)
    assert [line.text for line in lines[1:]] == ["Nora joined the conversation."]
    await tend_offers(services)
    assert await offered(services, later) == (HandoffState.OFFERED, nora.id)


async def test_declined_or_missed_it_goes_on_and_begins_again_after_a_pause(
    services: Services,
) -> None:
    nora, jo = await online(services, "Nora"), await online(services, "Jo")
    await set_serving(services, nora.id, queues=[], skills=[], capacity=9)
    asked = await hand_off(services)
    at = now()
    await tend_offers(services, at=at)
    assert await offered(services, asked) == (HandoffState.OFFERED, nora.id)
    await decline(services, asked.id, nora)
    await decline(services, asked.id, nora)  # pressed twice
    await tend_offers(services, at=at)
    assert await offered(services, asked) == (HandoffState.OFFERED, jo.id)
    await tend_offers(services, at=at + PATIENCE)
    assert await offered(services, asked) == (HandoffState.REQUESTED, None)  # all had it
    with pytest.raises(Conflict, match="over"):
        await accept(services, asked.id, jo)
    again = at + 2 * PATIENCE
    await here(services, nora, jo, at=again)
    await tend_offers(services, at=again)
    assert await offered(services, asked) == (HandoffState.OFFERED, nora.id)
    conversation, lines = await read_conversation(services, asked.conversation_id)
    assert len(lines) == 1  # the customer hears nothing of it
    assert conversation.state is State.WAITING


async def test_a_claim_wins_over_an_offer_and_next_leaves_it_alone(services: Services) -> None:
    nora = await online(services, "Nora")
    jo = await add_agent(services, "Jo")
    asked = await hand_off(services)
    await tend_offers(services)
    with pytest.raises(NotFound):
        await take_next(services, jo)
    await claim(services, asked.conversation_id, jo)
    assert await offered(services, asked) == (HandoffState.ACCEPTED, None)
    with pytest.raises(Conflict, match="Already claimed by Jo"):
        await accept(services, asked.id, nora)
    second = await hand_off(services, "bob")
    await tend_offers(services)
    assert await take_next(services, nora) == second.conversation_id
    with pytest.raises(NotFound):
        await decline(services, "nothing", nora)


async def test_who_misses_two_in_a_row_is_set_to_away(services: Services) -> None:
    nora = await online(services, "Nora")
    at = now()
    for n in range(2):
        await hand_off(services, f"{n}")
    for n in range(3):
        await here(services, nora, at=at + n * PATIENCE)
        await tend_offers(services, at=at + n * PATIENCE)
    async with services.database.read() as uow:
        agent = await uow.agents.get(nora.id)
        assert await uow.offers.open() == []
    assert (agent.presence, agent.missed_offers) == ("away", 2)
    back = await set_presence(services, nora, "online")
    assert back.missed_offers == 0
    await tend_offers(services, at=at + 3 * PATIENCE)
    async with services.database.read() as uow:
        assert [offer.agent_id for offer in await uow.offers.open()] == [nora.id]


async def test_an_agent_who_goes_is_asked_no_more(services: Services) -> None:
    nora = await online(services, "Nora")
    asked = await hand_off(services)
    await tend_offers(services)
    await set_presence(services, nora, "away")
    jo = await online(services, "Jo")
    await tend_offers(services)
    assert await offered(services, asked) == (HandoffState.OFFERED, jo.id)
    await tend_offers(services, at=now() + 61 * SECOND)  # her page is not connected any more
    assert await offered(services, asked) == (HandoffState.REQUESTED, None)


async def test_whom_the_customer_knows_is_asked_first_but_nobody_beyond_what_they_can(
    services: Services,
) -> None:
    nora, jo = await online(services, "Nora"), await online(services, "Jo")
    before = await hand_off(services, "ada")
    await claim(services, before.conversation_id, jo)
    await resolve(services, before.conversation_id, jo)
    await set_serving(services, nora.id, queues=[], skills=[], capacity=9)
    again = await hand_off(services, "ada")
    other = await hand_off(services, "bob")
    await tend_offers(services)
    assert await offered(services, again) == (HandoffState.OFFERED, jo.id)
    assert await offered(services, other) == (HandoffState.OFFERED, nora.id)
    await set_serving(services, nora.id, queues=[], skills=[], capacity=1)
    await accept(services, other.id, nora)
    third = await hand_off(services, "cleo")
    await tend_offers(services)
    assert await offered(services, third) == (HandoffState.REQUESTED, None)
