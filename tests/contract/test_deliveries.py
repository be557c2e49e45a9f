"""What is sent by several processes is sent once and in order, and fetched once, on every
database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.clock import now
from bot.delivery import collect, deliver_pending
from bot.intake import Received, receive
from bot.lease import LEASE, lease_end
from bot.messages import Delivery, OutboundMessage, Receipt
from bot.services import Services
from bot.store.schema import upgrade
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, message, processes

pytestmark = over_both_databases


@dataclass
class MemoryConnector:
    """A channel whose provider takes its time and keeps what it got."""

    name: str = "memory"
    delivery: Delivery = "push"
    sent: list[str] = field(default_factory=list)
    seconds: float = 0.02

    async def send(self, outbound: OutboundMessage) -> Receipt:
        await asyncio.sleep(self.seconds)
        self.sent.append(outbound.text)
        return Receipt("sent", f"provider's {len(self.sent)}")


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[tuple[Services, ...]]:
    """Two processes."""
    async with processes(database_url, EchoAssistant(), EchoAssistant()) as started:
        await upgrade(started[0].database)
        yield started


async def answer(services: Services, *texts: str, channel: str = "memory") -> Received:
    """Messages that the bot has answered and nobody has sent or fetched."""
    for text in texts:
        said = await receive(services, message(text, channel=channel))
    await take_turns(services, said.message.conversation_id)
    return said


async def test_two_senders_send_each_message_once_and_in_order(
    pair: tuple[Services, ...],
) -> None:
    await answer(pair[0], *(str(n) for n in range(8)))
    connector = MemoryConnector()
    while len(connector.sent) < 8:
        await asyncio.gather(
            *(deliver_pending(services, {"memory": connector}) for services in pair)
        )
    assert connector.sent == [f"You said: {n}" for n in range(8)]
    async with pair[0].database.read() as uow:
        assert await uow.outbox.due(["memory"], at=now() + timedelta(days=1)) == []


async def test_what_a_dead_sender_had_taken_is_sent_when_its_lease_has_run_out(
    pair: tuple[Services, ...],
) -> None:
    await answer(pair[0], "one", "two")
    async with pair[0].database.write() as uow:
        (first, _), _second = await uow.outbox.due(["memory"], at=now())
        assert await uow.outbox.take(first, until=lease_end())
        assert not await uow.outbox.take(first, until=lease_end())
    async with pair[1].database.read() as uow:
        assert await uow.outbox.due(["memory"], at=now()) == []
        due = await uow.outbox.due(["memory"], at=now() + LEASE + timedelta(seconds=1))
    assert [outbound.text for _, outbound in due] == ["You said: one", "You said: two"]


async def test_a_slow_provider_gets_the_message_once(pair: tuple[Services, ...]) -> None:
    await answer(pair[0], "hello")
    connector = MemoryConnector(seconds=LEASE.total_seconds() + 1)
    sending = asyncio.create_task(deliver_pending(pair[0], {"memory": connector}))
    while not sending.done():
        await asyncio.sleep(0.2)
        await deliver_pending(pair[1], {"memory": connector})
    await sending
    assert connector.sent == ["You said: hello"]


async def test_somebody_who_comes_back_wakes_what_was_held_but_not_what_is_being_sent(
    pair: tuple[Services, ...],
) -> None:
    await answer(pair[0], "held", "being sent")
    async with pair[0].database.write() as uow:
        (held, _), (sending, _) = await uow.outbox.due(["memory"], at=now())
        await uow.outbox.postpone(held.id, until=now() + timedelta(hours=1), error=None)
        assert await uow.outbox.take(sending, until=lease_end())
    async with pair[1].database.write() as uow:
        await uow.outbox.wake("memory", "ada", at=now(), after=lease_end())
    async with pair[1].database.read() as uow:
        ((due, _),) = await uow.outbox.due(["memory"], at=now())
    assert due.id == held.id


async def test_what_was_left_is_handed_to_one_of_two_requests(
    pair: tuple[Services, ...],
) -> None:
    said = [await answer(pair[0], text, channel="rest") for text in ("left", "two", "three")]
    async with pair[0].database.read() as uow:
        turns = [await uow.turns.get(each.turn_id) for each in said[1:]]
    handed = await asyncio.gather(
        *(
            collect(services, turn, "ada", again=False)
            for services, turn in zip(pair, turns, strict=True)
            if turn is not None
        )
    )
    texts = [reply.text for replies in handed for reply in replies]
    assert texts.count("You said: left") == 1
    assert {"You said: two", "You said: three"} < set(texts)
