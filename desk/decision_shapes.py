"""Automated decisions as the API tells them."""

from __future__ import annotations

from pydantic import BaseModel


class DecisionFact(BaseModel):
    name: str
    value: str


class Decision(BaseModel):
    """`summary` says what was decided and `why` why, each in a sentence; `rule` and `model` are by
    what. `lines` are the messages that came of it, `message_id` the one it was about. `recorded`
    is false for turns of versions that kept no reasons."""

    id: str
    kind: str
    at: str
    seq: int
    decided: str
    summary: str
    why: str
    rule: str
    model: str | None
    recorded: bool
    facts: list[DecisionFact]
    turn_id: str | None
    message_id: str | None
    lines: list[str]


class Decisions(BaseModel):
    items: list[Decision]
    next: str | None
