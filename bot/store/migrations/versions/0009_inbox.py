"""Working in the inbox: snooze."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("snoozed_at", "snoozed_until"):
        op.add_column("conversations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_conversations_snoozed",
        "conversations",
        ["snoozed_until"],
        sqlite_where=sa.text("snoozed_at IS NOT NULL"),
        postgresql_where=sa.text("snoozed_at IS NOT NULL"),
    )
