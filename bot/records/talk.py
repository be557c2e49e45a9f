"""Messages, and what the bot made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Author = Literal["customer", "bot", "agent", "system"]
# `dead`: given up, a person decides; `dropped`: a person decided that nothing is to follow.
TurnState = Literal["pending", "done", "dead", "dropped"]
Outcome = Literal["answered", "misunderstood", "handed_off", "observed", "resumed", "failed"]
EffectState = Literal["intended", "done"]


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a transcript. `private` lines are for agents only; `data` says in code what a
    system line says in words, or a customer's that is no message. `address` is where a customer
    wrote from; `attachments` are bot.messages.Attachment as JSON."""

    id: str
    conversation_id: str
    customer_id: str
    seq: int
    turn_id: str | None
    author: Author
    agent_id: str | None
    author_name: str | None
    text: str
    payload: str | None
    buttons: list[dict[str, str]]
    channel: str
    external_id: str | None
    in_reply_to: str | None
    private: bool
    data: dict[str, Any]
    created_at: datetime
    image: str | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message and everything that was made of it: the lead's log."""

    id: str
    conversation_id: str
    customer_id: str
    message_id: str
    seq: int
    state: TurnState
    attempts: int
    next_attempt_at: datetime | None
    error: str | None
    channel: str
    text: str
    parsed: dict[str, Any] | None
    intent: str | None
    confidence: float | None
    ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    outcome: Outcome | None
    reason: str | None
    actions: list[dict[str, Any]]
    model: str | None
    duration_ms: float | None
    created_at: datetime
    finished_at: datetime | None
    decision: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that an action made outside, or set out to make: `intended` until its result is
    known. `key` is the same whenever the same turn sets out to make the same change."""

    key: str
    conversation_id: str
    customer_id: str
    turn_id: str
    action: str
    ordinal: int
    arguments: dict[str, Any]
    state: EffectState
    result: Any
    created_at: datetime
    finished_at: datetime | None
