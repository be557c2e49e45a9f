"""All about one customer, out of the shop's rows."""

from __future__ import annotations

from typing import get_args

import sqlalchemy as sa

from actions.context.model import (
    Address,
    Customer,
    CustomerContext,
    Identity,
    Membership,
    Signal,
    SignalKind,
)
from actions.context.sql.aftermath import (
    read_claims,
    read_payments,
    read_refunds,
    read_returns,
)
from actions.context.sql.fields import Fields
from actions.context.sql.mapping import Mapping
from actions.context.sql.orders import read_orders

_KINDS: dict[str, SignalKind] = {kind: kind for kind in get_args(SignalKind)}


def read_context(
    connection: sa.Connection, mapping: Mapping, reference: str
) -> CustomerContext | None:
    """Everything about the customer with this reference, as of one moment."""
    row = mapping.row(connection, "customer", reference=reference)
    if row is None:
        return None
    if row.text("reference") != reference:
        raise row.wrong("reference", "names another customer than the one asked for")
    orders = read_orders(connection, mapping, reference)
    numbers = {order.number for order in orders}
    return CustomerContext(
        customer=_customer(row, mapping.rows(connection, "identities", reference=reference)),
        orders=orders,
        payments=read_payments(connection, mapping, reference, numbers),
        refunds=read_refunds(connection, mapping, reference, numbers),
        returns=read_returns(connection, mapping, reference, numbers),
        claims=read_claims(connection, mapping, reference, numbers),
        membership=_membership(mapping.row(connection, "membership", reference=reference)),
        signals=_signals(mapping.rows(connection, "signals", reference=reference)),
    )


def read_reference(connection: sa.Connection, mapping: Mapping, email: str) -> str | None:
    """The reference of the customer with this e-mail address."""
    row = mapping.row(connection, "reference_of", email=email.strip().lower())
    return row.text("reference") if row else None


def read_reference_at(
    connection: sa.Connection, mapping: Mapping, channel: str, address: str
) -> str | None:
    """The reference of the customer who has this address on file."""
    row = mapping.row(connection, "reference_at", channel=channel, address=address)
    return row.text("reference") if row else None


def _customer(row: Fields, identities: list[Fields]) -> Customer:
    complete = all(row.has(column) for column in ("line", "town", "postcode"))
    address = (row.text("line"), row.text("town"), row.text("postcode")) if complete else None
    return Customer(
        reference=row.text("reference"),
        name=row.text("name"),
        email=row.text("email"),
        phone=row.text_or_none("phone") or "",
        member_since=row.day("member_since"),
        address=Address(*address) if address else None,
        newsletter=row.flag("newsletter"),
        closing_on=row.day_or_none("closing_on"),
        identities=tuple(
            Identity(each.text("channel"), each.text("address")) for each in identities
        ),
    )


def _membership(row: Fields | None) -> Membership | None:
    if row is None:
        return None
    since, until = row.day("since"), row.day("until")
    if until < since:
        raise row.wrong("until", "holds a day before the membership began")
    return Membership(row.text("plan"), since, until, row.whole("points"))


def _signals(rows: list[Fields]) -> tuple[Signal, ...]:
    signals = [
        Signal(row.code("kind", _KINDS), row.moment("at"), row.text_or_none("about"))
        for row in rows
    ]
    return tuple(sorted(signals, key=lambda signal: signal.at, reverse=True))
