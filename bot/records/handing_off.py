"""What passes between the bot and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

# What an agent says came of a conversation; of a turn it is Outcome.
WrapUpOutcome = Literal["solved", "not_solved", "spam"]
# `returned`: an agent had them and was lost; only the program gives it.
Priority = Literal["normal", "high", "urgent", "returned"]
SuggestionSource = Literal["answer", "article", "canned"]
# `withdrawn`: somebody else took the customer, or the agent was no longer there. `passed_on`: never
# made, because the agent had the customer and put them back into a queue.
OfferState = Literal["open", "accepted", "declined", "missed", "withdrawn", "passed_on"]


class HandoffState(str, Enum):
    """A hand-off's own life, apart from its conversation's."""

    REQUESTED = "requested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    RETURNED = "returned"
    ABANDONED = "abandoned"
    EXPIRED = "expired"


OPEN_HANDOFFS = (HandoffState.REQUESTED, HandoffState.OFFERED, HandoffState.ACCEPTED)
WAITING_HANDOFFS = (HandoffState.REQUESTED, HandoffState.OFFERED)


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """What an agent answered once, with nothing of that customer's in it, and the meaning of the
    question (float16); both None for an answer that is not to be repeated."""

    message_id: str
    conversation_id: str
    customer_id: str
    text: str | None
    meaning: bytes | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that an agent was offered for a customer's message, from `source` and its `title`
    there; `edited` says whether it was sent as `sent_id` in other words."""

    id: str
    conversation_id: str
    customer_id: str
    message_id: str
    place: int
    source: SuggestionSource
    title: str
    text: str
    offered_at: datetime
    inserted_at: datetime | None = None
    inserted_by: str | None = None
    sent_id: str | None = None
    edited: bool | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Why, when and to whom the bot gave a conversation; `card` holds what it knew by then.

    `queued_at` is when it came into its `queue` last, `ranked_at` what the queue is ordered by
    (bot.priority), `due_at` when a first reply is promised, and `replied_at` when it came. `tier`
    is the customer's membership, as far as it was known when they asked.
    """

    id: str
    conversation_id: str
    customer_id: str
    turn_id: str | None
    state: HandoffState
    reason: str
    evidence: str
    card: dict[str, Any]
    agent_id: str | None
    requested_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    queue: str
    priority: Priority
    queued_at: datetime
    ranked_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A waiting hand-off put before one agent, who may take it `until` then; the next one is asked
    once it has ended."""

    id: str
    handoff_id: str
    conversation_id: str
    customer_id: str
    agent_id: str
    state: OfferState
    offered_at: datetime
    until: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What the agent who resolved a conversation said of it: what came of it, and what it was
    really about, which teaches the lead where the bot was wrong."""

    id: str
    conversation_id: str
    customer_id: str
    agent_id: str
    outcome: WrapUpOutcome
    intent: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Survey:
    """What the customer of a resolved hand-off was asked, at the end of it, and answered: `csat`
    how satisfied they are and `effort` how easy it was, both from 1 to 5, best.

    `day` is that of `asked_at` in UTC, for figures by day. `answered_at` is when the first answer
    came; `closed_at` when both had, or the customer wanted to be asked no more.
    """

    id: str
    conversation_id: str
    customer_id: str
    handoff_id: str
    agent_id: str
    channel: str
    address: str
    queue: str
    day: date
    csat: int | None
    effort: int | None
    comment: str | None
    asked_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
