"""What passes between the bot and people, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import UtcDateTime, metadata, own_id, owner_of_data, thread, when

handoffs = sa.Table(
    "handoffs",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("turn_id", sa.String(40)),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("card", sa.JSON, nullable=False),
    sa.Column("agent_id", sa.ForeignKey("users.id")),
    when("requested_at"),
    when("accepted_at", nullable=True),
    when("closed_at", nullable=True),
    sa.Column("queue", sa.String(80), nullable=False),
    sa.Column("priority", sa.String(20), nullable=False),
    when("queued_at"),
    when("ranked_at"),
    when("warn_at", nullable=True),
    when("due_at", nullable=True),
    when("replied_at", nullable=True),
    sa.Column("tier", sa.String(40)),
    sa.Index(None, "state", "requested_at", "id"),
    sa.Index(None, "state", "ranked_at", "id"),
    sa.Index(None, "queue", "accepted_at"),
    sa.Index(None, "customer_id", "accepted_at"),
    sa.Index(None, "agent_id", "accepted_at"),
    sa.Index(None, "conversation_id", "requested_at"),
)

_OPEN_OFFER = sa.text("state = 'open'")

# Which agent a waiting hand-off was put before, until when, and what came of it. That a hand-off
# has one open offer and an agent too is not left to whoever writes.
offers = sa.Table(
    "offers",
    metadata,
    own_id(),
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id"), nullable=False),
    thread(),
    owner_of_data(),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    when("offered_at"),
    when("until"),
    when("ended_at", nullable=True),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "handoff_id", "offered_at"),
    sa.Index(
        "ix_offers_open_handoff",
        "handoff_id",
        unique=True,
        sqlite_where=_OPEN_OFFER,
        postgresql_where=_OPEN_OFFER,
    ),
    sa.Index(
        "ix_offers_open_agent",
        "agent_id",
        unique=True,
        sqlite_where=_OPEN_OFFER,
        postgresql_where=_OPEN_OFFER,
    ),
)

# What agents said of the conversations they resolved.
wrap_ups = sa.Table(
    "wrap_ups",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("intent", sa.String(200)),
    when("created_at"),
    sa.Index(None, "conversation_id", "created_at"),
)

# Who was mentioned in a note and has not looked yet.
mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("message_id", sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    thread(),
    owner_of_data(),
    when("created_at"),
    sa.Index(None, "conversation_id", "user_id"),
    sa.Index(None, "user_id", "conversation_id"),
)

# What agents say a conversation is of, in a word.
tags = sa.Table(
    "tags",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    owner_of_data(),
    sa.Column("added_by", sa.ForeignKey("users.id"), nullable=False),
    when("at"),
    sa.Index(None, "name", "conversation_id"),
)

# How satisfied customers were after a chat, asked once for a hand-off. `day` is `asked_at`'s in
# UTC: figures are grouped by it, which the two databases would each write in their own way.
surveys = sa.Table(
    "surveys",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id"), nullable=False, unique=True),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("queue", sa.String(80), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("csat", sa.Integer),
    sa.Column("effort", sa.Integer),
    sa.Column("comment", sa.Text),
    when("asked_at"),
    when("answered_at", nullable=True),
    when("closed_at", nullable=True),
    sa.Index(None, "conversation_id", "asked_at"),
    sa.Index(None, "asked_at", "id"),
    sa.Index(None, "day"),
)

# What agents answered to which question, once it was read: `text` without anything of that
# customer's, `meaning` the question's vector (float16); both None for what is not to be repeated.
past_answers = sa.Table(
    "past_answers",
    metadata,
    sa.Column("message_id", sa.ForeignKey("messages.id"), primary_key=True),
    thread(),
    owner_of_data(),
    sa.Column("text", sa.Text),
    sa.Column("meaning", sa.LargeBinary),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    sa.Index(None, "conversation_id"),
)

# Up to three replies that an agent was offered for a customer's message, and what became of each.
suggestions = sa.Table(
    "suggestions",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    when("offered_at"),
    when("inserted_at", nullable=True),
    sa.Column("inserted_by", sa.ForeignKey("users.id")),
    sa.Column("sent_id", sa.ForeignKey("messages.id")),
    sa.Column("edited", sa.Boolean),
    sa.UniqueConstraint("message_id", "place"),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "sent_id"),
)
