"""What leads say of the log, and the models made from it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import metadata, own_id, owner_of_data, thread, when

_CURRENT_LABEL = sa.text("undone_at IS NULL")

# What leads say logged messages are about: one that counts for a message and a lead.
labels = sa.Table(
    "labels",
    metadata,
    own_id(),
    sa.Column("turn_id", sa.ForeignKey("turns.id"), nullable=False),
    thread(),
    owner_of_data(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("intent", sa.String(200)),
    sa.Column("entities", sa.JSON, nullable=False),
    sa.Column("batch", sa.String(40), nullable=False, index=True),
    when("created_at"),
    when("undone_at", nullable=True),
    sa.Index(
        "ix_labels_current",
        "turn_id",
        "user_id",
        unique=True,
        sqlite_where=_CURRENT_LABEL,
        postgresql_where=_CURRENT_LABEL,
    ),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "turn_id"),
    sa.Index(None, "created_at", "id"),
)

# Intents that leads added; one that the project's files have by now is only history.
new_intents = sa.Table(
    "new_intents",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("answer", sa.Text),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    when("created_at"),
)

# What every candidate has to get right.
must_pass = sa.Table(
    "must_pass",
    metadata,
    own_id(),
    sa.Column("text", sa.String(500), nullable=False, unique=True),
    sa.Column("intent", sa.String(200), nullable=False),
    sa.Column("added_by", sa.ForeignKey("users.id"), nullable=False),
    when("created_at"),
)

# The one search for clusters that is current: in its only row, so that two cannot run at once.
discoveries = sa.Table(
    "discoveries",
    metadata,
    own_id(),
    sa.Column("run", sa.String(40)),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("error", sa.String(200)),
    sa.Column("started_by", sa.ForeignKey("users.id")),
    when("started_at", nullable=True),
    when("lease_until", nullable=True),
    when("finished_at", nullable=True),
)

# What it found; one that was dismissed is kept by its centre, so that it is not found again.
clusters = sa.Table(
    "clusters",
    metadata,
    own_id(),
    sa.Column("run", sa.String(40), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("keywords", sa.JSON, nullable=False),
    sa.Column("nearest", sa.String(200)),
    sa.Column("similarity", sa.Float),
    sa.Column("centre", sa.LargeBinary, nullable=False),
    when("created_at"),
    when("dismissed_at", nullable=True),
    sa.Column("dismissed_by", sa.ForeignKey("users.id")),
)

# `place` in a cluster, the most typical first; copies of one message share it.
cluster_turns = sa.Table(
    "cluster_turns",
    metadata,
    sa.Column("cluster_id", sa.ForeignKey("clusters.id"), primary_key=True),
    sa.Column("turn_id", sa.ForeignKey("turns.id"), primary_key=True),
    owner_of_data(),
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

# However many processes train and promote, one model is live and one is being trained.
_ONLY_MODEL = sa.text("state IN ('live', 'training')")

models = sa.Table(
    "models",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    when("started_at"),
    sa.Column("made_from", sa.String(200)),
    sa.Column("started_by", sa.ForeignKey("users.id")),
    when("finished_at", nullable=True),
    when("alive_at", nullable=True),
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
    when("promoted_at", nullable=True),
    sa.Column("promoted_by", sa.ForeignKey("users.id")),
    sa.Column("reason", sa.Text),
    sa.Column("previous", sa.String(200)),
    when("recalled_at", nullable=True),  # it learnt from messages that were erased then
    sa.Index(
        "ix_models_only",
        "state",
        unique=True,
        sqlite_where=_ONLY_MODEL,
        postgresql_where=_ONLY_MODEL,
    ),
    sa.Index(None, "started_at", "id"),
)
