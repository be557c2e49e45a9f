"""The JSON of the leads' figures over contacts."""

from __future__ import annotations

from pydantic import BaseModel

from desk.shapes import Person


class Definition(BaseModel):
    """What a figure counts, in words; `better` says which way is good, null where neither is."""

    name: str
    title: str
    unit: str
    counts: str
    numerator: str
    denominator: str
    rows: str
    better: str | None


class Definitions(BaseModel):
    items: list[Definition]


class Estimate(BaseModel):
    """A figure over `n`, between `low` and `high` with 95 % certainty; null where that cannot be
    said."""

    n: int
    value: float | None
    low: float | None
    high: float | None


class Figure(Estimate):
    """`previous` is the same over as many days before, `is_news` whether the two differ by more
    than chance does."""

    name: str
    previous: Estimate | None
    is_news: bool | None


class Group(BaseModel):
    """The contacts with this `value`, "" for none."""

    value: str
    contacts: int
    figures: dict[str, Estimate]


class Insight(BaseModel):
    """`counted` is the share of all conversations that is in the figures: below 1 while a log that
    is older than they are is filled."""

    since: str
    until: str
    previous_since: str | None
    previous_until: str | None
    counted: float
    figures: list[Figure]
    channels: list[Group]
    intents: list[Group]
    models: list[Group]
    reasons: list[Group]


class Day(BaseModel):
    """`day` is in UTC; one without contacts is left out."""

    day: str
    contacts: int
    figures: dict[str, Estimate]


class Days(BaseModel):
    items: list[Day]


class Contact(BaseModel):
    id: str
    conversation_id: str
    customer: Person
    channel: str
    intent: str
    reason: str
    started_at: str
    ended_at: str
    messages: int
    seconds: float | None
    csat: int | None


class Contacts(BaseModel):
    items: list[Contact]
    next: str | None
