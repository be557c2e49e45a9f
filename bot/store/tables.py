"""The tables, as Alembic's migrations make them. Every row about a person names its customer, so
that export and erasure find it, and when it was written."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime on every engine; SQLite itself would forget the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        return value.astimezone(timezone.utc) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(40), primary_key=True)


def _owner_of_data() -> sa.Column[str]:
    return sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True)


def _thread() -> sa.Column[str]:
    return sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False)


def _when(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


customers = sa.Table(
    "customers",
    metadata,
    _id(),
    sa.Column("reference", sa.String(200), unique=True),
    sa.Column("name", sa.String(200)),
    sa.Column("email", sa.String(320)),
    sa.Column("tier", sa.String(40)),
    _when("created_at"),
)

# Customers who proved to be one: `moved` says what became the other's, so that it can be undone.
joins = sa.Table(
    "joins",
    metadata,
    _id(),
    _owner_of_data(),
    sa.Column("joined_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("proof", sa.String(200), nullable=False),
    sa.Column("moved", sa.JSON, nullable=False),
    _when("created_at"),
    _when("undone_at", nullable=True),
    sa.Column("undone_by", sa.ForeignKey("users.id")),
)

# What a customer shows on one channel to prove that they are who writes on another: at `channel`
# and `address`, which it was given to. `shown_by` is the widget's visitor who alone may show it,
# None where anybody may who has it.
one_time_codes = sa.Table(
    "one_time_codes",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    _owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("shown_by", sa.String(400), index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    _when("created_at"),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# Addresses that must not be written to until they say so themselves.
opt_outs = sa.Table(
    "opt_outs",
    metadata,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("address", sa.String(400), primary_key=True),
    _when("created_at"),
)

identities = sa.Table(
    "identities",
    metadata,
    _id(),
    _owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("verification", sa.String(20), nullable=False),
    sa.Column("how", sa.String(200), nullable=False),
    _when("created_at"),
    sa.UniqueConstraint("channel", "address"),
)

users = sa.Table(
    "users",
    metadata,
    _id(),
    sa.Column("email", sa.String(320), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("password_hash", sa.String(400), nullable=False),
    _when("created_at"),
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
    _when("seen_at", nullable=True),
    _when("revoked_at", nullable=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("csrf_token", sa.String(64), nullable=False),
    _when("created_at"),
    _when("expires_at"),
)

# Answers that leads wrote once for all agents.
canned_replies = sa.Table(
    "canned_replies",
    metadata,
    _id(),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    _when("updated_at"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _id(),
    _owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("owner_epoch", sa.Integer, nullable=False),
    sa.Column("agent_id", sa.ForeignKey("users.id")),
    sa.Column("queue", sa.String(80), nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("seen_seq", sa.Integer, nullable=False),
    sa.Column("lease_token", sa.String(40)),
    _when("lease_until", nullable=True),
    _when("created_at"),
    _when("updated_at"),
    _when("snoozed_at", nullable=True),
    _when("snoozed_until", nullable=True),
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
    _id(),
    _thread(),
    _owner_of_data(),
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
    _when("created_at"),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("channel", "external_id"),
    sa.Index(None, "turn_id"),
)

turns = sa.Table(
    "turns",
    metadata,
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    _when("next_attempt_at", nullable=True),
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
    _when("created_at"),
    _when("finished_at", nullable=True),
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

handoffs = sa.Table(
    "handoffs",
    metadata,
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("turn_id", sa.String(40)),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("card", sa.JSON, nullable=False),
    sa.Column("agent_id", sa.ForeignKey("users.id")),
    _when("requested_at"),
    _when("accepted_at", nullable=True),
    _when("closed_at", nullable=True),
    sa.Column("queue", sa.String(80), nullable=False),
    sa.Column("priority", sa.String(20), nullable=False),
    _when("queued_at"),
    _when("ranked_at"),
    _when("warn_at", nullable=True),
    _when("due_at", nullable=True),
    _when("replied_at", nullable=True),
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
    _id(),
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id"), nullable=False),
    _thread(),
    _owner_of_data(),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    _when("offered_at"),
    _when("until"),
    _when("ended_at", nullable=True),
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
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("intent", sa.String(200)),
    _when("created_at"),
    sa.Index(None, "conversation_id", "created_at"),
)

_CURRENT_LABEL = sa.text("undone_at IS NULL")

# What leads say logged messages are about: one that counts for a message and a lead.
labels = sa.Table(
    "labels",
    metadata,
    _id(),
    sa.Column("turn_id", sa.ForeignKey("turns.id"), nullable=False),
    _thread(),
    _owner_of_data(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("intent", sa.String(200)),
    sa.Column("entities", sa.JSON, nullable=False),
    sa.Column("batch", sa.String(40), nullable=False, index=True),
    _when("created_at"),
    _when("undone_at", nullable=True),
    sa.Index(
        "ix_labels_current",
        "turn_id",
        "user_id",
        unique=True,
        sqlite_where=_CURRENT_LABEL,
        postgresql_where=_CURRENT_LABEL,
    ),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "created_at", "id"),
)

# Intents that leads added; one that the project's files have by now is only history.
new_intents = sa.Table(
    "new_intents",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("answer", sa.Text),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    _when("created_at"),
)

# What leads narrow the log to, each under a name of theirs: `filters` as in the page's address.
turn_views = sa.Table(
    "turn_views",
    metadata,
    _id(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("filters", sa.String(1000), nullable=False),
    _when("created_at"),
    sa.UniqueConstraint("user_id", "name"),
)

# What every candidate has to get right.
must_pass = sa.Table(
    "must_pass",
    metadata,
    _id(),
    sa.Column("text", sa.String(500), nullable=False, unique=True),
    sa.Column("intent", sa.String(200), nullable=False),
    sa.Column("added_by", sa.ForeignKey("users.id"), nullable=False),
    _when("created_at"),
)

# The one search for clusters that is current: in its only row, so that two cannot run at once.
discoveries = sa.Table(
    "discoveries",
    metadata,
    _id(),
    sa.Column("run", sa.String(40)),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("error", sa.String(200)),
    sa.Column("started_by", sa.ForeignKey("users.id")),
    _when("started_at", nullable=True),
    _when("lease_until", nullable=True),
    _when("finished_at", nullable=True),
)

# What it found; one that was dismissed is kept by its centre, so that it is not found again.
clusters = sa.Table(
    "clusters",
    metadata,
    _id(),
    sa.Column("run", sa.String(40), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("keywords", sa.JSON, nullable=False),
    sa.Column("nearest", sa.String(200)),
    sa.Column("similarity", sa.Float),
    sa.Column("centre", sa.LargeBinary, nullable=False),
    _when("created_at"),
    _when("dismissed_at", nullable=True),
    sa.Column("dismissed_by", sa.ForeignKey("users.id")),
)

# `place` in a cluster, the most typical first; copies of one message share it.
cluster_turns = sa.Table(
    "cluster_turns",
    metadata,
    sa.Column("cluster_id", sa.ForeignKey("clusters.id"), primary_key=True),
    sa.Column("turn_id", sa.ForeignKey("turns.id"), primary_key=True),
    _owner_of_data(),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Index(None, "turn_id"),
)

# What customers wrote by day and likeliest request: counted from `turns` once the day is over.
drift_days = sa.Table(
    "drift_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("intent", sa.String(200), primary_key=True),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("confidence_squares", sa.Float, nullable=False),
)

# Every change that a person made to what the bot does. Rows are added and read, nothing else.
audit_log = sa.Table(
    "audit_log",
    metadata,
    _id(),
    sa.Column("user_id", sa.ForeignKey("users.id")),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    _when("created_at"),
    sa.Index(None, "action", "id"),
)

# However many processes train and promote, one model is live and one is being trained.
_ONLY_MODEL = sa.text("state IN ('live', 'training')")

models = sa.Table(
    "models",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    _when("started_at"),
    sa.Column("made_from", sa.String(200)),
    sa.Column("started_by", sa.ForeignKey("users.id")),
    _when("finished_at", nullable=True),
    _when("alive_at", nullable=True),
    sa.Column("step", sa.String(200)),
    sa.Column("share", sa.Float),
    sa.Column("sha256", sa.String(64)),
    sa.Column("size", sa.BigInteger),
    sa.Column("data_sha256", sa.String(64)),
    sa.Column("lessons", sa.JSON, nullable=False),
    sa.Column("card", sa.JSON(none_as_null=True)),
    sa.Column("report", sa.JSON(none_as_null=True)),
    sa.Column("gate_passed", sa.Boolean),
    sa.Column("error", sa.Text),
    _when("promoted_at", nullable=True),
    sa.Column("promoted_by", sa.ForeignKey("users.id")),
    sa.Column("reason", sa.Text),
    sa.Column("previous", sa.String(200)),
    sa.Index(
        "ix_models_only",
        "state",
        unique=True,
        sqlite_where=_ONLY_MODEL,
        postgresql_where=_ONLY_MODEL,
    ),
    sa.Index(None, "started_at", "id"),
)

# Who was mentioned in a note and has not looked yet.
mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("message_id", sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    _thread(),
    _owner_of_data(),
    _when("created_at"),
    sa.Index(None, "conversation_id", "user_id"),
    sa.Index(None, "user_id", "conversation_id"),
)

# What agents say a conversation is of, in a word.
tags = sa.Table(
    "tags",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    _owner_of_data(),
    sa.Column("added_by", sa.ForeignKey("users.id"), nullable=False),
    _when("at"),
    sa.Index(None, "name", "conversation_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    _thread(),
    _owner_of_data(),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("parts_sent", sa.Integer, nullable=False),
    _when("next_attempt_at", nullable=True),
    _when("give_up_at", nullable=True),
    sa.Column("provider_id", sa.String(200)),
    sa.Column("error", sa.String(400)),
    _when("created_at"),
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

effects = sa.Table(
    "effects",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    _thread(),
    _owner_of_data(),
    sa.Column("turn_id", sa.String(40), nullable=False, index=True),
    sa.Column("action", sa.String(200), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("result", sa.JSON(none_as_null=True)),
    _when("created_at"),
    _when("finished_at", nullable=True),
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

trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    _owner_of_data(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    _when("updated_at"),
)

# Programs of others that are told of what happens, each at its URL.
subscriptions = sa.Table(
    "subscriptions",
    metadata,
    _id(),
    sa.Column("url", sa.String(2000), nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_by", sa.ForeignKey("users.id"), nullable=False),
    _when("created_at"),
    _when("deleted_at", nullable=True),
)

_OPEN_NOTICE = sa.text("state IN ('pending', 'sending')")

# What each of them is told. The number is the order in which it happened.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(40), nullable=False, unique=True),
    sa.Column("subscription_id", sa.ForeignKey("subscriptions.id"), nullable=False),
    _thread(),
    _owner_of_data(),
    sa.Column("event", sa.String(40), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    _when("next_attempt_at", nullable=True),
    _when("give_up_at", nullable=True),
    sa.Column("body", sa.Text),
    sa.Column("response_status", sa.Integer),
    sa.Column("duration_ms", sa.Float),
    sa.Column("error", sa.String(400)),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    _when("finished_at", nullable=True),
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

# What agents answered to which question, once it was read: `text` without anything of that
# customer's, `meaning` the question's vector (float16); both None for what is not to be repeated.
past_answers = sa.Table(
    "past_answers",
    metadata,
    sa.Column("message_id", sa.ForeignKey("messages.id"), primary_key=True),
    _thread(),
    _owner_of_data(),
    sa.Column("text", sa.Text),
    sa.Column("meaning", sa.LargeBinary),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)

# Up to three replies that an agent was offered for a customer's message, and what became of each.
suggestions = sa.Table(
    "suggestions",
    metadata,
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("message_id", sa.ForeignKey("messages.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    _when("offered_at"),
    _when("inserted_at", nullable=True),
    sa.Column("inserted_by", sa.ForeignKey("users.id")),
    sa.Column("sent_id", sa.ForeignKey("messages.id")),
    sa.Column("edited", sa.Boolean),
    sa.UniqueConstraint("message_id", "place"),
    sa.Index(None, "conversation_id"),
)

# How satisfied customers were after a chat, asked once for a hand-off. `day` is `asked_at`'s in
# UTC: figures are grouped by it, which the two databases would each write in their own way.
surveys = sa.Table(
    "surveys",
    metadata,
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id"), nullable=False, unique=True),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("queue", sa.String(80), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("csat", sa.Integer),
    sa.Column("effort", sa.Integer),
    sa.Column("comment", sa.Text),
    _when("asked_at"),
    _when("answered_at", nullable=True),
    _when("closed_at", nullable=True),
    sa.Index(None, "conversation_id", "asked_at"),
    sa.Index(None, "asked_at", "id"),
    sa.Index(None, "day"),
)

# What agents sent beside words, or are about to; in the database, because any process serves it.
files = sa.Table(
    "files",
    metadata,
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("agent_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("message_id", sa.ForeignKey("messages.id")),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("content_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    _when("created_at"),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "message_id"),
)

# What `contacts` was last cut from: `seen_at` is the conversation's `updated_at` then, and
# `version` keeps two processes from writing the same conversation over each other.
contact_marks = sa.Table(
    "contact_marks",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    _owner_of_data(),
    sa.Column("version", sa.Integer, nullable=False),
    _when("seen_at"),
)

# The contacts that conversations consist of (bot.insight.contact), made anew from the transcript
# whenever something changes.
contacts = sa.Table(
    "contacts",
    metadata,
    _id(),
    _thread(),
    _owner_of_data(),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("intent", sa.String(200), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    _when("started_at"),
    _when("ended_at"),
    _when("settles_at", nullable=True),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    *(
        sa.Column(name, sa.Boolean, nullable=False)
        for name in (
            *("by_bot", "handed_off", "contained", "confirmed", "assumed", "solved"),
            *("asked_twice", "is_closed", "is_ripe", "is_repeat", "came_back"),
        )
    ),
    sa.Column("wait_seconds", sa.Float),
    sa.Column("reply_seconds", sa.Float),
    sa.Column("handle_seconds", sa.Float),
    sa.Column("csat", sa.Integer),
    sa.Column("effort", sa.Integer),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "settles_at"),
    sa.Index(None, "day", "started_at", "id"),
    sa.Index(
        "ix_contacts_handed_off",
        *("day", "wait_seconds", "reply_seconds", "handle_seconds"),  # medians read nothing else
        sqlite_where=sa.text("handed_off"),
        postgresql_where=sa.text("handed_off"),
    ),
)

# `contacts` counted by day and all they are asked for by; nobody's data any more.
contact_days = sa.Table(
    "contact_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("intent", sa.String(200), primary_key=True),
    sa.Column("model", sa.String(200), primary_key=True),
    sa.Column("reason", sa.String(40), primary_key=True),
    *(
        sa.Column(name, sa.Integer, nullable=False)
        for name in (
            *("contacts", "messages", "turns", "by_bot", "handed_off", "contained_of"),
            *("contained", "closed", "confirmed", "assumed", "came_back_of", "came_back"),
            *("first_of", "first", "repeated", "asked_twice", "csat_n", "csat_sum"),
            *("csat_squares", "satisfied", "effort_n", "effort_sum", "effort_squares"),
        )
    ),
)

# Days of `contact_days` that are to be counted anew.
stale_days = sa.Table("stale_days", metadata, sa.Column("day", sa.Date, primary_key=True))


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


# Logged messages that a lead may look at, each in the group of those that say the same. `weight`
# is how much a look is worth, 0 for none; `waiting`: nobody has labelled it; `fate`: what the
# customer made of the answer, None while they have not written again; `said`: the intent that an
# agent's wrap-up gives it.
reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("turn_id", sa.ForeignKey("turns.id"), primary_key=True),
    _thread(),
    _owner_of_data(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("group_id", sa.String(64), nullable=False),
    sa.Column("weight", sa.Float, nullable=False),
    sa.Column("waiting", sa.Boolean, nullable=False),
    sa.Column("sampled", sa.Boolean, nullable=False),
    sa.Column("second", sa.Boolean, nullable=False),
    sa.Column("fate", sa.String(20)),
    sa.Column("said", sa.String(200)),
    sa.Index(None, "conversation_id", "seq"),
    _partial("ix_reviews_members", "group_id", "turn_id", where="waiting AND weight > 0"),
    _partial("ix_reviews_samples", "turn_id", where="waiting AND sampled"),
    _partial("ix_reviews_judged", "turn_id", where="sampled AND NOT waiting"),
    _partial("ix_reviews_seconds", "turn_id", where="second AND NOT waiting"),
    _partial("ix_reviews_unsaid", "conversation_id", where="fate IS NULL"),
)

# The sums over a group's waiting messages: the inbox is this table's index, read from its end.
# `meaning`: the vector of its first message, in half precision, while any of them waits
# and none was taken back.
review_groups = sa.Table(
    "review_groups",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("waiting", sa.Integer, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("meaning", sa.LargeBinary),
    _when("made_at"),
    _partial("ix_review_groups_meant", "made_at", where="waiting > 0 AND meaning IS NOT NULL"),
    _partial("ix_review_groups_open", "score", "id", where="waiting > 0"),
)

# How far the log was read for reviews; one row. Whoever goes on raises `version`.
review_cursor = sa.Table(
    "review_cursor",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _when("finished_at"),
    sa.Column("version", sa.Integer, nullable=False),
)
