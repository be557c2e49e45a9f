"""The JSON of webhooks: subscriptions, the log of deliveries, and what a receiver is sent."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bot.records import NoticeEvent
from desk import shapes


class Webhook(BaseModel):
    """A subscription. `waiting` are deliveries on their way, `given_up` those of the log that
    failed for good."""

    id: str
    url: str
    events: list[NoticeEvent]
    active: bool
    created_at: str
    waiting: int
    given_up: int


class NewWebhook(Webhook):
    """`secret` is told this once."""

    secret: str


class Webhooks(BaseModel):
    items: list[Webhook]
    next: str | None


class WebhookDelivery(BaseModel):
    """`state`: `pending`, `sending`, `delivered`, `dead` (given up) or `dropped` (the subscription
    was deleted). `tries` since it was last sent anew. `body` is what was or will be said, for as
    long as it is kept."""

    id: str
    event: str
    conversation_id: str
    state: str
    tries: int
    status: int | None
    duration_ms: float | None
    error: str | None
    created_at: str
    next_try_at: str | None
    finished_at: str | None
    body: dict[str, Any] | None


class WebhookDeliveries(BaseModel):
    items: list[WebhookDelivery]
    next: str | None


class WebhookBody(BaseModel):
    """What a receiver is sent. `change` is what happened, as it was then: of an owner `state`,
    `was`, `owner_epoch`, `agent_id`, `queue`; of a message its `message_id` and `delivery`; of a
    hand-off its `handoff_id`, `state`, `agent_id`. The rest is as it was when this was first tried:
    the conversation, and the message or hand-off it is about."""

    id: str
    event: str
    created_at: str
    change: dict[str, Any]
    conversation: shapes.Conversation
    message: shapes.Message | None
    handoff: shapes.Handoff | None
