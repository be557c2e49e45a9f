"""What the shop knows: customers, orders and parcels, as values no caller can change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

OrderState = Literal[
    "placed",
    "packed",
    "shipped",
    "out_for_delivery",
    "delivered",
    "delayed",
    "lost",
    "cancelled",
    "returned",
]

#: States in which the customer is still waiting for the parcel.
OPEN_STATES: frozenset[OrderState] = frozenset(
    ("placed", "packed", "shipped", "out_for_delivery", "delayed", "lost")
)


@dataclass(frozen=True, slots=True)
class Identity:
    """An address under which a customer is known on one channel."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the shop; `reference` is the shop's own key, like C-1007."""

    reference: str
    name: str
    email: str
    phone: str
    member_since: date
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order."""

    name: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan by the carrier; `at` is UTC."""

    at: datetime
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the carrier has, with its scans from oldest to newest."""

    carrier: str
    tracking_code: str
    events: tuple[TrackingEvent, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One order; `postcode` is that of the delivery address, `placed_at` is UTC."""

    number: str
    customer_reference: str
    state: OrderState
    placed_at: datetime
    total: Decimal
    currency: str
    postcode: str
    delivery_estimate: date | None
    items: tuple[OrderItem, ...]
    parcel: Parcel | None

    @property
    def is_open(self) -> bool:
        """Whether the customer is still waiting for it."""
        return self.state in OPEN_STATES
