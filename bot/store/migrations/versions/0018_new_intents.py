"""Intents that leads added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "new_intents",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_new_intents_user_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_new_intents")),
    )
