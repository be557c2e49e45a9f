"""Who is not answered."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import UtcDateTime, metadata, own_id, owner_of_data, thread, when

blocks = sa.Table(
    "blocks",
    metadata,
    own_id(),
    owner_of_data(),
    thread(),
    # Both are null where the customer is blocked wherever they write.
    sa.Column("channel", sa.String(40)),
    sa.Column("address", sa.String(400)),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("blocked_by", sa.ForeignKey("users.id"), nullable=False),
    when("created_at"),
    sa.Column("until", UtcDateTime),
    when("told_at", nullable=True),
    when("lifted_at", nullable=True),
    sa.Column("lifted_by", sa.ForeignKey("users.id")),
    sa.Column("heard", sa.Integer, nullable=False),
    when("last_heard_at", nullable=True),
    sa.Column("kept", sa.Integer, nullable=False),
    sa.Column("kept_on", sa.String(10)),
    sa.Index(None, "channel", "address"),
)
