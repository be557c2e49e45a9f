"""Taking the next customer, over every database and from several processes at once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.agents import set_presence, set_serving
from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict, NotFound
from bot.handoff import claim, prioritise, resolve, transfer
from bot.next_in_line import HELD, take_next
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import (
    add_agent,
    at_once,
    hand_off,
    read_conversation,
)

pytestmark = over_both_databases
MINUTE = timedelta(minutes=1)


@pytest.fixture
def services(pair: tuple[Services, ...]) -> Services:
    return pair[0]


async def test_fifty_who_press_at_once_get_one_customer_each(pair: tuple[Services, ...]) -> None:
    waiting = [await hand_off(pair[0], f"customer {n}") for n in range(40)]
    users = [await add_agent(pair[0], f"Agent{n}") for n in range(50)]
    results = await at_once(*(take_next(pair[n % 2], user) for n, user in enumerate(users)))
    taken = [each for each in results if isinstance(each, str)]
    assert sorted(taken) == sorted(each.conversation_id for each in waiting)
    left_over = [each for each in results if not isinstance(each, str)]
    assert [type(each) for each in left_over] == [NotFound] * 10
    for user, result in zip(users, results, strict=True):
        if isinstance(result, str):
            conversation, lines = await read_conversation(pair[0], result)
            assert (conversation.state, conversation.agent_id) == (State.AGENT, user.id)
            assert [line.text for line in lines[1:]] == [f"{user.name} joined the conversation."]


async def test_fifty_claims_of_one_customer_have_one_winner(pair: tuple[Services, ...]) -> None:
    handoff = await hand_off(pair[0])
    users = [await add_agent(pair[0], f"Agent{n}") for n in range(50)]
    results = await at_once(
        *(claim(pair[n % 2], handoff.conversation_id, user) for n, user in enumerate(users))
    )
    assert Counter(map(type, results)) == {type(None): 1, Conflict: 49}
    winner = users[results.index(None)]
    conversation, _ = await read_conversation(pair[0], handoff.conversation_id)
    assert conversation.agent_id == winner.id


async def test_one_agent_who_presses_often_gets_no_more_than_they_can(
    pair: tuple[Services, ...],
) -> None:
    for n in range(8):
        await hand_off(pair[0], f"customer {n}")
    nora = await add_agent(pair[0], "Nora")
    await set_serving(pair[0], nora.id, queues=[], skills=[], capacity=3, by=nora.id)
    results = await at_once(*(take_next(pair[n % 2], nora) for n in range(8)))
    full = [each for each in results if isinstance(each, Conflict)]
    assert len({each for each in results if isinstance(each, str)}) == 3
    assert {each.code for each in full} == {"at_capacity"}
    await resolve(pair[0], next(each for each in results if isinstance(each, str)), nora)
    assert await take_next(pair[0], nora)


async def test_priority_is_a_head_start_and_nobody_starves(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    line = {
        "patient": await hand_off(services, "patient", waited=40 * MINUTE),
        "urgent": await hand_off(services, "urgent", priority="urgent", waited=5 * MINUTE),
        "calm": await hand_off(services, "calm", waited=20 * MINUTE),
        "upset": await hand_off(services, "upset", priority="high", waited=2 * MINUTE),
        "lost": await hand_off(services, "lost", priority="returned"),
        "chosen": await hand_off(services, "chosen"),
    }
    await prioritise(services, line["chosen"].conversation_id, nora, "urgent")
    async with services.database.read() as uow:
        waiting = await uow.handoffs.waiting_in(["support"])
    names = {handoff.id: name for name, handoff in line.items()}
    expected = ["lost", "patient", "urgent", "chosen", "calm", "upset"]
    assert [names[handoff.id] for handoff in waiting] == expected
    await set_serving(services, nora.id, queues=[], skills=[], capacity=10, by=nora.id)
    taken = [await take_next(services, nora) for _ in expected]
    assert taken == [line[name].conversation_id for name in expected]


async def test_an_agent_is_given_only_what_they_serve(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    await hand_off(services, "pays", queue="payments", waited=MINUTE)
    asks = await hand_off(services, "asks", queue="support")
    await set_serving(services, nora.id, queues=["support"], skills=[], capacity=5, by=nora.id)
    assert await take_next(services, nora) == asks.conversation_id
    with pytest.raises(NotFound):
        await take_next(services, nora)


async def test_who_is_away_takes_nobody(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    handoff = await hand_off(services)
    for presence in ("away", "wrap_up"):
        await set_presence(services, nora, presence)
        with pytest.raises(Conflict, match="go online"):
            await take_next(services, nora)
    await set_presence(services, nora, "online")
    assert await take_next(services, nora) == handoff.conversation_id


async def test_a_customer_is_kept_for_whom_they_know_but_not_for_long(services: Services) -> None:
    nora, jo = await add_agent(services, "Nora"), await add_agent(services, "Jo")
    first = await hand_off(services, "ada")
    await claim(services, first.conversation_id, nora)
    await resolve(services, first.conversation_id, nora)
    again = await hand_off(services, "ada")
    older = await hand_off(services, "bob", waited=MINUTE)
    async with services.database.write() as uow:
        await uow.agents.seen(nora.id, at=now())
    assert await take_next(services, jo) == older.conversation_id
    with pytest.raises(NotFound):  # she is here, and they know her
        await take_next(services, jo)
    await hand_off(services, "cleo", waited=2 * HELD)
    assert await take_next(services, nora) == again.conversation_id
    await transfer(services, again.conversation_id, nora, agent_id=None, queue="support", note=None)
    await set_presence(services, nora, "away")
    await take_next(services, jo)
    assert await take_next(services, jo) == again.conversation_id


async def test_a_transfer_into_a_queue_promises_anew_and_keeps_the_place(
    services: Services,
) -> None:
    nora = await add_agent(services, "Nora")
    asked = await hand_off(services, waited=60 * MINUTE)
    await claim(services, asked.conversation_id, nora)
    await transfer(
        services, asked.conversation_id, nora, agent_id=None, queue="payments", note=None
    )
    async with services.database.read() as uow:
        moved = await uow.handoffs.open_of(asked.conversation_id)
    assert moved is not None
    assert moved.queue == "payments"
    assert moved.ranked_at == asked.ranked_at
    assert moved.due_at is not None
    assert moved.due_at - moved.queued_at == 5 * MINUTE
    assert moved.queued_at > asked.queued_at


async def test_waits_are_what_customers_really_waited(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    for minutes in (3, 1):
        handoff = await hand_off(services, f"{minutes}", waited=minutes * MINUTE)
        await claim(services, handoff.conversation_id, nora)
    async with services.database.read() as uow:
        waits = await uow.handoffs.waits("support", since=now() - 5 * MINUTE, limit=10)
        levels = await uow.handoffs.unanswered(at=now() + 8 * MINUTE)
    assert [round(wait / MINUTE) for wait in waits] == [1, 3]
    assert levels == {("support", "warned"): 1, ("support", "late"): 1}
