"""What is sent by several processes is sent once and in order, and fetched once, on every
database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from bot import attempts
from bot.clock import now
from bot.delivery import Delivery as Deliveries
from bot.delivery import collect
from bot.events import line_to_send
from bot.intake import Received, receive
from bot.lease import LEASE
from bot.messages import Connector, Delivery, Limit, OutboundMessage, Receipt
from bot.records import OutboxItem
from bot.sender import LOOK_SECONDS
from bot.sending import send, take
from bot.services import Services
from bot.store.tables import outbox
from bot.turn import take_turns
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.processes import message
from tests.provider import write

pytestmark = over_both_databases
TAKEN_OVER_SECONDS = 5.0  # what docs/reliability.md promises


@dataclass
class MemoryConnector:
    """A channel whose provider takes its time and keeps what it got."""

    name: str = "memory"
    delivery: Delivery = "push"
    repeatable: bool = True
    limit: Limit | None = None
    sent: list[str] = field(default_factory=list)
    seconds: float = 0.02
    away: bool = False

    async def send(self, outbound: OutboundMessage) -> Receipt:
        if self.away:
            return Receipt("held")
        await asyncio.sleep(self.seconds)
        self.sent.append(outbound.text)
        return Receipt("sent", f"provider's {len(self.sent)}")


@asynccontextmanager
async def delivering(services: Services, *connectors: Connector) -> AsyncIterator[Deliveries]:
    """A process that sends for as long as the block runs."""
    delivery = Deliveries(services, {connector.name: connector for connector in connectors})
    delivery.start()
    try:
        yield delivery
    finally:
        await delivery.stop()


async def answer(services: Services, *texts: str, channel: str = "memory") -> Received:
    """Messages that the bot has answered and nobody has sent or fetched."""
    for text in texts:
        said = await receive(services, message(text, channel=channel))
    await take_turns(services, said.message.conversation_id)
    return said


async def items(services: Services, address: str | None = None) -> list[OutboxItem]:
    """The outbox, in the order of the transcript."""
    query = sa.select(outbox).order_by(outbox.c.id)
    if address is not None:
        query = query.where(outbox.c.address == address)
    async with services.database.reader.connect() as connection:
        return [OutboxItem(**row._mapping) for row in await connection.execute(query)]


async def states(services: Services, address: str | None = None) -> list[str]:
    return [item.state for item in await items(services, address)]


async def settled(services: Services, *wanted: str, address: str | None = None) -> None:
    """Wait until the outbox has these states."""

    async def as_wanted() -> bool | None:
        return (await states(services, address)) == list(wanted) or None

    await eventually(as_wanted)


async def due(services: Services, channel: str = "memory") -> list[OutboxItem]:
    at = now()
    async with services.database.read() as uow:
        found = await uow.outbox.due(channel, at=at, fresh=attempts.fresh(at))
    return [item for item, _ in found]


async def test_two_senders_send_each_message_once_and_in_order(
    pair: tuple[Services, ...],
) -> None:
    await answer(pair[0], *(str(n) for n in range(8)))
    connector = MemoryConnector()
    async with delivering(pair[0], connector), delivering(pair[1], connector):
        while len(connector.sent) < 8:
            for services in pair:
                await services.bus.publish(line_to_send("any", "any", "memory"))
            await asyncio.sleep(0.01)
        await settled(pair[0], *["sent"] * 8)
    assert connector.sent == [f"You said: {n}" for n in range(8)]


async def test_of_two_who_take_an_item_one_gets_it(pair: tuple[Services, ...]) -> None:
    await write(pair[0], "ada", "one", "two", channel="memory")
    (first,) = await due(pair[0])
    taken = await asyncio.gather(*(take(services, first) for services in pair for _ in range(5)))
    assert [each is None for each in taken].count(False) == 1
    assert await due(pair[1]) == []
    assert await states(pair[0]) == ["sending", "pending"]


async def test_what_a_dead_sender_had_in_hand_is_sent_again_where_that_does_no_harm(
    pair: tuple[Services, ...],
) -> None:
    await write(pair[0], "ada", "one", "two", channel="memory")
    (first,) = await due(pair[0])
    assert await take(pair[0], first)
    died = time.monotonic()
    connector = MemoryConnector()
    async with delivering(pair[1], connector):
        await settled(pair[1], "sent", "sent")
    assert time.monotonic() - died > LEASE.total_seconds() - 0.5
    assert LEASE.total_seconds() + LOOK_SECONDS < TAKEN_OVER_SECONDS
    assert connector.sent == ["one", "two"]


async def test_a_slow_provider_gets_the_message_once(pair: tuple[Services, ...]) -> None:
    await write(pair[0], "ada", "hello", channel="memory")
    connector = MemoryConnector(seconds=LEASE.total_seconds() + 1)
    async with delivering(pair[0], connector), delivering(pair[1], connector):
        await settled(pair[0], "sent")
    assert connector.sent == ["hello"]


async def test_who_stood_still_changes_nothing_when_another_has_sent(
    pair: tuple[Services, ...],
) -> None:
    await write(pair[0], "ada", "hello", channel="memory")
    (item,) = await due(pair[0])
    frozen = await take(pair[0], item)
    assert frozen is not None
    async with pair[1].database.write() as uow:  # its lease ran out, and another took it
        again = attempts.tried_again(frozen, "sender_died", seconds=0)
        assert await uow.outbox.change(frozen, again)
    (item,) = await due(pair[1])
    taken = await take(pair[1], item)
    assert taken is not None
    away = MemoryConnector(away=True)
    for late in (frozen, frozen):
        await send(pair[0], away, late, OutboundMessage("", "memory", "ada", "bot", "hello"))
    assert await states(pair[0]) == ["sending"]
    async with pair[1].database.write() as uow:
        assert await uow.outbox.change(taken, attempts.dead(taken, "x"))


async def test_somebody_who_comes_back_wakes_what_was_held_but_not_what_is_being_sent(
    pair: tuple[Services, ...],
) -> None:
    await write(pair[0], "ben", "being sent", channel="memory")
    (sending,) = await due(pair[0])
    assert await take(pair[1], sending)
    await write(pair[0], "ada", "held", channel="memory")
    connector = MemoryConnector(away=True)
    async with delivering(pair[0], connector) as delivery:

        async def held() -> OutboxItem | None:
            (item,) = await items(pair[0], "ada")
            soon = now() + timedelta(minutes=1)
            return item if item.next_attempt_at and item.next_attempt_at > soon else None

        item = await eventually(held)
        assert (item.state, item.attempts, item.give_up_at) == ("pending", 0, None)
        connector.away = False
        await delivery.wake("memory", "ben")
        await delivery.wake("memory", "ada")
        await settled(pair[0], "sending", "sent")
    assert connector.sent == ["held"]


async def test_what_was_left_is_handed_to_one_of_two_requests(
    pair: tuple[Services, ...],
) -> None:
    said = [await answer(pair[0], text, channel="rest") for text in ("left", "two", "three")]
    handed = await asyncio.gather(
        *(
            collect(services, received, "ada")
            for services, received in zip(pair, said[1:], strict=True)
        )
    )
    texts = [reply.text for replies in handed for reply in replies]
    assert texts.count("You said: left") == 1
    assert {"You said: two", "You said: three"} < set(texts)


async def test_an_address_that_hangs_holds_up_no_other(pair: tuple[Services, ...]) -> None:
    gate = asyncio.Event()

    class HangingForAda(MemoryConnector):
        async def send(self, outbound: OutboundMessage) -> Receipt:
            if outbound.address == "ada":
                await gate.wait()
            return await super().send(outbound)

    await write(pair[0], "ada", "later", channel="memory")
    for n in range(10):
        await write(pair[0], f"ben {n}", "soon", "and then", channel="memory")
    connector = HangingForAda()
    async with delivering(pair[0], connector):

        async def sent() -> bool | None:
            return len(connector.sent) == 20 or None

        await eventually(sent)
        assert await states(pair[0], "ada") == ["sending"]
        gate.set()
        await settled(pair[0], "sent", address="ada")
