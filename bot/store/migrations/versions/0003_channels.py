"""Attachments, messages in parts, opt-outs, and customers who proved to be one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("image", sa.Text(), nullable=True))
    op.add_column("messages", sa.Column("attachments", sa.JSON(), nullable=True))
    op.add_column("messages", sa.Column("address", sa.String(length=400), nullable=True))
    op.add_column("outbox", sa.Column("parts_sent", sa.Integer(), nullable=True))
    # It stays nullable, though no row has none: SQLite would have to copy a table that others
    # refer to.
    op.execute("UPDATE messages SET attachments = '[]'")
    op.execute("UPDATE outbox SET parts_sent = 0")
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("parts_sent", existing_type=sa.Integer(), nullable=False)
    op.add_column("early_receipts", sa.Column("reference", sa.String(length=200), nullable=True))
    op.create_index(
        op.f("ix_early_receipts_reference"), "early_receipts", ["reference"], unique=False
    )
    op.create_table(
        "joins",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("joined_id", sa.String(length=40), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_joins_customer_id")
        ),
        sa.ForeignKeyConstraint(["joined_id"], ["customers.id"], name=op.f("fk_joins_joined_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_joins_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joins")),
    )
    op.create_index(op.f("ix_joins_customer_id"), "joins", ["customer_id"], unique=False)
    op.create_index(op.f("ix_joins_joined_id"), "joins", ["joined_id"], unique=False)
    op.create_table(
        "one_time_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("shown_by", sa.String(length=400), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_one_time_codes_customer_id")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_one_time_codes")),
    )
    op.create_index(
        op.f("ix_one_time_codes_customer_id"), "one_time_codes", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_one_time_codes_expires_at"), "one_time_codes", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_one_time_codes_shown_by"), "one_time_codes", ["shown_by"], unique=False
    )
    op.create_table(
        "opt_outs",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_opt_outs")),
    )
