"""Offers: one agent after the other is asked, over every database, by several workers at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.agents import set_presence, set_serving
from bot.clock import now
from bot.conversation import State
from bot.errors import Conflict, NotFound
from bot.handoff import claim, resolve, transfer
from bot.next_in_line import take_next
from bot.offers import accept, decline, tend_offers
from bot.records import Handoff, HandoffState, User
from bot.services import Services
from bot.snoozing import snooze
from bot.store.offers import _LAST_ACCEPTED
from bot.store.tables import handoffs
from tests.conftest import over_both_databases
from tests.contract.test_outbox_plan import copy
from tests.processes import BrokenBus, add_agent, at_once, hand_off, read_conversation

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
    await set_serving(services, nora.id, queues=[], skills=[], capacity=9, by=nora.id)
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
    await set_serving(services, nora.id, queues=[], skills=[], capacity=9, by=nora.id)
    again = await hand_off(services, "ada")
    other = await hand_off(services, "bob")
    await tend_offers(services)
    assert await offered(services, again) == (HandoffState.OFFERED, jo.id)
    assert await offered(services, other) == (HandoffState.OFFERED, nora.id)
    await set_serving(services, nora.id, queues=[], skills=[], capacity=1, by=nora.id)
    await accept(services, other.id, nora)
    third = await hand_off(services, "cleo")
    await tend_offers(services)
    assert await offered(services, third) == (HandoffState.REQUESTED, None)


async def test_who_passes_a_customer_on_counts_as_asked(services: Services) -> None:
    nora, jo = await online(services, "Nora"), await add_agent(services, "Jo")
    asked = await hand_off(services)
    await claim(services, asked.conversation_id, nora)
    await transfer(services, asked.conversation_id, nora, agent_id=None, queue="support", note=None)
    at = now()
    await tend_offers(services, at=at)
    assert await offered(services, asked) == (HandoffState.REQUESTED, None)
    await here(services, jo, at=at)
    await tend_offers(services, at=at)
    assert await offered(services, asked) == (HandoffState.OFFERED, jo.id)
    await decline(services, asked.id, jo)
    again = at + 2 * PATIENCE
    await here(services, nora, at=again)
    await tend_offers(services, at=again)  # nobody else is there
    assert await offered(services, asked) == (HandoffState.OFFERED, nora.id)


async def test_what_is_snoozed_leaves_room_for_an_offer(services: Services) -> None:
    nora = await online(services, "Nora")
    await set_serving(services, nora.id, queues=[], skills=[], capacity=1, by=nora.id)
    first = await hand_off(services)
    await claim(services, first.conversation_id, nora)
    second = await hand_off(services, "bob")
    await tend_offers(services)
    assert await offered(services, second) == (HandoffState.REQUESTED, None)
    await snooze(services, first.conversation_id, nora, until=None)
    await tend_offers(services)
    assert await offered(services, second) == (HandoffState.OFFERED, nora.id)


async def test_who_is_idle_for_longest_is_by_the_newest_they_took(services: Services) -> None:
    nora, jo, bridge = [await add_agent(services, name) for name in ("Nora", "Jo", "Bridge")]
    for user in (nora, jo, nora):
        taken = await hand_off(services, user.id)
        await claim(services, taken.conversation_id, user)
    async with services.database.read() as uow:
        newest = await uow.handoffs.open_of(taken.conversation_id)
        served_at = await uow.offers.last_accepted([nora.id, jo.id, bridge.id])
    assert newest is not None
    assert served_at.keys() == {nora.id, jo.id}
    assert served_at[nora.id] == newest.accepted_at


async def test_their_newest_is_read_from_the_end_of_an_index(services: Services) -> None:
    nora = await add_agent(services, "Nora")
    handoff = await hand_off(services)
    await claim(services, handoff.conversation_id, nora)
    reader = services.database.reader
    async with services.database.migrator.begin() as connection:  # it takes what it takes
        await copy(connection, handoffs, {"id": "'x' || i"})
    async with services.database.migrator.begin() as connection:
        await connection.exec_driver_sql("ANALYZE")
    look = _LAST_ACCEPTED.params(agents=[nora.id])
    written = look.compile(dialect=reader.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if reader.dialect.name == "sqlite" else "EXPLAIN"
    async with reader.connect() as connection:
        rows = await connection.exec_driver_sql(f"{explain} {written}")
        plan = "\n".join(str(row[-1]) for row in rows)
    assert "ix_handoffs_agent_id_accepted_at" in plan
    for whole in ("Aggregate", "TEMP B-TREE", "Seq Scan on handoffs", "SCAN handoffs"):
        assert whole not in plan


async def test_a_look_costs_the_same_however_many_wait(services: Services) -> None:
    nora, jo = await online(services, "Nora"), await online(services, "Jo")
    await hand_off(services, "ada")
    await tend_offers(services)
    await decline_all(services, nora, jo)
    await set_presence(services, jo, "away")
    with statements(services) as one:
        await tend_offers(services)
    for name in ("bob", "cleo", "dora"):
        handoff = await hand_off(services, name)
        await claim(services, handoff.conversation_id, nora)
        await transfer(
            services, handoff.conversation_id, nora, agent_id=None, queue="support", note=None
        )
    with statements(services) as many:
        await tend_offers(services)
    assert len(many) == len(one) > 1


async def test_where_no_queue_offers_a_look_is_one_question(
    services: Services, tmp_path: Path
) -> None:
    nora = await online(services, "Nora")
    asked = await hand_off(services)
    await tend_offers(services)
    assert await offered(services, asked) == (HandoffState.OFFERED, nora.id)
    pulled = tmp_path / "pulled.yml"
    pulled.write_text("queues: {support: {name: Support}}", "utf-8")
    changed = replace(services, rules_file=pulled)
    # What was offered before the rules changed is ended all the same.
    await tend_offers(changed, at=now() + PATIENCE)
    assert await offered(services, asked) == (HandoffState.REQUESTED, None)
    with statements(services) as asked_of_it:
        assert await tend_offers(changed) is None
    assert len(asked_of_it) == 1


async def test_one_that_cannot_be_told_of_keeps_no_other_from_being_offered(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Nora", "Jo"):
        await online(services, name)
    waiting = [await hand_off(services, name) for name in ("ada", "bob")]
    broken = replace(services, bus=BrokenBus())
    at = now()
    await tend_offers(broken, at=at)
    assert [(await offered(services, each))[0] for each in waiting] == [HandoffState.OFFERED] * 2
    assert caplog.text.count("not_offered conversation_id=") == 2
    await tend_offers(broken, at=at + PATIENCE)
    assert caplog.text.count("offer_not_ended conversation_id=") == 2


async def decline_all(services: Services, *users: User) -> None:
    async with services.database.read() as uow:
        offers = await uow.offers.open()
    for offer in offers:
        (user,) = [user for user in users if user.id == offer.agent_id]
        await decline(services, offer.handoff_id, user)


@contextmanager
def statements(services: Services) -> Iterator[list[str]]:
    """What the database is asked meanwhile, nothing of it a write."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    engine = services.database.reader.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)
