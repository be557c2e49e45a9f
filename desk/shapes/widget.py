"""What a customer's own chat is told."""

from __future__ import annotations

from pydantic import BaseModel

from desk.shapes.message import Message
from desk.survey_shapes import WidgetSurvey


class AgentName(BaseModel):
    name: str


class WidgetConversation(BaseModel):
    """What the customer may know of their own conversation. While they wait: their place, what
    most waited lately (null when that says nothing), and when a team that is away is back."""

    id: str
    state: str
    agent: AgentName | None
    queue_position: int | None
    estimated_seconds: int | None
    back_at: str | None
    bot_typing: bool
    survey: WidgetSurvey | None
    last_seq: int


class WidgetState(BaseModel):
    conversation: WidgetConversation | None
    messages: list[Message]
    version: str


class WidgetSession(BaseModel):
    token: str
    expires_at: str
    customer: AgentName | None


class ReachableChannel(BaseModel):
    """Where a one-time code can be sent to: `address` is ours, `url` opens it with the code."""

    channel: str
    name: str
    address: str | None
    url: str | None


class CarryOver(BaseModel):
    code: str
    expires_at: str
    channels: list[ReachableChannel]


class Begun(BaseModel):
    """It was begun; what becomes of it is not said here."""


class Confirmed(BaseModel):
    joined: bool


class Accepted(BaseModel):
    message: Message
