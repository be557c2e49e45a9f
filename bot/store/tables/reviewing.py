"""Logged messages as leads look through them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import metadata, owner_of_data, thread, when


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
    thread(),
    owner_of_data(),
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
    when("made_at"),
    _partial("ix_review_groups_meant", "made_at", where="waiting > 0 AND meaning IS NOT NULL"),
    _partial("ix_review_groups_open", "score", "id", where="waiting > 0"),
)

# How far the log was read for reviews; one row. Whoever goes on raises `version`.
review_cursor = sa.Table(
    "review_cursor",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    when("finished_at"),
    sa.Column("version", sa.Integer, nullable=False),
)
