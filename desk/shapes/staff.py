"""Who answers, and what they choose from."""

from __future__ import annotations

from pydantic import BaseModel


class User(BaseModel):
    id: str
    email: str
    name: str
    role: str


class Colleague(User):
    """`online`: a page of theirs is open; `presence` is what they say: `online`, `away` or
    `wrap_up`."""

    online: bool
    presence: str
    queues: list[str]
    skills: list[str]
    capacity: int


class Agent(BaseModel):
    """What a user serves: no `queues` are all of them; `load` of their `capacity` is taken. Who
    missed two offers in a row is set to `away`."""

    user_id: str
    presence: str
    queues: list[str]
    skills: list[str]
    capacity: int
    load: int
    missed_offers: int


class SignedIn(BaseModel):
    token: str
    csrf_token: str
    user: User


class Me(BaseModel):
    csrf_token: str
    user: User


class Colleagues(BaseModel):
    items: list[Colleague]
    next: str | None


class Queue(BaseModel):
    """`open`: within its hours; `skills` are what an agent needs to take from it."""

    id: str
    name: str
    skills: list[str]
    open: bool


class Queues(BaseModel):
    items: list[Queue]
    next: str | None


class Slot(BaseModel):
    name: str


class Slots(BaseModel):
    items: list[Slot]
    next: str | None
