"""Figures by day of what customers wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drift_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("confidence_squares", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("day", "intent", name=op.f("pk_drift_days")),
    )
