"""The demo shop's tables, the only ones the assistant's own database does not hold.

Money is in pence and times are naive UTC, because SQLite knows neither decimals nor time zones.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("email", sa.String(200), nullable=False, unique=True),
    sa.Column("phone", sa.String(30), nullable=False),
    sa.Column("member_since", sa.Date, nullable=False),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("address", sa.String(200), primary_key=True),
    sa.Column("customer", sa.ForeignKey("customers.reference"), nullable=False, index=True),
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("number", sa.String(10), primary_key=True),
    sa.Column("customer", sa.ForeignKey("customers.reference"), nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("placed_at", sa.DateTime, nullable=False),
    sa.Column("total_pence", sa.Integer, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("postcode", sa.String(10), nullable=False),
    sa.Column("delivery_estimate", sa.Date),
    sa.Column("carrier", sa.String(40)),
    sa.Column("tracking_code", sa.String(40)),
)

order_items = sa.Table(
    "order_items",
    metadata,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_price_pence", sa.Integer, nullable=False),
)

tracking_events = sa.Table(
    "tracking_events",
    metadata,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("text", sa.String(200), nullable=False),
    sa.Column("place", sa.String(100), nullable=False),
)
