"""What the bot made of a message."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Ranked(BaseModel):
    intent: str
    confidence: float


class Entity(BaseModel):
    entity: str
    value: Any


class Turn(BaseModel):
    id: str
    conversation_id: str
    message_id: str
    text: str
    intent: str | None
    confidence: float | None
    ranking: list[Ranked]
    entities: list[Entity]
    outcome: str
    reason: str | None
    actions: list[str]
    channel: str
    model: str | None
    created_at: str
    duration_ms: float | None


class GivenLabel(BaseModel):
    """What a lead says the message is about; `intent` null: there is nothing to learn from it."""

    by: str
    intent: str | None


class LoggedTurn(Turn):
    labels: list[GivenLabel]


class FacetValue(BaseModel):
    value: str
    count: int


class Facets(BaseModel):
    intents: list[FacetValue]
    outcomes: list[FacetValue]
    channels: list[FacetValue]
    reasons: list[FacetValue]


class Turns(BaseModel):
    items: list[LoggedTurn]
    next: str | None
