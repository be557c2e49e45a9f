"""Taking a conversation from the agent who has it, over every database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.agents import set_presence
from bot.clock import now
from bot.errors import Conflict, InvalidInput
from bot.handoff import claim
from bot.records import Handoff, User
from bot.services import Services
from bot.taking_over import take_over
from tests.conftest import over_both_databases
from tests.processes import add_agent, at_once, hand_off, read_conversation

pytestmark = over_both_databases


@pytest.fixture
def services(pair: tuple[Services, ...]) -> Services:
    return pair[0]


@pytest.fixture
async def nora(services: Services) -> User:
    """Who is there."""
    nora = await add_agent(services, "Nora")
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now())
    return nora


@pytest.fixture
async def held(services: Services, nora: User) -> Handoff:
    """A customer whom she has."""
    handoff = await hand_off(services)
    await claim(services, handoff.conversation_id, nora)
    return handoff


async def test_a_lead_takes_it_with_a_note_and_everybody_sees_it(
    services: Services, held: Handoff
) -> None:
    liam = replace(await add_agent(services, "Liam"), role="lead")
    with pytest.raises(InvalidInput):
        await take_over(services, held.conversation_id, liam, note=" ")
    for _ in range(2):  # pressed twice
        await take_over(services, held.conversation_id, liam, note="I know this customer.")
    conversation, lines = await read_conversation(services, held.conversation_id)
    assert conversation.agent_id == liam.id
    assert [(line.text, line.private) for line in lines[2:]] == [
        ("I know this customer.", True),
        ("Liam took over from Nora.", False),
    ]
    async with services.database.read() as uow:
        handoff = await uow.handoffs.open_of(held.conversation_id)
    assert handoff is not None
    assert handoff.agent_id == liam.id


async def test_an_agent_takes_it_only_from_who_is_not_there(
    services: Services, nora: User, held: Handoff
) -> None:
    jo = await add_agent(services, "Jo")
    with pytest.raises(Conflict, match="Nora is there"):
        await take_over(services, held.conversation_id, jo, note="She is slow.")
    await set_presence(services, nora, "wrap_up")
    with pytest.raises(Conflict, match="Nora is there"):
        await take_over(services, held.conversation_id, jo, note="She is slow.")
    await set_presence(services, nora, "away")
    await take_over(services, held.conversation_id, jo, note="She left for today.")
    conversation, _ = await read_conversation(services, held.conversation_id)
    assert conversation.agent_id == jo.id
    # Jo has no page open: whoever never connected is not there either.
    await take_over(services, held.conversation_id, nora, note="I am back.")


async def test_of_leads_who_press_at_once_each_takes_it_from_who_has_it_then(
    pair: tuple[Services, ...], held: Handoff
) -> None:
    leads = [replace(await add_agent(pair[0], f"Lead{n}"), role="lead") for n in range(6)]
    results = await at_once(
        *(
            take_over(pair[n % 2], held.conversation_id, lead, note="Mine.")
            for n, lead in enumerate(leads)
        )
    )
    assert Counter(map(type, results)) == {type(None): 6}
    conversation, lines = await read_conversation(pair[0], held.conversation_id)
    last = lines[-1].text.partition(" took over")[0]
    assert conversation.agent_id == next(lead.id for lead in leads if lead.name == last)


async def test_who_waits_is_claimed_not_taken(services: Services) -> None:
    waiting = await hand_off(services)
    liam = replace(await add_agent(services, "Liam"), role="lead")
    with pytest.raises(Conflict, match="claim it"):
        await take_over(services, waiting.conversation_id, liam, note="Mine.")
