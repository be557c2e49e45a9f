"""Conversations that their agent put off: each comes back once, over every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.agent_message import send_as_agent
from bot.clock import now
from bot.conversation import Conversation, State
from bot.errors import Conflict, InvalidInput
from bot.handoff import claim, transfer
from bot.records import User
from bot.services import Services
from bot.snoozing import end_snooze, snooze, wake_due
from bot.stranded import return_stranded
from tests.conftest import over_both_databases
from tests.processes import BrokenBus, add_agent, at_once, hand_off, read_conversation, say

pytestmark = over_both_databases
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TIME, WROTE = "Back from snooze: it is time.", "Back from snooze: the customer wrote."


@pytest.fixture
def services(pair: tuple[Services, ...]) -> Services:
    return pair[0]


@pytest.fixture
async def nora(services: Services) -> User:
    return await add_agent(services, "Nora")


@pytest.fixture
async def hers(services: Services, nora: User) -> str:
    """A conversation that she answered."""
    handoff = await hand_off(services)
    await claim(services, handoff.conversation_id, nora)
    await send_as_agent(services, handoff.conversation_id, nora, "I will ask.", client_id=None)
    return handoff.conversation_id


async def read(services: Services, conversation_id: str) -> tuple[Conversation, list[str]]:
    """It as it is, and what came in after her answer."""
    conversation, lines = await read_conversation(services, conversation_id)
    texts = [line.text for line in lines]
    return conversation, texts[texts.index("I will ask.") + 1 :]


async def load_of(services: Services, user: User) -> int:
    async with services.database.read() as uow:
        load = await uow.agents.load(user.id)
        assert (await uow.agents.loads([user.id])).get(user.id, 0) == load
    return load


async def test_it_comes_back_when_its_time_has_come_and_once(
    pair: tuple[Services, ...], nora: User, hers: str
) -> None:
    until = now() + HOUR
    await snooze(pair[0], hers, nora, until=until)
    conversation, texts = await read(pair[1], hers)
    assert conversation.snoozed_until == until
    assert (conversation.state, conversation.agent_id) == (State.AGENT, nora.id)
    assert texts == ["Nora snoozed the conversation."]
    assert await load_of(pair[0], nora) == 0
    await wake_due(pair[0], at=until - MINUTE)
    assert (await read(pair[0], hers))[0].snoozed_at is not None
    # Found by several workers at once, it comes back once.
    assert await at_once(*(wake_due(pair[n % 2], at=until) for n in range(6))) == [None] * 6
    conversation, texts = await read(pair[0], hers)
    assert (conversation.snoozed_at, conversation.updated_at) == (None, until)
    assert texts[1:] == [TIME]
    assert await load_of(pair[0], nora) == 1


async def test_the_customer_ends_any_snooze(services: Services, nora: User, hers: str) -> None:
    for until in (None, now() + HOUR):
        await snooze(services, hers, nora, until=until)
        await wake_due(services, at=now() + 30 * MINUTE)
        assert (await read(services, hers))[0].snoozed_at is not None
        await say(services, "and now?")
        conversation, texts = await read(services, hers)
        assert conversation.snoozed_at is None
        assert texts[-2:] == ["and now?", WROTE]
    await say(services, "hello?")
    await wake_due(services, at=now() + 2 * HOUR)
    assert (await read(services, hers))[1][-1] == "hello?"


async def test_its_agent_brings_it_back_and_nobody_else(
    services: Services, nora: User, hers: str
) -> None:
    jo = await add_agent(services, "Jo")
    with pytest.raises(Conflict):
        await snooze(services, hers, jo, until=None)
    await snooze(services, hers, nora, until=None)
    with pytest.raises(Conflict):
        await end_snooze(services, hers, jo)
    for _ in range(2):
        await end_snooze(services, hers, nora)
        assert (await read(services, hers))[1] == [
            "Nora snoozed the conversation until the customer writes.",
            "Back from snooze.",
        ]
    for until in (now(), now() + timedelta(days=400)):
        with pytest.raises(InvalidInput):
            await snooze(services, hers, nora, until=until)


async def test_whoever_gets_it_has_it_before_them(
    services: Services, nora: User, hers: str
) -> None:
    jo = await add_agent(services, "Jo")
    await snooze(services, hers, nora, until=now() + HOUR)
    await transfer(services, hers, nora, agent_id=jo.id, queue=None, note=None)
    assert (await read(services, hers))[0].snoozed_at is None
    assert await load_of(services, jo) == 1


async def test_its_agent_may_be_away_meanwhile_and_for_a_moment_after(
    services: Services, nora: User, hers: str
) -> None:
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now())
    await say(services, "please hurry")
    until = now() + HOUR
    await snooze(services, hers, nora, until=until)
    await return_stranded(services, at=until - MINUTE)
    await wake_due(services, at=until)
    await return_stranded(services, at=until + 4 * MINUTE)
    assert (await read(services, hers))[0].agent_id == nora.id
    await return_stranded(services, at=until + 6 * MINUTE)
    assert (await read(services, hers))[0].state is State.WAITING


async def test_what_only_the_customer_wakes_goes_back_when_its_agent_is_gone(
    services: Services, nora: User, hers: str
) -> None:
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now())
    await say(services, "please hurry")
    await snooze(services, hers, nora, until=None)
    await return_stranded(services, at=now() + 4 * MINUTE)
    assert (await read(services, hers))[0].agent_id == nora.id
    await return_stranded(services, at=now() + 6 * MINUTE)
    conversation, _ = await read(services, hers)
    assert (conversation.state, conversation.snoozed_at) == (State.WAITING, None)


async def test_one_that_cannot_be_told_of_keeps_no_other_from_coming_back(
    services: Services, nora: User, caplog: pytest.LogCaptureFixture
) -> None:
    until = now() + HOUR
    handoffs = [await hand_off(services, name) for name in ("ada", "bob", "cleo")]
    for handoff in handoffs:
        await claim(services, handoff.conversation_id, nora)
        await snooze(services, handoff.conversation_id, nora, until=until)
    await wake_due(replace(services, bus=BrokenBus()), at=until)
    assert await load_of(services, nora) == 3
    assert caplog.text.count("not_woken conversation_id=") == 3
