"""Who acted, and about which conversation, in the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("audit_log") as table:
        table.add_column(
            sa.Column("actor", sa.String(length=20), nullable=False, server_default="person")
        )
        table.add_column(sa.Column("conversation_id", sa.String(length=40)))
        table.create_index(
            op.f("ix_audit_log_conversation_id_id"), ["conversation_id", "id"], unique=False
        )
    op.execute("UPDATE audit_log SET actor = 'operator' WHERE user_id IS NULL")
