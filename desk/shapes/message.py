"""A line of a transcript, as the API gives it."""

from __future__ import annotations

from pydantic import BaseModel


class Button(BaseModel):
    title: str
    payload: str


class Person(BaseModel):
    id: str
    name: str


class Attachment(BaseModel):
    """What was sent beside words. `url` is where the reader can fetch it: agents whatever there is,
    customers what agents sent them. `size` is in bytes."""

    kind: str
    name: str | None
    content_type: str | None
    size: int | None
    latitude: float | None
    longitude: float | None
    url: str | None


class Delivery(BaseModel):
    """How far a message got: `pending`, `sending`, `sent`, `delivered`, `read`, `failed`, `dead`,
    `unknown` or `dropped`; `error` says in code why no further."""

    state: str
    error: str | None


class Message(BaseModel):
    """One line of a transcript. `client_id` is what the writer's own page called it, for them.

    `event` says what a line is that nobody wrote as a message: an `edit`, a `deletion`, a
    `reaction`, an `opt_out` of a customer's, and what the system does; `about` is then the message
    it is about. `image` is the URL of a picture of the bot's. `delivery` is for agents, of lines on
    their way to a customer.
    """

    id: str
    seq: int
    turn_id: str | None
    author: str
    author_name: str | None
    text: str
    buttons: list[Button]
    channel: str
    created_at: str
    in_reply_to: str | None
    private: bool
    client_id: str | None
    event: str | None
    about: str | None
    image: str | None
    attachments: list[Attachment]
    delivery: Delivery | None
