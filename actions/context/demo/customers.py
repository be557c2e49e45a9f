"""The rows of customers: themselves, where they write from, their membership and signals."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from actions.context import tables
from actions.context.demo.plan import DemoCustomer
from actions.context.demo.rows import Row, Rows

PLAN = "Fjord Club"
_MEMBERSHIP_DAYS = 365


def add_customer(rows: Rows, customer: DemoCustomer, today: date) -> None:
    """The customer and their identities."""
    # Numbers that Ofcom keeps for fiction: 07700 900000 to 900999.
    phone, address = f"+447700900{customer.serial - 1_000:03d}", customer.address
    keeps, closing = customer.keeps_address, customer.closing_in
    rows[tables.customers].append(
        {
            "reference": customer.reference,
            "name": customer.name,
            "email": customer.email,
            "phone": phone,
            "member_since": today - timedelta(days=customer.known),
            "line": address.line if keeps else None,
            "town": address.town if keeps else None,
            "postcode": address.postcode if keeps else None,
            "newsletter": customer.newsletter,
            "closing_on": None if closing is None else today + timedelta(days=closing),
        }
    )
    reached = {
        "email": customer.email,
        "sms": phone,
        "whatsapp": phone,
        "telegram": str(700_000_000 + customer.serial),
        "facebook": str(9_100_000 + customer.serial),
    }
    rows[tables.identities] += [
        {"channel": channel, "address": reached[channel], "customer": customer.reference}
        for channel in ("email", *customer.channels)
    ]


def add_membership(rows: Rows, customer: DemoCustomer, orders: list[Row], today: date) -> None:
    """The membership, with a point for every pound spent since; `orders` are all of theirs."""
    if customer.member is None:
        return
    since = today - timedelta(days=customer.member)
    spent = sum(
        order["total_pence"]
        for order in orders
        if order["placed_at"].date() >= since and order["state"] not in ("cancelled", "returned")
    )
    rows[tables.memberships].append(
        {
            "customer": customer.reference,
            "plan": PLAN,
            "since": since,
            "until": since + timedelta(days=_MEMBERSHIP_DAYS),
            "points": spent // 100,
        }
    )


def add_signals(rows: Rows, customer: DemoCustomer, now: datetime) -> None:
    """What the customer just did, and what befell their parcels."""
    rows[tables.signals] += [
        {
            "customer": customer.reference,
            "kind": signal.kind,
            "at": now - timedelta(minutes=signal.minutes_ago),
            "about": signal.about,
        }
        for signal in customer.signals
    ]
