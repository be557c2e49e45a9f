"""The review inbox, how far its follower has read, and indexes for the filters of the log."""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
# The expression is 0013's: what is said to all customers in the same words would fill every search
# of what they wrote themselves.
CUSTOMERS_WORDS = (
    "CREATE INDEX ix_messages_words_of_customers ON messages USING gin (to_tsvector('simple',"
    r" regexp_replace(text, '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')))"
    " WHERE author = 'customer'"
)


def upgrade() -> None:
    _reviews()
    _cursor()
    for column in ("channel", "reason", "finished_at", "confidence"):
        op.create_index(op.f(f"ix_turns_{column}_id"), "turns", [column, "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(CUSTOMERS_WORDS)


def _reviews() -> None:
    op.create_table(
        "review_groups",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("meaning", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_groups")),
    )
    _partial(
        "ix_review_groups_meant",
        "review_groups",
        ["made_at"],
        "waiting > 0 AND meaning IS NOT NULL",
    )
    _partial("ix_review_groups_open", "review_groups", ["score", "id"], "waiting > 0")
    op.create_table(
        "reviews",
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=True),
        sa.Column("said", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_reviews_turn_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_reviews_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_reviews_customer_id")
        ),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_customer_id"), "reviews", ["customer_id"])
    op.create_index(op.f("ix_reviews_conversation_id_seq"), "reviews", ["conversation_id", "seq"])
    for name, columns, where in (
        ("members", ["group_id", "turn_id"], "waiting AND weight > 0"),
        ("samples", ["turn_id"], "waiting AND sampled"),
        ("judged", ["turn_id"], "sampled AND NOT waiting"),
        ("seconds", ["turn_id"], "second AND NOT waiting"),
        ("unsaid", ["conversation_id"], "fate IS NULL"),
    ):
        _partial(f"ix_reviews_{name}", "reviews", columns, where)


def _cursor() -> None:
    cursor = op.create_table(
        "review_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_cursor")),
    )
    op.bulk_insert(cursor, [{"id": 1, "finished_at": BEGINNING, "version": 0}])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
