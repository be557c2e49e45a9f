"""What is to be in the demo shop, before it becomes rows: customers and their orders' fates."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import time
from typing import Literal

from actions.context.model import Address, OrderState, SignalKind

Wish = Literal["replacement", "refund"]


@dataclass(frozen=True, slots=True)
class DemoItem:
    """Something ordered; `size` is None for what comes in one size."""

    name: str
    size: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class DemoReturn:
    """Something of a delivered order that is on its way back, or with `new_size` to be swapped."""

    name: str
    days_ago: int
    new_size: str | None = None


@dataclass(frozen=True, slots=True)
class DemoClaim:
    """What a customer complained of."""

    kind: Literal["missing", "damaged"]
    wish: Wish
    days_ago: int


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One order. `refund` is what became of the money of a cancelled or returned one."""

    number: str
    state: OrderState
    days_ago: int
    at: time
    items: tuple[DemoItem, ...]
    carrier: str | None = None
    tracking_code: str | None = None
    promo: str | None = None
    method: str = "Visa"
    paid: Literal["once", "pending", "at_second_try", "twice", "twice_refunded"] = "once"
    refund: Literal["sent", "late", "failed"] = "sent"
    handed_over: str = "handed to the customer"
    sends_back: DemoReturn | None = None
    claim: DemoClaim | None = None


@dataclass(frozen=True, slots=True)
class DemoFailure:
    """A payment that failed, and never became an order."""

    item: str
    minutes_ago: int
    method: str
    failure: str


@dataclass(frozen=True, slots=True)
class DemoSignal:
    """Something the customer just did or met."""

    kind: SignalKind
    minutes_ago: int
    about: str | None = None


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer; those with a `note` are the ones to sign in as. `known` and `member` say for how
    many days they have been customer and member, `closing_in` when their account will be gone."""

    reference: str
    name: str
    address: Address
    known: int
    channels: tuple[str, ...]
    orders: tuple[DemoOrder, ...]
    note: str = ""
    keeps_address: bool = True
    currency: str = "GBP"
    newsletter: bool = False
    member: int | None = None
    closing_in: int | None = None
    failed_payment: DemoFailure | None = None
    signals: tuple[DemoSignal, ...] = ()

    @property
    def serial(self) -> int:
        """The number in the reference."""
        return int(self.reference.removeprefix("C-"))

    @property
    def email(self) -> str:
        """Their address, `.test` like everybody's here."""
        return f"{_plain(self.name.split()[0])}.{self.serial}@customer.test"


def _plain(name: str) -> str:
    """`Siobhán` as an address has it."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if letter.isascii())
