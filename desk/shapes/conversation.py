"""A conversation: in a list, and whole."""

from __future__ import annotations

from pydantic import BaseModel, Field

from desk.block_shapes import Block
from desk.search_shapes import FoundLine
from desk.shapes.card import Card, Change
from desk.shapes.customer import KnownCustomer
from desk.shapes.handoff import HandoffBrief
from desk.shapes.message import Message, Person
from desk.snooze_shapes import Snooze
from desk.survey_shapes import Survey


class Conversation(BaseModel):
    id: str
    state: str
    owner_epoch: int
    channel: str
    customer: Person
    agent: Person | None
    created_at: str
    updated_at: str
    last_message: Message | None
    handoff: HandoffBrief | None
    snoozed: Snooze | None
    mentions: list[str] = Field(description="Users mentioned in a note who have not looked yet")
    tags: list[str] = Field(description="By name")
    blocked: bool = Field(description="Whether nobody is asked to answer its customer")


class ListedConversation(Conversation):
    """`found` is what a search found in it."""

    found: FoundLine | None = None


class SummaryLine(BaseModel):
    """A sentence of the customer's, in their words, and what it was chosen for: `wish`, `weight`
    (upset, or with a number) or `newest`."""

    message_id: str
    text: str
    why: str


class Summary(BaseModel):
    items: list[SummaryLine]
    next: str | None


class WrapUp(BaseModel):
    """What the agent who resolved it last said of it: `solved`, `not_solved` or `spam`, and what it
    was really about."""

    outcome: str
    intent: str | None
    agent: Person | None
    at: str


class ConversationDetail(Conversation):
    """`write_until` is when the channel closes for what an agent writes, unless the customer writes
    again; None where it never does. `block` says that its customer is not answered."""

    customer: KnownCustomer
    handoff: Card | None  # type: ignore[assignment]
    wrap_up: WrapUp | None
    survey: Survey | None
    block: Block | None
    changes: list[Change]
    write_until: str | None
    messages: list[Message]


class Conversations(BaseModel):
    items: list[ListedConversation]
    next: str | None
