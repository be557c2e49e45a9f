"""What was given up on."""

from __future__ import annotations

from pydantic import BaseModel


class DeadLetter(BaseModel):
    """A turn (`turn`) or an outbox item (`delivery`) that was given up. `dead`: it did not work;
    `unknown`: nobody knows whether it arrived. `error` says in code what failed last."""

    id: str
    kind: str
    conversation_id: str
    channel: str
    state: str
    error: str | None
    attempts: int
    text: str
    author: str
    created_at: str


class DeadLetterCounts(BaseModel):
    turn: int
    delivery: int


class DeadLetters(BaseModel):
    items: list[DeadLetter]
    next: str | None
