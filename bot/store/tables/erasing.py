"""What was erased: receipts, and what keeps it from coming back. Neither says of whom."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import metadata, own_id, when

# One for each erasure, begun or done. `customer_ids` are there only until their rows are gone, so
# that whoever goes on with it knows what is left to do. `who` are keyed hashes of what they could
# be asked for by; `counts` are rows by table and what else went; `models` those that had learnt
# from them.
erasures = sa.Table(
    "erasures",
    metadata,
    own_id(),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("user_id", sa.ForeignKey("users.id")),
    sa.Column("who", sa.JSON, nullable=False),
    sa.Column("customer_ids", sa.JSON, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("models", sa.JSON, nullable=False),
    when("created_at"),
    when("finished_at", nullable=True),
    sa.Index(
        "ix_erasures_unfinished",
        "id",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
)

# Messages that must not come back with a provider's late retry: by a keyed hash of the channel and
# the provider's id.
erased_messages = sa.Table(
    "erased_messages",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("erasure_id", sa.ForeignKey("erasures.id"), nullable=False, index=True),
)

# One row: a hash under the key of whoever served last, so that an erasure by a command with another
# key, whose hashes nobody would recognise, can be refused.
serving_key = sa.Table(
    "serving_key",
    metadata,
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)
