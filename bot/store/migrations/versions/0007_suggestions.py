"""Suggested replies: what agents answered before, and what was offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_answers",
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("meaning", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_past_answers_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_past_answers_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_past_answers_customer_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_past_answers")),
    )
    for column in ("customer_id", "created_at"):
        op.create_index(op.f(f"ix_past_answers_{column}"), "past_answers", [column], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inserted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inserted_by", sa.String(length=40), nullable=True),
        sa.Column("sent_id", sa.String(length=40), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_suggestions_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_suggestions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_suggestions_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["inserted_by"], ["users.id"], name=op.f("fk_suggestions_inserted_by")
        ),
        sa.ForeignKeyConstraint(["sent_id"], ["messages.id"], name=op.f("fk_suggestions_sent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("message_id", "place", name=op.f("uq_suggestions_message_id_place")),
    )
    for column in ("customer_id", "conversation_id"):
        op.create_index(op.f(f"ix_suggestions_{column}"), "suggestions", [column], unique=False)
