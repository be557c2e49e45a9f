"""Several processes over one database, as far as the database can tell them apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistant.reply import (
    AssistantReply,
    CustomerMessage,
    Memory,
    ReplyMessage,
    Understanding,
)
from bot.clock import new_id, now
from bot.conversation import Conversation, State, change_owner
from bot.events import Event, MemoryEventBus, MemoryTurnQueue
from bot.intake import Received, receive
from bot.ledger import Ledger
from bot.live_model import LiveModel
from bot.messages import Button, CustomerClaim, InboundMessage
from bot.ownership import set_owner
from bot.priority import ranked_at
from bot.records import Handoff, HandoffState, Message, Priority, User
from bot.services import Services
from bot.store.database import Database
from tests.conftest import ROOT

T = TypeVar("T")


@dataclass
class EchoAssistant:
    """Says what it was told, after `seconds` and once `gate` is open."""

    model: str = "echo"
    slot_names: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    domain_slots: frozenset[str] = frozenset()
    seconds: float = 0.0
    gate: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)
    is_closed: bool = False

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        self.asked.append(message.text)
        await asyncio.sleep(self.seconds)
        if self.gate is not None:
            await self.gate.wait()
        return _said(f"You said: {message.text}")

    async def observe(
        self, conversation_id: str, message: CustomerMessage, memory: Memory
    ) -> AssistantReply:
        return _said()

    async def resume(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        return _said("Here I am again.")

    async def read(self, text: str) -> Understanding:
        return Understanding(None, 0.0, [], [])

    async def words(
        self, response: str, channel: str, values: Mapping[str, Any] | None = None
    ) -> ReplyMessage | None:
        return ReplyMessage(response, (Button("Very good", "5"), Button("Very poor", "1")))

    def close(self) -> None:
        self.is_closed = True


def losing_answers(
    database: Database, *, commits: bool
) -> Callable[[], AbstractAsyncContextManager[AsyncConnection]]:
    """What begins its transactions, as if nobody ever heard what became of one: each fails, also
    one that `commits`."""
    begin = database._write

    @asynccontextmanager
    async def unanswered() -> AsyncIterator[AsyncConnection]:
        async with begin() as connection:
            yield connection
            if not commits:
                raise ConnectionError
        raise ConnectionError

    return unanswered


class BrokenBus(MemoryEventBus):
    """Cannot be reached."""

    async def publish(self, event: Event) -> None:
        raise ConnectionError("nobody answers")


def _said(*texts: str) -> AssistantReply:
    bubbles = tuple(ReplyMessage(text) for text in texts)
    return AssistantReply(bubbles, [], None, None, ())


@asynccontextmanager
async def processes(url: str, *assistants: EchoAssistant) -> AsyncIterator[tuple[Services, ...]]:
    """One set of services, with connections of its own, for each assistant."""
    async with AsyncExitStack() as stack:
        started = []
        for assistant in assistants:
            database = Database(url)
            stack.push_async_callback(database.aclose)
            bus, queue = MemoryEventBus(), MemoryTurnQueue()
            live = LiveModel(assistant)
            started.append(Services(database, bus, queue, live, ROOT / "handoff.yml"))
        yield tuple(started)


def message(text: str = "hello", address: str = "ada", **changed: object) -> InboundMessage:
    """A message with an id of its own, unless `external_id` says otherwise."""
    reference = changed.pop("reference", None)
    claim = CustomerClaim(reference=str(reference)) if reference else CustomerClaim()
    given = {"channel": "rest", "external_id": new_id(), "claim": claim, **changed}
    return InboundMessage(address=address, text=text, **given)  # type: ignore[arg-type]


async def say(services: Services, text: str = "hello") -> Received:
    return await receive(services, message(text))


async def add_agent(services: Services, name: str) -> User:
    user = User(new_id(), f"{name.lower()}@shop.test", name, "agent", "", now())
    async with services.database.write() as uow:
        await uow.staff.add(user)
    return user


async def to_queue(services: Services, conversation_id: str) -> None:
    """Let the conversation wait for a person."""
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(conversation_id)
        assert conversation is not None
        waiting = change_owner(conversation, State.WAITING)
        epoch = conversation.owner_epoch
        assert await uow.conversations.set_owner(waiting, expected_epoch=epoch, at=now())


async def hand_off(
    services: Services,
    address: str = "ada",
    *,
    channel: str = "rest",
    queue: str = "support",
    priority: Priority = "normal",
    waited: timedelta = timedelta(0),
) -> Handoff:
    """A customer at this address who has waited in the queue for so long."""
    received = await receive(services, message(address=address, channel=channel))
    at = now() - waited
    due_at, warn_at = services.rules.queue(queue).due(at)
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(received.message.conversation_id)
        assert conversation is not None
        await set_owner(uow, conversation, State.WAITING, queue=queue, at=at)
        handoff = Handoff(
            id=new_id(),
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            turn_id=received.turn_id,
            state=HandoffState.REQUESTED,
            reason="customer_asked",
            evidence="",
            card={
                "wants": {"intent": None, "text": "", "message_id": ""},
                "collected": [],
                "tried": [],
            },
            agent_id=None,
            requested_at=at,
            accepted_at=None,
            closed_at=None,
            queue=queue,
            priority=priority,
            queued_at=at,
            ranked_at=ranked_at(at, priority),
            warn_at=warn_at,
            due_at=due_at,
            replied_at=None,
        )
        await uow.handoffs.add(handoff)
    return handoff


async def read_conversation(
    services: Services, conversation_id: str
) -> tuple[Conversation, list[Message]]:
    async with services.database.read() as uow:
        conversation = await uow.conversations.get(conversation_id)
        assert conversation is not None
        return conversation, await uow.messages.transcript(conversation_id)


async def at_once(*work: Awaitable[T]) -> list[T | BaseException]:
    """What each of these came to, with the errors among the results."""
    return list(await asyncio.gather(*work, return_exceptions=True))


def turn_of(received: Received) -> str:
    """The turn of a message that has one."""
    assert received.turn_id is not None
    return received.turn_id


async def someone_waits_for_a_lock(services: Services) -> bool | None:
    """Whether somebody does; on SQLite whoever writes waits for who is writing."""
    if services.database.url.get_backend_name() == "sqlite":
        return True
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with services.database.reader.connect() as connection:
        return bool((await connection.execute(waiting)).scalar_one()) or None
