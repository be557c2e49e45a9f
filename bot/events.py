"""Telling the rest of the program what was committed: who must look, and which turn is due.

The database is the truth; these only ring doorbells. A lost event costs a moment, never a message.
The ones here serve a single process; bot.redis_bus and bot.redis_turns serve many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

EventType = Literal[
    "message",
    "conversation",
    "typing",
    "looking",
    "turn",
    "held",
    "receipt",
    "dead_letter",
    "signal",
    "presence",
    "attendance",
    "notice",
    "survey",
    "label",
    "model",
    "discovery",
    "insight",
    "signed_out",
    "access",
    "resync",
]
INBOX_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a conversation; `data` is small and holds ids, not texts."""

    type: EventType
    conversation_id: str
    data: dict[str, Any] = field(default_factory=dict)


def line_to_send(conversation_id: str, message_id: str, channel: str) -> Event:
    """A line was added that its channel's sender has to look for."""
    return Event("message", conversation_id, {"message_id": message_id, "send_on": channel})


class Subscription:
    """One listener's events, in order. A listener too slow for its inbox is told to start over."""

    def __init__(self, wants: Callable[[Event], bool]) -> None:
        self._wants = wants
        self._inbox: asyncio.Queue[Event] = asyncio.Queue(INBOX_LENGTH)

    def offer(self, event: Event) -> None:
        if not self._wants(event):
            return
        if self._inbox.full():
            self.resync()
        else:
            self._inbox.put_nowait(event)

    def resync(self) -> None:
        """Something was missed: forget what waits, and let the listener read everything anew."""
        self.forget()
        self._inbox.put_nowait(Event("resync", conversation_id=""))

    def forget(self) -> None:
        """Whoever is about to read everything need not hear what waits."""
        while not self._inbox.empty():
            self._inbox.get_nowait()

    async def next(self) -> Event:
        return await self._inbox.get()

    def waiting(self) -> list[Event]:
        """Take all that came meanwhile."""
        return [self._inbox.get_nowait() for _ in range(self._inbox.qsize())]

    async def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The next event for which `wanted` is true; others are passed over."""
        while True:
            event = await self.next()
            if wanted(event):
                return event


class EventBus(Protocol):
    """Tells every listener what was committed. It never fails whoever has just committed."""

    async def publish(self, event: Event) -> None: ...

    def subscribe(
        self, wants: Callable[[Event], bool] = ...
    ) -> AbstractContextManager[Subscription]:
        """Events from now on for which `wants` is true, and a `resync` whenever some were lost."""


class TurnQueue(Protocol):
    """Says which conversation has a turn to take. It never fails whoever has just committed."""

    async def ring(self, conversation_id: str) -> None:
        """Somebody should look at this conversation; rung again before they do, they look once."""

    async def next(self) -> str:
        """The next conversation to look at; ringing it again from here on queues it again."""


class MemoryEventBus:
    """Fan-out to every listener of this process."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    async def publish(self, event: Event) -> None:
        for subscription in tuple(self._subscriptions):
            subscription.offer(event)

    @contextmanager
    def subscribe(
        self, wants: Callable[[Event], bool] = lambda event: True
    ) -> Iterator[Subscription]:
        subscription = Subscription(wants)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def resync(self) -> None:
        """Let every listener read everything anew."""
        for subscription in tuple(self._subscriptions):
            subscription.resync()


class MemoryTurnQueue:
    """Conversations with a turn to take; one that is rung twice before it is taken waits once."""

    def __init__(self) -> None:
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()

    def __len__(self) -> int:
        return self._due.qsize()

    async def ring(self, conversation_id: str) -> None:
        if conversation_id not in self._queued:
            self._queued.add(conversation_id)
            self._due.put_nowait(conversation_id)

    async def next(self) -> str:
        conversation_id = await self._due.get()
        self._queued.discard(conversation_id)
        return conversation_id
