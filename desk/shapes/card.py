"""The card of a hand-off."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from desk.shapes.handoff import Place, Reason
from desk.shapes.message import Person


class Wish(BaseModel):
    intent: str | None
    text: str
    message_id: str


class Who(BaseModel):
    """Who the customer is taken to be. `level` and `how` are what their address proves, `proof` is
    what they proved in the conversation, by the time the bot stopped."""

    name: str
    level: str
    how: str
    proof: str | None


class Collected(BaseModel):
    """`source`: `message` (the customer wrote it), `agent`, `account` or `conversation` (the bot
    concluded it); `message_id` is where it was said. What is `settable` can be told the bot when
    the conversation is given back."""

    name: str
    value: Any
    source: str
    message_id: str | None
    settable: bool


class Tried(BaseModel):
    """What the bot ran or changed. `result`: `ok`, `failed`, `refused` (by the shop) or `unknown`;
    `about` is the intent it was for."""

    action: str
    result: str
    detail: str | None
    about: str | None


class Mood(BaseModel):
    """How one of the customer's messages sounds: `calm`, `annoyed` or `upset`; `score` is 0..1."""

    message_id: str
    level: str
    score: float


class Signal(BaseModel):
    """Something the customer just did or met; `about` is an order's number, a SKU or a page."""

    id: str
    kind: str
    at: str
    about: str | None


class Prepared(BaseModel):
    """A change that the bot prepared and an agent decides on.

    `state`: `waiting`, `trying` (about to be made, by `by`), `approved` (made), `refused` (by the
    shop), `failed` (nobody knows whether it was made) or `declined`; `outcome` says it in words.
    All but `approved` and `declined` can be approved (again).
    """

    id: str
    title: str
    why: str
    name: str
    arguments: dict[str, Any]
    state: str
    result: dict[str, Any] | None
    outcome: str | None
    by: str | None
    at: str | None


class Change(BaseModel):
    """A change outside that was made in this conversation, or that somebody set out to make.

    `state`: `made`, `refused` (by the shop) or `unknown`. `by` is who made it: the bot, for whoever
    was verified as `how` says, or an agent.
    """

    name: str
    text: str
    state: str
    outcome: str
    by: str
    how: str | None
    reference: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    turn_id: str
    at: str


class Lost(BaseModel):
    """Which agent had the customer before: `reason` is `connection` or `revoked`."""

    agent: str
    reason: str
    at: str


class Callback(BaseModel):
    """A call that was asked for: `text` is the number as people write it, `words` what they said
    with it; `by` and `at` are null until it was made."""

    number: str
    text: str
    words: str
    by: str | None
    at: str | None


class Card(Place):
    """Why the bot stopped, and all it knew by then; `signals` are what the customer did lately,
    the one that leads first, and `mood` is how their newest messages sound, oldest first. `contact`
    is an e-mail address left and `callback` a call asked for while nobody was there; `lost` is the
    agent who was lost with the customer unanswered."""

    id: str
    state: str
    reason: Reason
    evidence: str
    requested_at: str
    accepted_at: str | None
    agent: Person | None
    signals: list[Signal]
    contact: str | None
    callback: Callback | None
    lost: Lost | None
    who: Who
    mood: list[Mood]
    wants: Wish
    prepared: list[Prepared]
    collected: list[Collected]
    tried: list[Tried]
    turn_id: str | None
