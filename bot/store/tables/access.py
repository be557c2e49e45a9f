"""What proves who somebody is, and how often that failed. Secrets stand here as SHA-256."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import UtcDateTime, metadata, own_id, when

# Wrong passwords in a row: by the hash of an e-mail address, whether anybody has it or not; for
# client addresses that have signed that person in, by the hash of both.
sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failed_at", UtcDateTime, nullable=False, index=True),
    when("waits_until", nullable=True),
)

# From where people signed in: the hash of both addresses.
sign_in_places = sa.Table(
    "sign_in_places",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("seen_at", UtcDateTime, nullable=False, index=True),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    own_id(),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    when("created_at"),
    when("expires_at"),
    when("last_used_at", nullable=True),
)

# Links by which people choose a password; each is good once.
password_links = sa.Table(
    "password_links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    when("created_at"),
    when("expires_at"),
)
