"""Who writes to us, and from where."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import UtcDateTime, metadata, own_id, owner_of_data, when

customers = sa.Table(
    "customers",
    metadata,
    own_id(),
    sa.Column("reference", sa.String(200), unique=True),
    sa.Column("name", sa.String(200)),
    sa.Column("email", sa.String(320)),
    sa.Column("tier", sa.String(40)),
    when("created_at"),
    when("first_labelled_at", nullable=True),
)

# Customers who proved to be one: `moved` says what became the other's, so that it can be undone.
joins = sa.Table(
    "joins",
    metadata,
    own_id(),
    owner_of_data(),
    sa.Column("joined_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("proof", sa.String(200), nullable=False),
    sa.Column("moved", sa.JSON, nullable=False),
    when("created_at"),
    when("undone_at", nullable=True),
    sa.Column("undone_by", sa.ForeignKey("users.id")),
)

# What a customer shows on one channel to prove that they are who writes on another: at `channel`
# and `address`, which it was given to. `shown_by` is the widget's visitor who alone may show it,
# None where anybody may who has it.
one_time_codes = sa.Table(
    "one_time_codes",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("shown_by", sa.String(400), index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    when("created_at"),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# Addresses that must not be written to until they say so themselves.
opt_outs = sa.Table(
    "opt_outs",
    metadata,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("address", sa.String(400), primary_key=True),
    when("created_at"),
)

identities = sa.Table(
    "identities",
    metadata,
    own_id(),
    owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("verification", sa.String(20), nullable=False),
    sa.Column("how", sa.String(200), nullable=False),
    when("created_at"),
    # The version of the privacy notice that was said here, and what came of asking for consent.
    sa.Column("notice_version", sa.String(40)),
    when("noticed_at", nullable=True),
    when("warned_at", nullable=True),
    sa.Column("consent_version", sa.String(40)),
    when("consented_at", nullable=True),
    when("withdrawn_at", nullable=True),
    sa.UniqueConstraint("channel", "address"),
)
