"""What is on its way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.records.talk import Author, TurnState

# `sending`: a process has it in hand; `unknown`: it had, and nobody knows whether it arrived.
OutboxState = Literal[
    "pending", "sending", "unknown", "sent", "delivered", "read", "failed", "dead", "dropped"
]
NoticeEvent = Literal[
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
    "message_created",
    "message_updated",
    "handoff_requested",
    "handoff_accepted",
    "handoff_resolved",
]
NoticeState = Literal["pending", "sending", "delivered", "dead", "dropped"]
LetterKind = Literal["turn", "delivery"]


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message on its way to a customer's address.

    `next_attempt_at` is when to look at it next: to send it, as the end of the lease of who sends
    it, or to ask what became of it; None when nothing more happens by itself. `give_up_at` ends the
    tries, or the looking, and is None before the first of them. `parts_sent` are those of a long
    message that its provider has.
    """

    id: str
    message_id: str
    conversation_id: str
    customer_id: str
    channel: str
    address: str
    seq: int
    state: OutboxState
    attempts: int
    next_attempt_at: datetime | None
    give_up_at: datetime | None
    provider_id: str | None
    error: str | None
    created_at: datetime
    parts_sent: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a message got on its way to the customer, and in code why no further."""

    state: OutboxState
    error: str | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A turn or a delivery by its own id, as a person sees it who decides what becomes of it."""

    id: str
    kind: LetterKind
    conversation_id: str
    channel: str
    state: TurnState | OutboxState
    error: str | None
    attempts: int
    text: str
    author: Author
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A program of somebody else's that is told of these events at its URL."""

    id: str
    url: str
    events: list[NoticeEvent]
    active: bool
    created_by: str
    created_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One event told to one subscriber, under the same `id` at each try.

    `facts` are what happened; `body` is what was made of them at the first try and is kept for a
    few days. While `pending`, `next_attempt_at` is when it is due; while `sending`, it is the end
    of its sender's lease.
    """

    number: int
    id: str
    subscription_id: str
    conversation_id: str
    customer_id: str
    event: NoticeEvent
    facts: dict[str, Any]
    state: NoticeState
    attempts: int
    next_attempt_at: datetime | None
    give_up_at: datetime | None
    body: str | None
    response_status: int | None
    duration_ms: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None
