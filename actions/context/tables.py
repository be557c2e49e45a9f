"""The demo shop's tables, the only ones the assistant's own database does not hold.

Money is in pence (cents in euros) and times are naive UTC, because SQLite knows neither decimals
nor time zones.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()


def _order() -> sa.Column[str]:
    return sa.Column("order_number", sa.ForeignKey("orders.number"), nullable=False, index=True)


customers = sa.Table(
    "customers",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("email", sa.String(200), nullable=False, unique=True),  # in lower case
    sa.Column("phone", sa.String(30), nullable=False),
    sa.Column("member_since", sa.Date, nullable=False),
    sa.Column("line", sa.String(200)),
    sa.Column("town", sa.String(100)),
    sa.Column("postcode", sa.String(20)),
    sa.Column("newsletter", sa.Boolean, nullable=False),
    sa.Column("closing_on", sa.Date),
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
    # The total is the items' prices, plus delivery, less discount.
    sa.Column("total_pence", sa.Integer, nullable=False),
    sa.Column("delivery_pence", sa.Integer, nullable=False),
    sa.Column("discount_pence", sa.Integer, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("line", sa.String(200), nullable=False),
    sa.Column("town", sa.String(100), nullable=False),
    sa.Column("postcode", sa.String(20), nullable=False),
    sa.Column("delivery_estimate", sa.Date),
    sa.Column("delivered_on", sa.Date),
    sa.Column("carrier", sa.String(40)),
    sa.Column("tracking_code", sa.String(40)),
)

order_items = sa.Table(
    "order_items",
    metadata,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("sku", sa.String(20), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("size", sa.String(20)),  # NULL for what comes in one size
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

invoices = sa.Table(
    "invoices",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("order_number", sa.ForeignKey("orders.number"), nullable=False, unique=True),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("delivery_pence", sa.Integer, nullable=False),
    sa.Column("discount_pence", sa.Integer, nullable=False),
    sa.Column("total_pence", sa.Integer, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
)

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    sa.Column("customer", sa.ForeignKey("customers.reference"), nullable=False, index=True),
    # NULL for a try that never became an order
    sa.Column("order_number", sa.ForeignKey("orders.number"), index=True),
    sa.Column("amount_pence", sa.Integer, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("method", sa.String(40), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("failure", sa.String(200)),
    sa.Column("at", sa.DateTime, nullable=False),
)

refunds = sa.Table(
    "refunds",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    _order(),
    sa.Column("payment", sa.ForeignKey("payments.reference")),  # the one of two that was too much
    sa.Column("amount_pence", sa.Integer, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("requested_at", sa.DateTime, nullable=False),
    sa.Column("sent_on", sa.Date),
    sa.Column("expected_by", sa.Date, nullable=False),
)

returns = sa.Table(
    "returns",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    _order(),
    sa.Column("sku", sa.String(20), nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("new_size", sa.String(20)),  # set for an exchange
    sa.Column("requested_at", sa.DateTime, nullable=False),
    sa.Column("received_on", sa.Date),
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("reference", sa.String(20), primary_key=True),
    _order(),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("sku", sa.String(20)),  # NULL for the whole parcel
    sa.Column("wish", sa.String(20), nullable=False),
    sa.Column("words", sa.String(500)),  # what is wrong, as the customer put it
    sa.Column("opened_at", sa.DateTime, nullable=False),
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("customer", sa.ForeignKey("customers.reference"), primary_key=True),
    sa.Column("plan", sa.String(40), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
)

signals = sa.Table(
    "signals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer", sa.ForeignKey("customers.reference"), nullable=False, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("about", sa.String(40)),
)

promos = sa.Table(
    "promos",
    metadata,
    sa.Column("code", sa.String(20), primary_key=True),  # in capitals
    sa.Column("percent", sa.Integer),
    sa.Column("amount_pence", sa.Integer),
    sa.Column("minimum_pence", sa.Integer, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("members_only", sa.Boolean, nullable=False),
)

promo_uses = sa.Table(
    "promo_uses",
    metadata,
    sa.Column("code", sa.ForeignKey("promos.code"), primary_key=True),
    sa.Column("customer", sa.ForeignKey("customers.reference"), primary_key=True),
    sa.Column("order_number", sa.ForeignKey("orders.number"), nullable=False),
)

products = sa.Table(
    "products",
    metadata,
    sa.Column("sku", sa.String(20), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("price_pence", sa.Integer, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("url", sa.String(200), nullable=False),
)

product_facts = sa.Table(
    "product_facts",
    metadata,
    sa.Column("sku", sa.ForeignKey("products.sku"), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("text", sa.String(400), nullable=False),
)

stock = sa.Table(
    "stock",
    metadata,
    sa.Column("sku", sa.ForeignKey("products.sku"), primary_key=True),
    sa.Column("size", sa.String(20), primary_key=True),  # "" for what comes in one size
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
)

stock_watches = sa.Table(
    "stock_watches",
    metadata,
    sa.Column("customer", sa.ForeignKey("customers.reference"), primary_key=True),
    sa.Column("sku", sa.ForeignKey("products.sku"), primary_key=True),
    sa.Column("size", sa.String(20), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
)

# What the shop sent by mail, shown in the demo in place of an inbox.
mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer", sa.ForeignKey("customers.reference"), index=True),
    sa.Column("to_address", sa.String(200), nullable=False),
    sa.Column("template", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attachment", sa.LargeBinary),
    sa.Column("attachment_name", sa.String(100)),
    sa.Column("at", sa.DateTime, nullable=False),
)

# The shop's own record of the changes it made, by the caller's key: the same key again makes
# nothing twice.
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("undone_by", sa.String(80)),  # the key of the `undo`
)
