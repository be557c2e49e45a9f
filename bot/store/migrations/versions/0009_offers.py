"""Hand-offs offered to agents, one at a time and for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column(
        "agents", sa.Column("missed_offers", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index(
        op.f("ix_handoffs_agent_id_accepted_at"), "handoffs", ["agent_id", "accepted_at"]
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_offers_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_offers_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_offers_customer_id")
        ),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_offers_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_customer_id"), "offers", ["customer_id"])
    op.create_index(op.f("ix_offers_handoff_id_offered_at"), "offers", ["handoff_id", "offered_at"])
    for name, column in (
        ("ix_offers_open_handoff", "handoff_id"),
        ("ix_offers_open_agent", "agent_id"),
    ):
        op.create_index(
            name, "offers", [column], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
