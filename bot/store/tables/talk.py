"""Conversations, their messages, and what was made of them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import UtcDateTime, metadata, own_id, owner_of_data, thread, when

conversations = sa.Table(
    "conversations",
    metadata,
    own_id(),
    owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("owner_epoch", sa.Integer, nullable=False),
    sa.Column("agent_id", sa.ForeignKey("users.id")),
    sa.Column("queue", sa.String(80), nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("seen_seq", sa.Integer, nullable=False),
    sa.Column("lease_token", sa.String(40)),
    when("lease_until", nullable=True),
    when("created_at"),
    when("updated_at"),
    when("snoozed_at", nullable=True),
    when("snoozed_until", nullable=True),
    sa.Index(None, "updated_at", "id"),
    sa.Index(None, "state", "updated_at", "id"),
    sa.Index(None, "agent_id", "state", "updated_at"),
    sa.Index(
        "ix_conversations_snoozed",
        "snoozed_until",
        sqlite_where=sa.text("snoozed_at IS NOT NULL"),
        postgresql_where=sa.text("snoozed_at IS NOT NULL"),
    ),
)

messages = sa.Table(
    "messages",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("turn_id", sa.String(40)),
    sa.Column("author", sa.String(20), nullable=False),
    sa.Column("agent_id", sa.ForeignKey("users.id")),
    sa.Column("author_name", sa.String(200)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("payload", sa.Text),
    sa.Column("buttons", sa.JSON, nullable=False),
    sa.Column("image", sa.Text),
    sa.Column("attachments", sa.JSON),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400)),
    sa.Column("external_id", sa.String(500)),
    sa.Column("in_reply_to", sa.String(40)),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    when("created_at"),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("channel", "external_id"),
    sa.Index(None, "turn_id"),
)

turns = sa.Table(
    "turns",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    when("next_attempt_at", nullable=True),
    sa.Column("error", sa.String(400)),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("parsed", sa.JSON(none_as_null=True)),
    sa.Column("intent", sa.String(200)),
    sa.Column("confidence", sa.Float),
    sa.Column("ranking", sa.JSON, nullable=False),
    sa.Column("entities", sa.JSON, nullable=False),
    sa.Column("outcome", sa.String(20)),
    sa.Column("reason", sa.String(40)),
    sa.Column("actions", sa.JSON, nullable=False),
    sa.Column("model", sa.String(200)),
    sa.Column("duration_ms", sa.Float),
    # Why it was decided so (bot.decisions.record): codes and numbers, no words of anybody's.
    sa.Column("decision", sa.JSON(none_as_null=True)),
    when("created_at"),
    when("finished_at", nullable=True),
    sa.Index(None, "conversation_id", "state", "seq"),
    sa.Index(None, "state", "id"),
    sa.Index(None, "intent", "id"),
    sa.Index(None, "outcome", "id"),
    sa.Index("ix_turns_logged", "created_at", "id"),
    sa.Index(None, "channel", "id"),
    sa.Index(None, "reason", "id"),
    sa.Index(None, "finished_at", "id"),
    sa.Index(None, "confidence", "id"),
)

trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    owner_of_data(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    when("updated_at"),
)

effects = sa.Table(
    "effects",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    thread(),
    owner_of_data(),
    sa.Column("turn_id", sa.String(40), nullable=False, index=True),
    sa.Column("action", sa.String(200), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("result", sa.JSON(none_as_null=True)),
    when("created_at"),
    when("finished_at", nullable=True),
    sa.Index(None, "conversation_id", "created_at"),
)

# What the shop says somebody just did, newest first: under the address they write from, or, with no
# channel, under their reference. They may not have written yet, and the rows are gone in a day.
signals = sa.Table(
    "signals",
    metadata,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("address", sa.String(400), primary_key=True),
    sa.Column("recent", sa.JSON, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False, index=True),
)

# What agents sent beside words, or are about to; in the database, because any process serves it.
files = sa.Table(
    "files",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("message_id", sa.ForeignKey("messages.id")),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("content_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    when("created_at"),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "message_id"),
)
