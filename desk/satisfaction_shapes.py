"""The JSON of all surveys together: a list, and figures over many."""

from __future__ import annotations

from pydantic import BaseModel

from desk.shapes import Person
from desk.survey_shapes import Survey


class ListedSurvey(Survey):
    id: str
    conversation_id: str
    customer: Person
    agent: Person | None
    channel: str
    queue: str


class Surveys(BaseModel):
    items: list[ListedSurvey]
    next: str | None


class Figures(BaseModel):
    """`csat` and `effort` are means from 1 to 5, `satisfied` the share of those with 4 or 5; null
    where nobody said so."""

    asked: int
    answered: int
    csat: float | None
    satisfied: float | None
    effort: float | None


class DayFigures(Figures):
    """`day` is in UTC."""

    day: str


class AgentFigures(Figures):
    agent: Person | None


class ChannelFigures(Figures):
    channel: str


class QueueFigures(Figures):
    queue: str
    name: str


class Satisfaction(BaseModel):
    total: Figures
    days: list[DayFigures]
    agents: list[AgentFigures]
    channels: list[ChannelFigures]
    queues: list[QueueFigures]
