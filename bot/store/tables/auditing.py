"""What was changed, by whom."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import metadata, own_id, when

# Every change that a person, the bot or the operator made. Rows are added and read, nothing else:
# triggers (migration 0029) refuse an UPDATE, a DELETE and a TRUNCATE.
# It names no customer, and a conversation without a key: it outlives them.
audit_log = sa.Table(
    "audit_log",
    metadata,
    own_id(),
    sa.Column("user_id", sa.ForeignKey("users.id")),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    when("created_at"),
    sa.Column("actor", sa.String(20), nullable=False, server_default="person"),
    sa.Column("conversation_id", sa.String(40)),
    sa.Index(None, "conversation_id", "id"),
    sa.Index(None, "action", "id"),
    sa.Index(None, "user_id", "id"),
)
