"""Turns that are tried again, effects that are not repeated, receipts that find their message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "effects",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_effects_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_effects_customer_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_effects")),
    )
    op.create_index(
        op.f("ix_effects_conversation_id_created_at"),
        "effects",
        ["conversation_id", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_effects_customer_id"), "effects", ["customer_id"], unique=False)
    op.create_index(op.f("ix_effects_turn_id"), "effects", ["turn_id"], unique=False)

    op.add_column("turns", sa.Column("seq", sa.Integer(), nullable=True))
    op.add_column("turns", sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("turns", sa.Column("parsed", sa.JSON(), nullable=True))
    op.add_column("turns", sa.Column("error", sa.String(length=400), nullable=True))
    op.execute(
        "UPDATE turns SET seq ="
        " (SELECT messages.seq FROM messages WHERE messages.id = turns.message_id)"
    )
    with op.batch_alter_table("turns") as turns:
        turns.alter_column("seq", existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f("ix_turns_conversation_id_state_id"), table_name="turns")
    op.create_index(
        op.f("ix_turns_conversation_id_state_seq"),
        "turns",
        ["conversation_id", "state", "seq"],
        unique=False,
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column(
            "next_attempt_at", existing_type=sa.DateTime(timezone=True), nullable=True
        )
        outbox.add_column(sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=True))
        outbox.add_column(sa.Column("seq", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE outbox SET seq ="
        " (SELECT messages.seq FROM messages WHERE messages.id = outbox.message_id)"
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("seq", existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f("ix_outbox_state_next_attempt_at"), table_name="outbox")
    op.create_index(
        op.f("ix_outbox_channel_state_next_attempt_at"),
        "outbox",
        ["channel", "state", "next_attempt_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outbox_channel_provider_id"), "outbox", ["channel", "provider_id"], unique=False
    )
    is_open = sa.text("state IN ('pending', 'sending', 'unknown')")
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["conversation_id", "seq"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    given_up = sa.text("state IN ('dead', 'unknown')")
    op.create_index(
        "ix_outbox_given_up", "outbox", ["id"], sqlite_where=given_up, postgresql_where=given_up
    )
    op.create_table(
        "early_receipts",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "provider_id", name=op.f("pk_early_receipts")),
    )
    op.create_index(
        op.f("ix_early_receipts_created_at"), "early_receipts", ["created_at"], unique=False
    )
