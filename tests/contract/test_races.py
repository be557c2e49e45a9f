"""What must have one winner has one, on every database, with processes that know nothing of each
other."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.assistant.reply import AssistantReply, CustomerMessage, Memory
from bot.clock import new_id, now
from bot.conversation import State
from bot.errors import Conflict
from bot.handoff import claim, resolve
from bot.intake import Received, receive
from bot.lease import LEASE, lease_end
from bot.ledger import Ledger
from bot.services import Services
from bot.store.tables import conversations, customers, identities, messages
from bot.turn import take_turns
from bot.worker import SWEEP_SECONDS, Worker
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import (
    EchoAssistant,
    add_agent,
    at_once,
    message,
    processes,
    read_conversation,
    say,
    to_queue,
)

pytestmark = over_both_databases
TAKEN_OVER_SECONDS = 5.0  # what docs/reliability.md promises


async def count(services: Services, table: sa.Table) -> int:
    async with services.database.reader.connect() as connection:
        found = await connection.execute(sa.select(sa.func.count()).select_from(table))
        rows: int = found.scalar_one()
        return rows


async def test_twenty_claims_have_one_winner_and_the_others_learn_who(
    pair: tuple[Services, ...],
) -> None:
    said = await say(pair[0])
    conversation_id = said.message.conversation_id
    await to_queue(pair[0], conversation_id)
    users = [await add_agent(pair[0], name) for name in ("Nora", "Jo")]
    results = await at_once(
        *(claim(pair[n % 2], conversation_id, users[n // 2 % 2]) for n in range(20))
    )
    lost = [error for error in results if error is not None]
    conversation, lines = await read_conversation(pair[0], conversation_id)
    (winner,) = [user for user in users if user.id == conversation.agent_id]
    assert len(lost) == 19
    for error in lost:
        assert isinstance(error, Conflict)
        assert error.detail == {"agent": {"id": winner.id, "name": winner.name}}
    assert [line.text for line in lines[1:]] == [f"{winner.name} joined the conversation."]


async def test_fifty_first_messages_are_one_conversation_without_gaps(
    pair: tuple[Services, ...],
) -> None:
    received = await asyncio.gather(*(receive(pair[n % 2], message(str(n))) for n in range(50)))
    (conversation_id,) = {each.message.conversation_id for each in received}
    conversation, lines = await read_conversation(pair[0], conversation_id)
    assert [line.seq for line in lines] == list(range(1, 51))
    assert conversation.last_seq == 50
    for table in (customers, identities, conversations):
        assert await count(pair[0], table) == 1


async def test_one_customer_from_many_addresses_at_once_is_one_customer(
    pair: tuple[Services, ...],
) -> None:
    received = await asyncio.gather(
        *(receive(pair[n % 2], message(address=f"tab {n}", reference="C-7")) for n in range(20))
    )
    assert len({each.message.conversation_id for each in received}) == 1
    assert await count(pair[0], customers) == 1
    assert await count(pair[0], identities) == 20
    assert sorted(each.message.seq for each in received) == list(range(1, 21))


async def test_the_same_message_ten_times_at_once_is_one_row(pair: tuple[Services, ...]) -> None:
    inbound = message(external_id="m1")
    received: list[Received] = await asyncio.gather(
        *(receive(pair[n % 2], inbound) for n in range(10))
    )
    assert len({(each.message.id, each.turn_id) for each in received}) == 1
    assert [each.duplicate for each in received].count(False) == 1
    assert await count(pair[0], messages) == 1


async def test_two_workers_take_each_turn_once_and_in_order(
    pair: tuple[Services, ...], database_url: str
) -> None:
    assistants = (EchoAssistant(seconds=0.01), EchoAssistant(seconds=0.01))
    async with processes(database_url, *assistants) as others:
        workers = [Worker(services) for services in others]
        for worker in workers:
            worker.start()
        texts = [str(n) for n in range(20)]
        conversation_id = ""
        for n, text in enumerate(texts):
            said = await say(others[n % 2], text)
            conversation_id = said.message.conversation_id
            await others[1 - n % 2].queue.ring(conversation_id)

        async def answered() -> list[str] | None:
            _, lines = await read_conversation(pair[0], conversation_id)
            answers = [line.text for line in lines if line.author == "bot"]
            return answers if len(answers) >= 20 else None

        assert await eventually(answered) == [f"You said: {text}" for text in texts]
        for worker in workers:
            await worker.stop()
        assert sorted(assistants[0].asked + assistants[1].asked) == sorted(texts)


async def test_even_if_every_lease_runs_out_at_once_each_message_is_answered_once(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.lease.LEASE", timedelta(milliseconds=2))
    monkeypatch.setattr("bot.turn.MOST_ATTEMPTS", 1000)  # a try that lost its lease counts as one
    said = [await say(pair[0], str(n)) for n in range(30)]
    conversation_id = said[0].message.conversation_id
    while True:
        await asyncio.gather(*(take_turns(pair[n % 2], conversation_id) for n in range(6)))
        async with pair[0].database.read() as uow:
            if not await uow.turns.any_pending(conversation_id):
                break
    _, lines = await read_conversation(pair[0], conversation_id)
    answered = [line.in_reply_to for line in lines if line.author == "bot"]
    assert answered == [each.message.id for each in said]


async def test_a_dead_workers_turn_is_taken_over_in_time(pair: tuple[Services, ...]) -> None:
    said = await say(pair[0])
    conversation_id = said.message.conversation_id
    async with pair[0].database.write() as uow:
        taken = await uow.leases.take(conversation_id, "the dead", at=now(), until=lease_end())
    died = time.monotonic()
    assert taken
    worker = Worker(pair[1])
    worker.start()

    async def answered() -> bool | None:
        return len((await read_conversation(pair[0], conversation_id))[1]) == 2 or None

    await eventually(answered)
    waited = time.monotonic() - died
    await worker.stop()
    assert waited > LEASE.total_seconds() - 0.5
    assert LEASE.total_seconds() + SWEEP_SECONDS < TAKEN_OVER_SECONDS


async def test_a_slow_turn_is_left_to_who_is_at_it(
    pair: tuple[Services, ...], database_url: str
) -> None:
    slow, idle = EchoAssistant(seconds=LEASE.total_seconds() + 1.5), EchoAssistant()
    async with processes(database_url, slow, idle) as (first, second):
        said = await say(first)
        taking = asyncio.create_task(take_turns(first, said.message.conversation_id))
        worker = Worker(second)
        worker.start()
        await taking
        await worker.stop()
    assert (slow.asked, idle.asked) == (["hello"], [])
    _, lines = await read_conversation(pair[0], said.message.conversation_id)
    assert [line.author for line in lines] == ["customer", "bot"]


class FreezingAssistant(EchoAssistant):
    """Holds up its whole process for longer than a lease lasts."""

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        time.sleep(LEASE.total_seconds() + 0.5)  # noqa: ASYNC251
        return await super().reply(conversation_id, message, memory, ledger)


async def test_a_process_that_stood_still_does_not_take_its_own_turn_again(
    pair: tuple[Services, ...], database_url: str
) -> None:
    freezing = FreezingAssistant(seconds=1)
    async with processes(database_url, freezing) as (only,):
        said = await say(only)
        worker = Worker(only)
        worker.start()

        async def answered() -> bool | None:
            lines = (await read_conversation(pair[0], said.message.conversation_id))[1]
            return len(lines) == 2 or None

        await eventually(answered)
        await worker.stop()
    assert freezing.asked == ["hello"]


async def test_a_turn_that_lost_its_lease_writes_nothing(
    pair: tuple[Services, ...], database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    gate = asyncio.Event()
    frozen = EchoAssistant(gate=gate)
    async with processes(database_url, frozen) as (first,):
        said = await say(first)
        conversation_id = said.message.conversation_id
        taking = asyncio.create_task(take_turns(first, conversation_id))
        await eventually(lambda: _begun(frozen))
        later = now() + timedelta(hours=1)  # as if the process had stood still for so long
        async with pair[1].database.write() as uow:
            taken = await uow.leases.take(conversation_id, "another", at=later, until=later + LEASE)
        assert taken
        gate.set()
        await taking
    assert "lease_lost" in caplog.text
    _, lines = await read_conversation(pair[0], conversation_id)
    assert [line.author for line in lines] == ["customer"]
    async with pair[0].database.write() as uow:
        assert await uow.turns.any_pending(conversation_id)
        assert await uow.trackers.get(conversation_id) == ([], 0)
        conversation = await uow.conversations.get(conversation_id)
        assert conversation is not None
        await uow.leases.check(conversation, "another")


async def test_a_turn_whose_owner_changed_is_taken_anew_and_says_nothing(
    pair: tuple[Services, ...], database_url: str
) -> None:
    gate = asyncio.Event()
    slow = EchoAssistant(gate=gate)
    async with processes(database_url, slow) as (first,):
        said = await say(first)
        conversation_id = said.message.conversation_id
        taking = asyncio.create_task(take_turns(first, conversation_id))
        await eventually(lambda: _begun(slow))
        await to_queue(pair[1], conversation_id)
        gate.set()
        await taking
    _, lines = await read_conversation(pair[0], conversation_id)
    assert [line.author for line in lines] == ["customer"]
    async with pair[0].database.read() as uow:
        (turn,) = await uow.turns.recent(conversation_id, limit=5)
    assert (turn.state, turn.outcome) == ("done", "failed")


async def _begun(assistant: EchoAssistant) -> bool | None:
    return bool(assistant.asked) or None


async def test_a_message_never_enters_a_conversation_that_was_just_closed(
    pair: tuple[Services, ...],
) -> None:
    user = await add_agent(pair[0], "Nora")
    for _ in range(10):
        address = new_id()
        first = await receive(pair[0], message(address=address))
        conversation_id = first.message.conversation_id
        await to_queue(pair[0], conversation_id)
        await claim(pair[0], conversation_id, user)
        said, _ = await asyncio.gather(
            receive(pair[0], message(address=address)), resolve(pair[1], conversation_id, user)
        )
        conversation, lines = await read_conversation(pair[0], conversation_id)
        (closed,) = [line.seq for line in lines if line.data.get("event") == "resolved"]
        reopened = said.message.seq > closed
        assert conversation.state is (State.BOT if reopened else State.RESOLVED)
