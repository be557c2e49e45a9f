"""Who is not answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40)),
        sa.Column("address", sa.String(length=400)),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("blocked_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("lifted_by", sa.String(length=40)),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("last_heard_at", sa.DateTime(timezone=True)),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("kept_on", sa.String(length=10)),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_blocks_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_blocks_conversation_id")
        ),
        sa.ForeignKeyConstraint(["blocked_by"], ["users.id"], name=op.f("fk_blocks_blocked_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["users.id"], name=op.f("fk_blocks_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
    )
    op.create_index(op.f("ix_blocks_customer_id"), "blocks", ["customer_id"], unique=False)
    op.create_index(
        op.f("ix_blocks_channel_address"), "blocks", ["channel", "address"], unique=False
    )
