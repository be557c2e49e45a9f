"""Who signs in, and what they keep for themselves."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import metadata, own_id, when

users = sa.Table(
    "users",
    metadata,
    own_id(),
    sa.Column("email", sa.String(320), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("password_hash", sa.String(400), nullable=False),
    when("created_at"),
    when("signed_in_at", nullable=True),
)

# What a user serves and whether they are there; who has no row serves all that needs no skill.
agents = sa.Table(
    "agents",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("queues", sa.JSON, nullable=False),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("presence", sa.String(20), nullable=False),
    sa.Column("missed_offers", sa.Integer, nullable=False, server_default="0"),
    when("seen_at", nullable=True),
    when("revoked_at", nullable=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("csrf_token", sa.String(64), nullable=False),
    when("created_at"),
    when("expires_at"),
    when("seen_at", nullable=True),
    sa.Column("device", sa.String(80), nullable=False, server_default="Unknown"),
)

# What leads narrow the log to, each under a name of theirs: `filters` as in the page's address.
turn_views = sa.Table(
    "turn_views",
    metadata,
    own_id(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("filters", sa.String(1000), nullable=False),
    when("created_at"),
    sa.UniqueConstraint("user_id", "name"),
)

# Answers that leads wrote once for all agents.
canned_replies = sa.Table(
    "canned_replies",
    metadata,
    own_id(),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    when("updated_at"),
)
