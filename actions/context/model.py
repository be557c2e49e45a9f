"""What the shop knows of a customer, as values no caller can change.

Amounts are `Decimal` in the currency beside them, moments are UTC, days are the shop's own.
"""

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
PaymentState = Literal["paid", "pending", "failed", "refunded"]
RefundState = Literal["requested", "sent", "failed"]
SignalKind = Literal["checkout_error", "page_viewed", "parcel_delayed", "payment_failed"]

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
class Address:
    """Where a parcel goes."""

    line: str
    town: str
    postcode: str

    @property
    def text(self) -> str:
        """In one line: `4 Mill Lane, Bristol BS1 4DJ`."""
        return f"{self.line}, {self.town} {self.postcode}"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the shop; `reference` is the shop's own key, like C-1007. `closing_on` is the
    day on which an account that its owner closed will be gone."""

    reference: str
    name: str
    email: str
    phone: str
    member_since: date
    address: Address | None
    newsletter: bool
    closing_on: date | None
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order; `size` is None for what comes in one size."""

    sku: str
    name: str
    size: str | None
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan by the carrier."""

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
class Invoice:
    """The bill of one order; its lines are the order's, with delivery and discount beside them."""

    number: str
    issued_on: date
    delivery: Decimal
    discount: Decimal
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `delivered_on` and `invoice` are None as long as there is none."""

    number: str
    customer_reference: str
    state: OrderState
    placed_at: datetime
    total: Decimal
    currency: str
    address: Address
    delivery_estimate: date | None
    delivered_on: date | None
    items: tuple[OrderItem, ...]
    parcel: Parcel | None
    invoice: Invoice | None

    @property
    def is_open(self) -> bool:
        """Whether the customer is still waiting for it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Payment:
    """One try to pay; `failure` is the bank's reason in words, `order_number` None when the try
    never became an order."""

    reference: str
    order_number: str | None
    amount: Decimal
    currency: str
    method: str
    state: PaymentState
    failure: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back; `sent_on` is None until it leaves, `expected_by` is the last day on
    which it should be there."""

    reference: str
    order_number: str
    amount: Decimal
    currency: str
    state: RefundState
    reason: str
    requested_at: datetime
    sent_on: date | None
    expected_by: date


@dataclass(frozen=True, slots=True)
class Return:
    """Something sent back, to be refunded or, with a `new_size`, exchanged."""

    reference: str
    order_number: str
    sku: str
    quantity: int
    new_size: str | None
    requested_at: datetime
    received_on: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A parcel that never came or an item that came broken, and what the customer wants for it."""

    reference: str
    order_number: str
    kind: Literal["missing", "damaged"]
    wish: Literal["replacement", "refund"]
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership, running through its last day `until`."""

    plan: str
    since: date
    until: date
    points: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Something the customer just did or met; `about` is an order number, a SKU or nothing."""

    kind: SignalKind
    at: datetime
    about: str | None


@dataclass(frozen=True, slots=True)
class CustomerContext:
    """All about one customer that an answer may need, read at one moment; newest first."""

    customer: Customer
    orders: tuple[Order, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    returns: tuple[Return, ...]
    claims: tuple[Claim, ...]
    membership: Membership | None
    signals: tuple[Signal, ...]

    def order(self, number: str) -> Order | None:
        """This customer's order of that number."""
        return next((order for order in self.orders if order.number == number), None)


@dataclass(frozen=True, slots=True)
class Promo:
    """A code for the basket; exactly one of `percent` and `amount` is set."""

    code: str
    percent: int | None
    amount: Decimal | None
    minimum: Decimal
    valid_from: date
    valid_until: date
    members_only: bool
    used: bool


@dataclass(frozen=True, slots=True)
class Product:
    """Something the shop sells: `facts` by name (material, weight, care, …), `stock` by size, under
    "" for what comes in one size."""

    sku: str
    name: str
    price: Decimal
    currency: str
    url: str
    facts: dict[str, str]
    stock: dict[str, int]
