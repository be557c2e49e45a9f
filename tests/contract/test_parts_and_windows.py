"""Messages that a provider takes in parts, and those it takes only while a customer is heard from,
on every database."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.clock import now
from bot.errors import AnswerLost, NotNow
from bot.intake import receive
from bot.messages import Delivery, Limit, OutboundMessage, Progress, Receipt, ReceiptUpdate
from bot.receipts import take_receipts
from bot.records import OutboxItem
from bot.services import Services
from bot.store.tables import messages
from bot.transcript import add_message
from connectors.text import parted, split
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import delivering, items, settled
from tests.processes import message
from tests.provider import write

pytestmark = over_both_databases
LONG = "First sentence. Second sentence. Third sentence."
_TOLD: tuple[Progress, ...] = ("sent", "delivered")
PARTS = ["First sentence.", "Second sentence.", "Third sentence."]


@dataclass
class PartingConnector:
    """Takes 20 characters at once, and fails as told: an error, or None for once all well. What was
    taken with an answer lost can be looked for."""

    name: str = "memory"
    delivery: Delivery = "push"
    repeatable: bool = False
    limit: Limit | None = None
    troubles: deque[Exception | None] = field(default_factory=deque)
    taken: list[OutboundMessage] = field(default_factory=list)
    window: bool = False
    numbers: count[int] = field(default_factory=lambda: count(1))

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        return parted(outbound, split(outbound.text, 20))

    async def send(self, outbound: OutboundMessage) -> Receipt:
        assert len(outbound.text) <= 20
        if self.window and outbound.heard_at is None:
            return Receipt("held", reason="window_closed")
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is None or isinstance(trouble, AnswerLost):
            self.taken.append(outbound)
        if trouble is not None:
            raise trouble
        return Receipt("sent", f"p{next(self.numbers)}")

    async def look(self, outbound: OutboundMessage) -> Receipt | None:
        found = [one for one in self.taken if one.reference == outbound.reference]
        return Receipt("sent", f"p{next(self.numbers)}") if found else None


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.attempts.BASE_SECONDS", 0.05)
    monkeypatch.setattr("bot.attempts.LOOK_AFTER", timedelta(seconds=0.05))
    monkeypatch.setattr("bot.sender.LOOK_SECONDS", 0.1)


@pytest.mark.parametrize(
    "troubles",
    [
        (),
        (None, NotNow("busy")),
        (None, NotNow("busy"), NotNow("busy"), None, NotNow("busy")),
        (AnswerLost("lost"),),
        (None, AnswerLost("lost")),
        (None, None, AnswerLost("lost")),
        (AnswerLost("lost"), AnswerLost("lost"), AnswerLost("lost")),
    ],
    ids=["well", "second", "second and third", "lost 1", "lost 2", "lost 3", "all lost"],
)
async def test_each_part_arrives_once_and_in_order_whatever_fails(
    pair: tuple[Services, ...], troubles: Sequence[Exception | None]
) -> None:
    connector = PartingConnector(troubles=deque(troubles))
    await write(pair[0], "ada", LONG, channel="memory")
    async with delivering(pair[0], connector):
        await settled(pair[0], "sent")
    assert [part.text for part in connector.taken] == PARTS
    references = [part.reference for part in connector.taken]
    assert len(set(references)) == 3


async def rest_waits(services: Services) -> OutboxItem:
    """The only item, once the first of its parts is sent and the rest is to follow later."""

    async def waiting() -> OutboxItem | None:
        (item,) = await items(services)
        return item if (item.parts_sent, item.state) == (1, "pending") else None

    return await eventually(waiting)


async def test_another_process_goes_on_after_the_part_that_was_sent(
    pair: tuple[Services, ...],
) -> None:
    first = PartingConnector(troubles=deque([None, NotNow("busy", retry_after=0.5)]))
    second = PartingConnector()
    await write(pair[0], "ada", LONG, channel="memory")
    async with delivering(pair[0], first):
        await rest_waits(pair[0])
    async with delivering(pair[1], second):
        await settled(pair[0], "sent")
    assert [part.text for part in [*first.taken, *second.taken]] == PARTS


async def test_parts_keep_to_the_channels_limit_like_messages(
    pair: tuple[Services, ...],
) -> None:
    connector = PartingConnector(limit=Limit(messages_a_second=5, burst=1))
    await write(pair[0], "ada", LONG, channel="memory")
    async with delivering(pair[0], connector):
        assert (await rest_waits(pair[0])).attempts == 0
        await settled(pair[0], "sent")
    assert [part.text for part in connector.taken] == PARTS


async def test_a_stop_between_two_parts_stops_the_rest(pair: tuple[Services, ...]) -> None:
    connector = PartingConnector(troubles=deque([None, NotNow("busy", retry_after=0.5)]))
    await write(pair[0], "ada", LONG, channel="memory")
    async with delivering(pair[0], connector):
        await rest_waits(pair[0])
        await receive(pair[1], message("STOP", kind="opt_out", channel="memory"))
        await settled(pair[0], "dropped")
    assert [part.text for part in connector.taken] == PARTS[:1]


async def test_what_is_outside_the_window_waits_with_its_reason_until_the_customer_writes(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = PartingConnector(window=True)
    # A line to an address that nothing was heard from: as carried over, or from before an upgrade.
    said = await receive(pair[0], message("hello", channel="memory"))
    async with pair[0].database.writer.begin() as connection:
        await connection.execute(
            messages.update().values(address=None).where(messages.c.id == said.message.id)
        )
    await write_line(pair[0], said.message.conversation_id, "Good news")
    async with delivering(pair[0], connector):

        async def waits() -> str | None:
            (item,) = await items(pair[0])
            return item.error if item.state == "pending" and item.error else None

        assert await eventually(waits) == "window_closed"
        assert connector.taken == []
        before = now()
        await receive(pair[0], message("are you there?", channel="memory"))
        await settled(pair[0], "sent")
    (part,) = connector.taken
    assert part.text == "Good news"
    assert part.heard_at is not None
    assert before - timedelta(seconds=1) <= part.heard_at <= now()
    assert isinstance(part.heard_at, datetime)
    assert part.heard_at.tzinfo is not None
    (item,) = await items(pair[0])
    assert item.error is None


async def test_a_customer_who_writes_while_it_is_being_held_is_not_missed(
    pair: tuple[Services, ...],
) -> None:
    class Slow(PartingConnector):
        """The customer writes while the provider says that it is too late."""

        async def send(self, outbound: OutboundMessage) -> Receipt:
            if not self.taken:
                self.taken.append(outbound)
                await receive(pair[1], message("here I am", channel="memory"))
                return Receipt("held", reason="window_closed")
            return await super().send(outbound)

    await write(pair[0], "ada", "Good news", channel="memory")
    async with delivering(pair[0], Slow()):
        await settled(pair[0], "sent")


async def write_line(services: Services, conversation_id: str, text: str) -> None:
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(conversation_id)
        assert conversation is not None
        await add_message(uow, conversation, author="bot", text=text, at=now())


class BlindPartingConnector(PartingConnector):
    """The same, and nothing can be looked for."""

    look = None  # type: ignore[assignment]


@pytest.mark.parametrize("lost", [0, 1, 2])
async def test_what_was_unknown_has_arrived_when_the_provider_says_its_reference(
    pair: tuple[Services, ...], lost: int
) -> None:
    connector = BlindPartingConnector(troubles=deque([*[None] * lost, AnswerLost("lost")]))
    await write(pair[0], "ada", LONG, channel="memory")
    async with delivering(pair[0], connector):
        await settled(pair[0], "unknown")
        reference = connector.taken[-1].reference
        other = ReceiptUpdate("q0", "delivered", reference=f"{reference}7")
        await take_receipts(pair[0], "memory", [other])
        await take_receipts(pair[0], "another", [ReceiptUpdate("q", "read", reference=reference)])
        assert [item.state for item in await items(pair[0])] == ["unknown"]
        told = ReceiptUpdate("q1", "delivered", reference=reference)
        await take_receipts(pair[1], "memory", [told])
        # Of the last part its provider has told how far it is; those that follow are just sent.
        await settled(pair[0], "delivered" if lost == 2 else "sent")
    assert [part.text for part in connector.taken] == PARTS


async def test_what_the_provider_told_before_its_answer_was_lost_settles_it(
    pair: tuple[Services, ...],
) -> None:
    class Quick(BlindPartingConnector):
        """Tells of each message before it answers, as providers do."""

        async def send(self, outbound: OutboundMessage) -> Receipt:
            provider_id = f"of {outbound.reference}"
            for state in _TOLD:
                told = ReceiptUpdate(provider_id, state, reference=outbound.reference)
                await take_receipts(pair[1], "memory", [told])
            await super().send(outbound)
            return Receipt("sent", provider_id)

    connector = Quick(troubles=deque([AnswerLost("lost"), None, AnswerLost("lost")]))
    await write(pair[0], "ada", LONG, channel="memory")
    async with delivering(pair[0], connector):
        await settled(pair[0], "delivered")
    assert [part.text for part in connector.taken] == PARTS


async def test_a_receipt_between_finding_it_and_going_on_is_kept(
    pair: tuple[Services, ...],
) -> None:
    connector = BlindPartingConnector(troubles=deque([AnswerLost("lost")]))
    await write(pair[0], "ada", "short", channel="memory")
    async with delivering(pair[0], connector):
        await settled(pair[0], "unknown")
    reference = connector.taken[-1].reference
    updates = [ReceiptUpdate("q1", state, reference=reference) for state in _TOLD]
    await take_receipts(pair[1], "memory", updates)
    async with delivering(pair[0], connector):
        await settled(pair[0], "delivered")
    assert len(connector.taken) == 1
