"""What is on its way out: to customers, and to other programs."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import UtcDateTime, metadata, own_id, owner_of_data, thread, when

outbox = sa.Table(
    "outbox",
    metadata,
    own_id(),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    thread(),
    owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("parts_sent", sa.Integer, nullable=False),
    when("next_attempt_at", nullable=True),
    when("give_up_at", nullable=True),
    sa.Column("provider_id", sa.String(200)),
    sa.Column("error", sa.String(400)),
    when("created_at"),
    sa.Index(None, "channel", "state", "next_attempt_at"),
    sa.Index(None, "conversation_id", "state"),
    sa.Index(None, "channel", "provider_id"),
    # Few rows ever: what is on its way, and what a person has to decide on.
    sa.Index(
        "ix_outbox_open",
        "conversation_id",
        "seq",
        sqlite_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
    ),
    sa.Index(
        "ix_outbox_given_up",
        "id",
        sqlite_where=sa.text("state IN ('dead', 'unknown')"),
        postgresql_where=sa.text("state IN ('dead', 'unknown')"),
    ),
)

# Whose they are is known only once the message they belong to is; those of nobody are dropped.
early_receipts = sa.Table(
    "early_receipts",
    metadata,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("provider_id", sa.String(200), primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("error", sa.String(400)),
    sa.Column("reference", sa.String(200), index=True),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)

# Programs of others that are told of what happens, each at its URL.
subscriptions = sa.Table(
    "subscriptions",
    metadata,
    own_id(),
    sa.Column("url", sa.String(2000), nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_by", sa.ForeignKey("users.id"), nullable=False),
    when("created_at"),
    when("deleted_at", nullable=True),
)

_OPEN_NOTICE = sa.text("state IN ('pending', 'sending')")

# What each of them is told. The number is the order in which it happened.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(40), nullable=False, unique=True),
    sa.Column("subscription_id", sa.ForeignKey("subscriptions.id"), nullable=False),
    thread(),
    owner_of_data(),
    sa.Column("event", sa.String(40), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    when("next_attempt_at", nullable=True),
    when("give_up_at", nullable=True),
    sa.Column("body", sa.Text),
    sa.Column("response_status", sa.Integer),
    sa.Column("duration_ms", sa.Float),
    sa.Column("error", sa.String(400)),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    when("finished_at", nullable=True),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "subscription_id", "number"),
    sa.Index("ix_notices_state", "subscription_id", "state", "next_attempt_at"),
    sa.Index(
        "ix_notices_open",
        "subscription_id",
        "conversation_id",
        "number",
        sqlite_where=_OPEN_NOTICE,
        postgresql_where=_OPEN_NOTICE,
    ),
)
