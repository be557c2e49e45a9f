"""All about a customer as a shop's JSON says it; what else a shop says is in http_answers."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, StrictBool, validator

from actions.context import model
from actions.context.http_fields import (
    Amount,
    Count,
    Currency,
    Day,
    Line,
    Moment,
    Name,
    Quantity,
    Reference,
)
from actions.context.http_shape import Shape, check, follows, in_order

MOST = 1_000


class Identity(Shape):
    """An address under which the customer is known on one channel."""

    value_type = model.Identity

    channel: Name
    address: Name


class Address(Shape):
    """Where a parcel goes."""

    value_type = model.Address

    line: Name
    town: Name
    postcode: Line


class Customer(Shape):
    """A customer. `phone` may be empty; `closing_on` is the day on which an account that its owner
    closed will be gone."""

    value_type = model.Customer

    reference: Reference
    name: Name
    email: Name
    phone: Line
    member_since: Day
    address: Address | None = Field(...)
    newsletter: StrictBool
    closing_on: Day | None = Field(...)
    identities: list[Identity] = Field(..., max_items=MOST)


class OrderItem(Shape):
    """One line of an order; `size` is null for what comes in one size."""

    value_type = model.OrderItem

    sku: Reference
    name: Name
    size: Name | None = Field(...)
    quantity: Quantity
    unit_price: Amount


class TrackingEvent(Shape):
    """One scan by the carrier."""

    value_type = model.TrackingEvent

    at: Moment
    text: Name
    place: Line


class Parcel(Shape):
    """What the carrier has, with its scans."""

    value_type = model.Parcel

    carrier: Name
    tracking_code: Reference
    events: list[TrackingEvent] = Field(..., max_items=MOST)

    _sort = check("events", by=in_order("at", newest_first=False))


class Invoice(Shape):
    """The bill of one order; its lines are the order's, with delivery and discount beside them."""

    value_type = model.Invoice

    number: Reference
    issued_on: Day
    delivery: Amount
    discount: Amount
    total: Amount
    currency: Currency


class Order(Shape):
    """One order. `delivered_on`, `parcel` and `invoice` are null as long as there is none."""

    value_type = model.Order

    number: Reference
    customer_reference: Reference
    state: model.OrderState
    placed_at: Moment
    total: Amount
    currency: Currency
    address: Address
    delivery_estimate: Day | None = Field(...)
    delivered_on: Day | None = Field(...)
    items: list[OrderItem] = Field(..., max_items=MOST)
    parcel: Parcel | None = Field(...)
    invoice: Invoice | None = Field(...)

    _follow = check("delivered_on", by=follows("placed_at"))

    @validator("invoice")
    def _in_the_same_money(cls, bill: Invoice | None, values: dict[str, Any]) -> Invoice | None:  # noqa: N805
        if bill is not None and bill.currency != values.get("currency", bill.currency):
            raise ValueError("is in another currency than its order")
        return bill


class Payment(Shape):
    """One try to pay. `failure` is the bank's reason in words; `order_number` is null when the try
    never became an order."""

    value_type = model.Payment

    reference: Reference
    order_number: Reference | None = Field(...)
    amount: Amount
    currency: Currency
    method: Name
    state: model.PaymentState
    failure: Line | None = Field(...)
    at: Moment


class Refund(Shape):
    """Money on its way back. `sent_on` is null until it leaves; `expected_by` is the last day on
    which it should be there."""

    value_type = model.Refund

    reference: Reference
    order_number: Reference
    amount: Amount
    currency: Currency
    state: model.RefundState
    reason: Line
    requested_at: Moment
    sent_on: Day | None = Field(...)
    expected_by: Day

    _follow = check("sent_on", "expected_by", by=follows("requested_at"))

    @validator("sent_on")
    def _sent_on_a_day(cls, day: date | None, values: dict[str, Any]) -> date | None:  # noqa: N805
        if day is None and values.get("state") == "sent":
            raise ValueError("is null, and it was sent")
        return day


class Return(Shape):
    """Something sent back, to be refunded or, with a `new_size`, exchanged."""

    value_type = model.Return

    reference: Reference
    order_number: Reference
    sku: Reference
    quantity: Quantity
    new_size: Name | None = Field(...)
    requested_at: Moment
    received_on: Day | None = Field(...)

    _follow = check("received_on", by=follows("requested_at"))


class Claim(Shape):
    """A parcel that never came or an item that came broken, and what the customer wants for it."""

    value_type = model.Claim

    reference: Reference
    order_number: Reference
    kind: Literal["missing", "damaged"]
    wish: Literal["replacement", "refund"]
    opened_at: Moment


class Membership(Shape):
    """A membership, running through its last day `until`."""

    value_type = model.Membership

    plan: Name
    since: Day
    until: Day
    points: Count

    _follow = check("until", by=follows("since"))


class Signal(Shape):
    """Something the customer just did or met; `about` is an order number, a SKU or null."""

    value_type = model.Signal

    kind: model.SignalKind
    at: Moment
    about: Reference | None = Field(...)


class CustomerContext(Shape):
    """All about one customer that an answer may need, read at one moment."""

    value_type = model.CustomerContext

    customer: Customer
    orders: list[Order] = Field(..., max_items=MOST)
    payments: list[Payment] = Field(..., max_items=MOST)
    refunds: list[Refund] = Field(..., max_items=MOST)
    returns: list[Return] = Field(..., max_items=MOST)
    claims: list[Claim] = Field(..., max_items=MOST)
    membership: Membership | None = Field(...)
    signals: list[Signal] = Field(..., max_items=MOST)

    _sort_orders = check("orders", by=in_order("placed_at"))
    _sort_tries = check("payments", "signals", by=in_order("at"))
    _sort_requests = check("refunds", "returns", by=in_order("requested_at"))
    _sort_claims = check("claims", by=in_order("opened_at"))

    @validator("orders")
    def _theirs_and_each_once(cls, orders: list[Order], values: dict[str, Any]) -> list[Order]:  # noqa: N805
        customer = values.get("customer")
        if customer and any(each.customer_reference != customer.reference for each in orders):
            raise ValueError("holds another customer's")
        if len({order.number for order in orders}) < len(orders):
            raise ValueError("holds two of one number")
        return orders
