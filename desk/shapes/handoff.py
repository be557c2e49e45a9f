"""A hand-off and its place in a queue."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from desk.shapes.message import Message, Person

ChosenPriority = Literal["normal", "high", "urgent"]


class Reason(BaseModel):
    code: str
    text: str


class Offer(BaseModel):
    """Which agent is being asked to take somebody who waits, and until when."""

    agent: Person
    until: str


class Place(BaseModel):
    """A hand-off's place in its queue: waiting ones are served by rising `ranked_at`.

    A first reply is promised until `due_at`, and a warning is due at `warn_at`; both are null where
    nothing is promised, and mean nothing once `replied_at` says that it came. `priority` is
    `normal`, `high`, `urgent` or, after an agent was lost, `returned`. `offer` is null unless the
    `state` is `offered`; `tier` is the customer's membership in the shop's own word, as far as it
    was known.
    """

    queue: str
    priority: str
    ranked_at: str
    warn_at: str | None
    due_at: str | None
    replied_at: str | None
    offer: Offer | None
    tier: str | None


class Handoff(Place):
    id: str
    conversation_id: str
    state: str
    reason: Reason
    evidence: str
    requested_at: str
    accepted_at: str | None
    closed_at: str | None
    agent: Person | None
    customer: Person
    channel: str
    last_message: Message | None
    intent: str | None


class HandoffBrief(Place):
    """`intent` is what the customer wants, as far as the bot knew."""

    id: str
    state: str
    reason: Reason
    intent: str | None
    requested_at: str


class Handoffs(BaseModel):
    items: list[Handoff]
    next: str | None
