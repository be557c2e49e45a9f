"""The JSON of a customer's data: who was found, and receipts of what was erased."""

from __future__ import annotations

from pydantic import BaseModel

from bot.records import ErasureState
from desk.shapes import Person


class CustomerAddress(BaseModel):
    channel: str
    address: str


class FoundCustomer(BaseModel):
    """A person: `id` is the customer who goes on, `ids` also those who were joined to them."""

    id: str
    ids: list[str]
    name: str | None
    email: str | None
    reference: str | None
    addresses: list[CustomerAddress]
    conversations: int
    last_seen_at: str | None


class FoundCustomers(BaseModel):
    items: list[FoundCustomer]


class ErasedRows(BaseModel):
    """`what` is a table, or what else was taken out, and `title` the same for people."""

    what: str
    title: str
    count: int


class ErasureReceipt(BaseModel):
    """That somebody's data was erased, without saying whose. `state` is begun or deleted while
    there is something left to do; `models` had learnt from it; `by` null: the command line."""

    id: str
    state: ErasureState
    by: Person | None
    created_at: str
    finished_at: str | None
    erased: list[ErasedRows]
    models: list[str]


class ErasureReceipts(BaseModel):
    items: list[ErasureReceipt]
    next: str | None
