"""Who a customer is, and what is known of them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from desk.shapes.message import Message, Person


class Identity(BaseModel):
    channel: str
    address: str
    verification: str


class Verification(BaseModel):
    level: str
    how: str


class Join(BaseModel):
    """Customers who proved to be one: by what, with which channel, and who undid it."""

    id: str
    channel: str
    proof: str
    created_at: str
    undone_at: str | None
    undone_by: str | None


class EarlierConversation(BaseModel):
    id: str
    channel: str
    updated_at: str
    last_message: Message | None


class KnownCustomer(Person):
    """`joins` and `earlier`, other conversations of theirs, are newest first."""

    identities: list[Identity]
    verification: Verification
    joins: list[Join]
    earlier: list[EarlierConversation]


class ShopData(BaseModel):
    """The customer as the shop's own systems know them; `error` says why they do not."""

    profile: dict[str, Any] | None
    orders: list[dict[str, Any]]
    error: str | None
