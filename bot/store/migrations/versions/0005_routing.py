"""Who serves which queue, and in which order hand-offs wait there until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agents_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agents")),
    )
    op.add_column("handoffs", sa.Column("queue", sa.String(length=80), nullable=True))
    op.add_column("handoffs", sa.Column("priority", sa.String(length=20), nullable=True))
    for name in ("queued_at", "ranked_at", "warn_at", "due_at", "replied_at"):
        op.add_column("handoffs", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE handoffs SET priority = 'normal', queued_at = requested_at,"
        " ranked_at = requested_at, queue = (SELECT queue FROM conversations"
        " WHERE conversations.id = handoffs.conversation_id)"
    )
    with op.batch_alter_table("handoffs") as handoffs:
        handoffs.alter_column("queue", existing_type=sa.String(length=80), nullable=False)
        handoffs.alter_column("priority", existing_type=sa.String(length=20), nullable=False)
        for name in ("queued_at", "ranked_at"):
            moment = sa.DateTime(timezone=True)
            handoffs.alter_column(name, existing_type=moment, nullable=False)
    op.create_index(
        op.f("ix_handoffs_state_ranked_at_id"), "handoffs", ["state", "ranked_at", "id"]
    )
    op.create_index(op.f("ix_handoffs_queue_accepted_at"), "handoffs", ["queue", "accepted_at"])
    op.create_index(
        op.f("ix_handoffs_customer_id_accepted_at"), "handoffs", ["customer_id", "accepted_at"]
    )
